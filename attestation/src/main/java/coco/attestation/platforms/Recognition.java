package coco.attestation.platforms;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import coco.attestation.AttestationLimits;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.TextBytes;
import coco.attestation.azure.AzureDocument;
import coco.attestation.snp.SnpDocument;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells forms of evidence apart. Chooses only; whatever is wrong with the bytes, a verifier says. */
final class Recognition {
    /** A quote in Base64 in JSON in hexadecimal. */
    private static final int WRAPPINGS_MAX = 4;

    private static final byte[] HCL_MAGIC = {'H', 'C', 'L', 'A'};
    private static final int SNP_VERSION_MAX = 0xff;
    private static final int QUOTE_HEADER_BYTES = 48;
    private static final int QUOTE_VERSION_MIN = 3;
    private static final int QUOTE_VERSION_MAX = 5;
    private static final int TEE_SGX = 0;
    private static final int TEE_TDX = 0x81;

    private Recognition() {}

    static @Nullable Evidence read(byte[] file) {
        return read(file, WRAPPINGS_MAX);
    }

    private static @Nullable Evidence read(byte[] bytes, int wrappingsLeft) {
        Evidence binary = binary(bytes);
        if (binary != null || wrappingsLeft == 0) {
            return binary;
        }
        String text = new String(bytes, ISO_8859_1).strip();
        if (text.startsWith("{")) {
            return EvidenceJson.read(bytes, inner -> read(inner, wrappingsLeft - 1));
        }
        byte[] unwrapped = TextBytes.decode(text);
        return unwrapped == null ? null : read(unwrapped, wrappingsLeft - 1);
    }

    private static @Nullable Evidence binary(byte[] bytes) {
        if (bytes.length > AttestationLimits.DEFAULT.evidenceBytesMax()) {
            return null;
        }
        if (startsWith(bytes, HCL_MAGIC)) {
            return azure(AzureDocument.withoutTdQuote(bytes, null, List.of()));
        }
        if (bytes.length >= QUOTE_HEADER_BYTES) {
            ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int version = in.getShort(0) & 0xffff;
            int keyType = in.getShort(2) & 0xffff;
            int tee = in.getInt(4);
            boolean quote = version >= QUOTE_VERSION_MIN && version <= QUOTE_VERSION_MAX && keyType > 0;
            if (quote && (tee == TEE_SGX || tee == TEE_TDX)) {
                return evidence(tee == TEE_SGX ? Platform.SGX : Platform.TDX, IntelQuote.withoutPadding(bytes));
            }
            if (in.getInt(0) > 1 && in.getInt(0) <= SNP_VERSION_MAX && bytes.length >= SnpDocument.REPORT_BYTES) {
                return evidence(Platform.SEV_SNP, bytes);
            }
        }
        return Evidence.decode(bytes);
    }

    static @Nullable Evidence azure(AzureDocument document) {
        return evidence(Platform.AZURE_CVM, document.encode());
    }

    /** Returns null for a document that is too long. */
    static @Nullable Evidence evidence(Platform platform, byte[] document) {
        return document.length + 2 > AttestationLimits.DEFAULT.evidenceBytesMax()
                ? null
                : new Evidence(platform, document);
    }

    /** Cuts to the length if nothing but zeros follows; a driver's buffer is often longer than its content. */
    static byte[] withoutZeros(byte[] bytes, int length) {
        for (int i = length; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return bytes;
            }
        }
        return Arrays.copyOf(bytes, Math.min(length, bytes.length));
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
