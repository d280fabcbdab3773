package coco.evm.reference;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.InvocationResult;
import coco.evm.testing.Assembler;
import coco.evm.testing.EvmFixture;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every computing opcode as the machine runs it, operands on the stack, at every pair of values where limbs end. */
class ArithmeticTest {
    private static final long SEED = 7_939;
    private static final int RANDOM_CASES = 2_000;
    private static final long GAS = 1_000_000;
    private static final List<BigInteger> EDGES = edges();

    private final Arithmetic arithmetic = new Arithmetic();

    private static List<BigInteger> edges() {
        List<BigInteger> edges = new ArrayList<>();
        for (int small : new int[] {0, 1, 2, 3, 30, 31, 32, 255, 256, 257}) {
            edges.add(BigInteger.valueOf(small));
            edges.add(Arithmetic.MAX.subtract(BigInteger.valueOf(small)));
        }
        for (int bit : new int[] {63, 64, 127, 128, 191, 192, 254, 255}) {
            BigInteger power = BigInteger.TWO.pow(bit);
            edges.addAll(List.of(power.subtract(BigInteger.ONE), power, power.add(BigInteger.ONE)));
        }
        return edges;
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "ADD", "MUL", "SUB", "DIV", "SDIV", "MOD", "SMOD", "ADDMOD", "MULMOD", "EXP", "SIGNEXTEND", "LT", "GT",
                "SLT", "SGT", "EQ", "ISZERO", "AND", "OR", "XOR", "NOT", "BYTE", "SHL", "SHR", "SAR", "CLZ"
            })
    void shouldComputeWhatThePlainMachineDoes(Opcode opcode) {
        EvmFixture fixture = new EvmFixture(Fork.OSAKA).deploy(EvmFixture.CONTRACT, computing(opcode));
        int count = 0;
        for (BigInteger a : EDGES) {
            for (BigInteger b : EDGES) {
                check(fixture, opcode, a, b, EDGES.get(count++ % EDGES.size()));
            }
        }
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_CASES; i++) {
            Operands operands = new Operands(random, List.of(EvmFixture.USER));
            check(fixture, opcode, operands.word(), operands.word(), operands.word());
        }
    }

    /** Takes three words of input, the first of them topmost on the stack, and returns the result. */
    private static Assembler computing(Opcode opcode) {
        Assembler code = new Assembler();
        for (int i = opcode.takes(0) - 1; i >= 0; i--) {
            code.push(32L * i).op(Opcode.CALLDATALOAD.value);
        }
        code.op(opcode.value).push(0).op(Opcode.MSTORE.value);
        return code.push(32).push(0).op(Opcode.RETURN.value);
    }

    private void check(EvmFixture fixture, Opcode opcode, BigInteger a, BigInteger b, BigInteger c) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (BigInteger word : List.of(a, b, c)) {
            input.writeBytes(Word.of(word).toBytes32());
        }
        InvocationResult result = fixture.call(GAS, input.toByteArray());
        BigInteger expected = switch (opcode.takes(0)) {
            case 1 -> arithmetic.apply(opcode, a);
            case 2 -> arithmetic.apply(opcode, a, b);
            default -> arithmetic.apply(opcode, a, b, c);
        };
        if (!EvmFixture.word(result).toBigInteger().equals(expected)) {
            assertThat(EvmFixture.word(result).toBigInteger().toString(16))
                    .as("seed %d: %s of %x, %x, %x", SEED, opcode, a, b, c)
                    .isEqualTo(expected.toString(16));
        }
    }
}
