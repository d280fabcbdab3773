package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, with a JDK and a Maven that only say how they were called. */
final class LauncherTest {
    private static final Path LAUNCHER =
            Path.of(System.getProperty("coco.root", "..")).resolve("coco").toAbsolutePath();

    @TempDir
    private Path directory = Path.of("");

    private Path root = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeInstallation() throws IOException {
        root = Files.createDirectories(directory.resolve("installation"));
        Files.copy(LAUNCHER, root.resolve("coco"));
        Path lib = Files.createDirectories(root.resolve("dist").resolve("lib"));
        for (String jar : List.of("b.jar", "A.jar", "C.jar", "a-1.jar")) {
            Files.writeString(lib.resolve(jar), "");
        }
        environment.put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
        environment.put("JAVA25_HOME", makeJdk("25.0.3").toString());
    }

    @Test
    void shouldRunTheMainClassOnTheJarsInByteOrderWhateverTheLocale() throws Exception {
        environment.put("LC_ALL", "en_US.UTF-8");

        Run run = launch("status", "--dir", "x y");

        assertThat(run.output())
                .contains("-cp " + jars("A.jar", "C.jar", "a-1.jar", "b.jar") + " coco.cli.Main status --dir x y")
                .contains("locale=en_US.UTF-8");
    }

    @Test
    void shouldSkipAnOldJdkWhenJavaHomeNamesOne() throws Exception {
        environment.put("JAVA_HOME", makeJdk("17.0.15").toString());

        assertThat(launch("status").output()).contains("jdk 25.0.3");
    }

    @Test
    void shouldLeaveThePagesOutAndSaySoWhenThereIsNoNpmThatBuildsThem() throws Exception {
        makeSources("0");
        executable(directory.resolve("bin/npm"), "exit 0");
        // What node says of its own version is asked of node.
        executable(directory.resolve("bin/node"), "exit 1");
        String old = launch("status").output();

        assertThat(old).contains("no npm with Node.js 20.19 or newer was found, so the web pages are left out");
        assertThat(Files.readString(root.resolve("maven-arguments"))).contains("-Dcoco.dashboards.skip");
    }

    @Test
    void shouldBuildThePagesAndFollowTheirSourcesWhenThereIsNpm() throws Exception {
        makeSources("0");
        executable(directory.resolve("bin/npm"), "exit 0");
        executable(directory.resolve("bin/node"), "exit 0");
        Files.createDirectories(root.resolve("dashboards/src"));
        Path page = Files.writeString(root.resolve("dashboards/src/page.tsx"), "");
        assertThat(launch("status").output()).doesNotContain("left out");
        assertThat(Files.readString(root.resolve("maven-arguments"))).doesNotContain("dashboards.skip");

        FileTime later = FileTime.from(Instant.now().plusSeconds(5));
        Path library = Files.createDirectories(root.resolve("dashboards/node_modules/x"));
        Files.setLastModifiedTime(library, later);
        Files.setLastModifiedTime(root.resolve("dashboards"), later);
        assertThat(launch("status").output()).as("what npm itself writes").doesNotContain("building");
        Files.setLastModifiedTime(page, later);
        assertThat(launch("status").output()).contains("sources have changed, building");
    }

    @Test
    void shouldTakeTheJdkThatTheUserNamesEvenIfNewer() throws Exception {
        environment.put("COCO_JAVA_HOME", makeJdk("27").toString());

        assertThat(launch("status").output()).contains("jdk 27");
    }

    @Test
    void shouldPreferTheReleaseThatIsTestedWhenTheUserNamesNone() throws Exception {
        environment.put("JAVA_HOME", makeJdk("27").toString());

        assertThat(launch("status").output()).contains("jdk 25.0.3");
    }

    @Test
    void shouldKeepOptionsFromTheEnvironmentAwayFromJava() throws Exception {
        environment.put("JAVA_TOOL_OPTIONS", "-Dsneaky=1");
        environment.put("JDK_JAVA_OPTIONS", "-Dsneaky=2");
        environment.put("CLASSPATH", "/sneaky");

        assertThat(launch("status").output()).doesNotContain("sneaky");
    }

    @Test
    void shouldFindItsInstallationWhenCalledThroughSymbolicLinks() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("installation", "coco"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), link);

        assertThat(run(second, "status").output()).contains("-Dcoco.home=" + root.toRealPath());
    }

    @Test
    void shouldBuildOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
        makeSources("0");
        assertThat(launch("status").output()).contains("building on first use").contains("built-by-maven.jar");
        assertThat(launch("status").output()).doesNotContain("building");

        Files.setLastModifiedTime(
                root.resolve("kv/src/main/java/A.java"),
                FileTime.from(Instant.now().plusSeconds(10)));
        assertThat(launch("status").output()).contains("sources have changed");
    }

    @Test
    void shouldShowTheErrorsAndKeepNothingWhenTheBuildFails() throws Exception {
        makeSources("1");

        Run run = launch("status");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output())
                .contains("the build failed")
                .contains("[ERROR] a mistake")
                .contains("build.log");
        assertThat(root.resolve("dist/built")).doesNotExist();
        assertThat(Files.isSymbolicLink(root.resolve("dist/build.lock"))).isFalse();
    }

    @Test
    void shouldTakeTheLockWhenItsOwnerIsGone() throws Exception {
        makeSources("0");
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        lockFor(gone.pid());

        assertThat(launch("status").exitCode()).isZero();
        assertThat(Files.isSymbolicLink(root.resolve("dist/build.lock"))).isFalse();
    }

    @Test
    void shouldWaitForTheLockWhenItsOwnerLives() throws Exception {
        makeSources("0");
        Process owner = new ProcessBuilder("sleep", "60").start();
        try {
            lockFor(owner.pid());
            Process waiting = start(root.resolve("coco"), "status");
            try (BufferedReader said = waiting.inputReader(StandardCharsets.UTF_8)) {
                assertThat(said.readLine()).contains("waiting for the build that process " + owner.pid());
                assertThat(waiting.isAlive()).isTrue();
                owner.destroyForcibly().waitFor();
                assertThat(said.lines().toList()).anyMatch(line -> line.contains("building on first use"));
            }
            assertThat(waiting.waitFor()).isZero();
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void shouldSayWhatIsInTheWayWhenTheLockIsSomethingElse() throws Exception {
        makeSources("0");
        Files.createDirectories(root.resolve("dist"));
        Files.writeString(root.resolve("dist/build.lock"), "");

        Run run = launch("status");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("build.lock is no lock of coco's");
    }

    @Test
    void shouldBuildAndRunOnANewerJdkWhenThereIsNoOther() throws Exception {
        hideTheJdksOfThisMachine();
        environment.remove("JAVA25_HOME");
        Path newer = makeJdk("26.0.1");
        environment.put("JAVA_HOME", newer.toString());
        makeSources("0");

        Run run = launch("status");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("jdk 26.0.1");
        assertThat(Files.readString(root.resolve("maven-java-home"))).contains(newer.toString());
    }

    @Test
    void shouldSayWhatToInstallWhenEveryJdkIsOlder() throws Exception {
        hideTheJdksOfThisMachine();
        environment.remove("JAVA25_HOME");
        environment.put("JAVA_HOME", makeJdk("21.0.4").toString());

        Run run = launch("status");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("no Java 25 or newer was found").contains("COCO_JAVA_HOME");
    }

    @Test
    void shouldAskForTheSameJavaEverywhere() throws Exception {
        assertThat(Files.readString(LAUNCHER)).contains("\nleast=25\n");
        assertThat(Files.readString(LAUNCHER.resolveSibling("pom.xml"))).contains("<version>[25,)</version>");
        assertThat(Files.readString(LAUNCHER.resolveSibling("README.md"))).contains("JDK 25 or newer");
        assertThat(Files.readString(LAUNCHER.resolveSibling("cli/src/main/java/coco/cli/DoctorCommand.java")))
                .contains("JAVA_LEAST = 25;");
    }

    private void lockFor(long process) throws IOException {
        Files.createDirectories(root.resolve("dist"));
        Files.createSymbolicLink(root.resolve("dist/build.lock"), Path.of(Long.toString(process)));
    }

    /** In the copy of the script only: this machine's own JDKs would be found otherwise. */
    private void hideTheJdksOfThisMachine() throws IOException {
        Path script = root.resolve("coco");
        String text = Files.readString(script);
        for (String folder : List.of("/usr/lib/jvm/", "/usr/lib64/jvm/", "/usr/java/", "/opt/", "/Library/")) {
            text = text.replace(" " + folder, " " + directory.resolve("nowhere") + folder);
        }
        Files.writeString(script, text);
        environment.put("PATH", directory.resolve("bin") + ":" + pathWithoutJava());
    }

    private String pathWithoutJava() throws IOException {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : List.of(
                "sh",
                "sed",
                "dirname",
                "readlink",
                "find",
                "head",
                "mkdir",
                "rm",
                "cp",
                "mv",
                "tee",
                "tail",
                "grep",
                "cat",
                "ln",
                "sleep")) {
            for (String folder : List.of("/usr/bin/", "/bin/")) {
                if (Files.isExecutable(Path.of(folder + tool)) && Files.notExists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), Path.of(folder + tool));
                }
            }
        }
        return tools.toString();
    }

    private void makeSources(String exitCode) throws IOException {
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.createDirectories(root.resolve("kv/src/main/java"));
        Files.writeString(root.resolve("kv/src/main/java/A.java"), "");
        Files.createDirectories(root.resolve("cli/src/main/java"));
        Files.writeString(root.resolve("kv/pom.xml"), "");
        Files.createDirectories(root.resolve("cli/target"));
        executable(
                directory.resolve("bin/mvn"),
                "printf '%s' \"$JAVA_HOME\" >maven-java-home; echo \"$@\" >maven-arguments; mkdir -p cli/target/lib; : >cli/target/lib/built-by-maven.jar; : >cli/target/coco-cli-1.jar\n"
                        + "echo '[ERROR] a mistake'\nexit " + exitCode);
    }

    private Path makeJdk(String version) throws IOException {
        Path home = directory.resolve("jdk-" + version);
        executable(
                home.resolve("bin/java"),
                "echo jdk " + version
                        + " \"$@\" locale=${LC_ALL:-} \"${JAVA_TOOL_OPTIONS:-}${JDK_JAVA_OPTIONS:-}${CLASSPATH:-}\"");
        executable(home.resolve("bin/javac"), "exit 0");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String jars(String... names) throws IOException {
        Path lib = root.toRealPath().resolve("dist").resolve("lib");
        return String.join(
                ":",
                List.of(names).stream()
                        .map(name -> lib.resolve(name).toString())
                        .toList());
    }

    private Run launch(String... arguments) throws Exception {
        return run(root.resolve("coco"), arguments);
    }

    private Run run(Path script, String... arguments) throws Exception {
        Process process = start(script, arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }

    private Process start(Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What a run of the script said. */
    private record Run(int exitCode, String output) {}
}
