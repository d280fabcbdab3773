package coco.journal;

import coco.crypto.AesGcm;
import coco.crypto.CryptoException;
import coco.crypto.Feldman;
import coco.crypto.Hkdf;
import coco.crypto.KeyEncryption;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A record of the public map {@code service.shares} (docs/specs/shares.md): seal roots, wrapped under keys from a
 * scalar that was dealt M of N to members, each share encrypted to a member's recovery key, and the commitments by
 * which anyone can check a share. A record of the kind {@link Kind#EPOCH} opens the epoch that its block brings and no
 * other; one of the kind {@link Kind#RECOVERY} opens all older epochs, for those who are members now, and is for
 * disaster recovery alone: a member does not answer an auditor from it.
 *
 * <p>What is dealt follows from the secret of the epoch that the record comes with: a node that has the secret checks
 * the whole sharing ({@link #isDealtFrom}), and need not believe whoever dealt it. The seal root, which members open,
 * says nothing of it.
 */
public final class EpochShares {
    /** Most epochs that a record of the kind {@link Kind#RECOVERY} wraps: more would be larger than a block may be. */
    public static final int EPOCHS_MAX = 1 << 16;

    private static final byte FORMAT = 1;
    private static final int WRAPPED_BYTES = 32 + AesGcm.TAG_BYTES;
    private static final int DIGEST_BYTES = 32;
    private static final byte[] ZERO_IV = new byte[AesGcm.IV_BYTES];

    /** What a record opens. */
    public enum Kind {
        /** The epoch that its block brings. */
        EPOCH(1),
        /** All epochs older than that. */
        RECOVERY(2);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }
    }

    /**
     * Where a record stands.
     *
     * @param height of the block that brings it, which is the id of the epoch that the block brings
     * @param kind what it opens
     */
    public record Id(long height, Kind kind) {
        static final int KEY_BYTES = Long.BYTES + 1;

        /** The key in {@code service.shares}: height (8 bytes) ‖ kind (1 byte). */
        public byte[] key() {
            return ByteBuffer.allocate(KEY_BYTES).putLong(height).put(kind.code).array();
        }

        /** Whether the record with this key opens the same kind of thing. */
        public boolean hasKindOf(byte[] key) {
            return key.length == KEY_BYTES && key[KEY_BYTES - 1] == kind.code;
        }

        static Id parse(byte[] key) throws MalformedException {
            ByteBuffer in = ByteBuffer.wrap(key);
            if (key.length == KEY_BYTES && key[0] >= 0) {
                long height = in.getLong();
                byte code = in.get();
                for (Kind kind : Kind.values()) {
                    if (kind.code == code) {
                        return new Id(height, kind);
                    }
                }
            }
            throw new MalformedException("a record of shares has a malformed key");
        }
    }

    /**
     * A share as the record holds it.
     *
     * @param member whose it is
     * @param keyDigest SHA-256 of the recovery key's SubjectPublicKeyInfo
     * @param sealed the share, encrypted to that key
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record SealedShare(String member, byte[] keyDigest, byte[] sealed) {}

    private final Id id;
    private final List<byte[]> commitments;
    private final SortedMap<Long, byte[]> wrapped;
    private final List<SealedShare> shares;

    private EpochShares(Id id, List<byte[]> commitments, SortedMap<Long, byte[]> wrapped, List<SealedShare> shares) {
        this.id = id;
        this.commitments = List.copyOf(commitments);
        this.wrapped = new TreeMap<>(wrapped);
        this.shares = List.copyOf(shares);
    }

    // ---------------------------------------------------------------- dealing

    /**
     * Deals the epoch that a block brings.
     *
     * @param recovery to whom; configured
     * @param random for the encryption to members; all else follows from the secret
     */
    public static EpochShares deal(EpochSecrets epoch, Recovery recovery, SecureRandom random) {
        return deal(Kind.EPOCH, epoch, List.of(epoch.sealRoot()), recovery, random);
    }

    /**
     * Deals all older epochs again, because the members or M are others now.
     *
     * @param epoch that the block brings
     * @param older all epochs before it, at least one
     */
    public static EpochShares dealAgain(
            EpochSecrets epoch, List<SealRoot> older, Recovery recovery, SecureRandom random) {
        return deal(Kind.RECOVERY, epoch, older, recovery, random);
    }

    private static EpochShares deal(
            Kind kind, EpochSecrets epoch, List<SealRoot> roots, Recovery recovery, SecureRandom random) {
        Id id = new Id(epoch.epoch(), kind);
        Feldman.Dealing dealing =
                dealing(epoch, kind, recovery.threshold(), recovery.recipients().size());
        List<SealedShare> shares = new ArrayList<>();
        for (Recovery.Recipient recipient : recovery.recipients()) {
            int x = shares.size() + 1;
            byte[] context = context(epoch.serviceId(), id, x, recipient.member());
            byte[] sealed = KeyEncryption.seal(
                    recipient.key(), context, dealing.shares().get(x - 1), random);
            shares.add(new SealedShare(recipient.member(), recipient.keyDigest(), sealed));
        }
        return new EpochShares(id, dealing.commitments(), wrap(epoch.serviceId(), id, dealing.scalar(), roots), shares);
    }

    private static Feldman.Dealing dealing(EpochSecrets epoch, Kind kind, int threshold, int count) {
        return Feldman.deal(epoch.sharingSeed(kind.code), threshold, count);
    }

    private static SortedMap<Long, byte[]> wrap(byte[] serviceId, Id id, byte[] scalar, List<SealRoot> roots) {
        SortedMap<Long, byte[]> wrapped = new TreeMap<>();
        for (SealRoot root : roots) {
            byte[] key = wrappingKey(serviceId, id, scalar, root.epoch());
            byte[] secret = root.secret();
            // The key is used for nothing else, so that the IV may be the same always.
            wrapped.put(root.epoch(), AesGcm.seal(key, ZERO_IV, new byte[0], secret));
            Arrays.fill(secret, (byte) 0);
        }
        return wrapped;
    }

    private static byte[] wrappingKey(byte[] serviceId, Id id, byte[] scalar, long epoch) {
        return Hkdf.derive(serviceId, scalar, Bytes.concat(Labels.SHARE_WRAP, id.key(), Bytes.ofLong(epoch)), 32);
    }

    /** What a share is encrypted in: which record of which service, and whose share. */
    private static byte[] context(byte[] serviceId, Id id, int x, String member) {
        byte[] name = member.getBytes(StandardCharsets.UTF_8);
        return Bytes.concat(Labels.SHARE, serviceId, id.key(), new byte[] {(byte) x}, name);
    }

    // ---------------------------------------------------------------- checking the dealer

    /**
     * Whether this is what a leader has to deal: asked by nodes, which have the secrets. What is encrypted to members
     * is for them to check.
     *
     * @param epoch that the block brings
     * @param roots of the epochs that the record has to open; it may open others that the asker does not know
     */
    public boolean isDealtFrom(EpochSecrets epoch, List<SealRoot> roots, Recovery recovery) {
        int count = recovery.recipients().size();
        if (id.height() != epoch.epoch() || !isDealtTo(recovery)) {
            return false;
        }
        Feldman.Dealing dealing = dealing(epoch, id.kind(), recovery.threshold(), count);
        return Arrays.deepEquals(commitments.toArray(), dealing.commitments().toArray())
                && holds(wrap(epoch.serviceId(), id, dealing.scalar(), roots));
    }

    /** Whether it names M, these recipients and these keys of theirs. */
    public boolean isDealtTo(Recovery recovery) {
        int count = recovery.recipients().size();
        if (commitments.size() != recovery.threshold() || shares.size() != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            Recovery.Recipient recipient = recovery.recipients().get(i);
            if (!shares.get(i).member().equals(recipient.member())
                    || !Arrays.equals(shares.get(i).keyDigest(), recipient.keyDigest())) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(SortedMap<Long, byte[]> expected) {
        return expected.entrySet().stream()
                .allMatch(each -> Arrays.equals(wrapped.get(each.getKey()), each.getValue()));
    }

    // ---------------------------------------------------------------- reading

    /** Where it stands. */
    public Id id() {
        return id;
    }

    /** M. */
    public int threshold() {
        return commitments.size();
    }

    /** M compressed points. */
    public List<byte[]> commitments() {
        return commitments;
    }

    /** The epochs that it opens, ascending. */
    public List<Long> epochs() {
        return List.copyOf(wrapped.keySet());
    }

    /** The shares; the number of one is its place in this list, the first being 1. */
    public List<SealedShare> shares() {
        return shares;
    }

    /** The number of a member's share; 0 if it was dealt none. */
    public int numberOf(String member) {
        for (int i = 0; i < shares.size(); i++) {
            if (shares.get(i).member().equals(member)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Whether this is the share of that number, by the commitments. */
    public boolean isShare(int number, byte[] share) {
        return number <= shares.size() && feldman().isShare(number, share);
    }

    /** Decrypts with a member's recovery key, wherever that is. */
    @FunctionalInterface
    public interface RecoveryKey {
        /**
         * As {@link KeyEncryption#open}.
         *
         * @return 32 bytes; null if it was not encrypted to this key, in this context
         */
        byte @Nullable [] open(byte[] context, byte[] sealed);
    }

    /**
     * A member's share. Nothing is said of whether it is right: {@link #isShare} tells.
     *
     * @return 32 bytes; null if it was dealt none, or it is not encrypted to this key
     */
    public byte @Nullable [] open(byte[] serviceId, String member, RecoveryKey key) {
        int number = numberOf(member);
        if (number == 0) {
            return null;
        }
        return key.open(
                context(serviceId, id, number, member), shares.get(number - 1).sealed());
    }

    /**
     * What the shares open.
     *
     * @param found shares by their numbers; wrong ones are passed over
     * @return the seal roots of all epochs of this record by their ids; null if fewer than M are shares
     * @throws MalformedException if the shares are right and a seal root is not wrapped under what they give
     */
    public @Nullable SortedMap<Long, SealRoot> combine(byte[] serviceId, SortedMap<Integer, byte[]> found)
            throws MalformedException {
        byte[] scalar = feldman().combine(found);
        if (scalar == null) {
            return null;
        }
        SortedMap<Long, SealRoot> roots = new TreeMap<>();
        for (Map.Entry<Long, byte[]> each : wrapped.entrySet()) {
            byte[] key = wrappingKey(serviceId, id, scalar, each.getKey());
            byte[] root = AesGcm.open(key, ZERO_IV, new byte[0], each.getValue());
            if (root == null) {
                throw new MalformedException("epoch " + each.getKey() + " is not wrapped under what its shares give");
            }
            roots.put(each.getKey(), new SealRoot(serviceId, each.getKey(), root));
        }
        return roots;
    }

    private Feldman feldman() {
        return Feldman.of(commitments);
    }

    // ---------------------------------------------------------------- bytes

    /** The value in {@code service.shares}. */
    public byte[] value() {
        List<byte[]> parts = new ArrayList<>();
        parts.add(new byte[] {FORMAT, (byte) commitments.size(), (byte) shares.size()});
        parts.addAll(commitments);
        parts.add(ByteBuffer.allocate(Integer.BYTES).putInt(wrapped.size()).array());
        wrapped.forEach((epoch, root) -> parts.add(Bytes.concat(Bytes.ofLong(epoch), root)));
        for (SealedShare share : shares) {
            byte[] member = share.member().getBytes(StandardCharsets.UTF_8);
            parts.add(new byte[] {(byte) member.length});
            parts.add(member);
            parts.add(share.keyDigest());
            parts.add(ByteBuffer.allocate(Short.BYTES)
                    .putShort((short) share.sealed().length)
                    .array());
            parts.add(share.sealed());
        }
        return Bytes.concat(parts.toArray(byte[][]::new));
    }

    /**
     * Reads a record.
     *
     * @param key in {@code service.shares}
     * @throws MalformedException if it is none
     */
    public static EpochShares decode(byte[] key, byte[] value) throws MalformedException {
        Id id = Id.parse(key);
        ByteBuffer in = ByteBuffer.wrap(value);
        try {
            if (in.get() != FORMAT) {
                throw new MalformedException("a record of shares has an unknown format");
            }
            int threshold = Byte.toUnsignedInt(in.get());
            int count = Byte.toUnsignedInt(in.get());
            if (threshold < 1 || threshold > count) {
                throw new MalformedException("a record of " + threshold + " of " + count + " shares");
            }
            List<byte[]> commitments = new ArrayList<>();
            for (int i = 0; i < threshold; i++) {
                commitments.add(take(in, Feldman.POINT_BYTES));
            }
            Feldman.of(commitments);
            SortedMap<Long, byte[]> wrapped = wraps(id, in);
            List<SealedShare> shares = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                shares.add(share(in));
            }
            if (in.hasRemaining()) {
                throw new MalformedException("a record of shares has more than it says");
            }
            if (shares.stream().map(SealedShare::member).distinct().count() < count) {
                throw new MalformedException("a record deals one member two shares");
            }
            return new EpochShares(id, commitments, wrapped, shares);
        } catch (BufferUnderflowException cutOff) {
            throw new MalformedException("a record of shares is cut off");
        } catch (CryptoException e) {
            throw new MalformedException("a record of shares: " + e.getMessage());
        }
    }

    private static SortedMap<Long, byte[]> wraps(Id id, ByteBuffer in) throws MalformedException {
        int count = in.getInt();
        int most = id.kind() == Kind.EPOCH ? 1 : EPOCHS_MAX;
        if (count < 1 || count > most) {
            throw new MalformedException("a record of shares opens " + count + " epochs");
        }
        SortedMap<Long, byte[]> wrapped = new TreeMap<>();
        long before = -1;
        for (int i = 0; i < count; i++) {
            long epoch = in.getLong();
            boolean fits = id.kind() == Kind.EPOCH ? epoch == id.height() : epoch > before && epoch < id.height();
            if (!fits) {
                throw new MalformedException("a record of shares opens the epoch " + epoch);
            }
            wrapped.put(epoch, take(in, WRAPPED_BYTES));
            before = epoch;
        }
        return wrapped;
    }

    private static SealedShare share(ByteBuffer in) throws MalformedException {
        byte[] name = take(in, Byte.toUnsignedInt(in.get()));
        String member = new String(name, StandardCharsets.UTF_8);
        byte[] keyDigest = take(in, DIGEST_BYTES);
        int length = Short.toUnsignedInt(in.getShort());
        if (name.length == 0
                || !Arrays.equals(name, member.getBytes(StandardCharsets.UTF_8))
                || length > KeyEncryption.SEALED_BYTES_MAX) {
            throw new MalformedException("a share without a name, or too long");
        }
        return new SealedShare(member, keyDigest, take(in, length));
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] out = new byte[length];
        in.get(out);
        return out;
    }
}
