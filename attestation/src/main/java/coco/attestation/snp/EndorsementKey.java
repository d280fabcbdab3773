package coco.attestation.snp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.snp.SnpReport.SigningKey;
import coco.crypto.P384;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A certificate for a key that signs reports, and AMD's extensions in it (57230, "VCEK Certificate and KDS Interface
 * Specification", table 8: object identifiers below 1.3.6.1.4.1.3704.1).
 *
 * @param productName as it stands there, such as "Milan-B0"
 * @param hardwareId the chip's, 64 bytes and 8 on Turin; empty in a VLEK
 */
record EndorsementKey(
        X509Certificate certificate,
        SigningKey kind,
        String productName,
        Product product,
        byte[] hardwareId,
        TcbVersion tcb) {
    private static final String AMD = "1.3.6.1.4.1.3704.1.";
    private static final String PRODUCT_NAME = AMD + "2";
    private static final String BOOTLOADER = AMD + "3.1";
    private static final String TEE = AMD + "3.2";
    private static final String SNP = AMD + "3.3";
    private static final String MICROCODE = AMD + "3.8";
    private static final String FMC = AMD + "3.9";
    private static final String HARDWARE_ID = AMD + "4";
    private static final String PROVIDER_ID = AMD + "5";
    private static final int HARDWARE_ID_BYTES = 64;
    private static final int TURIN_HARDWARE_ID_BYTES = 8;
    private static final int OCTET_STRING = 4;
    private static final int INTEGER = 2;
    private static final int IA5_STRING = 22;

    /** Returns null for any other certificate. */
    static @Nullable EndorsementKey of(X509Certificate certificate) {
        byte[] name = extension(certificate, PRODUCT_NAME);
        byte[] text = name == null ? null : value(name, IA5_STRING);
        if (text == null || !P384.isKey(certificate.getPublicKey())) {
            return null;
        }
        String productName = new String(text, US_ASCII);
        Product product = Product.ofName(productName);
        byte[] hardwareId = extension(certificate, HARDWARE_ID);
        boolean ofProvider = certificate.getExtensionValue(PROVIDER_ID) != null;
        TcbVersion tcb = product == null ? null : tcb(certificate, product);
        if (product == null || tcb == null || (hardwareId != null) == ofProvider) {
            return null;
        }
        return new EndorsementKey(
                certificate,
                ofProvider ? SigningKey.VLEK : SigningKey.VCEK,
                productName,
                product,
                hardwareId == null ? new byte[0] : unwrapped(hardwareId),
                tcb);
    }

    /** Returns whether this is the key of that chip; only Turin's identifiers are shorter than the field. */
    boolean isOfChip(byte[] chipId64) {
        return hardwareId.length > 0
                && hardwareId.length <= chipId64.length
                && Arrays.equals(Arrays.copyOf(hardwareId, chipId64.length), chipId64);
    }

    private static @Nullable TcbVersion tcb(X509Certificate certificate, Product product) {
        int fmc = product == Product.TURIN ? number(certificate, FMC) : 0;
        int bootloader = number(certificate, BOOTLOADER);
        int tee = number(certificate, TEE);
        int snp = number(certificate, SNP);
        int microcode = number(certificate, MICROCODE);
        return (fmc | bootloader | tee | snp | microcode) < 0
                ? null
                : new TcbVersion(fmc, bootloader, tee, snp, microcode);
    }

    /** An INTEGER from 0 to 255, or -1. */
    private static int number(X509Certificate certificate, String oid) {
        byte[] der = extension(certificate, oid);
        byte[] value = der == null ? null : value(der, INTEGER);
        if (value == null || value.length == 0 || value.length > 2 || value[0] < 0) {
            return -1;
        }
        if (value.length == 1) {
            return value[0];
        }
        return value[0] == 0 ? value[1] & 0xff : -1;
    }

    /** Older certificates hold the bare bytes, newer ones an OCTET STRING of them; only the length tells. */
    private static byte[] unwrapped(byte[] hardwareId) {
        boolean bare = hardwareId.length == HARDWARE_ID_BYTES || hardwareId.length == TURIN_HARDWARE_ID_BYTES;
        byte[] inner = bare ? hardwareId : value(hardwareId, OCTET_STRING);
        return inner == null ? new byte[0] : inner;
    }

    private static byte @Nullable [] extension(X509Certificate certificate, String oid) {
        byte[] der = certificate.getExtensionValue(oid);
        return der == null ? null : value(der, OCTET_STRING);
    }

    /** The content of one DER value that fills these bytes, with a length of one byte (up to 127), or null. */
    private static byte @Nullable [] value(byte[] der, int tag) {
        boolean shortLength = der.length >= 2 && der[0] == tag && der[1] >= 0;
        return shortLength && der.length == 2 + der[1] ? Arrays.copyOfRange(der, 2, der.length) : null;
    }
}
