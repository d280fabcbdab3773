package coco.evm.reference;

import java.math.BigInteger;

/** What the opcodes without effects compute (yellow paper, appendix H). A test may override one to plant a mistake. */
class Arithmetic {
    static final BigInteger MODULUS = BigInteger.TWO.pow(256);
    static final BigInteger MAX = MODULUS.subtract(BigInteger.ONE);
    private static final BigInteger WORD_BITS = BigInteger.valueOf(256);

    /** The number modulo 2^256. */
    static BigInteger wrap(BigInteger number) {
        return number.mod(MODULUS);
    }

    /** The word read as two's complement. */
    static BigInteger signed(BigInteger word) {
        return word.testBit(255) ? word.subtract(MODULUS) : word;
    }

    static BigInteger of(boolean condition) {
        return condition ? BigInteger.ONE : BigInteger.ZERO;
    }

    /** The result of an opcode with one operand. */
    BigInteger apply(Opcode opcode, BigInteger a) {
        return switch (opcode) {
            case ISZERO -> of(a.signum() == 0);
            case NOT -> MAX.subtract(a);
            case CLZ -> BigInteger.valueOf(256 - a.bitLength());
            default -> throw new IllegalArgumentException(opcode.name());
        };
    }

    /** The result of an opcode with two operands, of which {@code a} was on top. */
    BigInteger apply(Opcode opcode, BigInteger a, BigInteger b) {
        return wrap(
                switch (opcode) {
                    case ADD -> a.add(b);
                    case MUL -> a.multiply(b);
                    case SUB -> a.subtract(b);
                    case DIV -> b.signum() == 0 ? b : a.divide(b);
                    case SDIV -> b.signum() == 0 ? b : signed(a).divide(signed(b));
                    case MOD -> b.signum() == 0 ? b : a.mod(b);
                    case SMOD -> b.signum() == 0 ? b : signed(a).remainder(signed(b));
                    case EXP -> a.modPow(b, MODULUS);
                    case SIGNEXTEND -> signExtend(a, b);
                    case LT -> of(a.compareTo(b) < 0);
                    case GT -> of(a.compareTo(b) > 0);
                    case SLT -> of(signed(a).compareTo(signed(b)) < 0);
                    case SGT -> of(signed(a).compareTo(signed(b)) > 0);
                    case EQ -> of(a.equals(b));
                    case AND -> a.and(b);
                    case OR -> a.or(b);
                    case XOR -> a.xor(b);
                    case BYTE -> byteAt(a, b);
                    case SHL -> shiftsOut(a) ? BigInteger.ZERO : b.shiftLeft(a.intValue());
                    case SHR -> shiftsOut(a) ? BigInteger.ZERO : b.shiftRight(a.intValue());
                    case SAR -> signed(b).shiftRight(shiftsOut(a) ? 256 : a.intValue());
                    default -> throw new IllegalArgumentException(opcode.name());
                });
    }

    /** The result of an opcode with three operands, of which {@code a} was on top. */
    BigInteger apply(Opcode opcode, BigInteger a, BigInteger b, BigInteger modulus) {
        if (modulus.signum() == 0) {
            return BigInteger.ZERO;
        }
        return switch (opcode) {
            case ADDMOD -> a.add(b).mod(modulus);
            case MULMOD -> a.multiply(b).mod(modulus);
            default -> throw new IllegalArgumentException(opcode.name());
        };
    }

    private static boolean shiftsOut(BigInteger shift) {
        return shift.compareTo(WORD_BITS) >= 0;
    }

    /** The byte of {@code word} at {@code index}, counted from the most significant. */
    private static BigInteger byteAt(BigInteger index, BigInteger word) {
        if (index.compareTo(BigInteger.valueOf(31)) > 0) {
            return BigInteger.ZERO;
        }
        return word.shiftRight(8 * (31 - index.intValue())).and(BigInteger.valueOf(0xFF));
    }

    /** Extends the sign of a number of {@code index} + 1 bytes. */
    private static BigInteger signExtend(BigInteger index, BigInteger word) {
        if (index.compareTo(BigInteger.valueOf(30)) > 0) {
            return word;
        }
        int bits = 8 * (index.intValue() + 1);
        BigInteger range = BigInteger.TWO.pow(bits);
        BigInteger low = word.mod(range);
        return low.testBit(bits - 1) ? low.subtract(range) : low;
    }
}
