package coco.cli.bench;

import coco.crypto.Hex;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The token's creation code and the encoding of its calls (Solidity's contract ABI). */
public final class BenchToken {
    private static final int WORD = 32;
    private static final byte[] TRANSFER = Hex.decode("a9059cbb");
    private static final byte[] FILL = Hex.decode("e27c550a");

    private BenchToken() {}

    /** What to send to create the contract. */
    public static byte[] creationCode() {
        try (InputStream in = BenchToken.class.getResourceAsStream("BenchToken.hex")) {
            if (in == null) {
                throw new IllegalStateException("BenchToken.hex is missing from the jar");
            }
            return Hex.decode(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code transfer(address,uint256)}. */
    public static byte[] transfer(byte[] to, long amount) {
        byte[] call = new byte[4 + 2 * WORD];
        System.arraycopy(TRANSFER, 0, call, 0, 4);
        System.arraycopy(to, 0, call, 4 + WORD - to.length, to.length);
        word(call, 4 + WORD, BigInteger.valueOf(amount));
        return call;
    }

    /** {@code fill(bytes,uint256)}. */
    public static byte[] fill(byte[] addresses, BigInteger amount) {
        byte[] call = new byte[4 + 3 * WORD + Math.ceilDiv(addresses.length, WORD) * WORD];
        System.arraycopy(FILL, 0, call, 0, 4);
        word(call, 4, BigInteger.valueOf(2 * WORD));
        word(call, 4 + WORD, amount);
        word(call, 4 + 2 * WORD, BigInteger.valueOf(addresses.length));
        System.arraycopy(addresses, 0, call, 4 + 3 * WORD, addresses.length);
        return call;
    }

    private static void word(byte[] out, int at, BigInteger value) {
        byte[] digits = value.toByteArray();
        byte[] magnitude = digits[0] == 0 ? Arrays.copyOfRange(digits, 1, digits.length) : digits;
        System.arraycopy(magnitude, 0, out, at + WORD - magnitude.length, magnitude.length);
    }
}
