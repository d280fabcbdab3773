package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.simulated.ClassPathMeasurement;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Four organisations run a network through the years, in minutes: three begin, a fourth comes, a proposal falls, one is
 * ejected with its node while clients write, the rule is changed, the code is changed node by node while clients write;
 * and all of it is found again in the files of one journal.
 */
@Tag("processes")
@Timeout(900)
class ConsortiumIT {
    private static final int HEAP_MEBIBYTES = 384;
    private static final Duration STOP = Duration.ofMinutes(1);

    @TempDir
    private Path folder = Path.of("");

    private CocoCommands coco = new CocoCommands(folder);

    @AfterEach
    void stopNodes() {
        if (Files.exists(new NetworkFolder(coco.directory()).description())) {
            LocalNetwork.stop(network().running());
        }
    }

    @Test
    @Tag("I1")
    @Tag("I4")
    @Tag("N1")
    @Tag("N13")
    @Tag("N22")
    @Tag("N23")
    void shouldGovernItselfWhenFourOrganisationsRunIt() throws Exception {
        coco = new CocoCommands(folder.resolve("network"));
        found(List.of("acme", "beta", "gamma"));
        coco.run("up", "--detach", "--heap", Integer.toString(HEAP_MEBIBYTES));
        try (SecureKvLoad load = new SecureKvLoad(this::runningNodes)) {
            open(load);
            load.start();
            load.awaitMore(20);
            addOrganisationWithItsNode("delta");
            load.awaitMore(20);
            voteDown();
            ejectWithNode(load);
            changeMajorityToUnanimity();
            upgradeNodeByNode(load);
            load.stop();
            System.out.printf("consortium: %d writes acknowledged meanwhile%n", load.count());
            assertThat(load.lostAt(url(1))).as("acknowledged and lost").isEmpty();
        }
        LocalNetwork.stop(network().running());
        foundAgainFromTheFiles();
    }

    /** Genesis with a member and a node each. */
    private void found(List<String> founders) {
        List<String> words = new ArrayList<>(List.of("init", "--preset", "consortium", "--nodes", "3"));
        words.addAll(List.of("--port", Integer.toString(PortPlan.freeBase(ProcessNetwork.NODES))));
        for (String id : founders) {
            makeKeys(id);
            words.addAll(List.of("--member", id + "=" + file(id, ".pem")));
            words.addAll(List.of("--recovery-key", id + "=" + file(id, ".recovery.pub")));
            words.addAll(List.of("--owner", id + "=" + signer(id)));
        }
        coco.run(words.toArray(String[]::new));
    }

    private void makeKeys(String id) {
        CocoCommands.Ended made = CocoCommands.anywhere(
                "member", "init", id, "--out", folder.resolve(id).toString());
        assertThat(made.code()).as(made.printed()).isZero();
    }

    /** Nobody transacts before members have agreed. */
    private void open(SecureKvLoad load) {
        assertThat(load.put(url(1), "early", "bird"))
                .as("a write before the service is open")
                .isFalse();
        assertThat(decide(List.of("acme", "gamma"), "open-service")).isEqualTo("accepted");
        assertThat(load.put(url(2), "early", "stranger"))
                .as("a write of nobody")
                .isFalse();
        load.signedIn(coco.signIn(signer("acme"), folder.resolve("token")));
        assertThat(load.put(url(2), "first", "write")).isTrue();
        assertThat(load.get(url(1).resolve("/kv/early"))).as("what was refused").isEmpty();
    }

    private void addOrganisationWithItsNode(String id) {
        makeKeys(id);
        String added = decide(
                List.of("acme", "beta"),
                "add-member",
                "--id",
                id,
                "--certificate",
                file(id, ".pem"),
                "--recovery-key",
                file(id, ".recovery.pub"));
        assertThat(added).isEqualTo("accepted");
        coco.run("node", "join", "--owner", id, "--signer", signer(id), "--detach", "--heap", "384");
        ProcessNetwork.await(
                () -> coco.run("gov", "joins", "--signer", signer("acme")).contains("node-4"), "the newcomer to knock");
        assertThat(isReady(4)).as("a node takes part before the vote").isFalse();
        String entry = network().folder().keys(4).resolve("entry.json").toString();
        assertThat(decide(List.of("acme", "beta", "gamma"), "admit-node", "--node", entry))
                .isEqualTo("accepted");
        ProcessNetwork.await(() -> isReady(4), "the fourth node to take part");
    }

    private void voteDown() {
        String id = propose("acme", "set-notice", "--blocks", "5");
        vote(id, "beta", "--reject");
        vote(id, "gamma", "--reject");
        assertThat(state(id)).isEqualTo("rejected");
    }

    private void ejectWithNode(SecureKvLoad load) {
        assertThat(decide(List.of("acme", "gamma", "delta"), "remove-member", "--id", "beta"))
                .isEqualTo("accepted");
        ProcessNetwork.await(() -> network().process(2).isEmpty(), "the ejected member's node to end");
        load.awaitMore(50);
        CocoCommands.Ended refused = coco.tried(words("beta", "set-notice", "--blocks", "1"));
        assertThat(refused.code()).as(refused.printed()).isNotZero();
        assertThat(refused.printed()).contains("status 403");
    }

    /** The old rule judges its own change: two of three. From then on two are too few. */
    private void changeMajorityToUnanimity() {
        assertThat(decide(List.of("acme", "gamma"), "set-rules", "--rules", "{\"default\": \"unanimous\"}"))
                .isEqualTo("accepted");
        String id = propose("gamma", "set-epoch-policy", "--max-blocks", "5000", "--max-age-seconds", "3600");
        vote(id, "acme", "--accept");
        vote(id, "gamma", "--accept");
        assertThat(state(id)).isEqualTo("open");
        vote(id, "delta", "--accept");
        assertThat(state(id)).isEqualTo("accepted");
    }

    private void upgradeNodeByNode(SecureKvLoad load) throws IOException {
        NodeJvm before = NodeJvm.sameAsThis(HEAP_MEBIBYTES);
        NodeJvm after = withAnotherJar(before);
        List<String> all = List.of("acme", "gamma", "delta");
        // Not endorsed yet: the others let it take no part.
        restart(4, after);
        ProcessNetwork.await(() -> log(4).contains("refuse this one: measurement"), "unknown code to be refused");
        assertThat(isReady(4)).isFalse();
        assertThat(decide(
                        all,
                        "add-code",
                        "--platform",
                        "simulated",
                        "--measurement",
                        measured(after),
                        "--label",
                        "next"))
                .isEqualTo("accepted");
        for (int node : new int[] {4, 1, 3}) {
            restart(node, after);
            ProcessNetwork.await(() -> isReady(node), "node " + node + " with the next code");
            load.awaitMore(20);
        }
        assertThat(decide(
                        all,
                        "retire-code",
                        "--platform",
                        "simulated",
                        "--measurement",
                        measured(before),
                        "--grace-blocks",
                        "1"))
                .isEqualTo("accepted");
        load.awaitMore(20);
        restart(3, before);
        ProcessNetwork.await(() -> log(3).contains("refuse this one: measurement"), "retired code to be refused");
        assertThat(isReady(3)).isFalse();
    }

    private void foundAgainFromTheFiles() {
        CocoCommands.Ended verified = CocoCommands.anywhere(
                "journal",
                "verify",
                network().folder().node(1).toString(),
                "--service-cert",
                network().folder().serviceCertificate().toString());
        System.out.println(verified.printed());
        assertThat(verified.code()).as(verified.printed()).isZero();
        assertThat(verified.printed()).contains("decisions");
    }

    // ---------------------------------------------------------------- governing

    private String decide(List<String> voters, String... action) {
        String id = propose(voters.getFirst(), action);
        voters.forEach(voter -> vote(id, voter, "--accept"));
        return state(id);
    }

    private String propose(String proposer, String... action) {
        JsonNode answer = JsonMapper.shared().readTree(coco.run(words(proposer, action)));
        return answer.required("proposal").required("id").asString();
    }

    private String[] words(String proposer, String... action) {
        return Stream.of(
                        Stream.of("gov", "propose"),
                        Stream.of(action),
                        Stream.of("--json", "--signer", signer(proposer)))
                .flatMap(each -> each)
                .toArray(String[]::new);
    }

    private void vote(String proposal, String voter, String choice) {
        coco.run("gov", "vote", proposal, choice, "--signer", signer(voter));
    }

    private String state(String proposal) {
        return JsonMapper.shared()
                .readTree(coco.run("gov", "show", proposal, "--json", "--signer", signer("acme")))
                .required("proposal")
                .required("state")
                .asString();
    }

    private String signer(String id) {
        return "file:" + file(id, ".key");
    }

    private String file(String id, String ending) {
        return folder.resolve(id).resolve(id + ending).toString();
    }

    // ---------------------------------------------------------------- nodes

    private LocalNetwork network() {
        return LocalNetwork.open(new NetworkFolder(coco.directory()));
    }

    private List<URI> runningNodes() {
        List<URI> urls =
                network().running().stream().map(process -> url(process.node())).toList();
        return urls.isEmpty() ? List.of(url(1)) : urls;
    }

    private URI url(int node) {
        return network().httpsUrl(node);
    }

    private boolean isReady(int node) {
        try (SecureKvLoad asking = new SecureKvLoad(List::of)) {
            return asking.get(url(node).resolve("/node/health")).contains("ready");
        }
    }

    private String log(int node) {
        try {
            return Files.readString(network().folder().log(node));
        } catch (IOException unreadable) {
            return "";
        }
    }

    private void restart(int node, NodeJvm jvm) {
        NodeProcess process = network().process(node).orElseThrow();
        process.requestStop();
        assertThat(process.awaitExit(STOP)).as("node %s ends", node).isTrue();
        network().start(node, jvm);
    }

    /** The same code with a jar more: to whoever measures, other code. */
    private NodeJvm withAnotherJar(NodeJvm jvm) throws IOException {
        Path jar = folder.resolve("next.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new ZipEntry("next.txt"));
            out.write("the next version".getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        List<Path> classPath = new ArrayList<>(jvm.classPath());
        classPath.add(jar);
        return jvm.withClassPath(classPath);
    }

    private static String measured(NodeJvm jvm) {
        return HexFormat.of().formatHex(ClassPathMeasurement.of(jvm.classPath()));
    }
}
