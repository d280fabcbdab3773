package coco.attestation.azure;

import coco.attestation.ReportData;
import coco.crypto.CryptoException;
import coco.crypto.Hex;
import coco.crypto.Rsa;
import java.security.PublicKey;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the paravisor says of the guest, bound by the processor's report.
 *
 * @param attestationKey the virtual TPM's key for quotes ("HCLAkPub")
 * @param userData 64 bytes the guest wrote into the TPM's index 0x01400002; zeros if it wrote none
 */
record RuntimeData(PublicKey attestationKey, byte[] userData) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String KEY_NAME = "HCLAkPub";

    /** Reads the JSON; null if it is none, or lacks the key. */
    static @Nullable RuntimeData read(byte[] json) {
        try {
            JsonNode root = JSON.readTree(json);
            PublicKey key = null;
            for (JsonNode candidate : root.path("keys")) {
                if (candidate.path("kid").asString("").equals(KEY_NAME)
                        && candidate.path("kty").asString("").equals("RSA")) {
                    key = Rsa.key(number(candidate, "n"), number(candidate, "e"));
                }
            }
            byte[] userData = Hex.decode(root.path("user-data").asString(""));
            if (key == null || (userData.length != 0 && userData.length != ReportData.BYTES)) {
                return null;
            }
            return new RuntimeData(key, userData.length == 0 ? new byte[ReportData.BYTES] : userData);
        } catch (JacksonException | CryptoException | IllegalArgumentException _) {
            return null;
        }
    }

    /** Base64url without padding (RFC 7518, section 2, "Base64urlUInt"). */
    private static byte[] number(JsonNode key, String name) {
        return Base64.getUrlDecoder().decode(key.path(name).asString(""));
    }
}
