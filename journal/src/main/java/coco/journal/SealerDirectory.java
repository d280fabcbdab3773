package coco.journal;

import coco.journal.PublicWritesReader.PublicFacts;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Who may seal, and under what: which sealers, which epoch and which generation are in force at a height.
 * Implementations are called from any thread.
 */
public interface SealerDirectory {
    /**
     * The key of the sealer with this certificate digest (SHA-256 of DER), or null if it may not seal at this height.
     */
    @Nullable
    PublicKey publicKey(byte[] certificateDigest, long height);

    /** The epoch under which the block at this height is sealed, and no other. */
    long epochAt(long height);

    /** The generation of the service identity that the block at this height names, and no other. */
    int generationAt(long height);

    /** The directory that follows from a chain of public write sets, read in order of height. */
    final class Tracked implements SealerDirectory {
        private record Term(PublicKey key, long fromHeight, long toHeight) {
            boolean covers(long height) {
                return height >= fromHeight && height <= toHeight;
            }
        }

        /** By digest of the certificate, in order; lists are never changed. */
        private final ConcurrentMap<String, List<Term>> terms = new ConcurrentHashMap<>();

        /** By the first height at which they are in force. */
        private final NavigableMap<Long, Long> epochs = new ConcurrentSkipListMap<>(Map.of(0L, 0L));

        private final NavigableMap<Long, Integer> generations = new ConcurrentSkipListMap<>(Map.of(0L, 0));

        /** Takes over what the block of this height says: all of it holds from the next height. */
        public void apply(long height, PublicFacts facts) {
            apply(height, facts.sealers());
            if (height > 0 && facts.bringsEpoch()) {
                epochs.put(height + 1, height);
            }
            ServiceIdentity identity = facts.identity();
            if (height > 0 && identity != null) {
                generations.put(height + 1, identity.generation());
            }
        }

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
                        admit(digest, certificate.getPublicKey(), height == 0 ? first : height + 1);
                    }
                    case SealerChange.Removed removed ->
                        terms.computeIfPresent(
                                HexFormat.of().formatHex(removed.certificateDigest()),
                                (digest, known) -> end(known, removed.lastHeight()));
                }
            }
        }

        /** A node that was removed may come back: what it sealed before stays its own. */
        private void admit(String digest, PublicKey key, long fromHeight) {
            Term term = new Term(key, fromHeight, Long.MAX_VALUE);
            terms.merge(digest, List.of(term), (known, added) -> {
                List<Term> all = new ArrayList<>(end(known, fromHeight - 1));
                all.addAll(added);
                return List.copyOf(all);
            });
        }

        private static List<Term> end(List<Term> known, long lastHeight) {
            List<Term> all = new ArrayList<>(known);
            Term last = all.removeLast();
            all.add(new Term(last.key, last.fromHeight, Math.min(last.toHeight, lastHeight)));
            return List.copyOf(all);
        }

        @Override
        public @Nullable PublicKey publicKey(byte[] certificateDigest, long height) {
            for (Term term : terms.getOrDefault(HexFormat.of().formatHex(certificateDigest), List.of())) {
                if (term.covers(height)) {
                    return term.key;
                }
            }
            return null;
        }

        @Override
        public long epochAt(long height) {
            return inForce(epochs, height);
        }

        @Override
        public int generationAt(long height) {
            return inForce(generations, height);
        }

        private static <T> T inForce(NavigableMap<Long, T> all, long height) {
            Map.Entry<Long, T> entry = all.floorEntry(Math.max(0, height));
            if (entry == null) {
                throw new IllegalStateException("something is in force from height 0 on");
            }
            return entry.getValue();
        }
    }
}
