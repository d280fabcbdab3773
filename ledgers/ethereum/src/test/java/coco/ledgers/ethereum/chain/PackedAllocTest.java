package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.kv.Draft;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.ledgers.api.LedgerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class PackedAllocTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ALLOC = """
            {"aa":{"balance":"0x5","nonce":"0x1","code":"0x6001","storage":{"0x01":"0x02"}},
             "bb":{"balance":"0x0","code":"0x6001"},
             "cc":{"balance":"0x7","code":"0x6002"},
             "dd":{"balance":"0x9"}}
            """;

    @Test
    void shouldUnpackWhatWasPackedAndLeaveItAsItWas() {
        ObjectNode alloc = (ObjectNode) JSON.readTree(ALLOC);

        JsonNode unpacked = PackedAlloc.unpack(PackedAlloc.pack(alloc));

        assertThat(unpacked).isEqualTo(JSON.readTree(ALLOC));
        assertThat(alloc).isEqualTo(JSON.readTree(ALLOC));
    }

    @Test
    void shouldHoldEachCodeOnce() {
        ObjectNode alloc = JSON.createObjectNode();
        Random random = new Random(7);
        StringBuilder code = new StringBuilder("0x");
        for (int i = 0; i < 40_000; i++) {
            code.append(Integer.toHexString(random.nextInt(16)));
        }
        alloc.putObject("first").put("code", code.toString());
        int one = PackedAlloc.pack(alloc).length();
        for (int i = 0; i < 20; i++) {
            alloc.putObject("other" + i).put("code", code.toString());
        }

        assertThat(PackedAlloc.pack(alloc).length()).isLessThan(one + 1_000);
    }

    @Test
    void shouldSayWhatIsWrongWithWhatIsPacked() throws IOException {
        assertThatThrownBy(() -> PackedAlloc.unpack("no base64!"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("no gzip in base64");
        assertThatThrownBy(() -> PackedAlloc.unpack(packed("{")))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("no JSON");
        assertThatThrownBy(() -> PackedAlloc.unpack(packed("{\"codes\":[],\"alloc\":{\"aa\":{\"code\":0}}}")))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("has no code 0");
    }

    @Test
    void shouldNotBeFilledByWhatUnpacksWithoutEnd() throws IOException {
        String bomb = packed(" ".repeat(PackedAlloc.UNPACKED_BYTES_MAX + 1));

        assertThatThrownBy(() -> PackedAlloc.unpack(bomb))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("has more than");
    }

    @Test
    void shouldAnswerWithATypedErrorWhateverIsPacked() {
        String good = PackedAlloc.pack((ObjectNode) JSON.readTree(ALLOC));
        Random random = new Random(20_261_127);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            StringBuilder bad = new StringBuilder(good);
            bad.setCharAt(random.nextInt(bad.length()), (char) (33 + random.nextInt(94)));
            try {
                PackedAlloc.unpack(bad.toString());
            } catch (LedgerException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void shouldMakeTheSameFirstBlockAsAccountsInClear() {
        ObjectNode clear = (ObjectNode) JSON.readTree("{\"config\":{\"chainId\":1,\"terminalTotalDifficulty\":0}}");
        ObjectNode both = clear.deepCopy();
        ObjectNode packed = clear.deepCopy();
        ObjectNode alloc = JSON.createObjectNode();
        alloc.putObject("aa".repeat(20)).put("balance", "0x5").put("code", "0x6001");
        clear.set("alloc", alloc);
        packed.put(PackedAlloc.FIELD, PackedAlloc.pack(alloc));
        both.set("alloc", alloc);
        both.put(PackedAlloc.FIELD, PackedAlloc.pack(alloc));

        assertThat(firstBlock(packed)).isEqualTo(firstBlock(clear));
        assertThatThrownBy(() -> firstBlock(both)).hasMessageContaining("has both");
    }

    private static byte[] firstBlock(ObjectNode document) {
        Store store = new Store(EthereumMaps.ALL, StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        return Genesis.parse(document.toString().getBytes(StandardCharsets.UTF_8))
                .write(draft)
                .payload();
    }

    private static String packed(String json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
