package coco.evm.types;

import static coco.evm.testing.Archives.hex;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.crypto.Sha256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.trie.OrderedTrieRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static final Log LOG = new Log(Address.of(5), List.of(new byte[32], filled(32, 3)), new byte[] {1, 2});

    @Test
    void shouldDecodeAndRecomputeEveryBlockOfAPublicChain() throws IOException, RlpException, MalformedException {
        List<byte[]> encodings = chain();
        byte[] parent = null;
        for (byte[] encoded : encodings) {
            Block block = Block.decode(encoded);
            Header header = block.header();
            assertThat(block.encode()).isEqualTo(encoded);
            assertThat(Header.decode(header.encode()).hash()).isEqualTo(header.hash());
            if (parent != null) {
                assertThat(header.parentHash()).isEqualTo(parent);
            }
            parent = header.hash();
            List<byte[]> transactions = new ArrayList<>();
            block.transactions().forEach(transaction -> transactions.add(transaction.encoded()));
            assertThat(OrderedTrieRoot.of(transactions)).isEqualTo(header.transactionsRoot());
            List<Withdrawal> withdrawals = block.withdrawals();
            if (withdrawals != null) {
                assertThat(OrderedTrieRoot.of(
                                withdrawals.stream().map(Withdrawal::encode).toList()))
                        .isEqualTo(header.withdrawalsRoot());
            }
        }
        assertThat(encodings).hasSizeGreaterThan(10);
    }

    @Test
    void shouldDecodeReceiptsOfEveryForkWhenTheirEncodingIsCanonical() throws MalformedException {
        for (Receipt receipt : receipts()) {
            Receipt decoded = Receipt.decode(receipt.encode());
            assertThat(decoded.encode()).isEqualTo(receipt.encode());
            assertThat(decoded.success()).isEqualTo(receipt.success());
            assertThat(decoded.bloom()).isEqualTo(receipt.bloom());
        }
    }

    @Test
    void shouldFindInTheBloomWhatWasAdded() {
        Bloom bloom = Bloom.ofLogs(List.of(LOG));
        assertThat(bloom.mayContain(Address.of(5).bytes())).isTrue();
        assertThat(bloom.mayContain(filled(32, 3))).isTrue();
        assertThat(bloom.mayContain(Address.of(6).bytes())).isFalse();
        Bloom all = new Bloom();
        all.addAll(bloom);
        assertThat(all).isEqualTo(bloom);
    }

    @Test
    void shouldRefuseOrReencodeWhenBlocksAndReceiptsAreMutated() throws IOException, RlpException {
        Random random = new Random(7_702);
        List<byte[]> blocks =
                chain().stream().filter(block -> block.length < 4_000).toList();
        List<Receipt> receipts = receipts();
        for (int i = 0; i < 10_000; i++) {
            byte[] block = mutated(blocks.get(random.nextInt(blocks.size())), random);
            byte[] receipt =
                    mutated(receipts.get(random.nextInt(receipts.size())).encode(), random);
            try {
                assertThat(Block.decode(block).encode()).as("round %d", i).isEqualTo(block);
            } catch (MalformedException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
            try {
                assertThat(Receipt.decode(receipt).encode()).as("round %d", i).isEqualTo(receipt);
            } catch (MalformedException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    private static List<Receipt> receipts() {
        return List.of(
                Receipt.of(Transaction.Type.LEGACY, true, 21_000, List.of()),
                Receipt.of(Transaction.Type.SET_CODE, false, -1, List.of()),
                Receipt.of(Transaction.Type.DYNAMIC_FEE, true, 90_000, List.of(LOG, LOG)),
                new Receipt(Transaction.Type.LEGACY, false, filled(32, 9), 0, List.of(LOG), new Bloom()));
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int flip = random.nextInt(3); flip >= 0; flip--) {
            mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return mutated;
    }

    private static byte[] filled(int length, int octet) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) octet);
        return bytes;
    }

    private static List<byte[]> chain() throws IOException, RlpException {
        Path file = Path.of(System.getProperty("coco.testdata", ""), "rpc-compat/tests/chain.rlp");
        Assumptions.assumeTrue(Files.exists(file), () -> "test data is missing: " + file);
        RlpReader in = new RlpReader(Files.readAllBytes(file));
        List<byte[]> blocks = new ArrayList<>();
        while (in.hasNext()) {
            blocks.add(in.encodedItem());
        }
        return blocks;
    }

    @Test
    void shouldKnowTheHashesOfNothing() {
        assertThat(OrderedTrieRoot.of(List.of()))
                .isEqualTo(hex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"));
        assertThat(Header.NO_OMMERS).isEqualTo(Keccak256.hash(hex("c0")));
        assertThat(Header.NO_REQUESTS).isEqualTo(Sha256.hash(new byte[0]));
    }
}
