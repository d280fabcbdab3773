package coco.evm.precompiles;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Fork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a caller sends, a contract answers with its output or refuses; it never throws and never reads beyond. */
class PrecompileFuzzTest {
    private static final long SEED = 7;
    /** More gas than this is not spent on one input. */
    private static final long GAS = 3_000_000;

    /** Inputs that are accepted, to be changed in few places. */
    private static final Map<Integer, List<byte[]>> ACCEPTED = accepted();

    private static Map<Integer, List<byte[]>> accepted() {
        Map<Integer, List<byte[]>> inputs = new TreeMap<>();
        inputs.put(
                0x05,
                List.of(Contracts.bytes(
                        Contracts.word(3), Contracts.word(2), Contracts.word(4), Contracts.hex("010203040506070809"))));
        byte[] g = Contracts.bytes(Contracts.word(1), Contracts.word(2));
        inputs.put(0x06, List.of(Contracts.bytes(g, g)));
        inputs.put(0x07, List.of(Contracts.bytes(g, Contracts.word(77))));
        inputs.put(
                0x08,
                List.of(Contracts.bytes(g, Contracts.BN254_G2), Contracts.bytes(new byte[192], g, new byte[128])));
        byte[] blake = new byte[213];
        blake[3] = 12;
        inputs.put(0x09, List.of(blake));
        inputs.put(0x0A, List.of(PointEvaluationTest.ACCEPTED));
        byte[] g1 = Contracts.BLS_G1;
        byte[] g2 = Contracts.BLS_G2;
        inputs.put(0x0B, List.of(Contracts.bytes(g1, g1), Contracts.bytes(g1, new byte[128])));
        inputs.put(
                0x0C,
                List.of(Contracts.bytes(g1, Contracts.word(5)), Contracts.bytes(new byte[160], g1, Contracts.word(9))));
        inputs.put(0x0D, List.of(Contracts.bytes(g2, g2), Contracts.bytes(g2, new byte[256])));
        inputs.put(
                0x0E,
                List.of(Contracts.bytes(g2, Contracts.word(5)), Contracts.bytes(new byte[288], g2, Contracts.word(9))));
        inputs.put(0x0F, List.of(Contracts.bytes(g1, g2), Contracts.bytes(g1, new byte[256], new byte[128], g2)));
        inputs.put(0x10, List.of(new byte[64]));
        inputs.put(0x11, List.of(new byte[128]));
        inputs.put(0x100, List.of(new byte[160]));
        return inputs;
    }

    @Test
    void shouldAnswerAnyInput() {
        fuzz(SEED, 300);
    }

    @Test
    @Tag("long")
    void shouldAnswerAnyInputForLong() {
        for (long seed = 0; seed < 20; seed++) {
            fuzz(seed, 2000);
        }
    }

    private static void fuzz(long seed, int rounds) {
        Random random = new Random(seed);
        for (Fork fork : List.of(Fork.BYZANTIUM, Fork.BERLIN, Fork.OSAKA)) {
            for (Address address : Precompiles.of(fork).addresses()) {
                Precompile contract = Contracts.at(fork, (int) address.low());
                for (int round = 0; round < rounds; round++) {
                    byte[] input = input((int) address.low(), random);
                    call(contract, input, random, "seed " + seed + ", " + fork + ", contract " + address);
                }
            }
        }
    }

    private static byte[] input(int address, Random random) {
        List<byte[]> accepted = ACCEPTED.getOrDefault(address, List.of());
        if (accepted.isEmpty() || random.nextInt(4) == 0) {
            byte[] input = new byte[random.nextInt(700)];
            random.nextBytes(input);
            return input;
        }
        byte[] input = accepted.get(random.nextInt(accepted.size())).clone();
        for (int change = random.nextInt(4); change > 0; change--) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(4)) {
                case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> input[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(input, at, Math.min(input.length, at + 32), (byte) -random.nextInt(2));
                default -> input = Arrays.copyOf(input, random.nextInt(2 * input.length) + 1);
            }
        }
        return input;
    }

    /** Calls with a view inside a larger array, then without: the view alone decides, and is not written to. */
    private static void call(Precompile contract, byte[] input, Random random, String description) {
        int offset = random.nextInt(50);
        byte[] memory = new byte[offset + input.length + random.nextInt(50)];
        random.nextBytes(memory);
        System.arraycopy(input, 0, memory, offset, input.length);
        long gas = contract.gas(memory, offset, input.length);
        assertThat(gas)
                .as(description)
                .isEqualTo(contract.gas(input, 0, input.length))
                .isNotNegative();
        if (gas > GAS) {
            return;
        }
        byte[] before = memory.clone();
        byte @Nullable [] output = contract.run(memory, offset, input.length);
        assertThat(memory).as(description).isEqualTo(before);
        assertThat(contract.run(input, 0, input.length)).as(description).isEqualTo(output);
    }

    @Test
    void shouldAcceptWhatIsThenChanged() {
        List<Integer> refused = new ArrayList<>();
        ACCEPTED.forEach((address, inputs) -> inputs.forEach(input -> {
            if (Contracts.run(address, input) == null) {
                refused.add(address);
            }
        }));
        assertThat(refused).isEmpty();
    }
}
