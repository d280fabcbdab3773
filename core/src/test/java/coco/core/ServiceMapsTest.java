package coco.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.MalformedException;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.SealerChange;
import coco.journal.SealerEndorsement;
import coco.journal.ServiceIdentity;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import coco.kv.Visibility;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the verifier and the nodes read out of a block's clear writes. */
final class ServiceMapsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MapSpec OTHER = new MapSpec("governance.any", Visibility.PUBLIC);

    private final X509Certificate service = certificate("service");
    private final X509Certificate node = certificate("node");
    private final byte[] nodeDigest = SealerChange.digest(node);

    private static X509Certificate certificate(String name) {
        KeyPair key = P256.generate(RANDOM);
        return Certificates.selfSigned(name, key, Instant.EPOCH, Instant.EPOCH.plusSeconds(9), RANDOM);
    }

    private static byte[] writes(Consumer<Transaction> writing) {
        List<MapSpec> maps = new ArrayList<>(ServiceMaps.ALL);
        maps.add(OTHER);
        Transaction transaction = new Transaction(new Store(maps, StoreLimits.DEFAULT).head());
        writing.accept(transaction);
        return transaction.writes().serialise();
    }

    private static PublicFacts read(long height, byte[] writes) throws MalformedException {
        return new ServiceMaps().read(height, writes);
    }

    private static void assertMalformed(long height, String words, Consumer<Transaction> writing) {
        assertThatThrownBy(() -> read(height, writes(writing)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(words);
    }

    private byte[] sealerValue() {
        return ServiceMaps.sealerValue(node, new SealerEndorsement(1, 9, new byte[64]));
    }

    private byte[] identity(int generation, long height) {
        return ServiceMaps.identityValue(new ServiceIdentity(generation, height, service, new byte[64]));
    }

    @Test
    void shouldReadWhatAnAdministrativeBlockChanges() throws MalformedException {
        byte[] gone = new byte[32];
        PublicFacts facts = read(9, writes(all -> {
            all.put(OTHER, new byte[] {1}, new byte[] {2});
            all.put(ServiceMaps.SEALERS, nodeDigest, sealerValue());
            all.remove(ServiceMaps.SEALERS, gone);
            all.remove(ServiceMaps.EPOCHS, Wraps.key(4, "node-1"));
            all.put(ServiceMaps.EPOCHS, Wraps.key(9, "node-1"), new byte[40]);
            all.put(ServiceMaps.IDENTITIES, ServiceMaps.identityKey(2), identity(2, 9));
        }));
        assertThat(facts.bringsEpoch()).isTrue();
        assertThat(facts.genesisDocument()).isNull();
        assertThat(facts.identity()).isNotNull().satisfies(identity -> {
            assertThat(identity.generation()).isEqualTo(2);
            assertThat(identity.height()).isEqualTo(9);
            assertThat(identity.certificate()).isEqualTo(service);
            assertThat(identity.endorsement()).hasSize(64);
        });
        assertThat(facts.sealers())
                .hasSize(2)
                .anyMatch(change -> change instanceof SealerChange.Removed(byte[] digest, long last)
                        && last == 9
                        && ByteBuffer.wrap(digest).equals(ByteBuffer.wrap(gone)))
                .anyMatch(
                        change -> change instanceof SealerChange.Admitted(X509Certificate certificate, var endorsement)
                                && certificate.equals(node)
                                && endorsement != null
                                && endorsement.height() == 9);
    }

    @Test
    void shouldFindNothingInWhatIsNotTheServices() throws MalformedException {
        PublicFacts facts = read(3, writes(all -> all.put(OTHER, new byte[] {1}, new byte[0])));
        assertThat(facts.bringsEpoch()).isFalse();
        assertThat(facts.identity()).isNull();
        assertThat(facts.sealers()).isEmpty();
    }

    @Test
    void shouldRefuseWhatNoLeaderWrites() {
        assertMalformed(
                9, "named by its height", all -> all.put(ServiceMaps.EPOCHS, Wraps.key(8, "node-1"), new byte[40]));
        assertMalformed(9, "named by its height", all -> all.put(ServiceMaps.EPOCHS, new byte[3], new byte[40]));
        assertMalformed(9, "digest of another", all -> all.put(ServiceMaps.SEALERS, new byte[32], sealerValue()));
        assertMalformed(
                9, "something else than a digest", all -> all.put(ServiceMaps.SEALERS, new byte[31], sealerValue()));
        assertMalformed(9, "does not parse", all -> all.put(ServiceMaps.SEALERS, nodeDigest, new byte[150]));
        assertMalformed(9, "cut off", all -> all.put(ServiceMaps.SEALERS, nodeDigest, new byte[75]));
        assertMalformed(
                9,
                "names the height 8",
                all -> all.put(ServiceMaps.IDENTITIES, ServiceMaps.identityKey(1), identity(1, 8)));
        assertMalformed(
                9, "none is ever removed", all -> all.remove(ServiceMaps.IDENTITIES, ServiceMaps.identityKey(1)));
        assertMalformed(9, "at most one service identity", all -> {
            all.put(ServiceMaps.IDENTITIES, ServiceMaps.identityKey(1), identity(1, 9));
            all.put(ServiceMaps.IDENTITIES, ServiceMaps.identityKey(2), identity(2, 9));
        });
        assertMalformed(9, "malformed", all -> all.put(ServiceMaps.IDENTITIES, new byte[5], identity(1, 9)));
        assertMalformed(9, "only genesis", all -> all.put(ServiceMaps.GENESIS, ServiceMaps.DOCUMENT, new byte[1]));
        assertMalformed(0, "founded", all -> all.put(ServiceMaps.GENESIS, ServiceMaps.FOUNDED, new byte[7]));
    }

    @Test
    void shouldOnlyEverSayThatItIsMalformed() {
        byte[] good = writes(all -> {
            all.put(ServiceMaps.SEALERS, nodeDigest, sealerValue());
            all.put(ServiceMaps.EPOCHS, Wraps.key(9, "node-1"), new byte[40]);
            all.put(ServiceMaps.IDENTITIES, ServiceMaps.identityKey(2), identity(2, 9));
        });
        Random random = new Random(77);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = good.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                read(9, bytes);
            } catch (MalformedException expected) {
                refused++;
            }
        }
        assertThat(refused).as("refused of 5000").isGreaterThan(1_000);
    }
}
