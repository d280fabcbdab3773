package coco.governance;

import coco.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The constitution a network is born with. Immutable, and consistent by construction.
 *
 * @param service name of the network, shown to people and part of what is signed
 * @param preset how strict defaults are
 * @param members who votes
 * @param participants who transacts
 * @param nodes which nodes validate, at least one
 * @param manifest which platforms and code may run
 * @param limits ceilings on what a leader builds
 * @param ledgers the ledger's id to its genesis document, in the canonical JSON of this package
 */
public record Genesis(
        String service,
        Preset preset,
        List<Member> members,
        List<Participant> participants,
        NodeList nodes,
        Manifest manifest,
        GenesisLimits limits,
        SortedMap<String, String> ledgers) {
    /** Version of the document's form; a document of another version is refused. */
    public static final int FORMAT_VERSION = 1;

    private static final byte[] DIGEST_LABEL = "coco genesis document v1\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Checks the constitution as a whole.
     *
     * @throws GenesisException naming the first part that contradicts another or leaves its range
     */
    public Genesis {
        members = List.copyOf(members);
        participants = List.copyOf(participants);
        SortedMap<String, String> canonical = new TreeMap<>();
        ledgers.forEach((id, document) -> canonical.put(id, GenesisDocument.canonical(document, "ledgers." + id)));
        ledgers = Collections.unmodifiableSortedMap(canonical);
        GenesisRules.check(service, preset, members, participants, nodes, manifest, limits, ledgers);
    }

    /**
     * Reads a genesis document.
     *
     * @param json UTF-8
     * @throws GenesisException if it is not JSON, has unknown, missing or repeated keys, or is inconsistent
     */
    public static Genesis parse(byte[] json) {
        return GenesisDocument.parse(json);
    }

    /** The one byte form: canonical JSON in UTF-8. */
    public byte[] bytes() {
        return GenesisDocument.canonical(GenesisDocument.tree(this)).getBytes(StandardCharsets.UTF_8);
    }

    /** The same document indented for people. Parsing it gives an equal constitution and so the same digest. */
    public String prettyJson() {
        return GenesisDocument.pretty(GenesisDocument.tree(this));
    }

    /** SHA-256 over a label and {@link #bytes()}: what out-of-band copies are compared by. 32 bytes. */
    public byte[] digest() {
        return Sha256.hash(DIGEST_LABEL, bytes());
    }
}
