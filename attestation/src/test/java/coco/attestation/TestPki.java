package coco.attestation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.crypto.Certificates;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makers' roots of our own: certificates and lists of revoked ones, written in DER by hand, signed on P-384. */
public final class TestPki {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_WITH_SHA384 = tlv(0x30, oid("1.2.840.10045.4.3.3"));

    private TestPki() {}

    /** What a certificate says; the extensions are object identifier → value. */
    public record Subject(
            String commonName,
            PublicKey key,
            int serial,
            Instant notBefore,
            Instant notAfter,
            boolean authority,
            Map<String, byte[]> extensions) {}

    public static KeyPair p384() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static X509Certificate certificate(Subject subject, String issuer, PrivateKey issuerKey) {
        List<byte[]> extensions = new ArrayList<>();
        if (subject.authority()) {
            byte[] authority = tlv(0x30, new byte[] {1, 1, (byte) 0xff});
            // keyCertSign and cRLSign.
            byte[] usage = {3, 2, 1, 6};
            extensions.add(extension("2.5.29.19", authority));
            extensions.add(extension("2.5.29.15", usage));
        }
        subject.extensions().forEach((oid, value) -> extensions.add(extension(oid, value)));
        byte[] body = tlv(
                0x30,
                tlv(0xa0, tlv(2, new byte[] {2})),
                tlv(2, BigInteger.valueOf(subject.serial()).toByteArray()),
                ECDSA_WITH_SHA384,
                name(issuer),
                tlv(0x30, time(subject.notBefore()), time(subject.notAfter())),
                name(subject.commonName()),
                subject.key().getEncoded(),
                tlv(0xa3, tlv(0x30, extensions.toArray(byte[][]::new))));
        return Certificates.fromDer(signed(body, issuerKey));
    }

    public static X509CRL crl(String issuer, PrivateKey key, Instant thisUpdate, Instant nextUpdate, int... serials) {
        List<byte[]> revoked = new ArrayList<>();
        for (int serial : serials) {
            revoked.add(tlv(0x30, tlv(2, BigInteger.valueOf(serial).toByteArray()), time(thisUpdate)));
        }
        byte[] body = tlv(
                0x30,
                tlv(2, new byte[] {1}),
                ECDSA_WITH_SHA384,
                name(issuer),
                time(thisUpdate),
                time(nextUpdate),
                revoked.isEmpty() ? new byte[0] : tlv(0x30, revoked.toArray(byte[][]::new)));
        return Certificates.crlFromDer(signed(body, key));
    }

    private static byte[] signed(byte[] body, PrivateKey key) {
        try {
            Signature signer = Signature.getInstance("SHA384withECDSA");
            signer.initSign(key);
            signer.update(body);
            return tlv(0x30, body, ECDSA_WITH_SHA384, tlv(3, new byte[1], signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] name(String commonName) {
        return tlv(0x30, tlv(0x31, tlv(0x30, oid("2.5.4.3"), tlv(12, commonName.getBytes(US_ASCII)))));
    }

    private static byte[] extension(String oid, byte[] value) {
        return tlv(0x30, oid(oid), tlv(4, value));
    }

    private static byte[] time(Instant instant) {
        return tlv(0x18, TIME.format(instant).getBytes(US_ASCII));
    }

    private static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int arc = Integer.parseInt(arcs[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >>> shift != 0) {
                    out.write((arc >>> shift & 0x7f) | 0x80);
                }
            }
            out.write(arc & 0x7f);
        }
        return tlv(6, out.toByteArray());
    }

    /** One DER value: tag, length, and these parts one after the other. */
    public static byte[] tlv(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length > 0xff) {
            out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        } else if (length > 0x7f) {
            out.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
