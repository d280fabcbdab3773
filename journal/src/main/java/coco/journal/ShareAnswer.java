package coco.journal;

import coco.crypto.KeyEncryption;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A member's share of one record, encrypted to whoever asked for it: a node in recovery, or an auditor. It says nothing
 * of who made it and need not: the record's commitments tell whether it is the share.
 *
 * @param serviceId 32 bytes
 * @param record whose share it is
 * @param number of the share
 * @param sealed the share, encrypted to the asker's key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ShareAnswer(byte[] serviceId, EpochShares.Id record, int number, byte[] sealed) {
    private static final byte FORMAT = 1;
    private static final int SERVICE_BYTES = 32;

    /**
     * Encrypts a share to an asker.
     *
     * @param asker RSA or P-256
     * @param share that {@link EpochShares#isShare} found right
     */
    public static ShareAnswer seal(
            byte[] serviceId, EpochShares.Id record, int number, byte[] share, PublicKey asker, SecureRandom random) {
        byte[] sealed = KeyEncryption.seal(asker, context(serviceId, record, number), share, random);
        return new ShareAnswer(serviceId, record, number, sealed);
    }

    /** The share, 32 bytes; null if it is not encrypted to this key. */
    public byte @Nullable [] open(EpochShares.RecoveryKey asker) {
        return asker.open(context(serviceId, record, number), sealed);
    }

    private static byte[] context(byte[] serviceId, EpochShares.Id record, int number) {
        return Bytes.concat(Labels.SHARE_ANSWER, serviceId, record.key(), new byte[] {(byte) number});
    }

    /** Its bytes: format ‖ service id ‖ record's key (9) ‖ number ‖ what is encrypted. */
    public byte[] encode() {
        return Bytes.concat(new byte[] {FORMAT}, serviceId, record.key(), new byte[] {(byte) number}, sealed);
    }

    /**
     * Reads what {@link #encode} gave.
     *
     * @throws MalformedException if it is not that
     */
    public static ShareAnswer decode(byte[] encoded) throws MalformedException {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        try {
            byte format = in.get();
            byte[] serviceId = new byte[SERVICE_BYTES];
            in.get(serviceId);
            byte[] key = new byte[EpochShares.Id.KEY_BYTES];
            in.get(key);
            int number = Byte.toUnsignedInt(in.get());
            if (format != FORMAT || number == 0 || in.remaining() > KeyEncryption.SEALED_BYTES_MAX) {
                throw new MalformedException("not a share that answers");
            }
            byte[] sealed = new byte[in.remaining()];
            in.get(sealed);
            return new ShareAnswer(serviceId, EpochShares.Id.parse(key), number, sealed);
        } catch (BufferUnderflowException cutOff) {
            throw new MalformedException("a share that answers is cut off");
        }
    }
}
