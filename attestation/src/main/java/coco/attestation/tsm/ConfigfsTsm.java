package coco.attestation.tsm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.attestation.AttestationLimits;
import coco.attestation.ReportData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports by Linux's configfs-tsm (Documentation/ABI/testing/configfs-tsm-report), which is the same for AMD's and
 * Intel's guests: each folder made below {@link #FOLDER} is a request with the files inblob (written), outblob,
 * auxblob, provider and generation (read). May be called from any thread.
 *
 * <p>The generation counts writes. When it is not the one that follows from our own, another process wrote to the same
 * request, and the report may bind its bytes instead of ours.
 */
public final class ConfigfsTsm {
    /** Where Linux has it. */
    public static final Path FOLDER = Path.of("/sys/kernel/config/tsm/report");

    /** Nobody else writes to a folder of ours on purpose, so a second conflict is already odd. */
    private static final int ATTEMPTS = 4;

    private final Path folder;
    private final TsmFiles files;
    private final Supplier<String> names;

    /**
     * What the kernel gave.
     *
     * @param provider the driver's name, such as sev_guest or tdx_guest
     * @param outblob the report or quote
     * @param auxblob the provider's certificates; empty where it has none
     */
    public record Report(String provider, byte[] outblob, byte[] auxblob) {}

    /**
     * Reads from a folder.
     *
     * @param folder {@link #FOLDER}
     * @param names gives each request a name that no other has
     */
    public ConfigfsTsm(Path folder, Supplier<String> names) {
        this(folder, TsmFiles.REAL, names);
    }

    ConfigfsTsm(Path folder, TsmFiles files, Supplier<String> names) {
        this.folder = folder;
        this.files = files;
        this.names = names;
    }

    /**
     * Asks for a report over 64 bytes.
     *
     * @throws IllegalArgumentException for another length
     * @throws AttestationException with the code PLATFORM, if the kernel refuses or is always interrupted
     */
    public Report report(byte[] reportData64) {
        ReportData.requireLength(reportData64);
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Report report = ask(folder.resolve(names.get()), reportData64);
                if (report != null) {
                    return report;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw new AttestationException(
                Code.PLATFORM,
                "no report from " + folder + " in " + ATTEMPTS + " attempts: "
                        + (last == null ? "another process writes to it" : last.toString()),
                last);
    }

    /** Returns null if another process wrote in between. */
    private @Nullable Report ask(Path request, byte[] reportData64) throws IOException {
        files.create(request);
        try {
            long before = number(request);
            files.write(request.resolve("inblob"), reportData64);
            byte[] outblob = read(request, "outblob");
            byte[] auxblob = files.exists(request.resolve("auxblob")) ? read(request, "auxblob") : new byte[0];
            String provider = text(request, "provider");
            return number(request) == before + 1 ? new Report(provider, outblob, auxblob) : null;
        } finally {
            files.remove(request);
        }
    }

    private long number(Path request) throws IOException {
        String digits = text(request, "generation");
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IOException("generation is \"" + digits + "\"", e);
        }
    }

    private String text(Path request, String name) throws IOException {
        return new String(read(request, name), US_ASCII).strip();
    }

    private byte[] read(Path request, String name) throws IOException {
        int max = AttestationLimits.DEFAULT.evidenceBytesMax();
        byte[] bytes = files.read(request.resolve(name), max + 1);
        if (bytes.length > max) {
            throw new IOException(name + " is longer than " + max + " bytes");
        }
        return bytes;
    }
}
