package coco.attestation.azure;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.attestation.Attester;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.ReportData;
import coco.crypto.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes evidence in an Azure confidential VM, by its virtual TPM. One thread at a time; the others wait. */
public final class AzureAttester implements Attester {
    /** The paravisor's report; reading it makes a new one. */
    static final int REPORT_INDEX = 0x0140_0001;

    /** The 64 bytes the next report binds. */
    static final int USER_DATA_INDEX = 0x0140_0002;

    /** The TPM's attestation key, made and certified by the paravisor. */
    static final int ATTESTATION_KEY = 0x8100_0003;

    /** The paravisor makes at most a report every few seconds, and shows the last one until then. */
    private static final int READS_MAX = 10;

    /** A register that is extended between reading and quoting makes both differ. */
    private static final int QUOTES_MAX = 4;

    private final Tpm tpm;
    private final UnaryOperator<byte[]> tdQuotes;
    private final Runnable pause;
    private final byte[] measurement;

    /**
     * Asks the TPM for a first report.
     *
     * @param tdQuotes makes Intel's quote of a TDREPORT (1,024 bytes), as Azure's metadata service does at
     *     http://169.254.169.254/acc/tdquote; never called on AMD's processors
     * @param pause waits a second, until the paravisor makes another report
     * @throws AttestationException with the code PLATFORM, if this is no such machine
     */
    public AzureAttester(TpmTransport transport, UnaryOperator<byte[]> tdQuotes, Runnable pause) {
        this.tpm = new Tpm(transport);
        this.tdQuotes = tdQuotes;
        this.pause = pause;
        this.measurement = report(null).measurement();
    }

    @Override
    public Platform platform() {
        return Platform.AZURE_CVM;
    }

    @Override
    public byte[] measurement() {
        return measurement.clone();
    }

    @Override
    public synchronized Evidence attest(byte[] reportData64) {
        ReportData.requireLength(reportData64);
        tpm.writeIndex(USER_DATA_INDEX, reportData64);
        HclReport report = report(reportData64);
        byte[] tdQuote = report.kind() == HclReport.Kind.TDX
                ? tdQuotes.apply(Arrays.copyOf(report.hardwareReport(), HclReport.TD_REPORT_BYTES))
                : null;
        AzureDocument document =
                new AzureDocument(report.bytes(), tdQuote, quote(Sha256.hash(reportData64)), List.of());
        return new Evidence(Platform.AZURE_CVM, document.encode());
    }

    /** Reads reports until one binds these bytes, or any if null. */
    private HclReport report(byte @Nullable [] userData) {
        for (int read = 0; read < READS_MAX; read++) {
            if (read > 0) {
                pause.run();
            }
            HclReport report = HclReport.read(tpm.readIndex(REPORT_INDEX));
            RuntimeData data = report == null ? null : RuntimeData.read(report.runtimeData());
            if (report == null || data == null) {
                throw new AttestationException(Code.PLATFORM, "the TPM's report is not a paravisor's", null);
            }
            if (userData == null || Arrays.equals(data.userData(), userData)) {
                return report;
            }
        }
        throw new AttestationException(
                Code.PLATFORM, "the paravisor made no report over the data given in " + READS_MAX + " s", null);
    }

    private AzureDocument.Quote quote(byte[] extraData) {
        for (int attempt = 0; attempt < QUOTES_MAX; attempt++) {
            AzureDocument.Quote quote = tpm.quote(ATTESTATION_KEY, extraData, tpm.registers());
            TpmQuote read = TpmQuote.read(quote.message());
            if (read != null
                    && Arrays.equals(read.extraData(), extraData)
                    && Arrays.equals(read.digestOf(quote.registers()), read.digest())) {
                return quote;
            }
        }
        throw new AttestationException(
                Code.PLATFORM, "the TPM gave no quote of its registers in " + QUOTES_MAX + " attempts", null);
    }
}
