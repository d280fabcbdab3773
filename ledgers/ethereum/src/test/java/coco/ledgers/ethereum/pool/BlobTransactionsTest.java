package coco.ledgers.ethereum.pool;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Sha256;
import coco.evm.rlp.RlpWriter;
import coco.evm.transition.BlobParameters;
import coco.evm.types.Address;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import ethereum.ckzg4844.CKZG4844JNI;
import ethereum.ckzg4844.CellsAndProofs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BlobTransactionsTest {
    private static final String SCHEDULE =
            "\"blobSchedule\": {\"osaka\": {\"target\": 1, \"max\": 2, \"baseFeeUpdateFraction\": 5007716}}, ";

    /** Blobs of a few numbers, with what proves them. */
    private record Blob(byte[] blob, byte[] commitment, byte[] proof, List<byte[]> cellProofs) {
        static Blob of(int content) {
            // Loads library and setup.
            BlobProofs.verify(List.of(), List.of(), List.of());
            byte[] blob = new byte[CKZG4844JNI.BYTES_PER_BLOB];
            blob[31] = (byte) content;
            blob[32 * 77 + 5] = 3;
            byte[] commitment = CKZG4844JNI.blobToKzgCommitment(blob);
            CellsAndProofs cells = CKZG4844JNI.computeCellsAndKzgProofs(blob);
            List<byte[]> proofs = new ArrayList<>();
            for (int at = 0; at < cells.getProofs().length; at += 48) {
                proofs.add(Arrays.copyOfRange(cells.getProofs(), at, at + 48));
            }
            return new Blob(blob, commitment, CKZG4844JNI.computeBlobKzgProof(blob, commitment), proofs);
        }

        byte[] hash() {
            byte[] hash = Sha256.hash(commitment);
            hash[0] = 1;
            return hash;
        }
    }

    @Test
    void shouldCountTheBlobsOfABlockWhenTransactionsCarryThem() {
        SingleNode node = node(SCHEDULE);
        Rpc rpc = new Rpc(node);
        List<Blob> blobs = List.of(Blob.of(1), Blob.of(2));
        send(rpc, wrapped(transaction(0, 0, blobs.subList(0, 1)), blobs.subList(0, 1)));
        send(rpc, wrapped(transaction(1, 0, blobs), blobs));
        send(rpc, wrapped(transaction(2, 0, blobs.subList(1, 2)), blobs.subList(1, 2)));
        for (int block = 0; block < 4; block++) {
            node.mine();
        }

        JsonNode first = rpc.result("eth_getBlockByNumber", "0x1", true);
        JsonNode second = rpc.result("eth_getBlockByNumber", "0x2", false);
        long gas = BlobParameters.GAS_PER_BLOB;
        assertThat(first.get("transactions")).hasSizeBetween(1, 2);
        long used = quantity(first, "blobGasUsed")
                + quantity(second, "blobGasUsed")
                + (rpc.result("eth_blockNumber").asString().equals("0x3")
                        ? quantity(rpc.result("eth_getBlockByNumber", "0x3", false), "blobGasUsed")
                        : 0);
        assertThat(used).isEqualTo(4 * gas);
        assertThat(quantity(first, "blobGasUsed")).isLessThanOrEqualTo(2 * gas);
        assertThat(quantity(second, "blobGasUsed")).isLessThanOrEqualTo(2 * gas);
        assertThat(quantity(first, "excessBlobGas")).isZero();
        assertThat(quantity(second, "excessBlobGas")).isEqualTo(Math.max(0, quantity(first, "blobGasUsed") - gas));
        JsonNode receipt = rpc.result(
                "eth_getTransactionReceipt",
                first.get("transactions").get(0).get("hash").asString());
        assertThat(quantity(receipt, "blobGasUsed")).isPositive();
        assertThat(receipt.get("blobGasPrice").asString()).isEqualTo("0x1");
    }

    @Test
    void shouldRefuseBlobsThatAreNotWhatTheTransactionSays() {
        Rpc rpc = new Rpc(node(SCHEDULE));
        List<Blob> one = List.of(Blob.of(1));
        List<Blob> other = List.of(Blob.of(2));
        Transaction transaction = transaction(0, 0, one);
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.raw(transaction)))
                .isEqualTo("-32000 missing sidecar in blob transaction");
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.hex(wrapped(transaction, other))))
                .startsWith("-32000 blob 0: computed hash 0x01")
                .contains(" mismatches transaction one 0x01");
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.hex(wrapped(transaction, List.of()))))
                .isEqualTo("-32000 invalid number of 0 blobs compared to 1 blob hashes");
        Blob mixed = new Blob(
                other.getFirst().blob(),
                one.getFirst().commitment(),
                one.getFirst().proof(),
                one.getFirst().cellProofs());
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.hex(wrapped(transaction, List.of(mixed)))))
                .isEqualTo("-32000 invalid blob: invalid proofs");
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.hex(wrappedOld(transaction, one))))
                .isEqualTo("-32000 unexpected sidecar version, want: 1, got: 0");
        List<Blob> three = List.of(Blob.of(1), Blob.of(2), Blob.of(3));
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.hex(wrapped(transaction(0, 0, three), three))))
                .isEqualTo("-32000 too many blobs in transaction: have 3, permitted 2");
        assertThat(rpc.error("eth_sendRawTransaction", "0x03c1c0")).startsWith("-32000 rlp: ");
        send(rpc, wrapped(transaction, one));
    }

    @Test
    void shouldRefuseBlobTransactionsWhenTheDocumentNamesNoSchedule() {
        Rpc rpc = new Rpc(node(""));
        List<Blob> one = List.of(Blob.of(1));
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.hex(wrapped(transaction(0, 0, one), one))))
                .isEqualTo("-32000 transaction type not supported: tx type 3 not supported by this pool");
    }

    @Test
    void shouldCheckProofsOnlyForWhoCanPayAndWhereNobodysAdmissionWaits() {
        SingleNode node = node(SCHEDULE);
        Rpc rpc = new Rpc(node);
        List<Blob> one = List.of(Blob.of(1));
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.hex(wrapped(transaction(7, 0, one), one))))
                .isEqualTo("-32000 insufficient funds for gas * price + value: balance 0, tx cost 131072000, "
                        + "overshot 131072000");
        assertThat(node.longWork()).isZero();
        send(rpc, wrapped(transaction(0, 0, one), one));
        assertThat(node.longWork()).isEqualTo(1);
        assertThat(node.openViews()).isZero();
    }

    @Test
    void shouldTakeNoMoreBlobsInOneRequestThanABlockHasRoomFor() {
        SingleNode node = node(SCHEDULE);
        List<Blob> blobs = List.of(Blob.of(1), Blob.of(2));
        List<Blob> one = blobs.subList(0, 1);
        String batch = Stream.of(
                        wrapped(transaction(0, 0, blobs), blobs),
                        wrapped(transaction(1, 0, one), one),
                        Keys.transfer(0).sign(Keys.CURVE, Keys.secret(2)).encoded())
                .map(raw -> "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_sendRawTransaction\",\"params\":[\"%s\"]}"
                        .formatted(Rpc.hex(raw)))
                .collect(Collectors.joining(",", "[", "]"));
        JsonNode answers = Rpc.MAPPER.readTree(
                node.post(batch.getBytes(StandardCharsets.UTF_8)).body());
        assertThat(answers.get(0).has("result")).isTrue();
        assertThat(answers.get(1).get("error").get("code").asInt()).isEqualTo(-32_005);
        assertThat(answers.get(1).get("error").get("message").asString())
                .isEqualTo("too many blobs in one request, permitted 2");
        assertThat(answers.get(2).has("result")).isTrue();
        assertThat(node.longWork()).isEqualTo(1);
    }

    @Test
    void shouldRefuseBlobsWhenTheLibraryCannotBeLoaded() {
        assertThat(BlobProofs.fault(() -> {
                    throw new UnsatisfiedLinkError("no such library");
                }))
                .isEqualTo("blob proofs cannot be checked on this node");
        assertThat(BlobProofs.fault(() -> false)).isEqualTo("invalid blob: invalid proofs");
    }

    @Test
    void shouldTakeAProofPerBlobBeforeOsaka() throws MalformedException {
        Blob blob = Blob.of(9);
        BlobSidecar sidecar = BlobSidecar.decode(wrappedOld(transaction(0, 0, List.of(blob)), List.of(blob)));
        assertThat(sidecar.fault(List.of(blob.hash()), 0)).isNull();
        assertThat(sidecar.proofFault()).isNull();
        assertThat(sidecar.fault(List.of(new byte[32]), 0)).contains("mismatches");
        BlobSidecar wrong = new BlobSidecar(
                sidecar.transaction(), 0, List.of(Blob.of(10).blob()), sidecar.commitments(), sidecar.proofs());
        assertThat(wrong.proofFault()).isEqualTo("invalid blob: invalid proofs");
    }

    @Test
    void shouldHaveTheSetupOfTheCeremony() throws IOException {
        try (InputStream in = Objects.requireNonNull(BlobProofs.class.getResourceAsStream(BlobProofs.SETUP))) {
            assertThat(HexFormat.of().formatHex(Sha256.hash(in.readAllBytes()))).isEqualTo(BlobProofs.SETUP_SHA256);
        }
    }

    private static long quantity(JsonNode node, String name) {
        return Long.decode(node.get(name).asString());
    }

    private static SingleNode node(String schedule) {
        String forks =
                "\"osakaTime\": 0, \"pragueTime\": 0, \"cancunTime\": 0, \"shanghaiTime\": 0, \"londonBlock\": 0, "
                        + "\"terminalTotalDifficulty\": 0, ";
        String genesis = Keys.genesis(3).replace("\"config\": {", "\"config\": {" + forks + schedule);
        return new SingleNode(new EthereumLedgerFactory(), genesis)
                .mining(false)
                .settings(Rpc.ACCEPTED);
    }

    private static void send(Rpc rpc, byte[] raw) {
        var settings = rpc.send("eth_sendRawTransaction", Rpc.hex(raw));
        assertThat(settings.has("result")).as(settings.toString()).isTrue();
    }

    private static Transaction transaction(int sender, long nonce, List<Blob> blobs) {
        return Transaction.builder(Transaction.Type.BLOB)
                .chainId(Keys.CHAIN_ID)
                .nonce(nonce)
                .gasLimit(21_000)
                .to(Address.of(0xdead_beefL))
                .blobs(Word.of(1_000), blobs.stream().map(Blob::hash).toList())
                .sign(Keys.CURVE, Keys.secret(sender));
    }

    private static byte[] wrapped(Transaction transaction, List<Blob> blobs) {
        RlpWriter out = begin(transaction).unsigned(1);
        return end(
                out,
                blobs,
                blobs.stream().flatMap(blob -> blob.cellProofs().stream()).toList());
    }

    private static byte[] wrappedOld(Transaction transaction, List<Blob> blobs) {
        return end(begin(transaction), blobs, blobs.stream().map(Blob::proof).toList());
    }

    private static RlpWriter begin(Transaction transaction) {
        byte[] encoded = transaction.encoded();
        return new RlpWriter(1 << 20).raw(3).beginList().raw(encoded, 1, encoded.length - 1);
    }

    private static byte[] end(RlpWriter out, List<Blob> blobs, List<byte[]> proofs) {
        out.beginList();
        blobs.forEach(blob -> out.string(blob.blob()));
        out.endList().beginList();
        blobs.forEach(blob -> out.string(blob.commitment()));
        out.endList().beginList();
        proofs.forEach(out::string);
        return out.endList().endList().toBytes();
    }
}
