package coco.journal;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
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
         * Takes over what the block of this height wrote. Admissions of genesis hold at once, as genesis is sealed by a
         * node that it admits itself; all others, and removals, hold from the next height.
         */
        public void apply(long height, List<SealerChange> changes) {
            for (SealerChange change : changes) {
                switch (change) {
                    case SealerChange.Admitted admitted -> admit(admitted.certificate(), height == 0 ? 0 : height + 1);
                    case SealerChange.Removed removed ->
                        terms.computeIfPresent(
                                HexFormat.of().formatHex(removed.certificateDigest()),
                                (digest, term) -> new Term(term.key, term.fromHeight, removed.lastHeight()));
                }
            }
        }

        private void admit(X509Certificate certificate, long fromHeight) {
            String digest = HexFormat.of().formatHex(SealerChange.digest(certificate));
            terms.put(digest, new Term(certificate.getPublicKey(), fromHeight, Long.MAX_VALUE));
        }

        @Override
        public @Nullable PublicKey publicKey(byte[] certificateDigest, long height) {
            Term term = terms.get(HexFormat.of().formatHex(certificateDigest));
            return term == null || height < term.fromHeight || height > term.toHeight ? null : term.key;
        }
    }
}
