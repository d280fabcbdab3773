package coco.journal;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The COSE form of a receipt: a COSE_Sign1 (RFC 9052, section 4.2) whose payload is the header and whose signature is
 * the sealer's, which is over the header hash and not over a Sig_structure. The algorithm is a private one for that
 * reason: no other implementation takes it for what it is not. See docs/specs/receipt.md.
 */
public final class ReceiptCose {
    /** Media type of this form in HTTP (RFC 9052, section 2). */
    public static final String MEDIA_TYPE = "application/cose; cose-type=\"cose-sign1\"";

    private static final long COSE_SIGN1 = 18;

    // RFC 9052, table 2; RFC 9360, table 1; draft-ietf-cose-merkle-tree-proofs, section 6.
    private static final long ALGORITHM = 1;
    private static final long X5CHAIN = 33;
    private static final long DATA_STRUCTURE = 395;
    private static final long PROOFS = 396;
    private static final long INCLUSION = -1;

    /** For private use: ECDSA on P-256 over the hash of a Coco header, and Coco's trees. Also the label of the rest. */
    private static final long COCO = -65_537;

    private static final byte[] PROTECTED = new Cbor.Writer()
            .map(2)
            .integer(ALGORITHM)
            .integer(COCO)
            .integer(DATA_STRUCTURE)
            .integer(COCO)
            .toBytes();

    private ReceiptCose() {}

    /** Encodes; the same receipt always gives the same bytes. */
    public static byte[] encode(Receipt receipt) {
        SignedHead head = receipt.head();
        Cbor.Writer out = new Cbor.Writer();
        out.tag(COSE_SIGN1).array(4).bytes(PROTECTED).map(3);
        out.integer(X5CHAIN).bytes(SealerChange.der(head.sealer()));
        out.integer(PROOFS).map(1).integer(INCLUSION).array(1).bytes(path(receipt.path()));
        out.integer(COCO).array(5).bytes(head.nonce());
        endorsement(out, head.endorsement());
        Leaf leaf = receipt.leaf();
        out.array(4).bytes(leaf.salt()).bytes(leaf.id()).bytes(leaf.claims()).bytes(leaf.writesDigest());
        out.array(receipt.identities().size());
        for (ServiceIdentity identity : receipt.identities()) {
            out.array(4).integer(identity.generation()).integer(identity.height());
            out.bytes(SealerChange.der(identity.certificate())).bytes(identity.endorsement());
        }
        Receipt.Inclusion newer = receipt.newer();
        if (newer == null) {
            out.none();
        } else {
            SignedHead newest = newer.head();
            out.array(6).bytes(newest.header().encode()).bytes(newest.nonce()).bytes(newest.signature());
            out.bytes(SealerChange.der(newest.sealer()));
            endorsement(out, newest.endorsement());
            out.bytes(path(newer.path()));
        }
        return out.bytes(head.header().encode()).bytes(head.signature()).toBytes();
    }

    private static void endorsement(Cbor.Writer out, @Nullable SealerEndorsement endorsement) {
        if (endorsement == null) {
            out.none();
        } else {
            out.array(3).integer(endorsement.generation()).integer(endorsement.height());
            out.bytes(endorsement.signature());
        }
    }

    private static byte[] path(MerkleProof proof) {
        Cbor.Writer out = new Cbor.Writer().array(3).integer(proof.size()).integer(proof.index());
        out.array(proof.path().size());
        proof.path().forEach(out::bytes);
        return out.toBytes();
    }

    /**
     * Decodes. Says nothing about whether it is true.
     *
     * @throws MalformedException if it is not exactly what {@link #encode} gives
     */
    public static Receipt decode(byte[] bytes) throws MalformedException {
        if (bytes.length > Receipt.BYTES_MAX) {
            throw new MalformedException("a receipt has at most " + Receipt.BYTES_MAX + " bytes");
        }
        Cbor.Reader in = new Cbor.Reader(bytes);
        in.tag(COSE_SIGN1);
        in.arrayOf(4);
        if (!Arrays.equals(in.bytes(PROTECTED.length), PROTECTED)) {
            throw new MalformedException("other protected headers than a receipt's");
        }
        in.mapOf(3);
        in.expect(X5CHAIN);
        byte[] sealer = in.bytes(Receipt.CERTIFICATE_BYTES_MAX);
        in.expect(PROOFS);
        in.mapOf(1);
        in.expect(INCLUSION);
        in.arrayOf(1);
        MerkleProof path = path(in);
        in.expect(COCO);
        in.arrayOf(5);
        byte[] nonce = in.exactly(Digests.LENGTH);
        SealerEndorsement endorsement = endorsement(in);
        in.arrayOf(4);
        Leaf leaf = new Leaf(
                in.exactly(Digests.LENGTH),
                in.exactly(Digests.LENGTH),
                in.exactly(Digests.LENGTH),
                in.exactly(Digests.LENGTH));
        List<ServiceIdentity> identities = identities(in);
        Receipt.Inclusion newer = newer(in);
        BlockHeader header = BlockHeader.decode(in.exactly(BlockHeader.LENGTH), 0);
        byte[] signature = in.exactly(SealedBlock.SIGNATURE_LENGTH);
        in.end();
        SignedHead head = new SignedHead(header, signature, nonce, certificate(sealer), endorsement);
        return new Receipt(head, leaf, path, identities, newer);
    }

    private static List<ServiceIdentity> identities(Cbor.Reader in) throws MalformedException {
        int count = in.array(Receipt.IDENTITIES_MAX);
        List<ServiceIdentity> identities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            in.arrayOf(4);
            int generation = number(in.integer());
            long height = natural(in.integer());
            byte[] certificate = in.bytes(Receipt.CERTIFICATE_BYTES_MAX);
            byte[] endorsement = in.bytes(SealedBlock.SIGNATURE_LENGTH);
            identities.add(identity(generation, height, certificate(certificate), endorsement));
        }
        return identities;
    }

    /** A generation's identity; the first and those that members began have no endorsement. */
    static ServiceIdentity identity(int generation, long height, X509Certificate certificate, byte[] endorsement)
            throws MalformedException {
        if ((endorsement.length != SealedBlock.SIGNATURE_LENGTH && endorsement.length != 0)
                || (generation == 0 && endorsement.length != 0)) {
            throw new MalformedException("an endorsement of " + endorsement.length + " bytes");
        }
        return new ServiceIdentity(generation, height, certificate, endorsement);
    }

    private static Receipt.@Nullable Inclusion newer(Cbor.Reader in) throws MalformedException {
        if (in.none()) {
            return null;
        }
        in.arrayOf(6);
        BlockHeader header = BlockHeader.decode(in.exactly(BlockHeader.LENGTH), 0);
        byte[] nonce = in.exactly(Digests.LENGTH);
        byte[] signature = in.exactly(SealedBlock.SIGNATURE_LENGTH);
        byte[] sealer = in.bytes(Receipt.CERTIFICATE_BYTES_MAX);
        SealerEndorsement endorsement = endorsement(in);
        SignedHead head = new SignedHead(header, signature, nonce, certificate(sealer), endorsement);
        return new Receipt.Inclusion(head, path(in));
    }

    private static @Nullable SealerEndorsement endorsement(Cbor.Reader in) throws MalformedException {
        if (in.none()) {
            return null;
        }
        in.arrayOf(3);
        return new SealerEndorsement(
                number(in.integer()), natural(in.integer()), in.exactly(SealedBlock.SIGNATURE_LENGTH));
    }

    private static MerkleProof path(Cbor.Reader outer) throws MalformedException {
        Cbor.Reader in = new Cbor.Reader(outer.bytes(16 + (Digests.LENGTH + 2) * Receipt.PATH_MAX + 16));
        in.arrayOf(3);
        long size = natural(in.integer());
        long index = natural(in.integer());
        int count = in.array(Receipt.PATH_MAX);
        List<byte[]> path = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            path.add(in.exactly(Digests.LENGTH));
        }
        in.end();
        return new MerkleProof(index, size, path);
    }

    static long natural(long number) throws MalformedException {
        if (number < 0) {
            throw new MalformedException("a negative number");
        }
        return number;
    }

    static int number(long generation) throws MalformedException {
        if (generation < 0 || generation > Integer.MAX_VALUE) {
            throw new MalformedException("a generation beyond 31 bits");
        }
        return (int) generation;
    }

    static X509Certificate certificate(byte[] der) throws MalformedException {
        try {
            X509Certificate certificate = Certificates.fromDer(der);
            if (!Arrays.equals(SealerChange.der(certificate), der)) {
                throw new MalformedException("a certificate that is not DER");
            }
            return certificate;
        } catch (CryptoException e) {
            throw new MalformedException("a certificate does not parse");
        }
    }
}
