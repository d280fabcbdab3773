package coco.client;

import coco.governance.cose.Signer;
import coco.governance.cose.SignerException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.security.InvalidKeyException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS client authentication by a key that cannot be taken out of where it lies: a token, a key vault. The JDK picks the
 * implementation of a signature by the class of the key, so a class of our own leads it to one that asks the signer.
 *
 * <p>What TLS 1.3 has a client sign begins with 64 spaces and a fixed text (RFC 8446, section 4.4.3), what governance
 * signs is a CBOR array: neither can be taken for the other.
 */
final class SignerTls extends X509ExtendedKeyManager {
    private static final String ALIAS = "signer";
    private static final String SHA256_ECDSA = "SHA256withECDSA";

    private final Signer signer;
    private final X509Certificate[] chain;

    SignerTls(Signer signer) {
        this.signer = signer;
        List<X509Certificate> below = signer.chain();
        this.chain = (below.isEmpty() ? List.of(signer.certificate()) : below).toArray(X509Certificate[]::new);
        Security.addProvider(new SignerProvider());
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return Arrays.asList(keyTypes).contains("EC") ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return new SignerKey(signer);
    }

    /** Stands for the key where only a key will do. */
    private static final class SignerKey implements PrivateKey {
        private static final long serialVersionUID = 1L;

        private final transient Signer signer;

        SignerKey(Signer signer) {
            this.signer = signer;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public @Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return null;
        }
    }

    /** Registered once in a process; the JDK passes over a second of the same name. */
    private static final class SignerProvider extends Provider {
        private static final long serialVersionUID = 1L;

        SignerProvider() {
            super("CocoSigner", "1", "ECDSA by keys that lie elsewhere");
            putService(
                    new Service(
                            this,
                            "Signature",
                            SHA256_ECDSA,
                            SignerSignature.class.getName(),
                            List.of(),
                            Map.of("SupportedKeyClasses", SignerKey.class.getName())) {
                        @Override
                        public Object newInstance(@Nullable Object parameter) {
                            return new SignerSignature();
                        }
                    });
        }
    }

    private static final class SignerSignature extends SignatureSpi {
        private final ByteArrayOutputStream in = new ByteArrayOutputStream();
        private @Nullable Signer signer;

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            if (!(key instanceof SignerKey ours)) {
                throw new InvalidKeyException("not a signer's key");
            }
            signer = ours.signer;
            in.reset();
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            throw new InvalidKeyException("this only signs");
        }

        @Override
        protected void engineUpdate(byte value) {
            in.write(value);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) {
            in.write(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            Signer by = signer;
            if (by == null) {
                throw new SignatureException("not begun");
            }
            try {
                return der(by.sign(in.toByteArray()));
            } catch (SignerException failed) {
                throw new SignatureException(failed.getMessage(), failed);
            } finally {
                in.reset();
            }
        }

        /** ECDSA-Sig-Value (RFC 3279, section 2.2.3): short form of lengths, as two numbers of 33 bytes allow. */
        private static byte[] der(byte[] rs) {
            byte[] r = new BigInteger(1, Arrays.copyOfRange(rs, 0, rs.length / 2)).toByteArray();
            byte[] s = new BigInteger(1, Arrays.copyOfRange(rs, rs.length / 2, rs.length)).toByteArray();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(0x30);
            out.write(4 + r.length + s.length);
            for (byte[] number : List.of(r, s)) {
                out.write(0x02);
                out.write(number.length);
                out.writeBytes(number);
            }
            return out.toByteArray();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            throw new SignatureException("this only signs");
        }

        @Override
        @SuppressWarnings("removal")
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("removal")
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
