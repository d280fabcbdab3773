package coco.attestation.tdx;

import static coco.attestation.intel.IntelSamples.QVL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import coco.attestation.Platform;
import coco.attestation.intel.IntelSamples;
import coco.attestation.tsm.ConfigfsTsm.Report;
import coco.crypto.Hex;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A kernel that answers with a recorded quote, whatever report data it is given. */
final class TdxAttesterTest {
    private static final int REPORT_DATA_OFFSET = 48 + 520;

    @Test
    void shouldHandOutTheQuoteOverTheReportData() {
        byte[] quote = IntelSamples.bytes(QVL + "tdx_quote");
        TdxAttester attester = new TdxAttester(_ -> new Report("tdx_guest", quote, new byte[0]));
        assertThat(attester.platform()).isEqualTo(Platform.TDX);
        assertThat(Hex.encode(attester.measurement())).startsWith("91eb2b44d141d4ec");
        byte[] reportData = Arrays.copyOfRange(quote, REPORT_DATA_OFFSET, REPORT_DATA_OFFSET + 64);
        assertThat(attester.attest(reportData).document()).isEqualTo(quote);
        assertThatThrownBy(() -> attester.attest(new byte[64]))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("other report data");
        assertThatThrownBy(() -> attester.attest(new byte[65])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseAnotherProviderAndWhatIsNoQuote() {
        byte[] sgx = IntelSamples.bytes(QVL + "sgx_quote");
        assertThatThrownBy(() -> new TdxAttester(_ -> new Report("sev_guest", sgx, new byte[0])))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("sev_guest");
        assertThatThrownBy(() -> new TdxAttester(_ -> new Report("tdx_guest", sgx, new byte[0])))
                .hasMessageContaining("no trust domain");
        assertThatThrownBy(() -> new TdxAttester(_ -> new Report("tdx_guest", new byte[9], new byte[0])))
                .hasMessageContaining("no quote");
    }
}
