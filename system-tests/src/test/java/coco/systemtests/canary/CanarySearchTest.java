package coco.systemtests.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanarySearchTest {
    @TempDir
    private Path folder = Path.of("");

    private final Random random = new Random(4);
    private final Canary canary = Canary.bytes("secret", random);
    private final Canary other = Canary.text("other", random);
    private final CanarySearch search = new CanarySearch(List.of(canary, other));

    @Test
    void shouldFindEveryFormWhereverItStands() {
        Set<String> forms = new HashSet<>();
        canary.forms().forEach((form, bytes) -> {
            byte[] place = new byte[5_000];
            random.nextBytes(place);
            int at = random.nextInt(place.length - bytes.length);
            System.arraycopy(bytes, 0, place, at, bytes.length);
            List<CanarySearch.Finding> findings = search.in("there", place);
            assertThat(findings)
                    .as(form)
                    .isNotEmpty()
                    .allSatisfy(finding -> assertThat(finding.canary()).isEqualTo("secret"));
            forms.add(form);
        });
        assertThat(forms).hasSizeGreaterThan(30);
    }

    @Test
    void shouldFindItInEncodingsOfMoreThanItself() {
        for (int before = 0; before < 6; before++) {
            byte[] around = new byte[before + 32 + 7];
            random.nextBytes(around);
            System.arraycopy(canary.bytes(), 0, around, before, 32);
            assertThat(search.in("base64", Base64.getEncoder().encodeToString(around)))
                    .as("%d bytes before", before)
                    .isNotEmpty();
            assertThat(search.in("base64url", Base64.getUrlEncoder().encodeToString(around)))
                    .isNotEmpty();
            assertThat(search.in("hex", HexFormat.of().formatHex(around))).isNotEmpty();
            assertThat(search.in("decimals", Arrays.toString(around))).isNotEmpty();
        }
        assertThat(search.in("log", "PUT /kv/" + other.asText() + " failed")).isNotEmpty();
    }

    @Test
    void shouldFindALittleMoreThanHalfOfIt() {
        byte[] raw = canary.bytes();
        assertThat(search.in("start", Arrays.copyOf(raw, 16))).isNotEmpty();
        assertThat(search.in("end", Arrays.copyOfRange(raw, 16, 32))).isNotEmpty();
        assertThat(search.in("abbreviated", canary.asHex().substring(0, 20) + "..."))
                .isNotEmpty();
    }

    @Test
    void shouldFindNothingWhereNothingIs() {
        byte[] noise = new byte[4 << 20];
        random.nextBytes(noise);
        assertThat(search.in("noise", noise)).isEmpty();
        assertThat(search.in("another", Canary.bytes("another", random).bytes()))
                .isEmpty();
        assertThat(search.in("nothing", new byte[0])).isEmpty();
    }

    @Test
    void shouldSearchNamesAndBytesOfFilesInFolders() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.write(folder.resolve("a/b/c"), canary.bytes());
        Files.writeString(folder.resolve("a").resolve(other.asText()), "nothing", StandardCharsets.UTF_8);
        List<String> searched = new ArrayList<>();
        assertThat(search.below(folder, searched))
                .extracting(CanarySearch.Finding::canary)
                .containsOnly("secret", "other");
        assertThat(searched).hasSize(2);
    }
}
