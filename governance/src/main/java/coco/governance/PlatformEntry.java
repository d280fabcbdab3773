package coco.governance;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A trusted platform of the TEE manifest, and how well patched it has to be.
 *
 * @param platform its name, such as {@code sev-snp}; {@code simulated} stands alone or not at all
 * @param minimum component of the platform's trusted computing base to the least accepted number; a number never falls
 *     while the entry lives
 * @param accepted words of TCB statuses that are accepted beside {@code up-to-date}
 * @param signers digests of accepted signers of the code, lower-case hexadecimal; empty does not look at the signer
 */
public record PlatformEntry(
        String platform, SortedMap<String, Long> minimum, List<String> accepted, List<String> signers) {
    /** The name of the platform that protects nothing. */
    public static final String SIMULATED = "simulated";

    public PlatformEntry {
        minimum = Collections.unmodifiableSortedMap(new TreeMap<>(minimum));
        accepted = List.copyOf(accepted);
        signers = List.copyOf(signers);
    }

    /** A platform without further conditions. */
    public PlatformEntry(String platform) {
        this(platform, new TreeMap<>(), List.of(), List.of());
    }
}
