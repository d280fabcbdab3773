package coco.systemtests.fuzzing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Spoils valid inputs. */
final class Mutator {
    private static final int EDITS_MAX = 4;
    private static final int NOISE_BYTES = 600;
    private static final long[] INTERESTING = {
        0,
        1,
        -1,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0x7fffff00L,
        0xffffffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final Random random;
    private final List<byte[]> corpus;

    Mutator(Random random, List<byte[]> corpus) {
        this.random = random;
        this.corpus = corpus;
    }

    /** Mostly a spoiled member of the corpus, sometimes an unspoiled one, sometimes nothing but noise. */
    byte[] next() {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(NOISE_BYTES)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = pick().clone();
        for (int edits = random.nextInt(EDITS_MAX + 1); edits > 0; edits--) {
            bytes = edit(bytes);
        }
        return bytes;
    }

    private byte[] pick() {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private byte[] edit(byte[] bytes) {
        if (bytes.length == 0) {
            return pick().clone();
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> {
                return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40));
            }
            case 4 -> {
                return duplicate(bytes, at);
            }
            case 5 -> {
                return remove(bytes, at);
            }
            case 6 -> {
                return splice(bytes, at);
            }
            case 7 -> number(bytes, at);
            default -> bytes[at] = (byte) (bytes[at] + (random.nextBoolean() ? 1 : -1));
        }
        return bytes;
    }

    /** Overwrites with a number that lengths and counts trip over, in any width and either byte order. */
    private void number(byte[] bytes, int at) {
        long value = INTERESTING[random.nextInt(INTERESTING.length)];
        int width = 1 << random.nextInt(4);
        boolean little = random.nextInt(4) == 0;
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >>> (8 * (little ? i : width - 1 - i)));
        }
    }

    private byte[] duplicate(byte[] bytes, int at) {
        int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at + length);
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }

    private byte[] remove(byte[] bytes, int at) {
        int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.write(bytes, at + length, bytes.length - at - length);
        return out.toByteArray();
    }

    private byte[] splice(byte[] bytes, int at) {
        byte[] other = pick();
        if (other.length == 0) {
            return bytes;
        }
        int from = random.nextInt(other.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.write(other, from, other.length - from);
        return out.toByteArray();
    }

    /**
     * The same for texts, where single characters out of an alphabet, and repeated pieces, do more than flipped bits.
     */
    String text(String alphabet) {
        StringBuilder text = new StringBuilder(new String(next(), StandardCharsets.UTF_8));
        for (int edits = random.nextInt(EDITS_MAX); edits > 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            char letter = alphabet.charAt(random.nextInt(alphabet.length()));
            text.insert(at, Character.toString(letter).repeat(random.nextInt(30) == 0 ? 2_000 : 1));
        }
        return text.toString();
    }
}
