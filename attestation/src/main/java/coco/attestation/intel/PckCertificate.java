package coco.attestation.intel;

import coco.crypto.CryptoException;
import coco.crypto.DerReader;
import coco.crypto.P256;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PCK certificate (Provisioning Certification Key): the machine's key at one patch level, with Intel's extension
 * 1.2.840.113741.1.13.1 ("SGX PCK Certificate and CRL Profile Specification", section 1.3.5).
 *
 * @param fmspc family, model, stepping, platform type and custom SKU; 6 bytes
 * @param pceId 2 bytes
 * @param ppid the machine's name, 16 bytes; identifies one machine, so it is not among the claims
 * @param cpuSvn 16 bytes
 * @param components security versions of the 16 parts of the TCB
 * @param pceSvn security version of the provisioning certification enclave
 */
record PckCertificate(
        X509Certificate certificate,
        byte[] fmspc,
        byte[] pceId,
        byte[] ppid,
        byte[] cpuSvn,
        List<Integer> components,
        int pceSvn) {
    static final int COMPONENT_COUNT = 16;

    private static final String EXTENSION = "1.2.840.113741.1.13.1";
    private static final int FMSPC_BYTES = 6;
    private static final int PCE_ID_BYTES = 2;
    private static final int PPID_BYTES = 16;
    private static final int CPU_SVN_BYTES = 16;
    private static final int PCE_SVN_ITEM = 17;
    private static final int CPU_SVN_ITEM = 18;
    // Far more than the profile has, so that a certificate of 64 KiB does not become a map of thousands.
    private static final int ITEMS_MAX = 64;
    // Refuses whatever is asked of it.
    private static final DerReader NOTHING = new DerReader(new byte[0]);

    /** Returns what the certificate says, or null if it is no PCK certificate. */
    static @Nullable PckCertificate of(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(EXTENSION);
        if (extension == null || !P256.isP256(certificate.getPublicKey())) {
            return null;
        }
        try {
            DerReader outer = new DerReader(extension).enter(DerReader.OCTET_STRING);
            Map<Integer, DerReader> items = items(outer.enter(DerReader.SEQUENCE), EXTENSION);
            outer.finish();
            Map<Integer, DerReader> tcb = items(item(items, 2).enter(DerReader.SEQUENCE), EXTENSION + ".2");
            List<Integer> components = new ArrayList<>();
            for (int i = 1; i <= COMPONENT_COUNT; i++) {
                components.add(svn(item(tcb, i)));
            }
            return new PckCertificate(
                    certificate,
                    octets(item(items, 4), FMSPC_BYTES),
                    octets(item(items, 3), PCE_ID_BYTES),
                    octets(item(items, 1), PPID_BYTES),
                    octets(item(tcb, CPU_SVN_ITEM), CPU_SVN_BYTES),
                    List.copyOf(components),
                    svn(item(tcb, PCE_SVN_ITEM)));
        } catch (CryptoException _) {
            return null;
        }
    }

    /** Reads a sequence of pairs (identifier, value), by the last arc of the identifier. */
    private static Map<Integer, DerReader> items(DerReader in, String prefix) {
        Map<Integer, DerReader> items = new HashMap<>();
        while (in.hasNext() && items.size() < ITEMS_MAX) {
            DerReader item = in.enter(DerReader.SEQUENCE);
            String identifier = item.objectIdentifier();
            String arc = identifier.startsWith(prefix + ".") ? identifier.substring(prefix.length() + 1) : "";
            if (arc.matches("[1-9][0-9]?")) {
                items.putIfAbsent(Integer.parseInt(arc), item);
            }
        }
        return items;
    }

    private static DerReader item(Map<Integer, DerReader> items, int arc) {
        DerReader item = items.get(arc);
        return item == null ? NOTHING : item;
    }

    private static byte[] octets(DerReader item, int length) {
        byte[] content = item.content(DerReader.OCTET_STRING);
        return content.length == length ? content : NOTHING.content(DerReader.OCTET_STRING);
    }

    private static int svn(DerReader item) {
        return item.unsigned().min(BigInteger.valueOf(Integer.MAX_VALUE)).intValue();
    }
}
