package coco.client.signing;

import coco.governance.cose.SignerException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code pkcs11:} URI (RFC 7512) as far as it says which token to use. {@code id} and {@code type} may be there, as
 * tools print them, and decide nothing. A signing key is the one that belongs to the signer's certificate; {@code
 * object} names one that unwraps.
 *
 * @param module the library, {@code module-path}
 * @param slot {@code slot-id}; null: found by {@code token} or {@code serial}
 * @param token the token's label
 * @param serial the token's serial number
 * @param object the key's label
 * @param pinFile the file that {@code pin-source} names
 */
record Pkcs11Uri(
        Path module,
        @Nullable Long slot,
        @Nullable String token,
        @Nullable String serial,
        @Nullable String object,
        @Nullable Path pinFile) {
    static final String SCHEME = "pkcs11:";

    private static final Set<String> PATH = Set.of("token", "serial", "slot-id", "object", "id", "type");
    private static final Set<String> QUERY = Set.of("module-path", "pin-source");

    /** The provider's own configuration has no quoting that could be relied on. */
    private static final Pattern MODULE = Pattern.compile("/[A-Za-z0-9/._+-]{1,500}");

    static Pkcs11Uri parse(String uri) {
        String rest = uri.substring(SCHEME.length());
        int question = rest.indexOf('?');
        Map<String, String> path = attributes(question < 0 ? rest : rest.substring(0, question), ";", PATH);
        Map<String, String> query = attributes(question < 0 ? "" : rest.substring(question + 1), "&", QUERY);
        String module = query.get("module-path");
        if (module == null || !MODULE.matcher(module).matches()) {
            throw new SignerException("pkcs11: '?module-path=' names the library by an absolute path of plain letters");
        }
        if (!path.getOrDefault("type", "private").equals("private")) {
            throw new SignerException("pkcs11: a private key signs or unwraps, not a " + path.get("type"));
        }
        String slot = path.get("slot-id");
        if (slot == null && !path.containsKey("token") && !path.containsKey("serial")) {
            throw new SignerException("pkcs11: 'token=', 'serial=' or 'slot-id=' says which token");
        }
        if (slot != null && !slot.matches("[0-9]{1,18}")) {
            throw new SignerException("pkcs11: slot-id is a number");
        }
        return new Pkcs11Uri(
                Path.of(module),
                slot == null ? null : Long.valueOf(slot),
                path.get("token"),
                path.get("serial"),
                path.get("object"),
                pinFile(query.get("pin-source")));
    }

    private static @Nullable Path pinFile(@Nullable String source) {
        if (source == null) {
            return null;
        }
        String file = source.startsWith("file:") ? source.substring("file:".length()) : source;
        if (!file.startsWith("/")) {
            throw new SignerException("pkcs11: pin-source is a file, by an absolute path");
        }
        return Path.of(file);
    }

    private static Map<String, String> attributes(String text, String separator, Set<String> known) {
        Map<String, String> attributes = new TreeMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(separator, -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (name.equals("pin-value")) {
                throw new SignerException("pkcs11: a PIN on a command line is seen by others; use pin-source, "
                        + Pkcs11Signer.PIN_VARIABLE + ", or type it");
            }
            if (equals < 0 || !known.contains(name)) {
                throw new SignerException("pkcs11: an attribute that is not known: " + name);
            }
            if (attributes.put(name, decoded(name, part.substring(equals + 1))) != null) {
                throw new SignerException("pkcs11: twice: " + name);
            }
        }
        return attributes;
    }

    /** RFC 7512 knows percent-encoding only: a plus is a plus. */
    private static String decoded(String name, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new SignerException("pkcs11: percent-encoding of " + name, e);
        }
    }
}
