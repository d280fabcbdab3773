package coco.journal;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.P256;
import coco.journal.PublicWritesReader.PublicFacts;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
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

    /**
     * A sealer as it was admitted.
     *
     * @param certificate of its key
     * @param endorsement the service's word for it, if there is one
     */
    record Sealer(X509Certificate certificate, @Nullable SealerEndorsement endorsement) {}

    /** The directory that follows from a chain of public write sets, read in order of height. */
    final class Tracked implements SealerDirectory {
        /** First and last height, length of the certificate, whether there is an endorsement. */
        private static final int TERM_BYTES_MIN = 2 * Long.BYTES + Integer.BYTES + 1;

        private static final int ENDORSEMENT_BYTES = Integer.BYTES + Long.BYTES + P256.SIGNATURE_BYTES;

        private record Term(Sealer sealer, long fromHeight, long toHeight) {
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
         * Takes over what the first block of a recovery says, before that block is judged: it is sealed under the epoch
         * and the generation that it brings, by one whom it admits. Nobody who sealed before does so any more. That
         * members decided it is for the caller to judge.
         */
        public void recover(long height, PublicFacts facts) {
            ServiceIdentity identity = facts.identity();
            if (identity == null) {
                throw new IllegalArgumentException("a recovery begins a generation");
            }
            terms.replaceAll((digest, known) -> end(known, height - 1));
            for (SealerChange change : facts.sealers()) {
                if (change
                        instanceof SealerChange.Admitted(X509Certificate certificate, SealerEndorsement endorsement)) {
                    String digest = HexFormat.of().formatHex(SealerChange.digest(certificate));
                    admit(digest, new Sealer(certificate, endorsement), height);
                }
            }
            epochs.put(height, height);
            generations.put(height, identity.generation());
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
                    case SealerChange.Admitted(X509Certificate certificate, SealerEndorsement endorsement) -> {
                        String digest = HexFormat.of().formatHex(SealerChange.digest(certificate));
                        // The larger of both: what follows the largest number there is would be negative.
                        long first = removals.containsKey(digest) ? 0 : Math.max(genesisEnd, genesisEnd + 1);
                        Sealer sealer = new Sealer(certificate, endorsement);
                        admit(digest, sealer, height == 0 ? first : height + 1);
                    }
                    case SealerChange.Removed removed ->
                        terms.computeIfPresent(
                                HexFormat.of().formatHex(removed.certificateDigest()),
                                (digest, known) -> end(known, removed.lastHeight()));
                }
            }
        }

        /** Height of each block that brought an epoch, genesis first. */
        public List<Long> epochs() {
            return List.copyOf(epochs.values());
        }

        /** Every generation that was in force, in order. */
        public List<Integer> generations() {
            return List.copyOf(generations.values());
        }

        /**
         * Everything that it knows, the same on every node at the same height: {@code docs/specs/snapshot.md},
         * "Context".
         */
        public byte[] encode() {
            List<byte[]> encoded = new TreeMap<>(terms)
                    .values().stream()
                            .flatMap(List::stream)
                            .map(Tracked::encode)
                            .toList();
            int size = encoded.stream().mapToInt(term -> term.length).sum();
            ByteBuffer out = ByteBuffer.allocate(3 * Integer.BYTES
                    + size
                    + epochs.size() * 2 * Long.BYTES
                    + generations.size() * (Long.BYTES + Integer.BYTES));
            out.putInt(encoded.size());
            encoded.forEach(out::put);
            out.putInt(epochs.size());
            epochs.forEach((from, epoch) -> out.putLong(from).putLong(epoch));
            out.putInt(generations.size());
            generations.forEach((from, generation) -> out.putLong(from).putInt(generation));
            return out.array();
        }

        private static byte[] encode(Term term) {
            byte[] certificate = SealerChange.der(term.sealer.certificate());
            SealerEndorsement endorsement = term.sealer.endorsement();
            int length = TERM_BYTES_MIN + certificate.length + (endorsement == null ? 0 : ENDORSEMENT_BYTES);
            ByteBuffer out = ByteBuffer.allocate(length)
                    .putLong(term.fromHeight)
                    .putLong(term.toHeight)
                    .putInt(certificate.length)
                    .put(certificate)
                    .put((byte) (endorsement == null ? 0 : 1));
            if (endorsement != null) {
                out.putInt(endorsement.generation())
                        .putLong(endorsement.height())
                        .put(endorsement.signature());
            }
            return out.array();
        }

        /** What was encoded so. */
        public static Tracked decode(byte[] encoded) throws MalformedException {
            Tracked directory = new Tracked();
            directory.epochs.clear();
            directory.generations.clear();
            ByteBuffer in = ByteBuffer.wrap(encoded);
            try {
                for (int left = count(in, TERM_BYTES_MIN); left > 0; left--) {
                    directory.add(decodeTerm(in));
                }
                for (int left = count(in, 2 * Long.BYTES); left > 0; left--) {
                    directory.epochs.put(in.getLong(), in.getLong());
                }
                for (int left = count(in, Long.BYTES + Integer.BYTES); left > 0; left--) {
                    directory.generations.put(in.getLong(), in.getInt());
                }
            } catch (BufferUnderflowException | CryptoException e) {
                throw new MalformedException("who may seal is malformed");
            }
            if (in.hasRemaining() || !directory.epochs.containsKey(0L) || !directory.generations.containsKey(0L)) {
                throw new MalformedException("who may seal is malformed");
            }
            return directory;
        }

        private void add(Term term) {
            String digest = HexFormat.of().formatHex(SealerChange.digest(term.sealer.certificate()));
            terms.merge(digest, List.of(term), (known, added) -> {
                List<Term> all = new ArrayList<>(known);
                all.addAll(added);
                return List.copyOf(all);
            });
        }

        private static Term decodeTerm(ByteBuffer in) throws MalformedException {
            long from = in.getLong();
            long to = in.getLong();
            byte[] certificate = new byte[count(in, 1)];
            in.get(certificate);
            SealerEndorsement endorsement = null;
            byte isEndorsed = in.get();
            if (isEndorsed == 1) {
                int generation = in.getInt();
                long height = in.getLong();
                byte[] signature = new byte[P256.SIGNATURE_BYTES];
                in.get(signature);
                endorsement = new SealerEndorsement(generation, height, signature);
            } else if (isEndorsed != 0) {
                throw new MalformedException("who may seal is malformed");
            }
            return new Term(new Sealer(Certificates.fromDer(certificate), endorsement), from, to);
        }

        private static int count(ByteBuffer in, int bytesEach) throws MalformedException {
            int count = in.getInt();
            if (count < 0 || count > in.remaining() / bytesEach) {
                throw new MalformedException("who may seal is cut off");
            }
            return count;
        }

        /** A node that was removed may come back: what it sealed before stays its own. */
        private void admit(String digest, Sealer sealer, long fromHeight) {
            Term term = new Term(sealer, fromHeight, Long.MAX_VALUE);
            terms.merge(digest, List.of(term), (known, added) -> {
                List<Term> all = new ArrayList<>(end(known, fromHeight - 1));
                all.addAll(added);
                return List.copyOf(all);
            });
        }

        private static List<Term> end(List<Term> known, long lastHeight) {
            List<Term> all = new ArrayList<>(known);
            Term last = all.removeLast();
            all.add(new Term(last.sealer, last.fromHeight, Math.min(last.toHeight, lastHeight)));
            return List.copyOf(all);
        }

        @Override
        public @Nullable PublicKey publicKey(byte[] certificateDigest, long height) {
            Sealer sealer = sealer(certificateDigest, height);
            return sealer == null ? null : sealer.certificate().getPublicKey();
        }

        /** The sealer with this certificate digest, or null if it may not seal at this height. */
        public @Nullable Sealer sealer(byte[] certificateDigest, long height) {
            for (Term term : terms.getOrDefault(HexFormat.of().formatHex(certificateDigest), List.of())) {
                if (term.covers(height)) {
                    return term.sealer;
                }
            }
            return null;
        }

        /** All that may seal at this height, in no order. */
        List<Sealer> sealersAt(long height) {
            return terms.values().stream()
                    .flatMap(List::stream)
                    .filter(term -> term.covers(height))
                    .map(Term::sealer)
                    .toList();
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
