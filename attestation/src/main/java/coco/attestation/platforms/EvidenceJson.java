package coco.attestation.platforms;

import static java.nio.charset.StandardCharsets.UTF_8;

import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.TextBytes;
import coco.attestation.azure.AzureDocument;
import coco.attestation.snp.SnpDocument;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON that attesters of Confidential Containers send ("trustee", deps/verifier): for Azure three versions, with
 * bytes as lists of numbers, hexadecimal, Base64 or Base64url; for AMD a report taken apart into its fields; for Intel
 * a quote in Base64.
 */
final class EvidenceJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private EvidenceJson() {}

    static @Nullable Evidence read(byte[] json, Function<byte[], @Nullable Evidence> inner) {
        try {
            JsonNode root = JSON.readTree(json);
            if (root.has("hcl_report") || (root.has("report") && root.has("quote"))) {
                return azure(root);
            }
            if (root.path("attestation_report").path("signature").has("r")) {
                return snp(root);
            }
            byte[] quote = bytes(root.path("quote"));
            return quote == null ? null : inner.apply(quote);
        } catch (JacksonException _) {
            return null;
        }
    }

    private static @Nullable Evidence azure(JsonNode root) {
        byte[] report = bytes(root.has("hcl_report") ? root.path("hcl_report") : root.path("report"));
        JsonNode quote = root.has("tpm_quote") ? root.path("tpm_quote") : root.path("quote");
        byte[] message = bytes(quote.path("message"));
        byte[] signature = bytes(quote.path("signature"));
        byte[] registers = registers(quote.path("pcrs"));
        if (report == null || message == null || signature == null || registers == null) {
            return null;
        }
        return Recognition.azure(new AzureDocument(
                report,
                bytes(root.path("td_quote")),
                new AzureDocument.Quote(message, signature, registers),
                certificates(bytes(root.path("vcek")))));
    }

    private static byte @Nullable [] registers(JsonNode pcrs) {
        List<byte[]> values = new ArrayList<>();
        for (JsonNode pcr : pcrs) {
            byte[] value = bytes(pcr);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        ByteBuffer all = ByteBuffer.allocate(
                values.stream().mapToInt(value -> value.length).sum());
        values.forEach(all::put);
        return all.array();
    }

    private static List<byte[]> certificates(byte @Nullable [] file) {
        if (file == null) {
            return List.of();
        }
        List<byte[]> ders = new ArrayList<>();
        for (X509Certificate certificate : Collateral.of(List.of(file)).certificates()) {
            try {
                ders.add(certificate.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate without DER form", e);
            }
        }
        return ders;
    }

    /** Reads text that is hexadecimal, Base64 or PEM, or a list of numbers from 0 to 255. */
    private static byte @Nullable [] bytes(JsonNode node) {
        if (node.isString()) {
            String text = node.asString();
            return text.startsWith("-----BEGIN ") ? text.getBytes(UTF_8) : TextBytes.decode(text);
        }
        if (!node.isArray() || node.isEmpty()) {
            return null;
        }
        byte[] out = new byte[node.size()];
        int at = 0;
        for (JsonNode element : node) {
            int value = element.isIntegralNumber() ? element.asInt(-1) : -1;
            if (value < 0 || value > 0xff) {
                return null;
            }
            out[at++] = (byte) value;
        }
        return out;
    }

    /** Puts a report together again; what the form left out is zero in every version it knows. */
    private static @Nullable Evidence snp(JsonNode root) {
        JsonNode fields = root.path("attestation_report");
        ByteBuffer report = ByteBuffer.allocate(SnpDocument.REPORT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        report.putInt(0, (int) fields.path("version").asLong(0));
        report.putInt(4, (int) fields.path("guest_svn").asLong(0));
        report.putLong(8, fields.path("policy").asLong(0));
        put(report, 0x10, 16, fields.path("family_id"));
        put(report, 0x20, 16, fields.path("image_id"));
        report.putInt(0x30, (int) fields.path("vmpl").asLong(0));
        report.putInt(0x34, (int) fields.path("sig_algo").asLong(0));
        putTcb(report, 0x38, fields.path("current_tcb"));
        report.putLong(0x40, fields.path("plat_info").asLong(0));
        report.putInt(0x48, (int) fields.path("key_info").asLong(0));
        put(report, 0x50, 64, fields.path("report_data"));
        put(report, 0x90, 48, fields.path("measurement"));
        put(report, 0xc0, 32, fields.path("host_data"));
        put(report, 0xe0, 48, fields.path("id_key_digest"));
        put(report, 0x110, 48, fields.path("author_key_digest"));
        put(report, 0x140, 32, fields.path("report_id"));
        put(report, 0x160, 32, fields.path("report_id_ma"));
        putTcb(report, 0x180, fields.path("reported_tcb"));
        report.put(0x188, (byte) fields.path("cpuid_fam_id").asInt(0));
        report.put(0x189, (byte) fields.path("cpuid_mod_id").asInt(0));
        report.put(0x18a, (byte) fields.path("cpuid_step").asInt(0));
        put(report, 0x1a0, 64, fields.path("chip_id"));
        putTcb(report, 0x1e0, fields.path("committed_tcb"));
        putFirmware(report, 0x1e8, fields.path("current"));
        putFirmware(report, 0x1ec, fields.path("committed"));
        putTcb(report, 0x1f0, fields.path("launch_tcb"));
        report.putLong(0x1f8, fields.path("launch_mit_vector").asLong(0));
        report.putLong(0x200, fields.path("current_mit_vector").asLong(0));
        put(report, 0x2a0, 72, fields.path("signature").path("r"));
        put(report, 0x2e8, 72, fields.path("signature").path("s"));
        List<byte[]> certificates = new ArrayList<>();
        for (JsonNode certificate : root.path("cert_chain")) {
            certificates.addAll(certificates(bytes(certificate.path("data"))));
        }
        return Recognition.evidence(Platform.SEV_SNP, new SnpDocument(report.array(), certificates).encode());
    }

    private static void put(ByteBuffer report, int at, int length, JsonNode node) {
        byte[] value = bytes(node);
        if (value != null && value.length == length) {
            report.put(at, value);
        }
    }

    /** Only Turin has the component "fmc", and the other order that goes with it. */
    private static void putTcb(ByteBuffer report, int at, JsonNode tcb) {
        boolean turin = tcb.path("fmc").isIntegralNumber();
        int first = turin ? at + 1 : at;
        if (turin) {
            report.put(at, (byte) tcb.path("fmc").asInt());
        }
        report.put(first, (byte) tcb.path("bootloader").asInt(0));
        report.put(first + 1, (byte) tcb.path("tee").asInt(0));
        report.put(turin ? at + 3 : at + 6, (byte) tcb.path("snp").asInt(0));
        report.put(at + 7, (byte) tcb.path("microcode").asInt(0));
    }

    private static void putFirmware(ByteBuffer report, int at, JsonNode version) {
        report.put(at, (byte) version.path("build").asInt(0));
        report.put(at + 1, (byte) version.path("minor").asInt(0));
        report.put(at + 2, (byte) version.path("major").asInt(0));
    }
}
