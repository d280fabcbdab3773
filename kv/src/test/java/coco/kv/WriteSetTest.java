package coco.kv;

import static coco.kv.TestData.HASHED;
import static coco.kv.TestData.OTHER;
import static coco.kv.TestData.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class WriteSetTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static void assertMalformed(String hexBytes, String why) {
        assertThatThrownBy(() -> WriteSet.parse(hex(hexBytes), TestData.MAPS))
                .isInstanceOf(MalformedWriteSetException.class)
                .hasMessageContaining(why);
    }

    static WriteSet random(Random random) {
        Transaction transaction = new Transaction(TestData.store().head());
        for (int i = random.nextInt(40); i > 0; i--) {
            byte[] key = TestData.key(random);
            if (random.nextInt(4) == 0) {
                transaction.remove(TestData.map(random), key);
            } else {
                transaction.put(TestData.map(random), key, TestData.value(random));
            }
        }
        return transaction.writes();
    }

    /** The example of docs/specs/write-set.md. */
    @Test
    void shouldHaveTheBytesOfTheSpecification() throws MalformedWriteSetException {
        Transaction transaction = new Transaction(TestData.store().head());
        transaction.put(PLAIN, hex("0a0b0c"), hex("ff"));
        transaction.put(PLAIN, hex("0a0b"), new byte[0]);
        transaction.remove(PLAIN, hex("0a0c"));
        transaction.put(HASHED, hex("01"), new byte[200]);
        WriteSet writes = transaction.writes();
        String expected = "01 02 "
                + "06 686173686564 01 00 01 01 c901 " + "00".repeat(200)
                + "05 706c61696e 03  00 02 0a0b 01  02 01 0c 02 ff  01 01 0c 00";
        assertThat(writes.serialise()).isEqualTo(hex(expected));
        assertThat(WriteSet.parse(hex(expected), TestData.MAPS)).isEqualTo(writes);
        assertThat(writes.size()).isEqualTo(4);
        assertThat(writes.maps()).containsExactly(HASHED, PLAIN);
        assertThat(WriteSet.empty().serialise()).isEqualTo(hex("01 00"));
    }

    @Test
    void shouldPassOverMapsThatTheReaderDoesNotKnow() throws MalformedWriteSetException {
        Transaction transaction = new Transaction(TestData.store().head());
        transaction.put(PLAIN, hex("01"), hex("ff"));
        transaction.put(HASHED, hex("02"), hex("fe"));
        transaction.remove(OTHER, hex("03"));
        WriteSet all = transaction.writes();

        WriteSet part = WriteSet.parsePart(all.serialise(), List.of(HASHED));
        assertThat(part.maps()).containsExactly(HASHED);
        assertThat(part).isEqualTo(WriteSet.parse(part.serialise(), List.of(HASHED)));
        assertThat(WriteSet.parsePart(all.serialise(), TestData.MAPS)).isEqualTo(all);
        assertThat(WriteSet.parsePart(all.serialise(), List.of())).isEqualTo(WriteSet.empty());
        // What is passed over must be well formed all the same.
        for (String malformed :
                List.of("01 01 03 666f6f 00", "01 01 03 666f6f 01 00 01 01", "01 01 03 66204f 01 00 01 01 00")) {
            assertThatThrownBy(() -> WriteSet.parsePart(hex(malformed), List.of(PLAIN)))
                    .as(malformed)
                    .isInstanceOf(MalformedWriteSetException.class);
        }
    }

    @Test
    void shouldRefuseBytesThatAreNotCanonical() {
        assertMalformed("", "format");
        assertMalformed("02 00", "format");
        assertMalformed("01", "cut short");
        assertMalformed("01 04", "more maps");
        assertMalformed("01 00 00", "after the end");
        assertMalformed("01 80 00", "longer than it need be");
        assertMalformed("01 01 03 666f6f 01 00 01 01 00", "no such map");
        assertMalformed("01 01 05 706c61696e 00", "without changes");
        assertMalformed("01 01 05 706c61696e 7f 00 01 01 00", "more changes");
        assertMalformed("01 01 05 706c61696e 01 00 00 00", "not above");
        assertMalformed("01 01 05 706c61696e 01 01 01 00 00", "more shared");
        assertMalformed("01 01 05 706c61696e 02 00 01 05 00 01 00 00", "not above");
        assertMalformed("01 01 05 706c61696e 02 00 01 05 00 00 01 05 00", "shares more");
        assertMalformed("01 01 05 706c61696e 02 00 01 05 00 00 01 04 00", "not above");
        assertMalformed("01 01 05 706c61696e 01 00 8102 " + "01".repeat(257) + " 00", "key is too long");
        assertMalformed("01 01 05 706c61696e 01 00 01 05 8180808001", "number is too long");
        assertMalformed("01 01 05 706c61696e 01 00 01 05 05 0102", "cut short");
        assertMalformed("01 02 05 706c61696e 01 00 01 05 00 05 706c61696e 01 00 01 05 00", "not in order");
        assertMalformed("01 02 05 706c61696e 01 00 01 05 00 06 686173686564 01 00 01 05 00", "not in order");
    }

    @Test
    void shouldRefuseWhatExceedsTheLimits() {
        StoreLimits tight = new StoreLimits(4, 3, 1 << 20, 20);
        assertThatThrownBy(
                        () -> WriteSet.parse(hex("01 01 05 706c61696e 01 00 05 0101010101 00"), TestData.MAPS, tight))
                .isInstanceOf(MalformedWriteSetException.class);
        assertThatThrownBy(
                        () -> WriteSet.parse(hex("01 01 05 706c61696e 01 00 01 01 05 01010101"), TestData.MAPS, tight))
                .isInstanceOf(MalformedWriteSetException.class);
        assertThatThrownBy(() -> WriteSet.parse(new byte[21], TestData.MAPS, tight))
                .isInstanceOf(MalformedWriteSetException.class);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void shouldParseWhatItSerialised(@ForAll long seed) throws MalformedWriteSetException {
        WriteSet writes = random(new Random(seed));
        WriteSet parsed = WriteSet.parse(writes.serialise(), TestData.MAPS);
        assertThat(parsed).isEqualTo(writes).hasSameHashCodeAs(writes);
        assertThat(parsed.isEmpty()).isEqualTo(writes.size() == 0);
        assertThat(parsed.sizeBytes()).isEqualTo(writes.serialise().length);
    }

    /** Whatever is accepted is canonical: written again from its changes, it has the same bytes. */
    @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
    void shouldGiveATypedErrorOrCanonicalBytesWhenMutated(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = random(random).serialise();
        if (random.nextInt(10) == 0) {
            bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            bytes = mutate(random, bytes);
        }
        WriteSet parsed;
        try {
            parsed = WriteSet.parse(bytes, TestData.MAPS);
        } catch (MalformedWriteSetException e) {
            assertThat(e).hasMessageContaining("at byte");
            return;
        }
        Transaction again = new Transaction(TestData.store().head());
        parsed.forEach((map, key, value) -> {
            if (value == null) {
                again.remove(map, key);
            } else {
                again.put(map, key, value);
            }
        });
        assertThat(again.writes().serialise()).isEqualTo(bytes);
    }

    private static byte[] mutate(Random random, byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {WriteSet.FORMAT};
        }
        byte[] mutated = bytes.clone();
        int at = random.nextInt(Math.min(bytes.length, 64));
        switch (random.nextInt(4)) {
            case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> mutated[at] = (byte) random.nextInt(256);
            case 2 -> mutated = Arrays.copyOf(mutated, random.nextInt(bytes.length + 3));
            default -> System.arraycopy(bytes, at, mutated, 0, bytes.length - at);
        }
        return mutated;
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldLeadBackWhenInverted(@ForAll long seed) {
        Random random = new Random(seed);
        Store store = TestData.store();
        Draft first = store.draft(store.head());
        first.apply(random(random));
        Version before = first.seal();
        WriteSet writes = random(random);
        Draft second = store.draft(before);
        second.apply(writes);
        Version after = second.seal();
        Draft back = store.draft(after);
        back.apply(writes.invert(before));
        for (MapSpec map : TestData.MAPS) {
            assertThat(TestData.entries(back.scan(map, new byte[0], null)))
                    .isEqualTo(TestData.entries(before.scan(map, new byte[0], null)));
        }
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldMergeToWhatApplyingOneAfterTheOtherGives(@ForAll long seed) {
        Random random = new Random(seed);
        List<WriteSet> sets = List.of(random(random), random(random), random(random));
        Store one = TestData.store();
        Draft oneByOne = one.draft(one.head());
        sets.forEach(oneByOne::apply);
        Store two = TestData.store();
        Draft merged = two.draft(two.head());
        merged.apply(WriteSet.merge(sets));
        for (MapSpec map : TestData.MAPS) {
            assertThat(TestData.entries(merged.scan(map, new byte[0], null)))
                    .isEqualTo(TestData.entries(oneByOne.scan(map, new byte[0], null)));
        }
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldFallApartByVisibility(@ForAll long seed) throws MalformedWriteSetException {
        WriteSet writes = random(new Random(seed));
        WriteSet open = writes.only(Visibility.PUBLIC);
        WriteSet closed = writes.only(Visibility.PRIVATE);
        assertThat(open.maps()).doesNotContain(HASHED, OTHER);
        assertThat(closed.maps()).doesNotContain(PLAIN);
        assertThat(WriteSet.merge(List.of(open, closed))).isEqualTo(writes);
        assertThat(WriteSet.parse(closed.serialise(), List.of(OTHER, HASHED))).isEqualTo(closed);
        assertThat(WriteSet.parse(open.serialise(), List.of(PLAIN))).isEqualTo(open);
    }
}
