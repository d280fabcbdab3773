package coco.node.identity;

import coco.crypto.CryptoException;
import coco.crypto.P256;
import coco.crypto.Rsa;
import coco.crypto.Sha256;
import coco.governance.OidcIssuer;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.users.UserLimits;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * ID tokens of OpenID Connect (Core 1.0, sections 2 and 3.1.3.7): JSON Web Tokens (RFC 7519) in compact serialisation
 * (RFC 7515), signed by a key of an issuer that the constitution names. Nothing that the token says of keys or
 * algorithms counts: it names a key of the issuer's entry, whose algorithm the entry gives.
 */
final class IdentityTokens {
    private static final String ES256 = "ES256";
    private static final String RS256 = "RS256";
    private static final List<String> FOREIGN_KEYS = List.of("jku", "jwk", "x5u", "x5c", "crit");
    private static final int COORDINATE_BYTES = 32;

    private IdentityTokens() {}

    /** What is said of a token. */
    sealed interface Verdict {}

    /**
     * It is the issuer's and counts.
     *
     * @param subject who it names, in the issuer's words
     * @param expiresSeconds from when on it counts no more
     */
    record Valid(OidcIssuer issuer, String subject, long expiresSeconds) implements Verdict {}

    /** It counts for nothing. */
    record Refused(Reason reason, String words) implements Verdict {}

    /** Why a token counts for nothing. */
    enum Reason {
        /** It is no token in its one form. */
        MALFORMED_TOKEN,
        /** The constitution names no such issuer. */
        UNKNOWN_ISSUER,
        /** The issuer's entry has no such key. */
        UNKNOWN_KEY,
        /** The token's algorithm is not that of the key. */
        ALGORITHM,
        /** The key did not sign this. */
        SIGNATURE,
        /** It was made for another audience. */
        AUDIENCE,
        /** Its time is over, or it is too old. */
        EXPIRED,
        /** Its time has not begun. */
        NOT_YET_VALID;

        /** The name by which answers call it: kebab-case. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Judges a token.
     *
     * @param issuers of the constitution in force
     */
    static Verdict judge(String token, List<OidcIssuer> issuers, long nowSeconds) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > IdentityLimits.LOGIN_CHARACTERS || parts.length != 3) {
            return new Refused(
                    Reason.MALFORMED_TOKEN,
                    "not three parts of at most " + IdentityLimits.LOGIN_CHARACTERS + " characters");
        }
        try {
            Fields header = new Fields(Documents.json(decode(parts[0]), "header"), "header");
            Fields claims = new Fields(Documents.json(decode(parts[1]), "claims"), "claims");
            byte[] signature = decode(parts[2]);
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            return judge(header, claims, signed, signature, issuers, nowSeconds);
        } catch (DocumentException | IllegalArgumentException malformed) {
            return new Refused(Reason.MALFORMED_TOKEN, String.valueOf(malformed.getMessage()));
        }
    }

    /** Base64url without padding, in its one form. */
    private static byte[] decode(String part) {
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
            throw new IllegalArgumentException("a part is not base64url without padding");
        }
        return bytes;
    }

    private static Verdict judge(
            Fields header, Fields claims, byte[] signed, byte[] signature, List<OidcIssuer> issuers, long nowSeconds) {
        String name = claims.text("iss");
        OidcIssuer issuer = issuers.stream()
                .filter(each -> each.issuer().equals(name))
                .findFirst()
                .orElse(null);
        if (issuer == null) {
            return new Refused(Reason.UNKNOWN_ISSUER, "the constitution names no such issuer");
        }
        Refused unsigned = signatureFault(header, signed, signature, issuer);
        return unsigned != null ? unsigned : claims(claims, issuer, nowSeconds);
    }

    private static @Nullable Refused signatureFault(Fields header, byte[] signed, byte[] signature, OidcIssuer issuer) {
        for (String foreign : FOREIGN_KEYS) {
            if (header.optional(foreign) != null) {
                return new Refused(Reason.MALFORMED_TOKEN, "header." + foreign + " is not taken");
            }
        }
        String type = header.ifPresent("typ", header::text);
        if (type != null && !type.equalsIgnoreCase("JWT")) {
            return new Refused(Reason.MALFORMED_TOKEN, "header.typ must be JWT");
        }
        JsonNode key = key(issuer, header.ifPresent("kid", header::text));
        if (key == null) {
            return new Refused(Reason.UNKNOWN_KEY, "the issuer's entry has no key with this kid");
        }
        Fields fields = new Fields(key, "keys");
        String algorithm = fields.text("alg");
        if (!algorithm.equals(header.text("alg"))) {
            return new Refused(Reason.ALGORITHM, "this key signs by " + algorithm + " only");
        }
        return switch (verifies(fields, algorithm, signed, signature)) {
            case null -> new Refused(Reason.ALGORITHM, "only ES256 and RS256 are taken");
            case Boolean holds when holds -> null;
            case Boolean _ -> new Refused(Reason.SIGNATURE, "the issuer's key did not sign this");
        };
    }

    /** The key that a token names: by its id, or the only one. */
    private static @Nullable JsonNode key(OidcIssuer issuer, @Nullable String id) {
        List<JsonNode> candidates = new ArrayList<>();
        for (JsonNode key : Documents.tree(issuer.keys()).get("keys")) {
            JsonNode named = key.get("kid");
            if (id == null
                    || (named != null && named.isString() && named.stringValue().equals(id))) {
                candidates.add(key);
            }
        }
        return candidates.size() == 1 ? candidates.getFirst() : null;
    }

    /** Whether the key signed this; null for an algorithm that is not taken, or a key of another kind. */
    private static @Nullable Boolean verifies(Fields key, String algorithm, byte[] signed, byte[] signature) {
        String type = key.text("kty");
        try {
            if (algorithm.equals(ES256) && type.equals("EC") && key.text("crv").equals("P-256")) {
                return P256.verify(curveKey(key), Sha256.hash(signed), signature);
            }
            if (algorithm.equals(RS256) && type.equals("RSA")) {
                return Rsa.verify(Rsa.key(decode(key.text("n")), decode(key.text("e"))), signed, signature);
            }
            return null;
        } catch (CryptoException unsuitable) {
            throw new DocumentException("keys", "the issuer's entry has a key that cannot be used");
        }
    }

    /** A point as RFC 7518, section 6.2.1, writes it: two coordinates of full length. */
    private static PublicKey curveKey(Fields key) {
        byte[] x = decode(key.text("x"));
        byte[] y = decode(key.text("y"));
        if (x.length != COORDINATE_BYTES || y.length != COORDINATE_BYTES) {
            throw new DocumentException("keys", "a coordinate has 32 bytes");
        }
        byte[] point = new byte[P256.PUBLIC_KEY_BYTES];
        point[0] = 4;
        System.arraycopy(x, 0, point, 1, COORDINATE_BYTES);
        System.arraycopy(y, 0, point, 1 + COORDINATE_BYTES, COORDINATE_BYTES);
        return P256.decode(point);
    }

    private static Verdict claims(Fields claims, OidcIssuer issuer, long now) {
        if (!isFor(claims, issuer.audience())) {
            return new Refused(Reason.AUDIENCE, "it was not made for " + issuer.audience());
        }
        long skew = IdentityLimits.SKEW.toSeconds();
        long expires = claims.longInteger("exp");
        long issued = claims.longInteger("iat");
        Long begins = claims.ifPresent("nbf", claims::longInteger);
        if (now >= expires || issued < now - IdentityLimits.LOGIN_AGE.toSeconds()) {
            return new Refused(Reason.EXPIRED, "sign in again");
        }
        if (issued > now + skew || (begins != null && begins > now + skew)) {
            return new Refused(Reason.NOT_YET_VALID, "its time has not begun");
        }
        String subject = claims.text("sub");
        if (subject.isEmpty()
                || subject.length() > UserLimits.SUBJECT_CHARACTERS
                || !subject.chars().allMatch(unit -> unit >= ' ' && unit <= '~')) {
            return new Refused(Reason.MALFORMED_TOKEN, "claims.sub is no subject of OpenID Connect");
        }
        return new Valid(issuer, subject, expires);
    }

    /** Whether the audience is named; if others are, too, it has to be the one that the token was made for. */
    private static boolean isFor(Fields claims, String audience) {
        JsonNode named = claims.required("aud");
        if (named.isString()) {
            return named.stringValue().equals(audience);
        }
        List<String> all = claims.texts("aud");
        return all.contains(audience) && (all.size() == 1 || audience.equals(claims.ifPresent("azp", claims::text)));
    }
}
