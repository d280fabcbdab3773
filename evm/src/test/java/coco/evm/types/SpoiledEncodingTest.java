package coco.evm.types;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Secp256k1;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every item of a valid encoding, spoiled in every way that an encoder can be wrong. Each must be refused as malformed;
 * what is another valid value must encode to exactly the bytes it was read from.
 */
class SpoiledEncodingTest {
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    private static final byte[] SECRET = filled(32, 7);
    private static final int DEEP = 2 * RlpReader.MAX_DEPTH;

    /** Decodes and encodes again. */
    @FunctionalInterface
    interface Codec {
        byte[] again(byte[] bytes) throws MalformedException;
    }

    /** A valid encoding, which begins with the byte of a type or not. */
    record Sample(String name, byte[] bytes, Codec codec) {
        boolean isTyped() {
            return (bytes[0] & 0xFF) < 0xC0;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** An item of RLP; {@code encoded} is written instead of it where there is one. */
    private static final class Item {
        final List<Item> items = new ArrayList<>();
        byte[] text = new byte[0];
        boolean isList;
        byte[] encoded = new byte[0];

        byte[] encode() {
            if (encoded.length > 0) {
                return encoded;
            }
            RlpWriter out = new RlpWriter();
            if (!isList) {
                return out.string(text).toBytes();
            }
            out.beginList();
            items.forEach(item -> out.raw(item.encode()));
            return out.endList().toBytes();
        }

        Stream<Item> all() {
            return Stream.concat(Stream.of(this), items.stream().flatMap(Item::all));
        }
    }

    private static byte[] filled(int length, int octet) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) octet);
        return bytes;
    }

    // ---- samples ----

    static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        List<Transaction> transactions = new ArrayList<>();
        for (Transaction.Type type : Transaction.Type.values()) {
            Transaction transaction = transaction(type);
            transactions.add(transaction);
            samples.add(new Sample(
                    "transaction " + type,
                    transaction.encoded(),
                    bytes -> Transaction.decode(bytes).encoded()));
        }
        Log log = new Log(Address.of(5), List.of(filled(32, 0), filled(32, 3)), new byte[] {1, 2});
        for (Receipt receipt : List.of(
                Receipt.of(Transaction.Type.LEGACY, true, 21_000, List.of(log)),
                Receipt.of(Transaction.Type.SET_CODE, false, -1, List.of()))) {
            samples.add(new Sample(
                    "receipt " + receipt.type(),
                    receipt.encode(),
                    bytes -> Receipt.decode(bytes).encode()));
        }
        samples.add(new Sample(
                "header", header().encode(), bytes -> Header.decode(bytes).encode()));
        Block block =
                new Block(header(), transactions, List.of(header()), List.of(new Withdrawal(1, 2, Address.of(3), 4)));
        samples.add(
                new Sample("block", block.encode(), bytes -> Block.decode(bytes).encode()));
        return samples;
    }

    private static Transaction transaction(Transaction.Type type) {
        Transaction.Builder builder = Transaction.builder(type)
                .chainId(1337)
                .nonce(5)
                .gasPrice(Word.of(1_000))
                .gasLimit(90_000)
                .to(Address.of(4))
                .value(Word.of(0, 1, 2, 3))
                .data(new byte[] {7});
        if (type.code() >= 1) {
            builder.accessList(List.of(new AccessListEntry(Address.of(9), List.of(Word.ONE, Word.MAX))));
        }
        if (type == Transaction.Type.BLOB) {
            builder.blobs(Word.of(9), List.of(filled(32, 1)));
        }
        if (type == Transaction.Type.SET_CODE) {
            builder.authorizations(
                    List.of(new Authorization(Word.of(1337), Address.of(8), 4, 1, Word.of(99), Word.of(98))));
        }
        return builder.sign(CURVE, SECRET);
    }

    private static Header header() {
        return new Header(
                filled(32, 1),
                Header.NO_OMMERS,
                Address.of(7),
                filled(32, 2),
                filled(32, 3),
                filled(32, 4),
                new Bloom(),
                Word.ZERO,
                77,
                30_000_000,
                21_000,
                1_800_000_000,
                filled(3, 5),
                filled(32, 6),
                new byte[8],
                Word.of(7),
                filled(32, 7),
                0L,
                131_072L,
                filled(32, 8),
                Header.NO_REQUESTS);
    }

    // ---- reading and writing ----

    private static Item read(Sample sample) throws RlpException {
        int skipped = sample.isTyped() ? 1 : 0;
        return read(new RlpReader(sample.bytes(), skipped, sample.bytes().length - skipped));
    }

    private static Item read(RlpReader in) throws RlpException {
        Item item = new Item();
        item.isList = in.isList();
        if (!item.isList) {
            item.text = in.string();
            return item;
        }
        in.enterList();
        while (in.hasNext()) {
            item.items.add(read(in));
        }
        in.leaveList();
        return item;
    }

    private static byte[] write(Sample sample, Item root) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (sample.isTyped()) {
            out.write(sample.bytes()[0]);
        }
        out.writeBytes(root.encode());
        return out.toByteArray();
    }

    /** What one and the same item may not be encoded as, and other items in its place. */
    private static List<byte[]> spoiled(Item item) {
        byte[] encoded = item.encode();
        int kind = item.isList ? 0xC0 : 0x80;
        byte[] content = item.isList
                ? Arrays.copyOfRange(encoded, encoded.length - contentLength(item), encoded.length)
                : item.text;
        List<byte[]> spoiled = new ArrayList<>();
        if (content.length <= 55) {
            spoiled.add(concat(new byte[] {(byte) (kind + 56), (byte) content.length}, content));
        }
        if (content.length == 1 && !item.isList && content[0] >= 0) {
            spoiled.add(new byte[] {(byte) 0x81, content[0]});
        }
        spoiled.add(concat(new byte[] {(byte) (kind + 57), 0, (byte) content.length}, content));
        for (String length : List.of(
                "ffffffffffffffff", "7fffffffffffffff", "00000000ffffffff", "7fffffff", "80000000", "ffffff", "ff")) {
            byte[] bytes = HexFormat.of().parseHex(length);
            spoiled.add(concat(new byte[] {(byte) (kind + 55 + bytes.length)}, bytes, content));
        }
        spoiled.add(concat(new byte[] {(byte) (kind + Math.min(55, content.length + 1))}, content));
        spoiled.add(concat(new byte[] {(byte) (kind + 63)}, content));
        spoiled.add(nested());
        return spoiled;
    }

    private static int contentLength(Item list) {
        return list.items.stream().mapToInt(item -> item.encode().length).sum();
    }

    private static byte[] nested() {
        byte[] nested = {(byte) 0xC0};
        for (int i = 0; i < DEEP; i++) {
            nested = new RlpWriter().beginList().raw(nested).endList().toBytes();
        }
        return nested;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** True if it was refused; a value that was read must encode to these bytes. */
    private static boolean isRefused(Sample sample, byte[] bytes) {
        try {
            assertThat(sample.codec().again(bytes.clone()))
                    .as("%s of %s", sample, HexFormat.of().formatHex(bytes))
                    .isEqualTo(bytes);
            return false;
        } catch (MalformedException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return true;
        }
    }

    private static void assertRefused(Sample sample, byte[] bytes) {
        assertThat(isRefused(sample, bytes))
                .as("%s is refused: %s", sample, HexFormat.of().formatHex(bytes))
                .isTrue();
    }

    // ---- tests ----

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRefuseWhatIsCutOffOrHasSomethingBehindIt(Sample sample) {
        assertThat(isRefused(sample, sample.bytes())).isFalse();
        for (int length = 0; length < sample.bytes().length; length++) {
            assertRefused(sample, Arrays.copyOf(sample.bytes(), length));
        }
        for (int octet : new int[] {0, 1, 0x80, 0xC0, 0xFF}) {
            assertRefused(sample, concat(sample.bytes(), new byte[] {(byte) octet}));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRefuseEveryItemThatIsNotCanonical(Sample sample) throws RlpException {
        Item root = read(sample);
        assertThat(write(sample, root)).isEqualTo(sample.bytes());
        int count = 0;
        for (Item item : root.all().toList()) {
            for (byte[] encoded : spoiled(item)) {
                item.encoded = encoded;
                assertRefused(sample, write(sample, root));
                item.encoded = new byte[0];
                count++;
            }
        }
        assertThat(count).isGreaterThan(50);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRefuseOrReencodeWhenAnItemIsOfAnotherLength(Sample sample) throws RlpException {
        List<UnaryOperator<byte[]>> changes = List.of(
                text -> concat(new byte[1], text),
                text -> concat(text, new byte[1]),
                text -> Arrays.copyOf(text, Math.max(0, text.length - 1)),
                text -> new byte[0],
                text -> new byte[1],
                text -> filled(9, 0xFF),
                text -> filled(32, 0xFF),
                text -> filled(33, 0xFF),
                text -> filled(300, 0xFF));
        Item root = read(sample);
        int refused = 0;
        for (Item item : root.all().filter(item -> !item.isList).toList()) {
            byte[] before = item.text;
            for (UnaryOperator<byte[]> change : changes) {
                item.text = change.apply(before);
                refused += isRefused(sample, write(sample, root)) ? 1 : 0;
            }
            item.text = before;
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRefuseOrReencodeWhenItemsAreMissingOrTwice(Sample sample) throws RlpException {
        Item root = read(sample);
        for (Item list : root.all().filter(item -> item.isList).toList()) {
            for (int i = 0; i < list.items.size(); i++) {
                Item removed = list.items.remove(i);
                isRefused(sample, write(sample, root));
                list.items.add(i, removed);
                list.items.add(i, removed);
                isRefused(sample, write(sample, root));
                list.items.remove(i);
            }
        }
        assertThat(write(sample, root)).isEqualTo(sample.bytes());
    }
}
