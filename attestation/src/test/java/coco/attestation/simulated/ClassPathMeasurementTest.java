package coco.attestation.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Sha256;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassPathMeasurementTest {
    @TempDir
    Path folder = Path.of(".");

    @Test
    void shouldHashJarsAsDocumented() throws IOException {
        Path jar = file("a.jar", "one");
        byte[] entry = Sha256.hash(new byte[] {0}, Sha256.hash("one".getBytes(US_ASCII)));
        assertThat(ClassPathMeasurement.of(List.of(jar)))
                .isEqualTo(Sha256.hash("coco/simulated/measurement/1\n".getBytes(US_ASCII), entry));
    }

    @Test
    @Tag("T6")
    void shouldCountContentAndOrderButNotNameOrPlace() throws IOException {
        Path a = file("a.jar", "one");
        Path b = file("b.jar", "two");
        Path copy = file("elsewhere/renamed.jar", "one");
        byte[] measured = ClassPathMeasurement.of(List.of(a, b));
        assertThat(ClassPathMeasurement.of(List.of(copy, b))).isEqualTo(measured);
        assertThat(ClassPathMeasurement.of(List.of(b, a))).isNotEqualTo(measured);
        assertThat(ClassPathMeasurement.of(List.of(a))).isNotEqualTo(measured);
        assertThat(ClassPathMeasurement.of(List.of(a, folder.resolve("missing.jar"), b)))
                .isEqualTo(measured);
        Files.writeString(b, "tw0");
        assertThat(ClassPathMeasurement.of(List.of(a, b))).isNotEqualTo(measured);
    }

    @Test
    void shouldCountNamesAndContentWhenEntryIsAFolder() throws IOException {
        file("classes/x/A.class", "one");
        file("classes/B.class", "two");
        List<Path> entries = List.of(folder.resolve("classes"));
        byte[] measured = ClassPathMeasurement.of(entries);
        assertThat(ClassPathMeasurement.of(entries)).isEqualTo(measured);
        Files.move(folder.resolve("classes/B.class"), folder.resolve("classes/C.class"));
        assertThat(ClassPathMeasurement.of(entries)).isNotEqualTo(measured);
        Files.move(folder.resolve("classes/C.class"), folder.resolve("classes/B.class"));
        assertThat(ClassPathMeasurement.of(entries)).isEqualTo(measured);
    }

    @Test
    void shouldTellAFolderFromAJarWhenBothAreEmpty() throws IOException {
        Path jar = file("empty.jar", "");
        Path classes = Files.createDirectory(folder.resolve("empty"));
        assertThat(ClassPathMeasurement.of(List.of(jar))).isNotEqualTo(ClassPathMeasurement.of(List.of(classes)));
    }

    @Test
    void shouldSplitAClassPathInOrder() {
        String separator = File.pathSeparator;
        assertThat(ClassPathMeasurement.entries("a.jar" + separator + "b" + separator))
                .containsExactly(Path.of("a.jar"), Path.of("b"), Path.of(""));
        assertThat(ClassPathMeasurement.entries("x")).containsExactly(Path.of("x"));
    }

    @Test
    void shouldMeasureThisVeryProcess() {
        List<Path> entries = ClassPathMeasurement.entries(System.getProperty("java.class.path"));
        assertThat(ClassPathMeasurement.of(entries)).isEqualTo(ClassPathMeasurement.of(entries));
    }

    private Path file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}
