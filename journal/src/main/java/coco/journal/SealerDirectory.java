package coco.journal;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Who may seal. Implementations are called from any thread. */
@FunctionalInterface
public interface SealerDirectory {
    /**
     * The key of the sealer with this certificate digest (SHA-256 of DER), or null if it may not seal at this height.
     */
    @Nullable
    PublicKey publicKey(byte[] certificateDigest, long height);

    /** The directory that follows from a chain of public write sets, read in order of height. */
    final class Tracked implements SealerDirectory {
        private record Term(PublicKey key, long fromHeight, long toHeight) {}

        private final ConcurrentMap<String, Term> terms = new ConcurrentHashMap<>();

        /**
         * Takes over what the block of this height wrote. Admissions and removals hold from the next height. Genesis is
         * sealed by one whom it admits itself: who is removed with it again seals alone up to that height, all others
         * from the next on; if nobody is, all that it admits seal from 0 on.
         */
        public void apply(long height, List<SealerChange> changes) {
            Map<String, Long> removals = new HashMap<>();
            for (SealerChange change : changes) {
                if (change instanceof SealerChange.Removed(byte[] digest, long lastHeight)) {
                    removals.put(HexFormat.of().formatHex(digest), lastHeight);
                }
            }
            long genesisEnd =
                    removals.values().stream().mapToLong(last -> last).max().orElse(-1);
            for (SealerChange change : changes) {
                switch (change) {
                    case SealerChange.Admitted(X509Certificate certificate) -> {
                        String digest = HexFormat.of().formatHex(SealerChange.digest(certificate));
                        // The larger of both: what follows the largest number there is would be negative.
                        long first = removals.containsKey(digest) ? 0 : Math.max(genesisEnd, genesisEnd + 1);
                        terms.put(
                                digest,
                                new Term(certificate.getPublicKey(), height == 0 ? first : height + 1, Long.MAX_VALUE));
                    }
                    case SealerChange.Removed removed ->
                        terms.computeIfPresent(
                                HexFormat.of().formatHex(removed.certificateDigest()),
                                (digest, term) -> new Term(term.key, term.fromHeight, removed.lastHeight()));
                }
            }
        }

        @Override
        public @Nullable PublicKey publicKey(byte[] certificateDigest, long height) {
            Term term = terms.get(HexFormat.of().formatHex(certificateDigest));
            return term == null || height < term.fromHeight || height > term.toHeight ? null : term.key;
        }
    }
}
