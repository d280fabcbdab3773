package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.cli.console.CliException;
import coco.crypto.Hex;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BlockFolderTest {
    private static final int MUTATIONS = 400;

    @TempDir
    private Path folder = Path.of("");

    /** A block with one transfer, as a file. */
    static String block(long number) {
        SourceTransaction transfer = TestTransactions.transfer(1, 0, 5, 0);
        return """
                {"chainId":1,"number":%d,"fork":"byzantium","header":{"number":"0x%x","timestamp":"0x5a000000",
                "gasLimit":"0x7a1200","difficulty":"0x5","mixHash":"0x00","miner":"0x%s"},
                "transactions":["0x%s"],"blockHashes":{"%d":"0x%s"},
                "preState":{"%s":{"balance":"0xffffffffff","nonce":"0x0","storage":{"0x1":"0x2","0x3":"0x0"}}},
                "expected":{"transactions":[{"gasUsed":"0x5208","success":true,"status":1}]}}
                """.formatted(
                        number,
                        number,
                        "22".repeat(20),
                        Hex.encode(transfer.transaction().encoded()),
                        number - 1,
                        "33".repeat(32),
                        transfer.sender().hex());
    }

    @Test
    void shouldReadABlockWithItsStateAndWhatWasRecorded() throws IOException {
        Files.writeString(folder.resolve("5000000.json"), block(5_000_000));
        Files.writeString(folder.resolve("4000000.json"), block(4_000_000));
        Files.writeString(folder.resolve("notes.txt"), "no block");

        BlockFolder blocks = BlockFolder.open(folder);

        assertThat(blocks.numbers(BlockRange.FROM_BYZANTIUM)).containsExactly(5_000_000L);
        assertThat(blocks.numbers(BlockRange.parse("0.."))).containsExactly(4_000_000L, 5_000_000L);
        SourceBlock read = blocks.read(5_000_000);
        assertThat(read.rules().fork()).isEqualTo(Fork.BYZANTIUM);
        assertThat(read.environment().gasLimit()).isEqualTo(8_000_000);
        assertThat(read.transactions()).singleElement().satisfies(transaction -> {
            assertThat(transaction.sender()).isEqualTo(TestTransactions.sender(1));
            assertThat(transaction.recorded()).isEqualTo(new SourceTransaction.Outcome(true, 21_000));
        });
        AccountState sender = Objects.requireNonNull(read.preState().get(TestTransactions.sender(1)));
        assertThat(sender.storage()).containsOnly(Map.entry(Word.of(1), Word.of(2)), Map.entry(Word.of(3), Word.ZERO));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"header\":|\"head\":|it has no header",
                "0x5208|fifty|not a number: fifty",
                "0x7a1200|0xnone|not a number: 0xnone",
                "\"transactions\":[\"0x|\"transactions\":[\"0xff|transaction 0: ",
                "[{\"gasUsed\"|[{},{\"gasUsed\"|not as many as its results",
                "\"0xffffffffff\"|\"0xzz\"|not a word in balance"
            })
    void shouldNameTheFileAndTheFieldThatIsDamaged(String part, String other, String words) throws IOException {
        Files.writeString(folder.resolve("5000000.json"), block(5_000_000).replace(part, other));

        assertThatThrownBy(() -> BlockFolder.open(folder).read(5_000_000))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("5000000.json is damaged")
                .hasMessageContaining(words);
    }

    @Test
    void shouldNotBelieveTheNameOfAFile() throws IOException {
        Files.writeString(folder.resolve("5000001.json"), block(5_000_000));

        assertThatThrownBy(() -> BlockFolder.open(folder).read(5_000_001)).hasMessageContaining("it is block 5000000");
    }

    @Test
    void shouldAnswerWithATypedErrorWhateverStandsInAFile() throws IOException {
        byte[] good = block(5_000_000).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(20_261_127);
        Path file = folder.resolve("5000000.json");
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bad = good.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                bad[random.nextInt(bad.length)] = (byte) (32 + random.nextInt(95));
            }
            Files.write(file, bad);
            try {
                BlockFolder.open(folder).read(5_000_000);
            } catch (CliException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 10);
    }
}
