package coco.attestation.intel;

import static coco.attestation.intel.IntelSamples.QVL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.Collateral;
import coco.attestation.Collateral.SignedDocument.Kind;
import coco.attestation.Verdict;
import coco.crypto.Hex;
import java.io.ByteArrayOutputStream;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One changed bit anywhere makes the verdict another than verified: in the quote up to the end of its signature data,
 * in the lists of revoked certificates and in the statements. Which bit of a byte is flipped changes with its offset;
 * the quick tests look at every 23rd byte, the long ones at all.
 */
final class IntelFlipTest {
    private static final Instant AT = Instant.parse("2025-07-01T00:00:00Z");
    private static final int STRIDE = 23;

    @Test
    void shouldNotVerifyAFlippedQuote() {
        flipQuote("tdx_quote", "tdx_quote_collateral.json", STRIDE);
        flipQuote("sgx_quote", "sgx_quote_collateral.json", STRIDE);
    }

    @Test
    @Tag("long")
    void shouldNotVerifyAQuoteFlippedAtAnyByte() {
        flipQuote("tdx_quote", "tdx_quote_collateral.json", 1);
        flipQuote("sgx_quote", "sgx_quote_collateral.json", 1);
    }

    @Test
    void shouldNotVerifyByFlippedCollateral() {
        flipCollateral(STRIDE);
    }

    @Test
    @Tag("long")
    void shouldNotVerifyByCollateralFlippedAtAnyByte() {
        flipCollateral(1);
    }

    private static void flipQuote(String name, String collateralName, int stride) {
        byte[] padded = IntelSamples.bytes(QVL + name);
        int end = padded.length;
        while (padded[end - 1] == 0) {
            end--;
        }
        // The zero that ends the chain is the last byte of the signature data.
        byte[] quote = Arrays.copyOf(padded, end + 1);
        Collateral collateral = IntelSamples.collateral(QVL + collateralName);
        flip(name, quote, stride, flipped -> IntelSamples.verify(flipped, collateral, AT));
    }

    private static void flipCollateral(int stride) {
        byte[] quote = IntelSamples.bytes(QVL + "tdx_quote");
        Collateral whole = IntelSamples.collateral(QVL + "tdx_quote_collateral.json");
        List<byte[]> parts = new ArrayList<>();
        for (X509CRL crl : whole.crls()) {
            parts.add(encoded(crl));
        }
        for (Collateral.SignedDocument document : whole.documents()) {
            parts.add(response(document));
        }
        assertThat(parts).hasSize(4);
        assertThat(IntelSamples.verify(quote, Collateral.of(parts), AT)).isInstanceOf(Verdict.Verified.class);
        for (int i = 0; i < parts.size(); i++) {
            int index = i;
            flip("collateral " + i, parts.get(i), stride, flipped -> {
                List<byte[]> others = new ArrayList<>(parts);
                others.set(index, flipped);
                return IntelSamples.verify(quote, Collateral.of(others), AT);
            });
        }
    }

    private static byte[] encoded(X509CRL crl) {
        try {
            return crl.getEncoded();
        } catch (CRLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] response(Collateral.SignedDocument document) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String name = document.kind() == Kind.TCB_INFO ? "tcbInfo" : "enclaveIdentity";
        out.writeBytes(("{\"" + name + "\":").getBytes(US_ASCII));
        out.writeBytes(document.body());
        out.writeBytes((",\"signature\":\"" + Hex.encode(document.signature64()) + "\"}").getBytes(US_ASCII));
        return out.toByteArray();
    }

    private static void flip(String name, byte[] original, int stride, Function<byte[], Verdict> verify) {
        List<String> verified = new ArrayList<>();
        int tried = 0;
        for (int offset = 0; offset < original.length; offset += stride) {
            byte[] flipped = original.clone();
            flipped[offset] ^= (byte) (1 << offset % 8);
            if (verify.apply(flipped) instanceof Verdict.Verified && !isLetterCase(original[offset], flipped[offset])) {
                verified.add(name + " at " + offset);
            }
            tried++;
        }
        assertThat(verified).as(tried + " flips of " + name).isEmpty();
    }

    /** Hexadecimal digits of a signature may be of either case, which is no other signature. */
    private static boolean isLetterCase(byte original, byte flipped) {
        return (original ^ flipped) == 0x20
                && Character.digit(original, 16) == Character.digit(flipped, 16)
                && Character.digit(original, 16) >= 10;
    }
}
