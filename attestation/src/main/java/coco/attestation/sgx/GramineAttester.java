package coco.attestation.sgx;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.attestation.AttestationLimits;
import coco.attestation.Attester;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.ReportData;
import coco.attestation.intel.EnclaveReport;
import coco.attestation.intel.MalformedException;
import coco.attestation.intel.Quote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Makes evidence of an SGX enclave under Gramine, through its pseudo-files (Gramine documentation, "Attestation and
 * Secret Provisioning", section "Low-level /dev/attestation interface"): write 64 bytes to {@code user_report_data},
 * read {@code quote}; {@code attestation_type} says whether quotes are to be had, and has to be {@code dcap}.
 *
 * <p>The two steps share one pseudo-file, so one attester serves a process, and makes one quote at a time.
 */
public final class GramineAttester implements Attester {
    /** Where Gramine puts the pseudo-files. */
    public static final Path FOLDER = Path.of("/dev/attestation");

    private static final String DCAP = "dcap";
    private static final int TYPE_BYTES_MAX = 64;

    private final Path folder;
    private final byte[] measurement;

    /**
     * Asks for a first quote, to learn the measurement.
     *
     * @param folder {@link #FOLDER}, or one like it
     * @throws AttestationException with the code PLATFORM, if this is no enclave that can be quoted
     */
    public GramineAttester(Path folder) {
        this.folder = folder;
        String type = new String(read("attestation_type", TYPE_BYTES_MAX), US_ASCII).strip();
        if (!type.equals(DCAP)) {
            throw new AttestationException(
                    Code.PLATFORM,
                    "Gramine has no quotes here: set sgx.remote_attestation = \"dcap\" in the manifest",
                    null);
        }
        this.measurement = report(quote(new byte[ReportData.BYTES])).mrEnclave();
    }

    @Override
    public Platform platform() {
        return Platform.SGX;
    }

    @Override
    public byte[] measurement() {
        return measurement.clone();
    }

    @Override
    public Evidence attest(byte[] reportData64) {
        ReportData.requireLength(reportData64);
        byte[] quote = quote(reportData64);
        if (!Arrays.equals(report(quote).reportData(), reportData64)) {
            throw new AttestationException(Code.PLATFORM, "Gramine quoted other report data than it was given", null);
        }
        return new Evidence(Platform.SGX, quote);
    }

    private synchronized byte[] quote(byte[] reportData64) {
        try {
            Files.write(folder.resolve("user_report_data"), reportData64, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new AttestationException(Code.PLATFORM, "Gramine takes no report data: " + e.getMessage(), e);
        }
        // Two bytes stand before the quote in encoded evidence.
        return read("quote", AttestationLimits.DEFAULT.evidenceBytesMax() - 2);
    }

    private static EnclaveReport report(byte[] quote) {
        try {
            if (Quote.parse(quote).body() instanceof EnclaveReport report) {
                return report;
            }
        } catch (MalformedException e) {
            throw new AttestationException(Code.PLATFORM, "Gramine gave no quote: " + e.getMessage(), e);
        }
        throw new AttestationException(Code.PLATFORM, "Gramine gave a quote about no enclave", null);
    }

    private byte[] read(String name, int bytesMax) {
        Path file = folder.resolve(name);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length <= bytesMax) {
                return bytes;
            }
        } catch (IOException e) {
            throw new AttestationException(Code.PLATFORM, file + " cannot be read: " + e.getMessage(), e);
        }
        throw new AttestationException(Code.PLATFORM, file + " has more than " + bytesMax + " bytes", null);
    }
}
