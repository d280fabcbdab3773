package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpWriter;
import coco.evm.trie.MerkleProof;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProofMethodsTest {
    private static final String CONTRACT = "0x00000000000000000000000000000000000c0de0";
    /** SSTORE(CALLDATALOAD(0), CALLDATALOAD(32)). */
    private static final String CODE = "0x6020356000355500";

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), genesis());
    private final Rpc rpc = new Rpc(node);

    private static String genesis() {
        StringBuilder slots = new StringBuilder();
        for (int i = 1; i <= 100; i++) {
            slots.append(i == 1 ? "" : ",").append("\"0x%x\":\"0x%x\"".formatted(i, i * 1_000));
        }
        return Keys.genesis(20)
                .replace(
                        "\"alloc\": {",
                        "\"alloc\": {\"" + CONTRACT + "\":{\"balance\":\"0x7\",\"nonce\":\"0x1\",\"code\":\"" + CODE
                                + "\",\"storage\":{" + slots + "}},");
    }

    private String stateRoot(String block) {
        return rpc.result("eth_getBlockByNumber", block, false).get("stateRoot").asString();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.substring(2));
    }

    private static List<byte[]> nodes(JsonNode proof) {
        List<byte[]> nodes = new ArrayList<>();
        proof.forEach(node -> nodes.add(hex(node.asString())));
        return nodes;
    }

    /** Follows the proof by the root alone and compares what it proves with what was claimed. */
    private static void verify(JsonNode proof, String stateRoot) throws RlpException {
        byte[] account = MerkleProof.verify(
                hex(stateRoot), Keccak256.hash(hex(proof.get("address").asString())), nodes(proof.get("accountProof")));
        byte[] claimed = new RlpWriter(128)
                .beginList()
                .unsigned(Long.decode(proof.get("nonce").asString()))
                .string(Word.fromHex(proof.get("balance").asString().substring(2))
                        .toMinimalBytes())
                .string(hex(proof.get("storageHash").asString()))
                .string(hex(proof.get("codeHash").asString()))
                .endList()
                .toBytes();
        assertThat(account).isEqualTo(claimed);
        for (JsonNode slot : proof.get("storageProof")) {
            Word key = Word.fromHex(slot.get("key").asString().substring(2));
            byte[] value = MerkleProof.verify(
                    hex(proof.get("storageHash").asString()),
                    Keccak256.hash(key.toBytes32()),
                    nodes(slot.get("proof")));
            Word expected = Word.fromHex(slot.get("value").asString().substring(2));
            assertThat(value).isEqualTo(expected.isZero() ? null : RlpWriter.encodeString(expected.toMinimalBytes()));
        }
    }

    @Test
    void shouldProveAccountsAndSlotsOfTheNewestAndOfEarlierStates() throws RlpException {
        String slot = "0x" + "0".repeat(62) + "05";
        String longNine = "0x" + "0".repeat(63) + "9";
        rpc.result(
                "eth_sendRawTransaction",
                Rpc.raw(Keys.transfer(0)
                        .to(Address.fromHex(CONTRACT))
                        .value(Word.ZERO)
                        .gasLimit(100_000)
                        .data(hex(slot + "0".repeat(63) + "1"))
                        .sign(Keys.CURVE, Keys.secret(0))));
        JsonNode now = rpc.result("eth_getProof", CONTRACT, List.of("0x5", longNine, "0x0", "0xffff"), "latest");
        verify(now, stateRoot("latest"));
        assertThat(now.get("storageProof").get(0).get("value").asString()).isEqualTo("0x1");
        assertThat(now.get("storageProof").get(0).get("key").asString()).isEqualTo("0x5");
        assertThat(now.get("storageProof").get(1).get("key").asString()).isEqualTo(longNine);
        assertThat(now.get("storageProof").get(2).get("value").asString()).isEqualTo("0x0");
        assertThat(now.get("storageProof").get(2).get("proof").isEmpty()).isFalse();
        JsonNode before = rpc.result("eth_getProof", CONTRACT, List.of("0x5"), "0x0");
        verify(before, stateRoot("0x0"));
        assertThat(before.get("storageProof").get(0).get("value").asString()).isEqualTo("0x1388");
        assertThat(before.get("balance").asString()).isEqualTo("0x7");
        assertThat(before.get("codeHash").asString()).isEqualTo(Rpc.hex(Keccak256.hash(hex(CODE))));
        for (int n = 0; n < 20; n++) {
            verify(rpc.result("eth_getProof", Keys.address(n).hex(), List.of("0x0"), "latest"), stateRoot("latest"));
        }
    }

    @Test
    void shouldProveThatAnAccountIsNotThere() throws RlpException {
        String absent = Address.of(0x1234).hex();
        JsonNode proof = rpc.result("eth_getProof", absent, List.of("0x1"), "latest");
        assertThat(MerkleProof.verify(
                        hex(stateRoot("latest")), Keccak256.hash(hex(absent)), nodes(proof.get("accountProof"))))
                .isNull();
        String zero = "0x" + "0".repeat(64);
        assertThat(proof.get("codeHash").asString()).isEqualTo(zero);
        assertThat(proof.get("storageHash").asString()).isEqualTo(zero);
        assertThat(proof.get("storageProof").toString())
                .isEqualTo("[{\"key\":\"0x1\",\"value\":\"0x0\",\"proof\":[]}]");
    }

    @Test
    void shouldReadManySlotsAtOnce() {
        String word = "0x" + "0".repeat(62);
        Map<String, List<String>> request = Map.of(CONTRACT, List.of(word + "05", word + "00"));
        assertThat(rpc.result("eth_getStorageValues", request).toString())
                .isEqualTo("{\"" + CONTRACT + "\":[\"0x" + "0".repeat(60) + "1388\",\"0x" + "0".repeat(64) + "\"]}");
        assertThat(rpc.error("eth_getStorageValues", Map.of())).isEqualTo("-32602 empty request");
        assertThat(rpc.error("eth_getStorageValues", Map.of(CONTRACT, List.of("0x5"))))
                .startsWith("-32602 invalid argument 0: ");
        assertThat(rpc.error("eth_getStorageValues", Map.of(CONTRACT, Collections.nCopies(1_025, word + "05"))))
                .isEqualTo("-38026 too many slots (max 1024)");
    }

    @Test
    void shouldRefuseTooManyAndMalformedKeys() {
        assertThat(rpc.error("eth_getProof", CONTRACT, Collections.nCopies(1_025, "0x1"), "latest"))
                .isEqualTo("-32602 too many slots (max 1024)");
        assertThat(rpc.result("eth_getProof", CONTRACT, Collections.nCopies(1_024, "0x1"), "latest")
                        .get("storageProof")
                        .size())
                .isEqualTo(1_024);
        assertThat(rpc.error("eth_getProof", CONTRACT, List.of("0x" + "1".repeat(65)), "latest"))
                .startsWith("-32602 storage key too long (want at most 32 bytes): \"0x111");
        assertThat(rpc.error("eth_getProof", CONTRACT, List.of("0xzz"), "latest"))
                .isEqualTo("-32602 unable to decode storage key: hex string invalid");
        assertThat(rpc.error("eth_getProof", CONTRACT, "0x1", "latest")).startsWith("-32602 invalid argument 1: ");
    }
}
