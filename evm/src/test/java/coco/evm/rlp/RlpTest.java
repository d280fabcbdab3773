package coco.evm.rlp;

import static coco.evm.testing.Archives.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.evm.rlp.RlpException.Kind;
import coco.evm.testing.Archives;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RlpTest {
    @Test
    void shouldEncodeAndDecodeEveryOfficialCase() throws RlpException {
        for (var file : Archives.files("RLPTests/").entrySet()) {
            for (var test : file.getValue().properties()) {
                JsonNode in = test.getValue().get("in");
                byte[] out = hex(test.getValue().get("out").asString());
                if (in.isString() && in.asString().equals("INVALID")) {
                    assertThatThrownBy(() -> RlpReader.check(out))
                            .as(test.getKey())
                            .isInstanceOf(RlpException.class);
                } else if (in.isString() && in.asString().equals("VALID")) {
                    RlpReader.check(out);
                    assertThat(reencode(out)).as(test.getKey()).isEqualTo(out);
                } else {
                    RlpWriter writer = new RlpWriter();
                    write(writer, in);
                    assertThat(writer.toBytes()).as(test.getKey()).isEqualTo(out);
                    assertThat(reencode(out)).as(test.getKey()).isEqualTo(out);
                }
            }
        }
    }

    @Test
    void shouldReadFieldsInOrderWhenTypesFit() throws RlpException {
        byte[] encoded = new RlpWriter()
                .beginList()
                .unsigned(0)
                .unsigned(-1L)
                .beginList()
                .string(new byte[60])
                .endList()
                .unsigned(new byte[] {0, 0, 7})
                .string(new byte[] {(byte) 0x80})
                .endList()
                .toBytes();
        RlpReader reader = new RlpReader(encoded);
        reader.enterList();
        assertThat(reader.remainingItems()).isEqualTo(5);
        assertThat(reader.unsigned64()).isZero();
        assertThat(reader.unsigned64()).isEqualTo(-1L);
        reader.enterList();
        assertThat(reader.string(60)).containsOnly(0);
        reader.leaveList();
        assertThat(new BigInteger(1, reader.unsigned256())).isEqualTo(7);
        assertThat(reader.string()).containsExactly(0x80);
        reader.leaveList();
        reader.finish();
    }

    @Test
    void shouldNameTheFaultWhenFieldsDoNotFit() {
        assertFails(Kind.LEADING_ZERO, "00", RlpReader::unsigned64);
        assertFails(Kind.TOO_LARGE, "89010000000000000000", RlpReader::unsigned64);
        assertFails(Kind.NOT_CANONICAL, "8105", RlpReader::unsigned64);
        assertFails(Kind.NOT_CANONICAL, "b80101", RlpReader::string);
        assertFails(Kind.WRONG_SHAPE, "c0", RlpReader::string);
        assertFails(Kind.WRONG_SHAPE, "80", RlpReader::enterList);
        assertFails(Kind.WRONG_LENGTH, "820102", reader -> reader.string(3));
        assertFails(Kind.WRONG_LENGTH, "820102", reader -> reader.stringOrEmpty(3));
        assertFails(Kind.MISSING_ITEM, "", RlpReader::string);
        assertFails(Kind.TRUNCATED, "8201", RlpReader::string);
        assertFails(Kind.TRUNCATED, "bfffffffffffffffff", RlpReader::string);
        assertFails(Kind.TRAILING_BYTES, "0102", reader -> {
            reader.skip();
            reader.finish();
        });
        assertFails(Kind.TRAILING_BYTES, "c101", reader -> {
            reader.enterList();
            reader.leaveList();
        });
    }

    @Test
    void shouldRefuseNestingBeyondTheLimit() throws RlpException {
        RlpReader.check(nested(RlpReader.MAX_DEPTH));
        assertThatThrownBy(() -> RlpReader.check(nested(RlpReader.MAX_DEPTH + 1)))
                .isInstanceOfSatisfying(
                        RlpException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_DEEP));
        byte[] hostile = new byte[1 << 16];
        Arrays.fill(hostile, (byte) 0xc1);
        assertThatThrownBy(() -> RlpReader.check(hostile)).isInstanceOf(RlpException.class);
    }

    @Test
    void shouldReencodeToTheSameBytesOrRefuseWhenInputIsRandomOrMutated() {
        long seed = 0x5eed;
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 40_000; i++) {
            byte[] input = i % 2 == 0 ? randomBytes(random) : mutated(random);
            try {
                RlpReader.check(input);
                accepted++;
                assertThat(reencode(input)).as("seed %d round %d", seed, i).isEqualTo(input);
            } catch (RlpException refused) {
                assertThat(refused.kind()).isNotNull();
            }
        }
        assertThat(accepted).isPositive();
    }

    private interface Visit {
        void from(RlpReader reader) throws RlpException;
    }

    private static void assertFails(Kind kind, String bytes, Visit visit) {
        assertThatThrownBy(() -> visit.from(new RlpReader(hex(bytes))))
                .isInstanceOfSatisfying(
                        RlpException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static void write(RlpWriter writer, JsonNode node) {
        if (node.isArray()) {
            writer.beginList();
            node.forEach(item -> write(writer, item));
            writer.endList();
        } else if (node.isNumber()) {
            writer.unsigned(node.longValue());
        } else if (node.asString().startsWith("#")) {
            writer.unsigned(new BigInteger(node.asString().substring(1)).toByteArray());
        } else {
            writer.string(node.asString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static byte[] reencode(byte[] encoded) throws RlpException {
        RlpWriter writer = new RlpWriter();
        RlpReader reader = new RlpReader(encoded);
        List<Integer> open = new ArrayList<>();
        while (true) {
            if (reader.hasNext()) {
                if (reader.isList()) {
                    reader.enterList();
                    writer.beginList();
                    open.add(1);
                } else {
                    writer.string(reader.string());
                }
            } else if (!open.isEmpty()) {
                open.removeLast();
                reader.leaveList();
                writer.endList();
            } else {
                reader.finish();
                return writer.toBytes();
            }
        }
    }

    private static byte[] nested(int depth) {
        RlpWriter writer = new RlpWriter();
        for (int i = 0; i < depth; i++) {
            writer.beginList();
        }
        for (int i = 0; i < depth; i++) {
            writer.endList();
        }
        return writer.toBytes();
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(24)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(Random random) {
        RlpWriter writer = new RlpWriter();
        int open = 0;
        writer.beginList();
        for (int i = random.nextInt(8); i >= 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    writer.beginList();
                    open++;
                }
                case 1 -> writer.unsigned(random.nextLong() >>> random.nextInt(64));
                default -> writer.string(randomBytes(random));
            }
        }
        for (int i = 0; i <= open; i++) {
            writer.endList();
        }
        byte[] bytes = writer.toBytes();
        if (random.nextInt(4) != 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }
}
