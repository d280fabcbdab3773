package coco.core;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.P256;
import coco.journal.Electorate;
import coco.journal.EpochShares;
import coco.journal.MalformedException;
import coco.journal.PublicWritesReader;
import coco.journal.SealerChange;
import coco.journal.SealerEndorsement;
import coco.journal.ServiceIdentity;
import coco.kv.Cursor;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Visibility;
import coco.kv.WriteSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The maps of the service itself. They are public: their writes stand in clear in the journal, each for a reason.
 *
 * <ul>
 *   <li>{@link #GENESIS}: the genesis document under {@link #DOCUMENT}. Whoever verifies the journal must know what the
 *       consortium agreed on; the service id is made from it. Under {@link #FOUNDED}: how far the service seals.
 *   <li>{@link #IDENTITIES}: generation (4 bytes) → the service identity of that generation, endorsed by the one
 *       before. Whoever holds the first certificate must be able to follow it to the newest.
 *   <li>{@link #SEALERS}: digest of a node's certificate → the certificate, endorsed by the service's generation; put
 *       again by each later one, removed with the node. Whoever verifies must know whose signatures count, and up to
 *       where, and who has no more than the service certificate and a receipt, that it is a sealer's.
 *   <li>{@link #EPOCHS}: epoch id (8 bytes) ‖ node id → the epoch's secrets, encrypted to that node. A node must read
 *       them before it can decrypt anything. Those of the newest epoch only: a new one removes those before it from the
 *       state; the journal keeps them.
 *   <li>{@link #SHARES}: block (8 bytes) ‖ kind (1 byte) → {@link EpochShares}: an epoch's seal root, dealt to members.
 *       They have to find their shares, and anyone to check them, when no node is left. The newest of each kind only;
 *       the journal keeps all.
 *   <li>{@link #SNAPSHOTS}: height (8 bytes) → nothing, when a snapshot of the state after this block is announced;
 *       later the keyed root over its chunks (32 bytes). Whoever has a snapshot must be able to tell that it is the
 *       network's.
 * </ul>
 */
public final class ServiceMaps implements PublicWritesReader {
    public static final MapSpec GENESIS = new MapSpec("service.genesis", Visibility.PUBLIC);
    public static final MapSpec IDENTITIES = new MapSpec("service.identities", Visibility.PUBLIC);
    public static final MapSpec SEALERS = new MapSpec("service.sealers", Visibility.PUBLIC);
    public static final MapSpec EPOCHS = new MapSpec("service.epochs", Visibility.PUBLIC);

    public static final MapSpec SHARES = new MapSpec("service.shares", Visibility.PUBLIC);

    /**
     * Generation (4 bytes) → {@link Electorate}: which members recover the service when its nodes are lost, in the
     * words of that generation's key. Whoever holds no more than a service certificate must be able to tell whose
     * ballots begin a generation that no key endorses.
     */
    public static final MapSpec ELECTORATE = new MapSpec("service.electorate", Visibility.PUBLIC);

    public static final MapSpec SNAPSHOTS = new MapSpec("service.snapshots", Visibility.PUBLIC);

    static final byte[] DOCUMENT = "document".getBytes(StandardCharsets.UTF_8);

    private static final int SEALER_PREFIX_BYTES = Integer.BYTES + Long.BYTES + P256.SIGNATURE_BYTES;

    /** All of them. */
    public static final List<MapSpec> ALL =
            List.of(GENESIS, IDENTITIES, SEALERS, EPOCHS, SHARES, ELECTORATE, SNAPSHOTS);

    /**
     * In {@link #GENESIS}: the height of the last block that the service identity seals, 8 bytes; where it is missing
     * that is genesis itself. Blocks up to there are the history that the network began with.
     */
    static final byte[] FOUNDED = "founded".getBytes(StandardCharsets.UTF_8);

    /** All generations of the service identity that this state knows, the first one first. */
    public static List<ServiceIdentity> identities(Reader state) {
        List<ServiceIdentity> identities = new ArrayList<>();
        Cursor cursor = state.scanPrefix(IDENTITIES, new byte[0]);
        try {
            while (cursor.next()) {
                identities.add(identity(cursor.key(), cursor.value()));
            }
        } catch (MalformedException e) {
            throw new BrokenInvariantException("the state holds a malformed service identity", e);
        }
        return identities;
    }

    /** The electorate that a generation vouched for last; null if it never had one. */
    public static @Nullable Electorate electorate(Reader state, int generation) {
        byte[] value = state.get(ELECTORATE, identityKey(generation));
        try {
            return value == null ? null : Electorate.decode(generation, value);
        } catch (MalformedException e) {
            throw new BrokenInvariantException("the state holds a malformed electorate", e);
        }
    }

    /** The newest epoch that this state knows: the height of the block in which its secret was born. */
    public static long newestEpoch(Reader state) {
        long newest = 0;
        Cursor cursor = state.scanPrefix(EPOCHS, new byte[0]);
        while (cursor.next()) {
            newest = Math.max(newest, ByteBuffer.wrap(cursor.key()).getLong());
        }
        return newest;
    }

    /**
     * The records of shares that a block brings.
     *
     * @param publicWrites of the block at this height
     * @throws MalformedException if they do not parse, or one is of another block
     */
    public static List<EpochShares> shares(long height, byte[] publicWrites) throws MalformedException {
        List<byte[][]> found = new ArrayList<>();
        try {
            WriteSet.parsePart(publicWrites, List.of(SHARES)).forEach((map, key, value) -> {
                if (value != null) {
                    found.add(new byte[][] {key, value});
                }
            });
        } catch (MalformedWriteSetException e) {
            throw new MalformedException("the public write set is malformed");
        }
        List<EpochShares> records = new ArrayList<>();
        for (byte[][] each : found) {
            EpochShares record = EpochShares.decode(each[0], each[1]);
            if (record.id().height() != height) {
                throw new MalformedException(
                        "a record of shares names the block " + record.id().height());
            }
            records.add(record);
        }
        return records;
    }

    static byte[] identityKey(int generation) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(generation).array();
    }

    /** Height (8 bytes) ‖ length of the certificate (4 bytes) ‖ certificate ‖ endorsement. */
    static byte[] identityValue(ServiceIdentity identity) {
        byte[] certificate = der(identity.certificate());
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + certificate.length + identity.endorsement().length)
                .putLong(identity.height())
                .putInt(certificate.length)
                .put(certificate)
                .put(identity.endorsement())
                .array();
    }

    private static ServiceIdentity identity(byte[] key, byte[] value) throws MalformedException {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (key.length != Integer.BYTES || key[0] < 0 || value.length < Long.BYTES + Integer.BYTES || value[0] < 0) {
            throw new MalformedException("a service identity is malformed");
        }
        long height = in.getLong();
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new MalformedException("a service identity is cut off");
        }
        byte[] certificate = new byte[length];
        in.get(certificate);
        byte[] endorsement = new byte[in.remaining()];
        in.get(endorsement);
        try {
            return new ServiceIdentity(
                    ByteBuffer.wrap(key).getInt(), height, Certificates.fromDer(certificate), endorsement);
        } catch (CryptoException e) {
            throw new MalformedException("a service identity's certificate does not parse");
        }
    }

    /** Generation (4 bytes) ‖ height (8 bytes) ‖ endorsement (64 bytes) ‖ certificate. */
    static byte[] sealerValue(X509Certificate certificate, SealerEndorsement endorsement) {
        byte[] encoded = der(certificate);
        return ByteBuffer.allocate(SEALER_PREFIX_BYTES + encoded.length)
                .putInt(endorsement.generation())
                .putLong(endorsement.height())
                .put(endorsement.signature())
                .put(encoded)
                .array();
    }

    private static SealerChange.Admitted sealer(byte[] value) throws MalformedException {
        if (value.length < SEALER_PREFIX_BYTES) {
            throw new MalformedException("a sealer is cut off");
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        int generation = in.getInt();
        long height = in.getLong();
        byte[] signature = new byte[P256.SIGNATURE_BYTES];
        in.get(signature);
        byte[] certificate = new byte[in.remaining()];
        in.get(certificate);
        try {
            return new SealerChange.Admitted(
                    Certificates.fromDer(certificate), new SealerEndorsement(generation, height, signature));
        } catch (CryptoException e) {
            throw new MalformedException("a sealer's certificate does not parse");
        }
    }

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate without an encoding", e);
        }
    }

    @Override
    public PublicFacts read(long height, byte[] publicWrites) throws MalformedException {
        Collector facts = new Collector(height);
        try {
            WriteSet.parsePart(publicWrites, ALL).forEach(facts::visit);
        } catch (MalformedWriteSetException e) {
            throw new MalformedException("the public write set is malformed");
        }
        if (facts.trouble != null) {
            throw new MalformedException(facts.trouble);
        }
        if (facts.shares && !facts.bringsEpoch) {
            throw new MalformedException("a block deals shares without bringing an epoch");
        }
        return new PublicFacts(facts.document, facts.sealers(), facts.bringsEpoch, facts.identity);
    }

    private static final class Collector {
        private final long height;
        private final List<SealerChange> sealers = new ArrayList<>();
        private byte @Nullable [] document;
        private long foundedHeight;
        private boolean bringsEpoch;
        private boolean shares;
        private @Nullable ServiceIdentity identity;
        private @Nullable String trouble;

        Collector(long height) {
            this.height = height;
        }

        void visit(MapSpec map, byte[] key, byte @Nullable [] value) {
            if (map == GENESIS) {
                genesis(key, value);
            } else if (map == IDENTITIES) {
                identify(key, value);
            } else if (map == SEALERS) {
                changeSealer(key, value);
            } else if (map == EPOCHS && value != null) {
                bringEpoch(key);
            } else if (map == SHARES && value != null) {
                share(key, value);
            } else if (map == SNAPSHOTS && value != null) {
                snapshot(key, value);
            }
        }

        private void genesis(byte[] key, byte @Nullable [] value) {
            if (height != 0) {
                trouble = "only genesis says what the network is founded on";
            } else if (!Arrays.equals(key, FOUNDED)) {
                document = value;
            } else if (value == null || value.length != Long.BYTES || value[0] < 0) {
                trouble = "the height up to which the network was founded is malformed";
            } else {
                foundedHeight = ByteBuffer.wrap(value).getLong();
            }
        }

        private void identify(byte[] key, byte @Nullable [] value) {
            if (value == null || identity != null) {
                trouble = "a block brings at most one service identity, and none is ever removed";
                return;
            }
            try {
                identity = identity(key, value);
                if (identity.height() != height) {
                    trouble = "a service identity names the height " + identity.height();
                }
            } catch (MalformedException e) {
                trouble = e.getMessage();
            }
        }

        private void bringEpoch(byte[] key) {
            if (key.length < Long.BYTES || ByteBuffer.wrap(key).getLong() != height) {
                trouble = "a block brings the epoch that is named by its height, and no other";
            }
            bringsEpoch = true;
        }

        private void share(byte[] key, byte[] value) {
            shares = true;
            try {
                if (EpochShares.decode(key, value).id().height() != height) {
                    trouble = "a block brings the shares of another block's epoch";
                }
            } catch (MalformedException e) {
                trouble = e.getMessage();
            }
        }

        private void snapshot(byte[] key, byte[] value) {
            boolean isAnnounced = value.length == 0;
            if (key.length != Long.BYTES
                    || (!isAnnounced && value.length != 32)
                    || ByteBuffer.wrap(key).getLong() < 0
                    || ByteBuffer.wrap(key).getLong() > height
                    || isAnnounced != (ByteBuffer.wrap(key).getLong() == height)) {
                trouble = "a block announces a snapshot of itself, or holds the root of an earlier one";
            }
        }

        /** Genesis is sealed by the service itself, which seals nothing after what the network was founded with. */
        private List<SealerChange> sealers() {
            if (height == 0 && identity != null) {
                sealers.add(new SealerChange.Admitted(identity.certificate()));
                sealers.add(new SealerChange.Removed(SealerChange.digest(identity.certificate()), foundedHeight));
            }
            return sealers;
        }

        private void changeSealer(byte[] digest, byte @Nullable [] value) {
            if (digest.length != 32) {
                trouble = "a sealer is named by something else than a digest";
                return;
            }
            if (value == null) {
                sealers.add(new SealerChange.Removed(digest, height));
                return;
            }
            try {
                SealerChange.Admitted admitted = sealer(value);
                if (!Arrays.equals(digest, SealerChange.digest(admitted.certificate()))) {
                    trouble = "a sealer is named by the digest of another certificate";
                }
                sealers.add(admitted);
            } catch (MalformedException e) {
                trouble = e.getMessage();
            }
        }
    }
}
