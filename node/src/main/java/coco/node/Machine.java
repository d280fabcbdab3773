package coco.node;

import coco.attestation.AttestationException;
import coco.attestation.Attester;
import coco.attestation.Collateral;
import coco.attestation.CollateralFolder;
import coco.attestation.CollateralSource;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.Sealing;
import coco.attestation.platforms.Devices;
import coco.attestation.platforms.EvidenceVerifiers;
import coco.attestation.simulated.ClassPathMeasurement;
import coco.attestation.simulated.SimulatedPlatform;
import coco.crypto.Hex;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node takes from the machine that it runs on. Tests put devices and makers of their own in its place: nothing
 * that is configured can.
 *
 * @param devices where evidence comes from
 * @param verifiers trust the makers' roots
 * @param owner has the entry of a node on hardware signed
 */
record Machine(InstantSource clock, SecureRandom random, Devices devices, Verifiers verifiers, OwnerSignature owner) {
    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);
    private static final int REQUEST_NAME_BYTES = 8;

    /** Makes the verifier of all platforms. */
    @FunctionalInterface
    interface Verifiers {
        EvidenceVerifier over(InstantSource clock, CollateralSource collateral);
    }

    /** This machine. */
    static Machine here(InstantSource clock, SecureRandom random) {
        Devices.Helpers helpers = new Devices.Helpers(
                () -> requestName(random),
                new AzureMetadata(AzureMetadata.SERVICE, AzureMetadata.PATIENCE)::quote,
                () -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1)));
        return new Machine(
                clock,
                random,
                Devices.ofLinux(Path.of("/"), helpers),
                EvidenceVerifiers::new,
                new OwnerSignature.ByFile());
    }

    private static String requestName(SecureRandom random) {
        byte[] name = new byte[REQUEST_NAME_BYTES];
        random.nextBytes(name);
        return "coco-" + Hex.encode(name);
    }

    /** The platform that the configuration names. */
    static Platform platformOf(Configuration configuration) {
        return Objects.requireNonNull(Platform.ofLabel(configuration.get(Keys.ATTESTATION_PLATFORM)));
    }

    /**
     * Opens the platform that the configuration names.
     *
     * @throws NodeException if this machine is none of that kind, or the collateral cannot be read
     */
    NodePlatform open(Configuration configuration) {
        Platform kind = platformOf(configuration);
        if (kind == Platform.SIMULATED) {
            SimulatedPlatform simulated = simulated(configuration);
            return new NodePlatform(
                    kind,
                    simulated.attester(),
                    simulated.sealing(),
                    verifiers.over(clock, () -> Collateral.EMPTY),
                    () -> {});
        }
        try {
            Attester attester = devices.open(kind);
            Path folder = configuration.get(Keys.ATTESTATION_COLLATERAL);
            if (folder.equals(Keys.NO_PATH)) {
                LOG.warn("attestation.collateral names no folder: the evidence of other nodes will be incomplete");
                return new NodePlatform(
                        kind, attester, ofThisProcess(), verifiers.over(clock, () -> Collateral.EMPTY), () -> {});
            }
            CollateralFolder collateral = new CollateralFolder(folder);
            return new NodePlatform(
                    kind, attester, ofThisProcess(), verifiers.over(clock, collateral), () -> reload(collateral));
        } catch (AttestationException failed) {
            throw new NodeException("attestation.platform: " + kind.label() + ": " + failed.getMessage(), failed);
        }
    }

    private SimulatedPlatform simulated(Configuration configuration) {
        return SimulatedPlatform.open(
                configuration.get(Keys.NODE_SEALING_KEY_FILE),
                configuration.get(Keys.NODE_DATA_DIRECTORY),
                ClassPathMeasurement.of(ClassPathMeasurement.entries(System.getProperty("java.class.path", ""))),
                random);
    }

    /** The cipher of the simulated platform under a key that never leaves this process. */
    private Sealing ofThisProcess() {
        byte[] secret = new byte[SimulatedPlatform.SECRET_BYTES];
        random.nextBytes(secret);
        try {
            return new SimulatedPlatform(secret, new byte[32], random).sealing();
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static void reload(CollateralFolder collateral) {
        try {
            collateral.reload();
        } catch (AttestationException failed) {
            LOG.warn("attestation.collateral: what was read before goes on to count: {}", failed.getMessage());
        }
    }
}
