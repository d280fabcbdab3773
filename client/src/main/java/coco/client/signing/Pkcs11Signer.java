package coco.client.signing;

import coco.governance.cose.SignerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/**
 * A key in a token behind a PKCS #11 library, by the JDK's provider. The token holds key and certificate under one
 * identifier (as {@code pkcs11-tool --write-object} puts them); the certificate decides which key it is.
 */
final class Pkcs11Signer implements OpenSigner {
    /** Variable with the PIN, where nobody can be asked. */
    static final String PIN_VARIABLE = "COCO_SIGNER_PIN";

    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
    private static final int PIN_FILE_BYTES_MAX = 1024;

    private final Session session;
    private final PrivateKey key;
    private final SignerIdentity identity;

    private Pkcs11Signer(Session session, PrivateKey key, SignerIdentity identity) {
        this.session = session;
        this.key = key;
        this.identity = identity;
    }

    static Pkcs11Signer open(String uri, SignerIdentity identity, Secrets secrets) {
        Session session = Session.open(Pkcs11Uri.parse(uri), secrets);
        try {
            PrivateKey key = key(session.store(), identity.certificate());
            if (key == null) {
                throw new SignerException("pkcs11: the token has no private key with the signer's certificate");
            }
            return new Pkcs11Signer(session, key, identity);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new SignerException("pkcs11: the token's keys cannot be read: " + reason(e), e);
        }
    }

    /**
     * A token that was logged in to.
     *
     * @param provider of this token alone
     * @param store its keys
     */
    record Session(Provider provider, KeyStore store) {
        static Session open(Pkcs11Uri token, Secrets secrets) {
            Long named = token.slot();
            long slot = named != null ? named : TokenSlots.find(token.module(), token.token(), token.serial());
            Provider provider = Pkcs11Signer.provider(token.module(), slot);
            char[] pin = pin(token.pinFile(), secrets);
            try {
                KeyStore store = KeyStore.getInstance("PKCS11", provider);
                store.load(null, pin);
                return new Session(provider, store);
            } catch (IOException | GeneralSecurityException | ProviderException e) {
                throw new SignerException("pkcs11: the token of slot " + slot + " does not open: " + reason(e), e);
            } finally {
                Arrays.fill(pin, '\0');
            }
        }

        void close() {
            if (provider instanceof AuthProvider session) {
                try {
                    session.logout();
                } catch (LoginException | ProviderException e) {
                    throw new SignerException("pkcs11: the token does not log out: " + reason(e), e);
                }
            }
        }
    }

    private static Provider provider(Path module, long slot) {
        Provider template = Security.getProvider("SunPKCS11");
        if (template == null) {
            throw new SignerException("pkcs11: this Java has no provider for tokens");
        }
        // Two dashes: the configuration itself instead of a file.
        String configuration = "--name = coco" + slot + "\nlibrary = " + module + "\nslot = " + slot + "\n";
        try {
            return template.configure(configuration);
        } catch (ProviderException e) {
            throw new SignerException("pkcs11: " + module + " with slot " + slot + ": " + reason(e), e);
        }
    }

    private static char[] pin(@Nullable Path file, Secrets secrets) {
        if (file == null) {
            return Passwords.of(secrets, PIN_VARIABLE, "PIN of the token");
        }
        try {
            String text = new String(KeyFile.bounded(file, PIN_FILE_BYTES_MAX), StandardCharsets.UTF_8);
            return text.strip().toCharArray();
        } catch (IOException e) {
            throw new SignerException("pkcs11: cannot read the PIN from " + file, e);
        }
    }

    private static @Nullable PrivateKey key(KeyStore store, X509Certificate certificate)
            throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)
                    && certificate.equals(store.getCertificate(alias))
                    && store.getKey(alias, null) instanceof PrivateKey key) {
                return key;
            }
        }
        return null;
    }

    /** The innermost message: the provider wraps what the token said (CKR_PIN_INCORRECT) in several layers. */
    static String reason(Throwable e) {
        Throwable cause = e;
        for (int depth = 0; depth < 10 && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    @Override
    public X509Certificate certificate() {
        return identity.certificate();
    }

    @Override
    public List<X509Certificate> chain() {
        return identity.chain();
    }

    @Override
    public byte[] sign(byte[] toBeSigned) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM, session.provider());
            signature.initSign(key);
            signature.update(toBeSigned);
            return signature.sign();
        } catch (GeneralSecurityException | ProviderException e) {
            throw new SignerException("pkcs11: the token does not sign: " + reason(e), e);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
