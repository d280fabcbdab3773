package coco.client.recovery;

import coco.crypto.KeyEncryption;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An auditor's request for one epoch, as a file that goes to the members. Who the key belongs to is for each member to
 * find out: the file proves nothing.
 *
 * @param serviceId 32 bytes
 * @param epoch that is asked for
 * @param asker who asks, for people
 * @param reason why, for people
 * @param key to which answers are encrypted: RSA or P-256
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ShareRequest(byte[] serviceId, long epoch, String asker, String reason, PublicKey key) {
    /** Longest text that a request may hold. */
    public static final int TEXT_MAX = 500;

    private static final String FORMAT = "coco share request 1";
    private static final int SERVICE_BYTES = 32;

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if a text is too long or holds control characters, or nobody can answer to
     *     the key
     */
    public ShareRequest {
        for (String text : new String[] {asker, reason}) {
            if (text.length() > TEXT_MAX || text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a text of a request has at most " + TEXT_MAX + " characters");
            }
        }
        if (epoch < 0 || !KeyEncryption.takes(key)) {
            throw new IllegalArgumentException("an asker's key is RSA of 2048 to 8192 bits, or on P-256");
        }
    }

    /** The file: JSON in UTF-8. */
    public byte[] encode() {
        String text = Documents.pretty(Documents.object()
                .put("format", FORMAT)
                .put("service", HexFormat.of().formatHex(serviceId))
                .put("epoch", epoch)
                .put("asker", asker)
                .put("reason", reason)
                .put("key", Base64.getEncoder().encodeToString(key.getEncoded())));
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #encode} gave.
     *
     * @throws RecoveryException if it is not that
     */
    public static ShareRequest decode(byte[] file) {
        try {
            Fields fields = new Fields(Documents.json(file, ""), "");
            String format = fields.text("format");
            if (!format.equals(FORMAT)) {
                throw new RecoveryException("not a request for shares: format " + format);
            }
            ShareRequest request = new ShareRequest(
                    fields.hex("service", SERVICE_BYTES, SERVICE_BYTES),
                    fields.longInteger("epoch"),
                    fields.text("asker"),
                    fields.text("reason"),
                    fields.publicKey("key", "EC", "RSA"));
            fields.finish();
            return request;
        } catch (DocumentException | IllegalArgumentException e) {
            throw new RecoveryException("not a request for shares: " + e.getMessage(), e);
        }
    }
}
