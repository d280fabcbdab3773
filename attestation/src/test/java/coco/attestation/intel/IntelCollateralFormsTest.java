package coco.attestation.intel;

import static coco.attestation.intel.IntelSamples.QVL;
import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.Collateral;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The forms in which Intel's collateral lies about: each is recognised by content. */
final class IntelCollateralFormsTest {
    @Test
    void shouldReadChainsAsHeadersHaveThem() {
        String chain = bundle().path("tcb_info_issuer_chain").stringValue();
        String header = chain.replace("+", "%2B")
                .replace("\n", "%0A")
                .replace(" ", "%20")
                .replace("=", "%3D");
        for (String form : List.of(header, "TCB-Info-Issuer-Chain: " + header, chain)) {
            assertThat(of(form).certificates()).hasSize(2);
        }
    }

    @Test
    void shouldVerifyBySeparateFiles() throws CRLException {
        JsonNode bundle = bundle();
        List<String> files = new ArrayList<>();
        files.add(response(bundle, "tcb_info", "tcbInfo"));
        files.add(response(bundle, "qe_identity", "enclaveIdentity"));
        files.add(bundle.path("root_ca_crl").stringValue());
        X509CRL pckList = of(bundle.path("pck_crl").stringValue()).crls().getFirst();
        files.add("-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(pckList.getEncoded())
                + "\n-----END X509 CRL-----\n");
        assertThat(words(of(files.toArray(String[]::new)))).isEqualTo("verified UpToDate ");
    }

    @Test
    void shouldVerifyByResponsesInsideABundle() {
        JsonNode bundle = bundle();
        String nested = JsonMapper.shared()
                .writeValueAsString(JsonMapper.shared()
                        .createObjectNode()
                        .put("tcb_info", response(bundle, "tcb_info", "tcbInfo"))
                        .put("qe_identity", response(bundle, "qe_identity", "enclaveIdentity"))
                        .put("root_ca_crl", bundle.path("root_ca_crl").stringValue())
                        .put("pck_crl", bundle.path("pck_crl").stringValue()));
        assertThat(words(of(nested))).isEqualTo("verified UpToDate ");
    }

    @Test
    void shouldSayWhichPartIsMissingWhenOneIsLeftOut() {
        JsonNode bundle = bundle();
        String info = response(bundle, "tcb_info", "tcbInfo");
        String identity = response(bundle, "qe_identity", "enclaveIdentity");
        String rootList = bundle.path("root_ca_crl").stringValue();
        String pckList = bundle.path("pck_crl").stringValue();
        assertThat(words(of(identity, rootList, pckList)))
                .startsWith("incomplete TCB info of TDX for FMSPC B0C06F000000");
        assertThat(words(of(info, rootList, pckList))).startsWith("incomplete identity of the quoting enclave TD_QE");
        assertThat(words(of(info, identity, pckList))).startsWith("incomplete revocations by Intel SGX Root CA");
        assertThat(words(of(info, identity, rootList)))
                .startsWith("incomplete revocations by Intel SGX PCK Platform CA");
    }

    private static String response(JsonNode bundle, String name, String member) {
        return "{\"" + member + "\":" + bundle.path(name).stringValue() + ",\"signature\":\""
                + bundle.path(name + "_signature").stringValue() + "\"}";
    }

    private static JsonNode bundle() {
        return JsonMapper.shared().readTree(IntelSamples.bytes(QVL + "tdx_quote_collateral.json"));
    }

    private static Collateral of(String... files) {
        List<byte[]> bytes = new ArrayList<>();
        for (String file : files) {
            bytes.add(file.getBytes(StandardCharsets.UTF_8));
        }
        return Collateral.of(bytes);
    }

    private static String words(Collateral collateral) {
        return IntelSamples.words(IntelSamples.verify(
                IntelSamples.bytes(QVL + "tdx_quote"), collateral, Instant.parse("2025-07-01T00:00:00Z")));
    }
}
