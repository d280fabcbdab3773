package coco.governance.users;

import coco.crypto.AccountSignatures;
import coco.governance.document.DocumentException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message of Sign-In with Ethereum (<a href="https://eips.ethereum.org/EIPS/eip-4361">EIP-4361</a>), version 1. There
 * is one text for each message: what is not exactly that text is refused.
 *
 * @param domain who asks for the signature: an authority of RFC 3986
 * @param address 20 bytes
 * @param statement for people; null for none
 * @param uri what is signed in to
 * @param chainId of EIP-155
 * @param nonce at least eight letters or digits
 * @param issuedAt of RFC 3339, as it is written
 * @param expirationTime the same; null for none
 * @param notBefore the same; null for none
 * @param requestId null for none
 * @param resources URIs
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SignInMessage(
        String domain,
        byte[] address,
        @Nullable String statement,
        String uri,
        long chainId,
        String nonce,
        String issuedAt,
        @Nullable String expirationTime,
        @Nullable String notBefore,
        @Nullable String requestId,
        List<String> resources) {
    /** A wallet shows it to a person. */
    public static final int TEXT_CHARACTERS = 8_192;

    private static final int RESOURCES = 128;
    private static final String WANTS = " wants you to sign in with your Ethereum account:";
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9.\\-\\[\\]:]{1,260}");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9]{8,128}");
    private static final Pattern STATEMENT = Pattern.compile("[\\x20-\\x7e]{1,1024}");
    private static final Pattern REQUEST = Pattern.compile("[A-Za-z0-9\\-._~%!$&'()*+,;=:@]{0,256}");
    private static final Pattern URI_TEXT = Pattern.compile("[\\x21-\\x7e]{1,1024}");
    private static final Pattern CHAIN = Pattern.compile("[1-9][0-9]{0,17}");

    /** Not a compact constructor: that loses the annotations of its parameters in class files. */
    public SignInMessage(
            String domain,
            byte[] address,
            @Nullable String statement,
            String uri,
            long chainId,
            String nonce,
            String issuedAt,
            @Nullable String expirationTime,
            @Nullable String notBefore,
            @Nullable String requestId,
            List<String> resources) {
        this.domain = domain;
        this.address = address;
        this.statement = statement;
        this.uri = uri;
        this.chainId = chainId;
        this.nonce = nonce;
        this.issuedAt = issuedAt;
        this.expirationTime = expirationTime;
        this.notBefore = notBefore;
        this.requestId = requestId;
        this.resources = List.copyOf(resources);
    }

    /**
     * Reads a message.
     *
     * @throws DocumentException naming the first part that is not as the EIP has it
     */
    public static SignInMessage parse(String text) {
        if (text.length() > TEXT_CHARACTERS) {
            throw new DocumentException("message", "longer than " + TEXT_CHARACTERS + " characters");
        }
        Lines lines = new Lines(text);
        String head = lines.next("domain");
        demand(head.endsWith(WANTS), "domain", "the first line ends in '" + WANTS.strip() + "'");
        String domain = head.substring(0, head.length() - WANTS.length());
        demand(DOMAIN.matcher(domain).matches(), "domain", "is no authority of RFC 3986 without a scheme");
        byte[] address = address(lines.next("address"));
        lines.blank();
        String statement = lines.statement();
        SignInMessage read = new SignInMessage(
                domain,
                address,
                statement,
                uri(lines.field("URI"), "URI"),
                version(lines),
                matching(NONCE, lines.field("Nonce"), "Nonce"),
                time(lines.field("Issued At"), "Issued At"),
                lines.hasField("Expiration Time") ? time(lines.field("Expiration Time"), "Expiration Time") : null,
                lines.hasField("Not Before") ? time(lines.field("Not Before"), "Not Before") : null,
                lines.hasField("Request ID") ? matching(REQUEST, lines.field("Request ID"), "Request ID") : null,
                lines.resources());
        demand(read.text().equals(text), "message", "is not in its one form");
        return read;
    }

    /** The text that is signed. */
    public String text() {
        StringBuilder out = new StringBuilder(domain)
                .append(WANTS)
                .append('\n')
                .append(AccountSignatures.checksummed(address))
                .append("\n\n");
        if (statement != null) {
            out.append(statement).append('\n');
        }
        out.append("\nURI: ")
                .append(uri)
                .append("\nVersion: 1\nChain ID: ")
                .append(chainId)
                .append("\nNonce: ")
                .append(nonce)
                .append("\nIssued At: ")
                .append(issuedAt);
        field(out, "Expiration Time", expirationTime);
        field(out, "Not Before", notBefore);
        field(out, "Request ID", requestId);
        if (!resources.isEmpty()) {
            out.append("\nResources:");
            resources.forEach(each -> out.append("\n- ").append(each));
        }
        return out.toString();
    }

    private static void field(StringBuilder out, String name, @Nullable String value) {
        if (value != null) {
            out.append('\n').append(name).append(": ").append(value);
        }
    }

    /** When it was made. */
    public Instant issued() {
        return instant(issuedAt);
    }

    /** From when on it counts no more; null if it does not say. */
    public @Nullable Instant expires() {
        return expirationTime == null ? null : instant(expirationTime);
    }

    /** From when on it counts; null if it does not say. */
    public @Nullable Instant begins() {
        return notBefore == null ? null : instant(notBefore);
    }

    private static Instant instant(String rfc3339) {
        return OffsetDateTime.parse(rfc3339).toInstant();
    }

    /** The authority of {@link #uri}; empty if it has none. */
    public String authority() {
        String authority = URI.create(uri).getRawAuthority();
        return authority == null ? "" : authority;
    }

    private static long version(Lines lines) {
        demand(lines.field("Version").equals("1"), "Version", "must be 1");
        return Long.parseLong(matching(CHAIN, lines.field("Chain ID"), "Chain ID"));
    }

    private static byte[] address(String text) {
        try {
            byte[] address = HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : "");
            if (address.length == AccountSignatures.ADDRESS_BYTES
                    && AccountSignatures.checksummed(address).equals(text)) {
                return address;
            }
        } catch (IllegalArgumentException notHex) {
            throw new DocumentException("address", "is no address");
        }
        throw new DocumentException("address", "is no address with the checksum of EIP-55");
    }

    private static String uri(String text, String name) {
        matching(URI_TEXT, text, name);
        try {
            demand(new URI(text).isAbsolute(), name, "is no absolute URI");
        } catch (URISyntaxException malformed) {
            throw new DocumentException(name, "is no URI of RFC 3986");
        }
        return text;
    }

    private static String time(String text, String name) {
        try {
            instant(text);
        } catch (DateTimeException malformed) {
            throw new DocumentException(name, "is no time of RFC 3339");
        }
        return text;
    }

    private static String matching(Pattern pattern, String text, String name) {
        demand(pattern.matcher(text).matches(), name, "has not the form of EIP-4361");
        return text;
    }

    private static void demand(boolean holds, String name, String problem) {
        if (!holds) {
            throw new DocumentException(name, problem);
        }
    }

    /** The lines of a text, taken one by one. */
    private static final class Lines {
        private final String[] lines;
        private int next;

        Lines(String text) {
            this.lines = text.split("\n", -1);
        }

        String next(String name) {
            demand(next < lines.length, name, "is missing");
            return lines[next++];
        }

        void blank() {
            demand(next("the empty line").isEmpty(), "message", "an empty line is missing");
        }

        /** What stands between the two empty lines after the address, and both of what follows it. */
        @Nullable
        String statement() {
            String line = next("statement");
            if (line.isEmpty()) {
                return null;
            }
            blank();
            return matching(STATEMENT, line, "statement");
        }

        boolean hasField(String name) {
            return next < lines.length && lines[next].startsWith(name + ": ");
        }

        String field(String name) {
            demand(hasField(name), name, "is missing, or not where it belongs");
            return lines[next++].substring(name.length() + 2);
        }

        List<String> resources() {
            List<String> found = new ArrayList<>();
            if (next < lines.length) {
                demand(lines[next++].equals("Resources:"), "message", "has a line that does not belong there");
                demand(lines.length - next <= RESOURCES, "Resources", "at most " + RESOURCES);
                while (next < lines.length) {
                    String line = lines[next++];
                    demand(line.startsWith("- "), "Resources", "each begins with '- '");
                    found.add(uri(line.substring(2), "Resources"));
                }
            }
            return found;
        }
    }
}
