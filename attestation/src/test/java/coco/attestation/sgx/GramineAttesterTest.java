package coco.attestation.sgx;

import static coco.attestation.intel.IntelSamples.QVL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.intel.IntelSamples;
import coco.crypto.Hex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of plain files stands for Gramine's: its quote is always the same, whatever report data it is given. */
final class GramineAttesterTest {
    private static final byte[] REPORT_DATA = Arrays.copyOf("Hello, world!".getBytes(US_ASCII), 64);

    @TempDir
    private Path folder;

    @Test
    void shouldHandOutTheQuoteOverTheReportData() throws IOException {
        gramine("dcap\n", IntelSamples.bytes(QVL + "sgx_quote"));
        GramineAttester attester = new GramineAttester(folder);
        assertThat(attester.platform()).isEqualTo(Platform.SGX);
        assertThat(Hex.encode(attester.measurement())).startsWith("33d8736db756ed49");
        Evidence evidence = attester.attest(REPORT_DATA);
        assertThat(evidence.document()).isEqualTo(IntelSamples.bytes(QVL + "sgx_quote"));
        assertThat(Files.readAllBytes(folder.resolve("user_report_data"))).isEqualTo(REPORT_DATA);
    }

    @Test
    void shouldRefuseAQuoteOverOtherReportData() throws IOException {
        gramine("dcap", IntelSamples.bytes(QVL + "sgx_quote"));
        GramineAttester attester = new GramineAttester(folder);
        assertPlatformFault(() -> attester.attest(new byte[64]), "other report data");
        assertThatThrownBy(() -> attester.attest(new byte[63])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayWhatToDoWhenGramineHasNoQuotes() throws IOException {
        gramine("none", new byte[0]);
        assertPlatformFault(() -> new GramineAttester(folder), "sgx.remote_attestation");
    }

    @Test
    void shouldRefuseWhatIsNoQuoteOfAnEnclave() throws IOException {
        gramine("dcap", new byte[100]);
        assertPlatformFault(() -> new GramineAttester(folder), "no quote");
        gramine("dcap", IntelSamples.bytes(QVL + "tdx_quote"));
        assertPlatformFault(() -> new GramineAttester(folder), "no enclave");
        gramine("dcap", new byte[70_000]);
        assertPlatformFault(() -> new GramineAttester(folder), "more than");
    }

    @Test
    void shouldSayThatThereIsNoGramineWhenTheFolderIsMissing() {
        assertPlatformFault(() -> new GramineAttester(folder.resolve("nowhere")), "cannot be read");
    }

    private static void assertPlatformFault(ThrowingCallable call, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AttestationException.class,
                        e -> assertThat(e.code()).isEqualTo(AttestationException.Code.PLATFORM))
                .hasMessageContaining(words);
    }

    private void gramine(String type, byte[] quote) throws IOException {
        Files.writeString(folder.resolve("attestation_type"), type);
        Files.write(folder.resolve("user_report_data"), new byte[64]);
        Files.write(folder.resolve("quote"), quote);
    }
}
