package coco.attestation.azure;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in {@link coco.attestation.Evidence} of this platform: a version byte, then fields of tag (1 byte),
 * length (4, big-endian) and content, tags in ascending order.
 *
 * @param hclReport the paravisor's report with the processor's inside
 * @param tdQuote a quote over the same report data; null on SEV-SNP, and where the file had none
 * @param quote the virtual TPM's; null where there is none
 * @param certificates DER of certificates for the processor's key; nothing is trusted
 */
public record AzureDocument(
        byte[] hclReport,
        byte @Nullable [] tdQuote,
        @Nullable Quote quote,
        List<byte[]> certificates) {
    private static final byte VERSION = 1;
    private static final byte HCL_REPORT = 1;
    private static final byte TD_QUOTE = 2;
    private static final byte QUOTE_MESSAGE = 3;
    private static final byte QUOTE_SIGNATURE = 4;
    private static final byte QUOTE_REGISTERS = 5;
    private static final byte CERTIFICATE = 6;
    private static final int FIELD_HEADER_BYTES = 1 + Integer.BYTES;

    /** One of each, and a chain of certificates. */
    private static final int FIELDS_MAX = 16;

    /**
     * A quote of the virtual TPM (TPM 2.0 Library, part 2, TPMS_ATTEST).
     *
     * @param signature RSASSA-PKCS1-v1_5 with SHA-256 over the message
     * @param registers the PCRs 0 to n of the SHA-256 bank, 32 bytes each; empty where they were not sent
     */
    public record Quote(byte[] message, byte[] signature, byte[] registers) {}

    /** Copies the list. */
    public AzureDocument {
        certificates = List.copyOf(certificates);
    }

    /** A document as AMD's machines send it, or a report alone. */
    public static AzureDocument withoutTdQuote(byte[] hclReport, @Nullable Quote quote, List<byte[]> certificates) {
        return new AzureDocument(hclReport, null, quote, certificates);
    }

    /** Returns the bytes that {@link #read} takes apart. */
    public byte[] encode() {
        List<byte[]> fields = new ArrayList<>();
        fields.add(field(HCL_REPORT, hclReport));
        if (tdQuote != null) {
            fields.add(field(TD_QUOTE, tdQuote));
        }
        if (quote != null) {
            fields.add(field(QUOTE_MESSAGE, quote.message()));
            fields.add(field(QUOTE_SIGNATURE, quote.signature()));
            if (quote.registers().length > 0) {
                fields.add(field(QUOTE_REGISTERS, quote.registers()));
            }
        }
        certificates.forEach(der -> fields.add(field(CERTIFICATE, der)));
        ByteBuffer out = ByteBuffer.allocate(
                        1 + fields.stream().mapToInt(field -> field.length).sum())
                .put(VERSION);
        fields.forEach(out::put);
        return out.array();
    }

    private static byte[] field(byte tag, byte[] content) {
        return ByteBuffer.allocate(FIELD_HEADER_BYTES + content.length)
                .put(tag)
                .putInt(content.length)
                .put(content)
                .array();
    }

    /** Reads a document; null if it is none, or could be written otherwise. */
    static @Nullable AzureDocument read(byte[] document) {
        ByteBuffer in = ByteBuffer.wrap(document);
        if (!in.hasRemaining() || in.get() != VERSION) {
            return null;
        }
        byte[][] single = new byte[CERTIFICATE][];
        List<byte[]> certificates = new ArrayList<>();
        int last = 0;
        for (int fields = 0; in.hasRemaining(); fields++) {
            if (fields == FIELDS_MAX || in.remaining() < FIELD_HEADER_BYTES) {
                return null;
            }
            int tag = in.get();
            int length = in.getInt();
            if (tag < last || (tag == last && tag != CERTIFICATE) || tag < HCL_REPORT || tag > CERTIFICATE) {
                return null;
            }
            if (length <= 0 || length > in.remaining()) {
                return null;
            }
            byte[] content = new byte[length];
            in.get(content);
            if (tag == CERTIFICATE) {
                certificates.add(content);
            } else {
                single[tag] = content;
            }
            last = tag;
        }
        return assemble(single, certificates);
    }

    private static @Nullable AzureDocument assemble(byte[][] single, List<byte[]> certificates) {
        byte[] message = single[QUOTE_MESSAGE];
        byte[] signature = single[QUOTE_SIGNATURE];
        byte[] registers = single[QUOTE_REGISTERS];
        boolean half = (message == null) != (signature == null) || (message == null && registers != null);
        if (single[HCL_REPORT] == null || half) {
            return null;
        }
        Quote quote =
                message == null ? null : new Quote(message, signature, registers == null ? new byte[0] : registers);
        return new AzureDocument(single[HCL_REPORT], single[TD_QUOTE], quote, certificates);
    }
}
