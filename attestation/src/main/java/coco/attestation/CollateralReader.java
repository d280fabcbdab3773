package coco.attestation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import coco.attestation.Collateral.SignedDocument;
import coco.attestation.Collateral.SignedDocument.Kind;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Recognises collateral by content and collects it. For one thread. */
final class CollateralReader {
    /** JSON in a list in Base64 in hexadecimal: nobody packs more deeply. */
    private static final int WRAPPINGS_MAX = 4;

    private static final byte DER_SEQUENCE = 0x30;
    private static final int SIGNATURE_BYTES = 64;
    private static final String PEM_BEGIN = "-----BEGIN ";
    private static final String PEM_END = "-----END ";
    private static final String PEM_BEGIN_ENCODED = "-----BEGIN%20";
    private static final String PEM_DASHES = "-----";
    private static final JsonFactory JSON = new JsonFactory();

    private final Set<X509Certificate> certificates = new LinkedHashSet<>();
    private final Set<X509CRL> crls = new LinkedHashSet<>();
    private final Set<SignedDocument> documents = new LinkedHashSet<>();

    Collection<X509Certificate> certificates() {
        return certificates;
    }

    Collection<X509CRL> crls() {
        return crls;
    }

    Collection<SignedDocument> documents() {
        return documents;
    }

    /** Returns whether the file held anything known. */
    boolean read(byte[] file) {
        return file.length <= AttestationLimits.DEFAULT.collateralFileBytesMax() && read(file, WRAPPINGS_MAX);
    }

    private boolean read(byte[] bytes, int wrappingsLeft) {
        if (bytes.length == 0 || wrappingsLeft == 0 || isFull()) {
            return false;
        }
        if (bytes[0] == DER_SEQUENCE && der(bytes)) {
            return true;
        }
        // Every byte is a character of this one, so that binary files do no harm here.
        String text = new String(bytes, ISO_8859_1).strip();
        if (text.startsWith("{") || text.startsWith("[")) {
            return json(bytes, wrappingsLeft);
        }
        if (text.contains(PEM_BEGIN)) {
            return pem(text);
        }
        // Intel's service hands chains out in headers, percent-encoded (PCS API v4, "TCB-Info-Issuer-Chain").
        if (text.contains(PEM_BEGIN_ENCODED)) {
            return pem(TextBytes.percentDecoded(text));
        }
        byte[] unwrapped = TextBytes.decode(text);
        return unwrapped != null && read(unwrapped, wrappingsLeft - 1);
    }

    private boolean isFull() {
        return certificates.size() + crls.size() + documents.size() >= AttestationLimits.DEFAULT.collateralItemsMax();
    }

    private boolean der(byte[] der) {
        try {
            certificates.add(Certificates.fromDer(der));
            return true;
        } catch (CryptoException _) {
            // It may be the other kind.
        }
        try {
            crls.add(Certificates.crlFromDer(der));
            return true;
        } catch (CryptoException _) {
            return false;
        }
    }

    private boolean pem(String text) {
        boolean found = false;
        int begin = text.indexOf(PEM_BEGIN);
        while (begin >= 0 && !isFull()) {
            int labelEnd = text.indexOf(PEM_DASHES, begin + PEM_BEGIN.length());
            int end = labelEnd < 0 ? -1 : text.indexOf(PEM_END, labelEnd + PEM_DASHES.length());
            if (end < 0) {
                return found;
            }
            byte[] der = TextBytes.decode(text.substring(labelEnd + PEM_DASHES.length(), end));
            found |= der != null && der(der);
            begin = text.indexOf(PEM_BEGIN, end);
        }
        return found;
    }

    /** An object of the document: its texts by name, and the statement inside it. */
    private static final class Members {
        private final Map<String, String> texts = new HashMap<>();
        private @Nullable Kind kind;
        private byte[] body = new byte[0];
    }

    private boolean json(byte[] bytes, int wrappingsLeft) {
        boolean found = false;
        Deque<Members> open = new ArrayDeque<>();
        Deque<Integer> starts = new ArrayDeque<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT -> {
                        open.push(new Members());
                        starts.push((int) parser.currentTokenLocation().getByteOffset());
                    }
                    case END_OBJECT -> {
                        found |= statements(open.pop());
                        int end = (int) parser.currentLocation().getByteOffset();
                        remember(open.peek(), parser.currentName(), bytes, starts.pop(), end);
                    }
                    case VALUE_STRING -> {
                        String text = parser.getString();
                        String name = parser.currentName();
                        Members members = open.peek();
                        if (members != null && name != null) {
                            members.texts.put(name, text);
                        }
                        found |= wrapped(text, wrappingsLeft);
                    }
                    default -> {}
                }
            }
        } catch (JacksonException _) {
            // What was whole before the fault is kept; nothing of it is trusted unsigned.
        }
        return found;
    }

    /** Intel signs the bytes of the member as they stand (PCS API v4, "signature"). */
    private static void remember(@Nullable Members parent, @Nullable String name, byte[] bytes, int start, int end) {
        Kind kind = name == null ? null : kind(name);
        if (parent != null && kind != null && start >= 0 && start < end && end <= bytes.length) {
            parent.kind = kind;
            parent.body = Arrays.copyOfRange(bytes, start, end);
        }
    }

    private static @Nullable Kind kind(String name) {
        return switch (name) {
            case "tcbInfo" -> Kind.TCB_INFO;
            case "enclaveIdentity" -> Kind.ENCLAVE_IDENTITY;
            default -> null;
        };
    }

    private boolean statements(Members members) {
        boolean found = false;
        if (members.kind != null) {
            found = statement(members.kind, members.body, members.texts.get("signature"));
        }
        String tcbInfo = members.texts.get("tcb_info");
        if (tcbInfo != null) {
            found |= statement(Kind.TCB_INFO, tcbInfo.getBytes(UTF_8), members.texts.get("tcb_info_signature"));
        }
        String identity = members.texts.get("qe_identity");
        if (identity != null) {
            found |= statement(
                    Kind.ENCLAVE_IDENTITY, identity.getBytes(UTF_8), members.texts.get("qe_identity_signature"));
        }
        return found;
    }

    private boolean statement(Kind kind, byte[] body, @Nullable String signature) {
        byte[] signature64 = signature == null ? null : TextBytes.decode(signature);
        return signature64 != null
                && signature64.length == SIGNATURE_BYTES
                && !isFull()
                && documents.add(new SignedDocument(kind, body, signature64));
    }

    private boolean wrapped(String text, int wrappingsLeft) {
        boolean known = text.contains(PEM_BEGIN)
                || text.contains(PEM_BEGIN_ENCODED)
                || text.startsWith("MI")
                || text.startsWith("30")
                || text.startsWith("{");
        return known && read(text.getBytes(UTF_8), wrappingsLeft - 1);
    }
}
