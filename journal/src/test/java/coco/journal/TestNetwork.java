package coco.journal;

import coco.crypto.Certificates;
import coco.crypto.P256;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A service with one node: keys, a sealer, an opener, and blocks from a seed. */
final class TestNetwork {
    static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant TO = Instant.parse("2036-01-01T00:00:00Z");
    static final long GENESIS_MILLIS = 1_800_000_000_000L;
    static final byte[] GENESIS_DOCUMENT = "{\"chainId\":1337}".getBytes(StandardCharsets.UTF_8);
    static final JournalLimits LIMITS = JournalLimits.DEFAULT;

    final KeyPair serviceKeys = P256.generate(new SecureRandom());
    final KeyPair nodeKeys = P256.generate(new SecureRandom());
    final X509Certificate service = Certificates.selfSigned("service", serviceKeys, FROM, TO, new SecureRandom());
    final X509Certificate node = Certificates.issue(
            service,
            serviceKeys.getPrivate(),
            "node-1",
            nodeKeys.getPublic(),
            List.of("localhost"),
            FROM,
            TO,
            new SecureRandom());
    final byte[] serviceId = ServiceId.of(GENESIS_DOCUMENT, serviceKeys.getPublic());
    final EpochSecrets epoch = new EpochSecrets(serviceId, 0, fill(1));
    final EvidenceKey evidenceKey = new EvidenceKey(serviceId, fill(2));
    final SealingKeys keys = new SealingKeys(epoch, 0, evidenceKey);
    final SealerDirectory.Tracked directory = new SealerDirectory.Tracked();
    final Random random;

    TestNetwork(long seed) {
        this.random = new Random(seed);
        directory.apply(0, List.of(new SealerChange.Admitted(node)));
    }

    static byte[] fill(int value) {
        byte[] out = new byte[32];
        Arrays.fill(out, (byte) value);
        return out;
    }

    BlockSealer sealer() {
        return new BlockSealer(
                new SealerIdentity(serviceId, SealerChange.digest(node), nodeKeys.getPrivate()), random, LIMITS);
    }

    OpenerKeys keys() {
        return new OpenerKeys() {
            @Override
            public @Nullable SealRoot sealRoot(long id) {
                return id == epoch.epoch() ? epoch.sealRoot() : null;
            }

            @Override
            public @Nullable EvidenceKey evidenceKey(int generation) {
                return generation == 0 ? evidenceKey : null;
            }
        };
    }

    BlockOpener opener() {
        return new BlockOpener(serviceId, keys(), directory, LIMITS);
    }

    byte[] bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }

    BlockContent content(long millis, int entries, int size) {
        List<Entry> list = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            list.add(new Entry(bytes(32), bytes(32), bytes(size), bytes(size / 2)));
        }
        return new BlockContent(millis, List.of(new Section("ethereum", list, bytes(size), bytes(size))));
    }

    /**
     * What the public part of a test block is: the genesis document and the node certificate at genesis, else nothing.
     */
    byte[] publicWrites(long height) {
        return height == 0
                ? (new String(GENESIS_DOCUMENT, StandardCharsets.UTF_8) + "\n" + Certificates.toPem(node))
                        .getBytes(StandardCharsets.UTF_8)
                : new byte[0];
    }

    /** A directory that takes everything for sealed with this key, under the first epoch and generation. */
    static SealerDirectory sealedBy(@Nullable PublicKey key) {
        return new SealerDirectory() {
            @Override
            public @Nullable PublicKey publicKey(byte[] certificateDigest, long height) {
                return key;
            }

            @Override
            public long epochAt(long height) {
                return 0;
            }

            @Override
            public int generationAt(long height) {
                return 0;
            }
        };
    }

    static PublicWritesReader.PublicFacts facts(long height, byte[] publicWrites) throws MalformedException {
        if (height != 0) {
            return PublicWritesReader.PublicFacts.NONE;
        }
        String text = new String(publicWrites, StandardCharsets.UTF_8);
        int line = text.indexOf('\n');
        try {
            return new PublicWritesReader.PublicFacts(
                    text.substring(0, line).getBytes(StandardCharsets.UTF_8),
                    List.of(new SealerChange.Admitted(Certificates.fromPem(text.substring(line + 1)))));
        } catch (RuntimeException e) {
            throw new MalformedException("no certificate in genesis");
        }
    }

    /** Entries from genesis on, each with some transactions. */
    List<JournalEntry> chain(int blocks, int entries, int size) {
        BlockSealer sealer = sealer();
        BlockOpener opener = opener();
        List<JournalEntry> out = new ArrayList<>();
        ChainHead head = ChainHead.NONE;
        for (int height = 0; height < blocks; height++) {
            BlockContent content = content(GENESIS_MILLIS + 40L * height, entries, size);
            SealedBlock block = sealer.seal(head, 3, keys, content, publicWrites(height));
            byte[] nonce = opener.evidenceNonce(block);
            if (nonce == null) {
                throw new IllegalStateException("the test network has the evidence key");
            }
            out.add(new JournalEntry(3, 100 + height, nonce, block));
            head = head.next(block);
        }
        return out;
    }
}
