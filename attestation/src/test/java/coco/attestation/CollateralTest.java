package coco.attestation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.Collateral.SignedDocument.Kind;
import coco.attestation.TestPki.Subject;
import coco.crypto.Hex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CollateralTest {
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2027-01-01T00:00:00Z");

    private final KeyPair keys = TestPki.p384();
    private final X509Certificate certificate = TestPki.certificate(
            new Subject("root", keys.getPublic(), 1, FROM, TO, true, Map.of()), "root", keys.getPrivate());
    private final X509CRL crl = TestPki.crl("root", keys.getPrivate(), FROM, TO, 5);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldRecogniseEveryFormOfCertificatesAndLists() throws GeneralSecurityException {
        byte[] der = certificate.getEncoded();
        byte[] list = crl.getEncoded();
        String pems = "notes before\n" + pem("CERTIFICATE", der) + "between\r\n" + pem("X509 CRL", list);
        String base64 = Base64.getEncoder().encodeToString(der);
        for (byte[] file : List.of(
                der,
                bytes(pems),
                bytes(Hex.encode(der)),
                bytes("0x" + Hex.encode(der) + "\n"),
                bytes(base64),
                bytes(Base64.getUrlEncoder().withoutPadding().encodeToString(der)),
                bytes("{\"vcekCert\":\"" + pem("CERTIFICATE", der).replace("\n", "\\n") + "\",\"tcbm\":\"00\"}"),
                bytes(Base64.getEncoder().encodeToString(bytes("{\"a\":[{\"b\":\"" + base64 + "\"}]}"))))) {
            Collateral read = Collateral.of(List.of(file));
            assertThat(read.certificates()).as(new String(file, ISO_8859_1)).containsExactly(certificate);
            assertThat(read.skipped()).isZero();
        }
        for (byte[] file : List.of(list, bytes(pems), bytes("{\"root_ca_crl\":\"" + Hex.encode(list) + "\"}"))) {
            assertThat(Collateral.of(List.of(file)).crls()).containsExactly(crl);
        }
    }

    @Test
    void shouldKeepTheSignedBytesOfStatementsAsTheyStand() {
        String body = "{ \"id\":\"TDX\", \"x\":{\"signature\":\"00\"},  \"ä\":[1, {}]}";
        String signature = "ab".repeat(64);
        Collateral whole = Collateral.of(List.of(
                ("{\"tcbInfo\":" + body + ",\"signature\":\"" + signature + "\"}").getBytes(UTF_8),
                ("{\"signature\":\"" + signature + "\", \"enclaveIdentity\" : " + body + " }").getBytes(UTF_8),
                "{\"tcb_info\":\"{\\\"a\\\":1}\",\"tcb_info_signature\":\"%s\"}"
                        .formatted(signature)
                        .getBytes(UTF_8)));
        assertThat(whole.documents()).hasSize(3);
        assertThat(whole.documents())
                .extracting(Collateral.SignedDocument::kind)
                .containsExactly(Kind.TCB_INFO, Kind.ENCLAVE_IDENTITY, Kind.TCB_INFO);
        assertThat(new String(whole.documents().get(0).body(), UTF_8)).isEqualTo(body);
        assertThat(new String(whole.documents().get(1).body(), UTF_8)).isEqualTo(body);
        assertThat(new String(whole.documents().get(2).body(), UTF_8)).isEqualTo("{\"a\":1}");
        assertThat(whole.documents().get(0).signature64()).isEqualTo(Hex.decode(signature));
        Collateral unsigned = Collateral.of(List.of(
                bytes("{\"tcbInfo\":{},\"signature\":\"abcd\"}"), bytes("{\"tcbInfo\":{}}"), bytes("{\"tcbInfo\":{}")));
        assertThat(unsigned.documents()).isEmpty();
        assertThat(unsigned.skipped()).isEqualTo(3);
    }

    @Test
    void shouldSkipAndCountWhatIsNothingKnown() throws GeneralSecurityException {
        byte[] large = new byte[AttestationLimits.DEFAULT.collateralFileBytesMax() + 1];
        System.arraycopy(certificate.getEncoded(), 0, large, 0, certificate.getEncoded().length);
        Collateral read = Collateral.of(List.of(
                new byte[0],
                bytes("hello"),
                bytes("{\"a\":1}"),
                bytes("[".repeat(100_000)),
                bytes("-----BEGIN CERTIFICATE-----"),
                bytes("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
                large));
        assertThat(read.isEmpty()).isTrue();
        assertThat(read.skipped()).isEqualTo(7);
    }

    @Test
    void shouldHoldEachOnceAndNoMoreThanAllowed() throws GeneralSecurityException {
        byte[] der = certificate.getEncoded();
        Collateral twice = Collateral.of(List.of(der, bytes(pem("CERTIFICATE", der))));
        assertThat(twice.certificates()).hasSize(1);
        assertThat(twice.merge(twice).certificates()).hasSize(1);
        assertThat(twice.merge(Collateral.of(List.of(crl.getEncoded()))).crls()).hasSize(1);
        List<byte[]> many = new ArrayList<>();
        String statement = "{\"tcb_info\":\"%d\",\"tcb_info_signature\":\"" + "ab".repeat(64) + "\"}";
        for (int i = 0; i < AttestationLimits.DEFAULT.collateralItemsMax() + 10; i++) {
            many.add(bytes(statement.formatted(i)));
        }
        Collateral bounded = Collateral.of(many);
        assertThat(bounded.documents()).hasSize(AttestationLimits.DEFAULT.collateralItemsMax());
        assertThat(bounded.skipped()).isEqualTo(10);
    }

    @Test
    void shouldReadFoldersWithinFoldersAndAgainWhenTold() throws IOException, GeneralSecurityException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.write(folder.resolve("a/b/cert.bin"), certificate.getEncoded());
        Files.writeString(folder.resolve("readme"), "hello");
        CollateralFolder source = new CollateralFolder(folder);
        assertThat(source.collateral().certificates()).containsExactly(certificate);
        assertThat(source.collateral().skipped()).isEqualTo(1);
        Files.write(folder.resolve("list"), crl.getEncoded());
        assertThat(source.collateral().crls()).isEmpty();
        source.reload();
        assertThat(source.collateral().crls()).containsExactly(crl);
        assertThatThrownBy(() -> Collateral.ofFolder(folder.resolve("missing")))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("missing");
    }

    @ParameterizedTest
    @CsvSource({
        "dcap-qvl/sample/sgx_quote_collateral.json,3,2,2",
        "dcap-qvl/sample/tdx_quote_collateral.json,3,2,2",
        "go-tdx-guest/testing/testdata/sample_tcbInfo_response,0,0,1",
        "go-tdx-guest/testing/testdata/pckcrl,0,1,0",
        "confidential-sidecar-containers/pkg/common/security-context-test/host-amd-cert-base64,3,0,0",
        "confidential-sidecar-containers/pkg/attest/test_data/uvm_host_amd_certificate.json,3,0,0",
        "go-sev-guest/verify/testdata/milan.testcer,2,0,0",
        "trustee/deps/verifier/test_data/CCEL_data_ovmf,0,0,0",
        "trustee/deps/verifier/test_data/cca-claims.json,0,0,0",
    })
    void shouldRecogniseTheFilesOfOtherProjects(String file, int certificates, int lists, int documents) {
        Collateral read = Collateral.of(List.of(Samples.read(file)));
        assertThat(List.of(
                        read.certificates().size(),
                        read.crls().size(),
                        read.documents().size()))
                .containsExactly(certificates, lists, documents);
    }

    @Test
    void shouldNeverThrowWhenInputIsNoise() throws GeneralSecurityException {
        Random random = new Random(3);
        List<byte[]> seeds = List.of(
                certificate.getEncoded(),
                crl.getEncoded(),
                bytes(pem("CERTIFICATE", certificate.getEncoded())),
                bytes("{\"tcbInfo\":{\"a\":[1,{\"b\":2}]},\"signature\":\"" + "ab".repeat(64) + "\"}"));
        for (int i = 0; i < 4000; i++) {
            byte[] mutated = seeds.get(i % seeds.size()).clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            Collateral read = Collateral.of(Collections.nCopies(2, mutated));
            assertThat(read.certificates().size()
                            + read.crls().size()
                            + read.documents().size())
                    .isLessThanOrEqualTo(1);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, bytes("\n")).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
