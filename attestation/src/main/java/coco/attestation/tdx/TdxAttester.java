package coco.attestation.tdx;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.attestation.Attester;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.ReportData;
import coco.attestation.intel.MalformedException;
import coco.attestation.intel.Quote;
import coco.attestation.intel.TdReport;
import coco.attestation.tsm.ConfigfsTsm;
import coco.attestation.tsm.ConfigfsTsm.Report;
import java.util.Arrays;
import java.util.function.Function;

/** Makes evidence of a trust domain, by the kernel's configfs-tsm, whose outblob is the quote. */
public final class TdxAttester implements Attester {
    private static final String PROVIDER = "tdx_guest";

    private final Function<byte[], Report> source;
    private final byte[] measurement;

    /**
     * Asks for a first quote, to learn the measurement.
     *
     * @throws AttestationException with the code PLATFORM, if this is no trust domain that can be quoted
     */
    public TdxAttester(ConfigfsTsm tsm) {
        this(tsm::report);
    }

    TdxAttester(Function<byte[], Report> source) {
        this.source = source;
        this.measurement = report(quote(new byte[ReportData.BYTES])).mrTd();
    }

    @Override
    public Platform platform() {
        return Platform.TDX;
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
            throw new AttestationException(Code.PLATFORM, "the quote is over other report data than was given", null);
        }
        return new Evidence(Platform.TDX, quote);
    }

    private byte[] quote(byte[] reportData64) {
        Report report = source.apply(reportData64.clone());
        if (!report.provider().equals(PROVIDER)) {
            throw new AttestationException(
                    Code.PLATFORM, "configfs-tsm serves " + report.provider() + " here, not " + PROVIDER, null);
        }
        return report.outblob();
    }

    private static TdReport report(byte[] quote) {
        try {
            if (Quote.parse(quote).body() instanceof TdReport report) {
                return report;
            }
        } catch (MalformedException e) {
            throw new AttestationException(Code.PLATFORM, "the kernel gave no quote: " + e.getMessage(), e);
        }
        throw new AttestationException(Code.PLATFORM, "the kernel gave a quote about no trust domain", null);
    }
}
