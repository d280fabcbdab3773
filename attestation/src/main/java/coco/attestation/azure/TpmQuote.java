package coco.attestation.azure;

import coco.crypto.Sha256;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The message of a TPM quote (TPM 2.0 Library, part 2, section 10.12: TPMS_ATTEST with TPMS_QUOTE_INFO), numbers
 * big-endian.
 *
 * @param extraData what the asker gave, at most 64 bytes
 * @param selected which PCRs of the SHA-256 bank, ascending
 * @param digest SHA-256 over the selected PCRs one after the other
 */
record TpmQuote(byte[] extraData, List<Integer> selected, byte[] digest) {
    private static final int GENERATED_BY_TPM = 0xff544347;
    private static final int QUOTE = 0x8018;
    private static final int SHA_256 = 0x000b;
    private static final int CLOCK_AND_FIRMWARE_BYTES = 17 + 8;
    private static final int SIZED_BYTES_MAX = 128;
    private static final int SELECTION_BYTES_MAX = 4;

    /** Reads a message; null if it is no quote of the SHA-256 bank alone. */
    static @Nullable TpmQuote read(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            if (in.getInt() != GENERATED_BY_TPM || (in.getShort() & 0xffff) != QUOTE) {
                return null;
            }
            byte[] signer = sized(in);
            byte[] extraData = sized(in);
            in.get(new byte[CLOCK_AND_FIRMWARE_BYTES]);
            int banks = in.getInt();
            int bank = in.getShort();
            byte[] bitmap = new byte[in.get() & 0xff];
            if (signer == null || extraData == null || banks != 1 || bank != SHA_256) {
                return null;
            }
            if (bitmap.length > SELECTION_BYTES_MAX) {
                return null;
            }
            in.get(bitmap);
            byte[] digest = sized(in);
            return digest != null && digest.length == Sha256.DIGEST_BYTES && !in.hasRemaining()
                    ? new TpmQuote(extraData, selected(bitmap), digest)
                    : null;
        } catch (BufferUnderflowException _) {
            return null;
        }
    }

    private static byte @Nullable [] sized(ByteBuffer in) {
        int length = in.getShort() & 0xffff;
        if (length > SIZED_BYTES_MAX) {
            return null;
        }
        byte[] out = new byte[length];
        in.get(out);
        return out;
    }

    private static List<Integer> selected(byte[] bitmap) {
        List<Integer> selected = new ArrayList<>();
        for (int register = 0; register < bitmap.length * 8; register++) {
            if ((bitmap[register / 8] >> register % 8 & 1) == 1) {
                selected.add(register);
            }
        }
        return List.copyOf(selected);
    }

    /** Returns the digest these registers (0 to n, 32 bytes each) would have, or null if a selected one is missing. */
    byte @Nullable [] digestOf(byte[] registers) {
        ByteBuffer all = ByteBuffer.allocate(selected.size() * Sha256.DIGEST_BYTES);
        for (int register : selected) {
            int from = register * Sha256.DIGEST_BYTES;
            if (from + Sha256.DIGEST_BYTES > registers.length) {
                return null;
            }
            all.put(registers, from, Sha256.DIGEST_BYTES);
        }
        return Sha256.hash(all.array());
    }
}
