package coco.core;

import coco.journal.MalformedException;
import coco.journal.PublicWritesReader;
import coco.journal.SealerChange;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Visibility;
import coco.kv.WriteSet;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
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
 *   <li>{@link #SEALERS}: name of a sealer → its certificate (DER). Whoever verifies must know whose signatures count.
 *   <li>{@link #EPOCHS}: epoch id (8 bytes) ‖ node id → the epoch's secrets, encrypted to that node. A node must read
 *       them before it can decrypt anything.
 * </ul>
 */
public final class ServiceMaps implements PublicWritesReader {
    public static final MapSpec GENESIS = new MapSpec("service.genesis", Visibility.PUBLIC);
    public static final MapSpec SEALERS = new MapSpec("service.sealers", Visibility.PUBLIC);
    public static final MapSpec EPOCHS = new MapSpec("service.epochs", Visibility.PUBLIC);

    static final byte[] DOCUMENT = "document".getBytes(StandardCharsets.UTF_8);

    /** All of them. */
    public static final List<MapSpec> ALL = List.of(GENESIS, SEALERS, EPOCHS);

    /**
     * In {@link #GENESIS}: the height of the last block that the service identity seals, 8 bytes; where it is missing
     * that is genesis itself. Blocks up to there are the history that the network began with.
     */
    static final byte[] FOUNDED = "founded".getBytes(StandardCharsets.UTF_8);

    /** The service identity seals what the network is founded with, and nothing else. */
    static final String SERVICE_SEALER = "service";

    @Override
    @SuppressWarnings("NullAway") // a record's compact constructor loses the annotation of its parameter in class files
    public PublicFacts read(long height, byte[] publicWrites) throws MalformedException {
        Collector facts = new Collector(height);
        try {
            WriteSet.parse(publicWrites, ALL).forEach(facts::visit);
        } catch (MalformedWriteSetException e) {
            throw new MalformedException("the public write set is malformed");
        }
        if (facts.trouble != null) {
            throw new MalformedException(facts.trouble);
        }
        return new PublicFacts(facts.document, facts.sealers());
    }

    private static final class Collector {
        private final long height;
        private final List<SealerChange> sealers = new ArrayList<>();
        private byte @Nullable [] document;
        private long foundedHeight;
        private @Nullable X509Certificate service;
        private @Nullable String trouble;

        Collector(long height) {
            this.height = height;
        }

        void visit(MapSpec map, byte[] key, byte @Nullable [] value) {
            if (map == GENESIS && height == 0 && Arrays.equals(key, FOUNDED)) {
                found(value);
            } else if (map == GENESIS && height == 0) {
                document = value;
            } else if (map == SEALERS && value != null) {
                admit(key, value);
            }
        }

        private void found(byte @Nullable [] value) {
            if (value == null || value.length != Long.BYTES || value[0] < 0) {
                trouble = "the height up to which the network was founded is malformed";
            } else {
                foundedHeight = ByteBuffer.wrap(value).getLong();
            }
        }

        private List<SealerChange> sealers() {
            if (service != null) {
                sealers.add(new SealerChange.Removed(SealerChange.digest(service), height + foundedHeight));
            }
            return sealers;
        }

        private void admit(byte[] key, byte[] der) {
            try {
                X509Certificate certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
                sealers.add(new SealerChange.Admitted(certificate));
                if (new String(key, StandardCharsets.UTF_8).equals(SERVICE_SEALER)) {
                    service = certificate;
                }
            } catch (CertificateException e) {
                trouble = "a sealer's certificate does not parse";
            }
        }
    }
}
