package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;

/** Sharing of a scalar: what M shares give, what fewer do not, and what is no share. */
class FeldmanTest {
    private static final BigInteger ORDER = P256.DOMAIN.getN();

    private static SortedMap<Integer, byte[]> numbered(List<byte[]> shares) {
        SortedMap<Integer, byte[]> numbered = new TreeMap<>();
        for (byte[] share : shares) {
            numbered.put(numbered.size() + 1, share);
        }
        return numbered;
    }

    private static byte[] seed(int number) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        return seed;
    }

    /**
     * Dealt by a second implementation (feldman.py beside them, with nothing but Python's integers): members have to
     * trust numbers, and not this class.
     */
    @Test
    void shouldDealTheSharesOfTheVectorsWhenTheSeedIsTheirs() throws IOException {
        Path vectors = Path.of(System.getProperty("coco.root", ".."), "docs", "specs", "vectors", "shares");
        List<String> lines = Files.readAllLines(vectors.resolve("feldman.txt"));
        int checked = 0;
        for (String line : lines) {
            String[] fields = line.split(" ");
            int threshold = Integer.parseInt(fields[1]);
            int count = Integer.parseInt(fields[2]);
            Feldman.Dealing dealing = Feldman.deal(Hex.decode(fields[0]), threshold, count);
            List<String> found = new ArrayList<>();
            found.add(Hex.encode(dealing.scalar()));
            dealing.commitments().forEach(each -> found.add(Hex.encode(each)));
            dealing.shares().forEach(each -> found.add(Hex.encode(each)));
            assertThat(found)
                    .as("%d of %d", threshold, count)
                    .isEqualTo(List.of(fields).subList(3, fields.length));
            checked++;
        }
        assertThat(checked).isEqualTo(6);
    }

    @Property(tries = 40)
    void shouldGiveTheScalarForAnyMSharesAndNothingForFewer(
            @ForAll @Size(32) byte[] seed,
            @ForAll @IntRange(min = 1, max = 9) int threshold,
            @ForAll @IntRange(min = 0, max = 6) int more,
            @ForAll long order) {
        Feldman.Dealing dealing = Feldman.deal(seed, threshold, threshold + more);
        Feldman sharing = Feldman.of(dealing.commitments());
        SortedMap<Integer, byte[]> all = numbered(dealing.shares());
        assertThat(all)
                .allSatisfy((x, share) -> assertThat(sharing.isShare(x, share)).isTrue());
        List<Integer> numbers = new ArrayList<>(all.keySet());
        Collections.shuffle(numbers, new Random(order));
        SortedMap<Integer, byte[]> some = new TreeMap<>();
        for (int number : numbers.subList(0, threshold)) {
            assertThat(sharing.combine(some))
                    .as("with %d of %d", some.size(), threshold)
                    .isNull();
            some.put(number, all.get(number));
        }
        assertThat(sharing.combine(some)).isEqualTo(dealing.scalar());
        assertThat(sharing.combine(all)).isEqualTo(dealing.scalar());
    }

    @Property(tries = 30)
    void shouldTellAWrongShareWhereverItStandsWhenTheCommitmentsAreKnown(
            @ForAll @IntRange(min = 0, max = 255) int bit, @ForAll @IntRange(min = 1, max = 5) int place) {
        Feldman.Dealing dealing = Feldman.deal(seed(place), 3, 5);
        Feldman sharing = Feldman.of(dealing.commitments());
        SortedMap<Integer, byte[]> shares = numbered(dealing.shares());
        byte[] changed = Objects.requireNonNull(shares.get(place)).clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        shares.put(place, changed);
        assertThat(sharing.isShare(place, changed)).isFalse();
        assertThat(sharing.combine(shares)).as("the other four").isEqualTo(dealing.scalar());
        assertThat(sharing.combine(shares.headMap(4))).isEqualTo(place < 4 ? null : dealing.scalar());
    }

    @Test
    void shouldTakeAShareUnderItsOwnNumberOnly() {
        Feldman.Dealing dealing = Feldman.deal(seed(1), 2, 3);
        Feldman sharing = Feldman.of(dealing.commitments());
        for (int x : new int[] {Integer.MIN_VALUE, -1, 0, 2, 3, 4, 255, 256, 257, Integer.MAX_VALUE}) {
            assertThat(sharing.isShare(x, dealing.shares().getFirst()))
                    .as("number %d", x)
                    .isFalse();
        }
        assertThat(sharing.isShare(0, dealing.scalar())).as("the scalar, at 0").isFalse();
        SortedMap<Integer, byte[]> repeated = new TreeMap<>();
        for (int x = 1; x <= 3; x++) {
            repeated.put(x, dealing.shares().getFirst());
        }
        assertThat(sharing.combine(repeated)).as("one share thrice").isNull();
        repeated.put(0, dealing.scalar());
        assertThat(sharing.combine(repeated)).as("and the scalar as a share").isNull();
    }

    @Test
    void shouldTakeNoNumberBeyondTheOrder() {
        Feldman.Dealing dealing = Feldman.deal(seed(2), 1, 1);
        Feldman sharing = Feldman.of(dealing.commitments());
        BigInteger share = new BigInteger(1, dealing.shares().getFirst());
        assertThat(sharing.isShare(1, BigIntegers.asUnsignedByteArray(32, share)))
                .isTrue();
        assertThat(sharing.isShare(1, new byte[32])).as("0").isFalse();
        assertThat(sharing.isShare(1, BigIntegers.asUnsignedByteArray(32, ORDER)))
                .as("the order")
                .isFalse();
        assertThat(sharing.isShare(1, new byte[31])).isFalse();
        assertThat(sharing.isShare(1, new byte[33])).isFalse();
        byte[] most = new byte[32];
        Arrays.fill(most, (byte) 0xff);
        assertThat(sharing.isShare(1, most)).isFalse();
        BigInteger tooLarge = share.add(ORDER);
        if (tooLarge.bitLength() <= 256) {
            assertThat(sharing.isShare(1, BigIntegers.asUnsignedByteArray(32, tooLarge)))
                    .isFalse();
        }
    }

    @Test
    void shouldRefuseCommitmentsThatAreNoPoints() {
        byte[] point = Feldman.deal(seed(3), 1, 1).commitments().getFirst();
        byte[] offCurve = new byte[33];
        offCurve[0] = 2;
        offCurve[32] = 1;
        byte[] beyondTheField = new byte[33];
        Arrays.fill(beyondTheField, (byte) 0xff);
        beyondTheField[0] = 2;
        byte[] wrongForm = point.clone();
        wrongForm[0] = 4;
        List<List<byte[]>> wrong = List.of(
                List.of(),
                Collections.nCopies(256, point),
                List.of(offCurve),
                List.of(point, beyondTheField),
                List.of(wrongForm),
                List.of(new byte[] {0}),
                List.of(new byte[33]),
                List.of(Arrays.copyOf(point, 32)),
                List.of(P256.DOMAIN.getG().getEncoded(false)));
        for (List<byte[]> commitments : wrong) {
            assertThatThrownBy(() -> Feldman.of(commitments))
                    .as("%d commitments", commitments.size())
                    .isInstanceOfSatisfying(
                            CryptoException.class, e -> assertThat(e.code()).isEqualTo(CryptoException.Code.MALFORMED));
        }
        assertThat(Feldman.of(List.of(point)).threshold()).isEqualTo(1);
    }

    @Test
    void shouldRefuseToDealOtherwiseThanMOfN() {
        for (int[] wrong : new int[][] {{0, 1}, {2, 1}, {1, 0}, {-1, 3}, {1, 256}, {256, 256}}) {
            assertThatThrownBy(() -> Feldman.deal(seed(4), wrong[0], wrong[1]))
                    .as("%d of %d", wrong[0], wrong[1])
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Feldman.deal(new byte[31], 1, 1)).isInstanceOf(IllegalArgumentException.class);
        Feldman.Dealing largest = Feldman.deal(seed(5), 20, 255);
        SortedMap<Integer, byte[]> last = numbered(largest.shares()).tailMap(236);
        assertThat(Feldman.of(largest.commitments()).combine(last)).isEqualTo(largest.scalar());
    }

    @Test
    void shouldCommitToTheScalarByItsPoint() {
        Feldman.Dealing dealing = Feldman.deal(seed(6), 3, 4);
        byte[] point =
                P256.DOMAIN.getG().multiply(new BigInteger(1, dealing.scalar())).getEncoded(true);
        assertThat(dealing.commitments().getFirst()).isEqualTo(point);
    }
}
