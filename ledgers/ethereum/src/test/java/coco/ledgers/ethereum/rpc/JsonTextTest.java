package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonText.Name NAME = JsonText.Name.ofDigits("name");
    private static final JsonText.Name LIST = JsonText.Name.ofArray("list");
    private static final long SEED = 20_261_126;

    private static String written(Consumer<JsonGenerator> write) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = MAPPER.createGenerator(bytes)) {
            write.accept(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** What the generator itself makes of one field. */
    private static String expected(Consumer<JsonGenerator> field) {
        return written(out -> {
            out.writeStartObject();
            field.accept(out);
            out.writeEndObject();
        });
    }

    @Test
    void shouldWriteWhatTheGeneratorWritesWhenValuesAreOfAnyLength() {
        Random random = new Random(SEED);
        for (int round = 0; round < 3_000; round++) {
            long small = random.nextLong() >>> random.nextInt(64);
            byte[] bytes = new byte[random.nextInt(round % 100 == 0 ? 5_000 : 40)];
            random.nextBytes(bytes);
            byte[] limbs = new byte[random.nextInt(33)];
            random.nextBytes(limbs);
            Word large = Word.ofBytes(limbs);
            Address address = Address.of(random.nextInt(), random.nextLong(), random.nextLong());
            assertThat(written(
                            new JsonText().beginObject().quantity(NAME, small).endObject()::writeTo))
                    .as("seed %d round %d", SEED, round)
                    .isEqualTo(expected(out -> Hexes.quantity(out, "name", small)));
            assertThat(written(
                            new JsonText().beginObject().quantity(NAME, large).endObject()::writeTo))
                    .isEqualTo(expected(out -> out.writeStringProperty("name", large.toQuantity())));
            assertThat(written(new JsonText().beginObject().data(NAME, bytes).endObject()::writeTo))
                    .isEqualTo(expected(out -> Hexes.data(out, "name", bytes)));
            assertThat(written(
                            new JsonText().beginObject().address(NAME, address).endObject()::writeTo))
                    .isEqualTo(expected(out -> out.writeStringProperty("name", address.hex())));
        }
    }

    @Test
    void shouldSetCommasBetweenValuesOnly() {
        JsonText text = new JsonText().beginObject().nothing(JsonText.Name.ofNulls("a", "b"));
        text.beginArray(LIST).endArray().beginArray(LIST).data(new byte[1]).data(new byte[0]);
        text.beginObject().endObject().endArray().quantity(NAME, 0).endObject();
        assertThat(written(text::writeTo))
                .isEqualTo("{\"a\":null,\"b\":null,\"list\":[],\"list\":[\"0x00\",\"0x\",{}],\"name\":\"0x0\"}");
        assertThat(written(new JsonText().beginArray().endArray()::writeTo)).isEqualTo("[]");
    }

    @Test
    void shouldStandAmongTheGeneratorsOwnValues() {
        JsonText text = new JsonText().beginObject().quantity(NAME, 1);
        int kept = text.length();
        assertThat(written(out -> {
                    out.writeStartObject().writeArrayPropertyStart("all");
                    for (int i = 2; i < 4; i++) {
                        text.cut(kept);
                        text.quantity(NAME, i).endObject().writeTo(out);
                    }
                    out.writeNumber(4).writeEndArray().writeName("last");
                    new JsonText().beginArray().endArray().writeTo(out);
                    out.writeEndObject();
                }))
                .isEqualTo(
                        "{\"all\":[{\"name\":\"0x1\",\"name\":\"0x2\"},{\"name\":\"0x1\",\"name\":\"0x3\"},4],\"last\":[]}");
    }
}
