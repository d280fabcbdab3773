package coco.governance;

import coco.crypto.Sha256;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a network is born with: its constitution at birth, and the genesis document of every ledger. Immutable, and
 * consistent by construction.
 *
 * @param constitution at height 0; what only later constitutions say is at its beginning
 * @param ledgers the ledger's id to its genesis document, in canonical JSON
 */
public record Genesis(Constitution constitution, SortedMap<String, String> ledgers) {
    private static final byte[] DIGEST_LABEL = "coco genesis document v2\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Checks the document as a whole.
     *
     * @throws DocumentException naming the first part that contradicts another or leaves its range
     */
    public Genesis {
        SortedMap<String, String> canonical = new TreeMap<>();
        ledgers.forEach((id, document) -> {
            String path = "ledgers." + id;
            byte[] text = document.getBytes(StandardCharsets.UTF_8);
            canonical.put(id, CanonicalJson.write(Documents.json(text, path), path));
        });
        ledgers = Collections.unmodifiableSortedMap(canonical);
        ConstitutionRules.checkGenesis(constitution, ledgers);
    }

    /**
     * Reads a genesis document: JSON, or YAML in which nothing is guessed ({@code 0x10} stays text).
     *
     * @param text UTF-8
     * @throws DocumentException if it is neither, has unknown, missing or repeated keys, or is inconsistent
     */
    public static Genesis parse(byte[] text) {
        return ConstitutionDocument.genesis(text);
    }

    /**
     * Reads a genesis document without nodes for a network that one node founds by itself.
     *
     * @throws DocumentException as {@link #parse} says, or if the document has nodes
     */
    public static Genesis founded(byte[] text, NodeEntry node) {
        return ConstitutionDocument.founded(text, node);
    }

    /** The one byte form: canonical JSON in UTF-8. */
    public byte[] bytes() {
        return ConstitutionDocument.canonical(ConstitutionDocument.tree(this)).getBytes(StandardCharsets.UTF_8);
    }

    /** The same document indented for people. Parsing it gives an equal document and so the same digest. */
    public String prettyJson() {
        return Documents.pretty(ConstitutionDocument.tree(this));
    }

    /** SHA-256 over a label and {@link #bytes()}: what out-of-band copies are compared by. 32 bytes. */
    public byte[] digest() {
        return Sha256.hash(DIGEST_LABEL, bytes());
    }

    /** Name of the network. */
    public String service() {
        return constitution.service();
    }

    /** How strict defaults are. */
    public Preset preset() {
        return constitution.preset();
    }

    /** The nodes at birth. */
    public NodeList nodes() {
        return constitution.nodes();
    }

    /** The limits of blocks at birth. */
    public BlockLimits limits() {
        return constitution.limits();
    }
}
