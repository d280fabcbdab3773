package coco.attestation.snp;

import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.TestPki;
import coco.attestation.TestPki.Subject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A processor with a maker of its own: root, intermediate, chip key, and reports signed by it. */
final class TestMachine {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant END = Instant.parse("2027-01-01T00:00:00Z");
    static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    static final int INTERMEDIATE_SERIAL = 0x10001;

    final KeyPair rootKey = TestPki.p384();
    final KeyPair intermediateKey = TestPki.p384();
    final KeyPair chipKey = TestPki.p384();

    // What a test may change before it asks for certificates or reports.
    String line = "Milan";
    String productName = "Milan-B0";
    String intermediateName = "SEV-Milan";
    byte[] chipId = filled(64, 0x5a);
    int[] tcb = {0, 3, 0, 8, 115};
    byte[] reportedTcb = {3, 0, 0, 0, 0, 0, 8, 115};
    boolean ofProvider;
    Instant keyEnd = END;
    Instant intermediateEnd = END;
    Instant rootEnd = END;

    X509Certificate root() {
        return TestPki.certificate(
                new Subject("ARK-" + line, rootKey.getPublic(), 0x10000, START, rootEnd, true, Map.of()),
                "ARK-" + line,
                rootKey.getPrivate());
    }

    X509Certificate intermediate() {
        return TestPki.certificate(
                new Subject(
                        intermediateName,
                        intermediateKey.getPublic(),
                        INTERMEDIATE_SERIAL,
                        START,
                        intermediateEnd,
                        true,
                        Map.of()),
                "ARK-" + line,
                rootKey.getPrivate());
    }

    X509Certificate key() {
        Map<String, byte[]> extensions = new LinkedHashMap<>();
        String amd = "1.3.6.1.4.1.3704.1.";
        extensions.put(amd + "1", number(0));
        extensions.put(amd + "2", TestPki.tlv(22, productName.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        extensions.put(amd + "3.9", number(tcb[0]));
        extensions.put(amd + "3.1", number(tcb[1]));
        extensions.put(amd + "3.2", number(tcb[2]));
        extensions.put(amd + "3.3", number(tcb[3]));
        extensions.put(amd + "3.8", number(tcb[4]));
        if (ofProvider) {
            extensions.put(amd + "5", TestPki.tlv(22, new byte[] {'C', 'S', 'P'}));
        } else {
            extensions.put(amd + "4", line.equals("Turin") ? Arrays.copyOf(chipId, 8) : chipId);
        }
        return TestPki.certificate(
                new Subject(
                        ofProvider ? "SEV-VLEK" : "SEV-VCEK", chipKey.getPublic(), 0, START, keyEnd, false, extensions),
                intermediateName,
                intermediateKey.getPrivate());
    }

    private static byte[] number(int value) {
        return TestPki.tlv(2, value > 127 ? new byte[] {0, (byte) value} : new byte[] {(byte) value});
    }

    AmdKeys maker() {
        return AmdKeys.of(List.of(root()));
    }

    Collateral collateral(X509CRL... crls) {
        List<byte[]> files = new ArrayList<>(List.of(der(intermediate()), der(key())));
        try {
            for (X509CRL crl : crls) {
                files.add(crl.getEncoded());
            }
        } catch (java.security.cert.CRLException e) {
            throw new IllegalStateException(e);
        }
        return Collateral.of(files);
    }

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    SnpVerifier verifier(X509CRL... crls) {
        return verifier(collateral(crls));
    }

    SnpVerifier verifier(Collateral collateral) {
        return new SnpVerifier(InstantSource.fixed(NOW), () -> collateral, maker());
    }

    /** A report of version 2, changed, then signed. */
    byte[] report(Consumer<ByteBuffer> change) {
        ByteBuffer report = ByteBuffer.allocate(SnpReport.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        report.putInt(0, 2).putInt(4, 7).putLong(8, 0x3001f).putInt(0x34, 1);
        report.putInt(0x48, ofProvider ? 4 : 0);
        report.put(0x50, filled(64, 1)).put(0x90, filled(48, 2)).put(0xc0, filled(32, 3));
        report.put(0x160, filled(32, 0xff));
        report.put(0x180, reportedTcb).put(0x1a0, ofProvider ? new byte[64] : chipId);
        change.accept(report);
        return sign(report.array());
    }

    byte[] sign(byte[] report) {
        try {
            Signature signer = Signature.getInstance("SHA384withECDSAinP1363Format");
            signer.initSign(chipKey.getPrivate());
            signer.update(report, 0, SnpReport.SIGNED_BYTES);
            byte[] signature = signer.sign();
            byte[] signed = report.clone();
            for (int i = 0; i < 48; i++) {
                signed[SnpReport.SIGNED_BYTES + i] = signature[47 - i];
                signed[SnpReport.SIGNED_BYTES + 72 + i] = signature[95 - i];
            }
            return signed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Evidence evidence(Consumer<ByteBuffer> change) {
        return new Evidence(Platform.SEV_SNP, report(change));
    }

    Evidence evidence() {
        return evidence(report -> {});
    }

    static byte[] filled(int length, int value) {
        byte[] out = new byte[length];
        Arrays.fill(out, (byte) value);
        return out;
    }
}
