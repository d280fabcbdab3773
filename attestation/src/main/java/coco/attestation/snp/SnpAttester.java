package coco.attestation.snp;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.attestation.Attester;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.ReportData;
import coco.attestation.tsm.ConfigfsTsm;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Makes evidence in a guest of AMD SEV-SNP. */
public final class SnpAttester implements Attester {
    private final Function<byte[], SnpDocument> reports;
    private final byte[] measurement;

    private SnpAttester(Function<byte[], SnpDocument> reports) {
        this.reports = reports;
        // The measurement is in every report, whatever it binds.
        this.measurement =
                SnpReport.of(ask(new byte[ReportData.BYTES]).report()).measurement();
    }

    /**
     * Makes evidence by Linux's configfs-tsm, the newer interface; the host's certificates come along.
     *
     * @throws AttestationException with the code PLATFORM, if this is no such guest
     */
    public static SnpAttester of(ConfigfsTsm tsm) {
        return new SnpAttester(reportData -> ofTsm(tsm.report(reportData)));
    }

    /**
     * Makes evidence by Linux's /dev/sev-guest, the older interface.
     *
     * @throws AttestationException with the code PLATFORM, if this is no such guest
     */
    public static SnpAttester of(SevGuestDevice device) {
        return new SnpAttester(reportData -> new SnpDocument(device.report(reportData), List.of()));
    }

    private static SnpDocument ofTsm(ConfigfsTsm.Report report) {
        int table = SnpDocument.isZero(report.auxblob(), 0) ? 0 : report.auxblob().length;
        byte[] whole = Arrays.copyOf(report.outblob(), report.outblob().length + table);
        System.arraycopy(report.auxblob(), 0, whole, report.outblob().length, table);
        SnpDocument document = SnpDocument.read(whole);
        if (document == null || report.outblob().length != SnpReport.BYTES) {
            throw new AttestationException(
                    Code.PLATFORM,
                    "the driver " + report.provider() + " gave " + report.outblob().length + " bytes of report and "
                            + report.auxblob().length + " of certificates",
                    null);
        }
        return document;
    }

    @Override
    public Platform platform() {
        return Platform.SEV_SNP;
    }

    @Override
    public byte[] measurement() {
        return measurement.clone();
    }

    @Override
    public Evidence attest(byte[] reportData64) {
        ReportData.requireLength(reportData64);
        return new Evidence(Platform.SEV_SNP, ask(reportData64).encode());
    }

    private SnpDocument ask(byte[] reportData64) {
        SnpDocument document = reports.apply(reportData64);
        SnpReport report = SnpReport.of(document.report());
        String problem = report.problem();
        if (problem != null || !Arrays.equals(report.reportData(), reportData64)) {
            throw new AttestationException(
                    Code.PLATFORM,
                    "the processor gave a report with " + (problem == null ? "other report data" : problem),
                    null);
        }
        return document;
    }
}
