package coco.attestation.intel;

import coco.attestation.Collateral;
import coco.attestation.Verdict;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.crypto.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;

/**
 * A machine of a made-up maker: its own root, authorities, key and statements, and quotes of every version. A test
 * changes what it is about and asks for the verdict.
 */
final class TestMachine {
    static final Instant NOW = Instant.parse("2026-01-15T00:00:00Z");
    static final Instant MONTH_BEGINS = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant MONTH_ENDS = Instant.parse("2026-02-01T00:00:00Z");

    static final String PCK_NAME = "Intel SGX PCK Certificate";
    static final String CA_NAME = "Test SGX PCK Platform CA";
    static final String SIGNER_NAME = "Test SGX TCB Signing";

    private static final String PCK_OID = "1.2.840.113741.1.13.1";
    private static final String VENDOR = "939a7233f79c4ca9940a0db3957f0607";

    int version = 4;
    boolean tdx = true;
    boolean tdx15;
    byte[] tdAttributes = Hex.decode("0000001000000000");
    byte[] mrSignerSeam = new byte[48];
    byte[] sgxAttributes = Hex.decode("0500000000000000e700000000000000");
    byte[] sgxReserved = new byte[12];
    int[] teeTcbSvn = {5, 1, 3};
    int[] teeTcbSvn2 = {5, 1, 3};
    byte[] reportData = new byte[64];

    int certificationType = 5;
    boolean chainWithRoot = true;
    int qeIsvSvn = 6;
    String qeMrSigner = "aa".repeat(32);
    int[] components = {5, 5};
    int pceSvn = 11;
    Instant pckFrom = TestAuthority.FROM;
    Instant pckTo = TestAuthority.TO;
    Instant caTo = TestAuthority.TO;
    int caPathLength;

    String fmspcInInfo = "00806f050000";
    String infoId = "TDX";
    String platformStatus = "UpToDate";
    String lowerStatus = "OutOfDate";
    String moduleStatus = "UpToDate";
    String qeStatus = "UpToDate";
    Instant infoFrom = MONTH_BEGINS;
    Instant infoTo = MONTH_ENDS;
    Instant listFrom = MONTH_BEGINS;
    Instant listTo = MONTH_ENDS;
    List<String> revokedByCa = List.of();
    List<String> revokedByRoot = List.of();
    boolean listsSignedByOther;
    boolean infoSignedByOther;

    final TestAuthority root = TestAuthority.root("of the maker");

    private final KeyPair attestation = TestAuthority.keys("attestation");
    private final KeyPair pckKeys = TestAuthority.keys("pck");
    private final KeyPair signerKeys = TestAuthority.keys("tcb signer");

    Verdict verdict() {
        return IntelSamples.verify(quote(), collateral(), NOW, root.certificate());
    }

    String words() {
        return IntelSamples.words(verdict());
    }

    TestAuthority authority() {
        return root.authority(TestAuthority.Wish.of(CA_NAME, TestAuthority.keys("ca"))
                .authority(caPathLength)
                .during(TestAuthority.FROM, caTo));
    }

    X509Certificate pck() {
        return authority()
                .issue(TestAuthority.Wish.of(PCK_NAME, pckKeys)
                        .during(pckFrom, pckTo)
                        .withPck(extension()));
    }

    private ASN1Encodable extension() {
        ASN1EncodableVector tcb = new ASN1EncodableVector();
        for (int i = 1; i <= 16; i++) {
            tcb.add(item("2." + i, new ASN1Integer(i <= components.length ? components[i - 1] : 0)));
        }
        tcb.add(item("2.17", new ASN1Integer(pceSvn)));
        tcb.add(item("2.18", new DEROctetString(new byte[16])));
        return new DERSequence(new ASN1Encodable[] {
            item("1", new DEROctetString(ppid())),
            item("2", new DERSequence(tcb)),
            item("3", new DEROctetString(new byte[2])),
            item("4", new DEROctetString(Hex.decode("00806f050000")))
        });
    }

    private static byte[] ppid() {
        return Hex.decode("c0".repeat(16));
    }

    private static ASN1Encodable item(String arc, ASN1Encodable value) {
        return new DERSequence(new ASN1Encodable[] {new ASN1ObjectIdentifier(PCK_OID + "." + arc), value});
    }

    byte[] quote() {
        byte[] head = little(48)
                .putShort((short) version)
                .putShort((short) 2)
                .putInt(tdx ? 0x81 : 0)
                .putInt(0)
                .put(Hex.decode(VENDOR))
                .array();
        byte[] body = tdx ? tdBody() : enclave(sgxAttributes, "bb".repeat(32), 0, 7, sgxReserved, reportData);
        byte[] typed = version < 5
                ? body
                : join(
                        little(6)
                                .putShort((short) (tdx ? tdx15 ? 3 : 2 : 1))
                                .putInt(body.length)
                                .array(),
                        body);
        byte[] signed = join(head, typed);
        byte[] key = Arrays.copyOfRange(P256.encode(attestation.getPublic()), 1, 65);
        byte[] authData = Hex.decode("0001020304");
        byte[] qeReport = enclave(
                Hex.decode("1500000000000000e700000000000000"),
                qeMrSigner,
                2,
                qeIsvSvn,
                new byte[12],
                Arrays.copyOf(Sha256.hash(key, authData), 64));
        byte[] certification = certification();
        byte[] qe = join(
                qeReport,
                P256.sign(pckKeys.getPrivate(), Sha256.hash(qeReport)),
                little(2).putShort((short) authData.length).array(),
                authData,
                little(6)
                        .putShort((short) certificationType)
                        .putInt(certification.length)
                        .array(),
                certification);
        byte[] outer = version == 3
                ? qe
                : join(little(6).putShort((short) 6).putInt(qe.length).array(), qe);
        byte[] data = join(P256.sign(attestation.getPrivate(), Sha256.hash(signed)), key, outer);
        return join(signed, little(4).putInt(data.length).array(), data);
    }

    private byte[] certification() {
        return switch (certificationType) {
            case 5 ->
                (Certificates.toPem(pck()) + Certificates.toPem(authority().certificate())
                                + (chainWithRoot ? Certificates.toPem(root.certificate()) : "") + "\0")
                        .getBytes(StandardCharsets.US_ASCII);
            case 4 -> Certificates.toPem(pck()).getBytes(StandardCharsets.US_ASCII);
            case 1 -> join(ppid(), new byte[18]);
            default -> new byte[404];
        };
    }

    private byte[] tdBody() {
        byte[] body = join(
                svns(teeTcbSvn),
                new byte[48],
                mrSignerSeam,
                new byte[8],
                tdAttributes,
                Hex.decode("e702060000000000"),
                Hex.decode("dd".repeat(48)),
                new byte[7 * 48],
                reportData);
        return tdx15 ? join(body, svns(teeTcbSvn2), new byte[48]) : body;
    }

    private static byte[] svns(int[] first) {
        byte[] out = new byte[16];
        for (int i = 0; i < first.length; i++) {
            out[i] = (byte) first[i];
        }
        return out;
    }

    private static byte[] enclave(
            byte[] attributes, String mrSigner, int product, int svn, byte[] reserved12, byte[] reportData64) {
        return little(384)
                .put(new byte[20])
                .put(reserved12)
                .put(new byte[16])
                .put(attributes)
                .put(Hex.decode("ee".repeat(32)))
                .put(new byte[32])
                .put(Hex.decode(mrSigner))
                .put(new byte[96])
                .putShort((short) product)
                .putShort((short) svn)
                .put(new byte[60])
                .put(reportData64)
                .array();
    }

    Collateral collateral() {
        TestAuthority ca = authority();
        TestAuthority other = TestAuthority.root("of another maker");
        TestAuthority fakeCa = other.authority(
                TestAuthority.Wish.of(CA_NAME, TestAuthority.keys("fake ca")).authority(0));
        List<byte[]> files = new ArrayList<>();
        files.add(der((listsSignedByOther ? other : root).list(listFrom, listTo, 7, names(revokedByRoot))));
        files.add(der((listsSignedByOther ? fakeCa : ca).list(listFrom, listTo, 8, names(revokedByCa))));
        files.add(der(root.issue(TestAuthority.Wish.of(SIGNER_NAME, signerKeys))));
        files.add(der(ca.certificate()));
        files.add(der(pck()));
        files.add(signed("tcbInfo", tcbInfo()));
        files.add(signed("enclaveIdentity", identity()));
        return Collateral.of(files);
    }

    private static String[] names(List<String> names) {
        return names.toArray(String[]::new);
    }

    private byte[] signed(String name, String body) {
        KeyPair keys = infoSignedByOther ? TestAuthority.keys("not the signer") : signerKeys;
        byte[] signature = P256.sign(keys.getPrivate(), Sha256.hash(body.getBytes(StandardCharsets.UTF_8)));
        return ("{\"" + name + "\":" + body + ",\"signature\":\"" + Hex.encode(signature) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    String tcbInfo() {
        String zeros48 = "00".repeat(48);
        String module = "\"mrsigner\":\"" + zeros48
                + "\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"";
        String identities = "[{\"id\":\"TDX_01\"," + module + ",\"tcbLevels\":[" + isvLevel(6, "UpToDate") + ","
                + isvLevel(5, moduleStatus) + "," + isvLevel(4, "OutOfDate") + "]}]";
        String tdxParts =
                infoId.equals("TDX") ? ",\"tdxModule\":{" + module + "},\"tdxModuleIdentities\":" + identities : "";
        return "{\"id\":\"" + infoId + "\",\"version\":3,\"issueDate\":\"" + infoFrom + "\",\"nextUpdate\":\"" + infoTo
                + "\",\"fmspc\":\"" + fmspcInInfo + "\",\"pceId\":\"0000\",\"tcbType\":0,\"tcbEvaluationDataNumber\":21"
                + tdxParts + ",\"tcbLevels\":[" + level(5, 3, platformStatus) + "," + level(3, 2, lowerStatus) + "]}";
    }

    private String level(int sgx, int microcode, String status) {
        String rest = ",{\"svn\":0}".repeat(14);
        return "{\"tcb\":{\"sgxtcbcomponents\":[{\"svn\":" + sgx + "},{\"svn\":" + sgx + "}" + rest
                + "],\"pcesvn\":11"
                + (infoId.equals("TDX")
                        ? ",\"tdxtcbcomponents\":[{\"svn\":5},{\"svn\":0},{\"svn\":" + microcode + "}"
                                + ",{\"svn\":0}".repeat(13) + "]"
                        : "")
                + "},\"tcbDate\":\"2025-11-12T00:00:00Z\",\"tcbStatus\":\"" + status
                + "\",\"advisoryIDs\":[\"INTEL-SA-" + status.length() + "\"]}";
    }

    private static String isvLevel(int svn, String status) {
        return "{\"tcb\":{\"isvsvn\":" + svn + "},\"tcbDate\":\"2025-11-12T00:00:00Z\",\"tcbStatus\":\"" + status
                + "\"}";
    }

    String identity() {
        return "{\"id\":\"" + (tdx ? "TD_QE" : "QE") + "\",\"version\":2,\"issueDate\":\"" + infoFrom
                + "\",\"nextUpdate\":\"" + infoTo + "\",\"tcbEvaluationDataNumber\":21,\"miscselect\":\"00000000\","
                + "\"miscselectMask\":\"FFFFFFFF\",\"attributes\":\"11000000000000000000000000000000\","
                + "\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\",\"mrsigner\":\"" + "aa".repeat(32)
                + "\",\"isvprodid\":2,\"tcbLevels\":[" + isvLevel(8, "UpToDate") + "," + isvLevel(6, qeStatus) + "]}";
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] der(X509CRL list) {
        try {
            return list.getEncoded();
        } catch (CRLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
