package coco.cli.demo.compare;

import coco.crypto.Hex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The creation code and the calls of a contract that does a little of everything that contracts do ({@code
 * cli/src/main/solidity/MixedCalls.sol}).
 */
final class MixedCalls {
    /** {@code work(uint256,bytes)}. */
    private static final byte[] WORK = Hex.decode("877d998a");

    private static final int WORD = 32;
    private static final int NOTE_MOST = 96;

    private static final int PUSH1 = 0x60;
    private static final int DUP1 = 0x80;
    private static final int SWAP1 = 0x90;
    private static final int POP = 0x50;
    /** ADD, MUL, SUB, DIV, MOD, XOR, AND, OR, LT and ADD of the word before and the pushed one. */
    private static final byte[] COMBINE = Hex.decode("01020304061816171001");
    /** The first word of the call divided by 2^224, and compared. */
    private static final String SELECTOR =
            "600035" + "7c01" + "00".repeat(28) + "9004" + "63ffffffff16" + "806312345678146002" + "57";
    /** Hash of the block before, beneficiary, time, number, randomness, gas limit, PC, MSIZE: looked at and dropped. */
    private static final String MOMENT = "600143034050" + "41504250435044504550" + "58505950";
    /** Of the question before a branch. */
    private static final int BRANCH_BYTES = 10;
    /** As deep as instructions reach. */
    private static final int STACK = 17;
    /** 3 * divisor + rest: the first estimate of the quotient is 4, and is corrected late (Knuth, algorithm D, D6). */
    private static final String DIVISION =
            "77" + "2" + "0".repeat(46) + "1" + "77" + "8" + "0".repeat(46) + "3" + "04" + "50";

    private MixedCalls() {}

    static byte[] creationCode() {
        try (InputStream in = MixedCalls.class.getResourceAsStream("MixedCalls.hex")) {
            if (in == null) {
                throw new IllegalStateException("MixedCalls.hex is missing from the jar");
            }
            return Hex.decode(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Code of another contract, which the first one calls: written as compilers did in 2017, with a long push at the
     * beginning and a jump to nowhere at the end, and with pushes of all lengths and stack instructions of all depths.
     */
    static byte[] oldCode() {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        // The selector: the first word of the call divided by 2^224.
        code.writeBytes(Hex.decode(SELECTOR));
        code.writeBytes(Hex.decode(MOMENT));
        for (int length = 1; length <= WORD; length++) {
            code.write(PUSH1 + length - 1);
            for (int i = 0; i < length; i++) {
                code.write(length * 37 + i * 11 | 1);
            }
            code.write(COMBINE[length % COMBINE.length]);
        }
        for (int i = 0; i < STACK; i++) {
            code.writeBytes(new byte[] {(byte) PUSH1, (byte) i});
        }
        for (int depth = 0; depth < 16; depth++) {
            code.writeBytes(new byte[] {(byte) (DUP1 + depth), (byte) (SWAP1 + depth), (byte) POP});
        }
        code.writeBytes(Hex.decode(DIVISION));
        // By the second word of the call: an instruction that there is not, the end of the contract, or a jump to
        // nowhere, within the code or beyond it.
        branch(code, 3, "0c");
        branch(code, 12, "33ff");
        code.writeBytes(Hex.decode("602035600116610fff0256"));
        return code.toByteArray();
    }

    /** Goes on behind the branch unless all of these bits of the call's second word are 0. */
    private static void branch(ByteArrayOutputStream code, int bits, String branch) {
        byte[] body = Hex.decode(branch);
        int end = code.size() + BRANCH_BYTES + body.length;
        code.writeBytes(Hex.decode("602035"));
        code.writeBytes(new byte[] {(byte) PUSH1, (byte) bits, 0x16, 0x61, (byte) (end >> 8), (byte) end, 0x57});
        code.writeBytes(body);
        code.write(0x5b);
    }

    /** One call (Solidity's contract ABI); the number decides which branches it takes. */
    static byte[] work(long seed) {
        int length = (int) Long.remainderUnsigned(seed, NOTE_MOST);
        ByteBuffer call = ByteBuffer.allocate(WORK.length + 3 * WORD + Math.ceilDiv(length, WORD) * WORD);
        call.put(WORK);
        word(call, seed >>> 1);
        word(call, 2 * WORD);
        word(call, length);
        byte[] note = new byte[length];
        Arrays.fill(note, (byte) seed);
        call.put(note);
        return call.array();
    }

    private static void word(ByteBuffer out, long value) {
        out.position(out.position() + WORD - Long.BYTES).putLong(value);
    }
}
