package coco.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.cli.console.CliException;
import coco.evm.types.Address;
import coco.governance.users.Agreement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupplyChainFolderTest {
    private static final Address DIRECTORY = Address.fromHex("0x" + "5a".repeat(20));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void shouldReadWhatItWroteAndKeepItFromOthers() throws Exception {
        SupplyChainFolder folder = new SupplyChainFolder(directory);
        assertThat(folder.isFinished()).isFalse();
        Map<Party, SupplyChainFolder.Keys> drawn = SupplyChainFolder.draw(new SecureRandom());

        folder.write(new SupplyChainFolder.Prepared(DIRECTORY, drawn));

        assertThat(folder.isFinished()).isTrue();
        Path file = directory.resolve("parties.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        SupplyChainFolder.Prepared read = folder.read();
        assertThat(read.directory()).isEqualTo(DIRECTORY);
        Set<String> addresses = new HashSet<>();
        for (Party party : Party.values()) {
            SupplyChainFolder.Keys keys = Objects.requireNonNull(read.parties().get(party));
            assertThat(keys.all()).hasSize(party.kind() == Party.Kind.RETAILER ? 2 : 1);
            keys.all().forEach(account -> addresses.add(account.name()));
            assertThat(keys.account().secret())
                    .isEqualTo(
                            Objects.requireNonNull(drawn.get(party)).account().secret());
        }
        assertThat(addresses).as("accounts that differ").hasSize(6);
    }

    @Test
    void shouldQuoteNoKeyWhenTheFileIsDamaged() throws Exception {
        SupplyChainFolder folder = new SupplyChainFolder(directory);
        String key = "ab".repeat(31);
        for (String damaged : new String[] {
            "",
            "{",
            "[]",
            "{\"directory\": \"0x12\"}",
            "{\"directory\": \"" + DIRECTORY.hex() + "\", \"parties\": {}}",
            "{\"directory\": \"" + DIRECTORY.hex() + "\", \"parties\": {\"northwind\": {\"account\": \"" + key + "\"}}}"
        }) {
            Files.writeString(directory.resolve("parties.json"), damaged);
            assertThatThrownBy(folder::read)
                    .as(damaged)
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("cannot be read")
                    .hasMessageNotContaining(key)
                    .hasNoCause();
        }
    }

    @Test
    void shouldDeleteWhatItMadeAndNothingElse() throws Exception {
        SupplyChainFolder folder = new SupplyChainFolder(directory);
        SecureRandom random = new SecureRandom();
        for (Party party : Party.values()) {
            folder.member(party, random).makeSigningKey(Instant.EPOCH, Duration.ofDays(1), null);
        }
        folder.write(new SupplyChainFolder.Prepared(DIRECTORY, SupplyChainFolder.draw(random)));
        Path others = Files.writeString(directory.resolve("members").resolve("notes.txt"), "mine");

        folder.clean();

        assertThat(folder.isFinished()).isFalse();
        try (Stream<Path> left = Files.walk(directory)) {
            assertThat(left.filter(Files::isRegularFile)).containsExactly(others);
        }
    }

    /** What accounts sign names their party, so an id may not change unnoticed. */
    @Test
    void shouldNameMembersAsTheirAgreementsDo() {
        for (Party party : Party.values()) {
            assertThat(party.id()).matches("[a-z][a-z0-9-]{0,31}");
            assertThat(Agreement.enrolment(new byte[32], party.id(), "ethereum", new byte[20]))
                    .startsWith("I agree that " + party.id() + " enrols");
        }
    }
}
