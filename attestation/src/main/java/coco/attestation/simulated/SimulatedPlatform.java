package coco.attestation.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.Attester;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.ReportData;
import coco.attestation.Sealing;
import coco.crypto.P256;
import coco.crypto.Sha256;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;

/** This machine as a platform: attester and sealing from one secret. */
public final class SimulatedPlatform {
    /** What a node prints at start, and shows where it shows its platform. */
    public static final String BANNER = """
            ****************************************************************
            *  SIMULATED TRUSTED EXECUTION ENVIRONMENT                     *
            *  Nothing protects this node's memory, keys or data from its  *
            *  host. For development and tests; never for real secrets.    *
            ****************************************************************
            """;

    /** Bytes of the machine's secret. */
    public static final int SECRET_BYTES = 32;

    private static final byte[] EVIDENCE_KEY = "coco/simulated/evidence-key/1".getBytes(US_ASCII);

    private final SimulatedAttester attester;
    private final SimulatedSealing sealing;

    /**
     * Makes a platform of a secret that is not in a file, for tests and for clusters in one process.
     *
     * @param secret32 32 bytes
     * @param measurement32 see {@link ClassPathMeasurement}
     * @param random gives the initialisation vectors of sealing
     */
    public SimulatedPlatform(byte[] secret32, byte[] measurement32, SecureRandom random) {
        if (secret32.length != SECRET_BYTES) {
            throw new IllegalArgumentException("the secret must have 32 bytes, not " + secret32.length);
        }
        if (measurement32.length != Sha256.DIGEST_BYTES) {
            throw new IllegalArgumentException("the measurement must have 32 bytes, not " + measurement32.length);
        }
        this.attester = new SimulatedAttester(P256.derive(secret32, EVIDENCE_KEY), measurement32.clone());
        this.sealing = new SimulatedSealing(secret32, random);
    }

    /**
     * Makes a platform of the secret in a file, which is created if missing.
     *
     * @param keyFile outside {@code dataFolder}, readable by its owner only
     * @param dataFolder the node's data folder
     * @throws coco.attestation.AttestationException if the file is exposed, malformed or cannot be read or made
     */
    public static SimulatedPlatform open(Path keyFile, Path dataFolder, byte[] measurement32, SecureRandom random) {
        return new SimulatedPlatform(SecretFile.loadOrCreate(keyFile, dataFolder, random), measurement32, random);
    }

    /** Returns what makes evidence here. */
    public Attester attester() {
        return attester;
    }

    /** Returns what seals secrets here. */
    public Sealing sealing() {
        return sealing;
    }

    /** Returns the verifier, which needs neither clock nor collateral. */
    public static EvidenceVerifier verifier() {
        return SimulatedEvidence::verify;
    }

    private record SimulatedAttester(KeyPair keys, byte[] measurement32) implements Attester {
        @Override
        public Platform platform() {
            return Platform.SIMULATED;
        }

        @Override
        public byte[] measurement() {
            return measurement32.clone();
        }

        @Override
        public Evidence attest(byte[] reportData64) {
            ReportData.requireLength(reportData64);
            return SimulatedEvidence.make(keys, measurement32, reportData64);
        }
    }
}
