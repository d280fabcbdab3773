package coco.client.signing;

import coco.client.ClientLimits;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.cose.SignerException;
import java.math.BigInteger;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key in Azure Key Vault or Managed HSM, by the public REST reference (operations "Get Key" and "Sign", version 7.4).
 * Written against the reference and tested with a server that follows it; it was not run against Azure.
 */
final class AzureKeyVault implements OpenSigner {
    static final String SCHEME = "azurekeyvault:";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String VERSION = "?api-version=7.4";
    private static final Pattern KEY_PATH = Pattern.compile("/keys/[0-9A-Za-z-]{1,127}/[0-9a-f]{32}");

    /** A bearer token goes to vaults only, whatever a URI says. */
    private static final Pattern VAULT = Pattern.compile(
            "[0-9a-z-]{1,63}\\.((vault|managedhsm)\\.azure\\.net|vault\\.azure\\.cn|vault\\.usgovcloudapi\\.net)");

    private final URI key;
    private final SignerIdentity identity;
    private final AzureLogin login;
    private final JsonHttp http;

    private AzureKeyVault(URI key, SignerIdentity identity, AzureLogin login, JsonHttp http) {
        this.key = key;
        this.identity = identity;
        this.login = login;
        this.http = http;
    }

    static AzureKeyVault open(String uri, SignerIdentity identity, Secrets secrets, ClientLimits limits) {
        URI key = key(uri.substring(SCHEME.length()));
        JsonHttp http = new JsonHttp(limits);
        AzureKeyVault vault = new AzureKeyVault(key, identity, new AzureLogin(secrets, http, resource(key)), http);
        try {
            vault.checkKey();
            return vault;
        } catch (SignerException e) {
            vault.close();
            throw e;
        }
    }

    private static URI key(String text) {
        URI key;
        try {
            key = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new SignerException("azurekeyvault: not a URL: " + text, e);
        }
        String host = String.valueOf(key.getHost());
        boolean vault = "https".equals(key.getScheme()) && VAULT.matcher(host).matches() && key.getPort() < 0;
        if (!vault && !JsonHttp.isLoopback(key)) {
            throw new SignerException("azurekeyvault: " + host + " is no key vault's address");
        }
        if (key.getRawUserInfo() != null
                || key.getRawQuery() != null
                || key.getRawFragment() != null
                || !KEY_PATH.matcher(String.valueOf(key.getRawPath())).matches()) {
            throw new SignerException("azurekeyvault: https://VAULT/keys/NAME/VERSION, and nothing after it");
        }
        return key;
    }

    /** What a login is for: the domain of vaults of this cloud; tokens for one do nothing in another. */
    private static String resource(URI key) {
        String host = key.getHost();
        String domain = JsonHttp.isLoopback(key) ? "vault.azure.net" : host.substring(host.indexOf('.') + 1);
        return "https://" + domain;
    }

    /** The vault's public key has to be that of the certificate: else the vault would sign for nothing. */
    private void checkKey() {
        JsonNode answer = http.get(URI.create(key + VERSION), "Authorization", bearer());
        JsonNode jwk = answer.path("key");
        boolean curve = jwk.path("crv").stringValue("").equals("P-256");
        ECPublicKey certified = (ECPublicKey) identity.certificate().getPublicKey();
        boolean same = curve
                && certified.getW().getAffineX().equals(number(jwk.path("x").stringValue("")))
                && certified.getW().getAffineY().equals(number(jwk.path("y").stringValue("")));
        if (!same) {
            throw new SignerException("azurekeyvault: the key of " + key + " is not that of the certificate");
        }
    }

    private static @Nullable BigInteger number(String base64) {
        byte[] bytes = decoded(base64);
        return bytes == null ? null : new BigInteger(1, bytes);
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    @Override
    public X509Certificate certificate() {
        return identity.certificate();
    }

    @Override
    public List<X509Certificate> chain() {
        return identity.chain();
    }

    @Override
    public byte[] sign(byte[] toBeSigned) {
        ObjectNode request = JSON.createObjectNode();
        request.put("alg", "ES256");
        request.put("value", Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.hash(toBeSigned)));
        JsonNode answer = http.post(
                URI.create(key + "/sign" + VERSION), "application/json", request.toString(), "Authorization", bearer());
        byte[] signature = decoded(answer.path("value").stringValue(""));
        if (signature == null || signature.length != P256.SIGNATURE_BYTES) {
            throw new SignerException("azurekeyvault: " + key + " answered without a signature of 64 bytes");
        }
        return signature;
    }

    private String bearer() {
        return "Bearer " + login.token();
    }

    @Override
    public void close() {
        http.close();
    }
}
