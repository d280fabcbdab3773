package coco.attestation.platforms;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.attestation.Attester;
import coco.attestation.Platform;
import coco.attestation.azure.AzureAttester;
import coco.attestation.azure.TpmTransport;
import coco.attestation.sgx.GramineAttester;
import coco.attestation.snp.SevGuestDevice;
import coco.attestation.snp.SnpAttester;
import coco.attestation.tdx.TdxAttester;
import coco.attestation.tsm.ConfigfsTsm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Opens the device by which a platform gives evidence. */
@FunctionalInterface
public interface Devices {
    /**
     * Opens the device and asks it for a first report.
     *
     * @throws AttestationException with the code PLATFORM, naming what was looked for or what the device said
     * @throws IllegalArgumentException for the simulated platform, which has no device
     */
    Attester open(Platform platform);

    /**
     * What a Linux machine needs besides its files.
     *
     * @param requestNames gives each request of configfs-tsm a name that no other has
     * @param azureQuotes makes Intel's quote of a TDREPORT, as Azure's metadata service does
     * @param pause waits a second, until Azure's paravisor makes another report
     */
    record Helpers(Supplier<String> requestNames, UnaryOperator<byte[]> azureQuotes, Runnable pause) {}

    /**
     * The devices where Linux has them.
     *
     * @param root the file system's root; another one only where tests play the kernel
     */
    static Devices ofLinux(Path root, Helpers helpers) {
        return platform -> switch (platform) {
            case SEV_SNP -> snp(root, helpers);
            case TDX -> {
                Path tsm = below(root, ConfigfsTsm.FOLDER);
                require(platform, tsm);
                yield new TdxAttester(new ConfigfsTsm(tsm, helpers.requestNames()));
            }
            case SGX -> {
                Path gramine = below(root, GramineAttester.FOLDER);
                require(platform, gramine);
                yield new GramineAttester(gramine);
            }
            case AZURE_CVM -> {
                Path tpm = below(root, TpmTransport.DEVICE);
                require(platform, tpm);
                yield new AzureAttester(TpmTransport.of(tpm), helpers.azureQuotes(), helpers.pause());
            }
            case SIMULATED -> throw new IllegalArgumentException("the simulated platform has no device");
        };
    }

    private static Attester snp(Path root, Helpers helpers) {
        Path tsm = below(root, ConfigfsTsm.FOLDER);
        if (Files.exists(tsm)) {
            return SnpAttester.of(new ConfigfsTsm(tsm, helpers.requestNames()));
        }
        Path device = below(root, SevGuestDevice.DEVICE);
        require(Platform.SEV_SNP, tsm, device);
        return SnpAttester.of(new SevGuestDevice(device));
    }

    /** The last of these must exist; all are named if it does not. */
    private static void require(Platform platform, Path... tried) {
        if (!Files.exists(tried[tried.length - 1])) {
            StringBuilder words = new StringBuilder();
            for (Path path : tried) {
                words.append(words.isEmpty() ? "" : " nor ").append(path);
            }
            throw new AttestationException(
                    Code.PLATFORM,
                    "this machine is no guest of " + platform.label() + ": there is "
                            + (tried.length == 1 ? "no " : "neither ") + words,
                    null);
        }
    }

    private static Path below(Path root, Path absolute) {
        return root.resolve(Path.of("/").relativize(absolute));
    }
}
