package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.evm.transition.FeeMarket;
import coco.evm.types.Block;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.View;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.ChainHistory;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.PublicChain;
import coco.ledgers.ethereum.testing.Rpc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ChainImportTest {
    private static final String OTHER_HASH = "0x" + "11".repeat(32);

    @Test
    void shouldHaveTheSameHeadWhenAnExportIsImportedAgain() throws IOException {
        SingleNode node = PublicChain.node();
        node.heartbeat(true).mine();
        node.advance(1);
        node.mine();

        ChainHistory history = history(PublicChain.genesis(), exported(node, 1));
        SingleNode copy = imported(history.document(), exported(node, 1));

        assertThat(history.blocks()).isEqualTo(56);
        assertThat(history.number()).isEqualTo(56);
        assertThat(Head.of(copy.state()).hash())
                .isEqualTo(Head.of(node.state()).hash())
                .isEqualTo(HexFormat.of().parseHex(history.hash().substring(2)));
        assertThat(exported(copy, 0)).isEqualTo(exported(node, 0));
    }

    @Test
    void shouldImportAChainOfItsOwnWhoseBlocksShareSeconds() throws IOException {
        String genesis = Keys.genesis(2).replaceFirst("\\{", "{\"feeMarket\": \"constant\", ");
        SingleNode node = new SingleNode(new EthereumLedgerFactory(), genesis);
        Rpc rpc = new Rpc(node);
        for (int nonce = 0; nonce < 3; nonce++) {
            rpc.result("eth_sendRawTransaction", Rpc.raw(Keys.transfer(nonce).sign(Keys.CURVE, Keys.secret(0))));
        }

        String constitution = "{\"ledgers\": {\"ethereum\": " + genesis + "}}";
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(exported(node, 0));
        }
        ChainHistory history = history(constitution, zipped.toByteArray());
        SingleNode copy = imported(history.document(), zipped.toByteArray());

        assertThat(history.blocks()).isEqualTo(3);
        assertThat(Head.of(copy.state()).hash()).isEqualTo(Head.of(node.state()).hash());
        assertThat(new Rpc(copy)
                        .result("eth_getTransactionCount", Keys.address(0).hex(), "latest")
                        .asString())
                .isEqualTo("0x3");
    }

    @Test
    void shouldGoOnUnderTheFeeMarketWhenTheChainIsImported() throws IOException {
        SingleNode node = PublicChain.node();
        Header last = Head.of(node.state()).header();
        node.heartbeat(true).mine();
        Header next = Head.of(node.state()).header();

        assertThat(next.number()).isEqualTo(last.number() + 1);
        assertThat(next.baseFeePerGas()).isEqualTo(FeeMarket.baseFeeAfter(last)).isNotEqualTo(last.baseFeePerGas());
        assertThat(next.gasLimit()).isEqualTo(last.gasLimit());
        assertThat(new Rpc(node).result("eth_baseFee").asString())
                .isEqualTo(FeeMarket.baseFeeAfter(next).toQuantity());
    }

    @Test
    void shouldHoldThePriceWhileSomethingMayBeHidden() throws IOException {
        String genesis = Keys.genesis(2)
                .replace("\"baseFeePerGas\": \"0x0\"", "\"feeMarket\": \"eip1559\", \"baseFeePerGas\": \"0x64\"");
        SingleNode node = new SingleNode(new EthereumLedgerFactory(), genesis).heartbeat(true);
        AccessSettings open = AccessSettings.OPEN;
        AccessSettings own = new AccessSettings(
                open.contracts(), open.senders(), AccessSettings.Accounts.OWN, true, List.of(), List.of());
        List<Long> fees = new ArrayList<>();
        for (int block = 1; block <= 6; block++) {
            node.access(block == 2 || block == 3 || block == 4 ? own : open).mine();
            Header newest = Head.of(node.state()).header();
            fees.add(Objects.requireNonNull(newest.baseFeePerGas()).l0());
            if (block == 3) {
                assertThat(new Rpc(node).result("eth_baseFee").asString())
                        .as("to who sees nothing of the state")
                        .isEqualTo("0x" + Long.toHexString(fees.getLast()));
            }
            node.advance(1);
        }
        // After a block that hides nothing it follows the market, after one that hides it stays.
        assertThat(fees).containsExactly(88L, 77L, 77L, 77L, 77L, 68L);

        ChainHistory history = history("{\"ledgers\": {\"ethereum\": " + genesis + "}}", exported(node, 0));
        SingleNode copy = imported(history.document(), exported(node, 0));
        assertThat(Head.of(copy.state()).hash()).isEqualTo(Head.of(node.state()).hash());
    }

    @Test
    void shouldGiveAFeeHistoryThatFollowsTheHeaders() throws IOException {
        SingleNode node = PublicChain.node();
        var fees = new Rpc(node).result("eth_feeHistory", "0x36", "latest", List.of(50));
        assertThat(fees.get("baseFeePerGas")).hasSize(55);
        assertThat(fees.get("gasUsedRatio")).hasSize(54);
        assertThat(fees.get("baseFeePerBlobGas")).hasSize(55);
        assertThat(fees.get("blobGasUsedRatio")).hasSize(54);
        assertThat(fees.get("reward")).hasSize(54);
        int blobs = 0;
        for (int i = 0; i < 54; i++) {
            Header header = block(node, i + 1).header();
            Word fee = header.baseFeePerGas();
            assertThat(fees.get("baseFeePerGas").get(i).asString())
                    .isEqualTo((fee == null ? Word.ZERO : fee).toQuantity());
            blobs += fees.get("blobGasUsedRatio").get(i).asDouble() > 0 ? 1 : 0;
        }
        assertThat(blobs).isPositive();
        assertThat(fees.get("baseFeePerGas").get(54).asString())
                .isEqualTo(new Rpc(node).result("eth_baseFee").asString());
    }

    @Test
    void shouldNameTheBlockAndWhatDiffersWhenAHeaderIsWrong() throws Exception {
        List<Block> blocks = blocks();
        Block tenth = blocks.get(9);
        Header header = tenth.header();
        Header wrong = new Header(
                header.parentHash(),
                header.ommersHash(),
                header.beneficiary(),
                new byte[32],
                header.transactionsRoot(),
                header.receiptsRoot(),
                header.logsBloom(),
                header.difficulty(),
                header.number(),
                header.gasLimit(),
                header.gasUsed(),
                header.timestamp(),
                header.extraData(),
                header.mixHash(),
                header.nonce(),
                header.baseFeePerGas(),
                header.withdrawalsRoot(),
                header.blobGasUsed(),
                header.excessBlobGas(),
                header.parentBeaconBlockRoot(),
                header.requestsHash());
        blocks.set(9, new Block(wrong, tenth.transactions(), tenth.ommers(), tenth.withdrawals()));

        assertThatThrownBy(() -> imported(PublicChain.genesis(), encoded(blocks)))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("block 10 (0x")
                .hasMessageContaining("is not valid, STATE_ROOT: by the rules 0x")
                .hasMessageEndingWith("in the header 0x" + "00".repeat(32));
    }

    @Test
    void shouldSayWhatIsMissingWhenTheFileIsNotAWholeChain() throws Exception {
        List<Block> blocks = blocks();
        byte[] whole = encoded(blocks);
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 1);
        assertThatThrownBy(() -> imported(PublicChain.genesis(), cut))
                .hasMessage("item 54 of the file of blocks is cut off by the end of the file");
        assertThatThrownBy(() -> imported(PublicChain.genesis(), new byte[] {1, 2, 3}))
                .hasMessage("item 1 of the file of blocks is not the RLP of a block");
        assertThatThrownBy(() -> imported(PublicChain.genesis(), new byte[] {(byte) 0xfb, 127, 0, 0, 0}))
                .hasMessageContaining("has more than");
        assertThatThrownBy(() -> imported(PublicChain.genesis(), encoded(blocks.subList(1, 3))))
                .hasMessageContaining("block 2 (0x")
                .hasMessageContaining("does not follow block 0");
        assertThatThrownBy(() -> imported(Keys.genesis(1), whole)).hasMessageContaining("does not follow block 0");
    }

    @Test
    void shouldRefuseABlockWhoseParentIsNotTheNewest() throws Exception {
        List<Block> blocks = blocks().subList(0, 2);
        assertThatThrownBy(() ->
                        imported(PublicChain.genesis(), encoded(List.of(blocks.get(0), blocks.get(1), blocks.get(1)))))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("block 2 (0x")
                .hasMessageContaining("does not follow block 2");
    }

    @Test
    void shouldRefuseABlockThatIsLargerThanItMayBe() throws Exception {
        String genesis = Keys.genesis(1);
        SingleNode node = new SingleNode(new EthereumLedgerFactory(), genesis);
        node.heartbeat(true).mine();
        Block small = Block.decode(block(node, 1).encode());
        Transaction large = Keys.transfer(0).data(new byte[9 << 20]).sign(Keys.CURVE, Keys.secret(0));
        Block block = new Block(small.header(), List.of(large), small.ommers(), small.withdrawals());
        assertThatThrownBy(() -> imported(genesis, block.encode()))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("is not valid, TOO_LARGE: ")
                .hasMessageEndingWith("at most 8388608");
    }

    @Test
    void shouldRefuseAHistoryThatIsNotTheOneTheConstitutionNames() throws IOException {
        String other = PublicChain.genesis()
                .replaceFirst("\\{", "{\"imported\":{\"number\":54,\"hash\":\"" + OTHER_HASH + "\"},");
        assertThatThrownBy(() -> imported(other, stream()))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("block 54 of the imported history is d226371d")
                .hasMessageContaining("not 1111");
        String longer = PublicChain.genesis()
                .replaceFirst("\\{", "{\"imported\":{\"number\":55,\"hash\":\"" + OTHER_HASH + "\"},");
        assertThatThrownBy(() -> imported(longer, stream()))
                .hasMessage("the history ends with block 54, not with block 55 as the constitution says");
    }

    @Test
    void shouldRefuseAnotherBlockThanTheNamedOneWhenItIsApplied() throws IOException {
        SingleNode node = PublicChain.node();
        String other = PublicChain.genesis()
                .replaceFirst("\\{", "{\"imported\":{\"number\":54,\"hash\":\"" + OTHER_HASH + "\"},");
        SingleNode otherNetwork = new SingleNode(new EthereumLedgerFactory(), other);
        assertThatThrownBy(() -> otherNetwork.ledger().apply(node.blocks().get(54), 54, node.state()))
                .isInstanceOf(LedgerException.class);
    }

    private static byte[] stream() throws IOException {
        try (InputStream in = PublicChain.blocks()) {
            return in.readAllBytes();
        }
    }

    private static List<Block> blocks() throws IOException, MalformedException {
        BlockFile file = new BlockFile(PublicChain.blocks());
        List<Block> blocks = new ArrayList<>();
        for (byte[] block = file.next(); block != null; block = file.next()) {
            blocks.add(Block.decode(block));
        }
        return blocks;
    }

    private static byte[] encoded(List<Block> blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        blocks.forEach(block -> out.writeBytes(block.encode()));
        return out.toByteArray();
    }

    private static ChainHistory history(String genesis, byte[] blocks) throws IOException {
        return ChainHistory.read(genesis.getBytes(StandardCharsets.UTF_8), new ByteArrayInputStream(blocks));
    }

    private static SingleNode imported(String genesis, byte[] blocks) {
        return new SingleNode(new EthereumLedgerFactory(), genesis).importHistory(new ByteArrayInputStream(blocks));
    }

    private static ChainReader.Block block(SingleNode node, long number) {
        try (View view = node.view(Caller.ANONYMOUS)) {
            ChainReader.Block block = new ChainReader(view, Sight.WHOLE).byNumber(number);
            assertThat(block).isNotNull();
            if (block == null) {
                throw new AssertionError("no block " + number);
            }
            return block;
        }
    }

    private static byte[] exported(SingleNode node, long from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long number = from; number <= Head.of(node.state()).number(); number++) {
            out.writeBytes(block(node, number).encode());
        }
        return out.toByteArray();
    }
}
