package coco.node.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate and key that this node shows, as client and as server. {@link #replace} takes effect with the next
 * handshake; running connections keep what they were made with. Thread-safe.
 */
public final class NodeIdentity extends X509ExtendedKeyManager {
    private static final String ALIAS = "node";
    private static final String KEY_TYPE = "EC";

    private volatile Current current;

    /**
     * An identity.
     *
     * @param key private key of the first certificate; EC
     * @param chain leaf first, at least one
     */
    public NodeIdentity(PrivateKey key, List<X509Certificate> chain) {
        this.current = Current.of(key, chain);
    }

    /** Shows another certificate from the next handshake on. */
    public void replace(PrivateKey key, List<X509Certificate> chain) {
        current = Current.of(key, chain);
    }

    /** The certificate shown now. */
    public X509Certificate certificate() {
        return current.chain[0];
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return List.of(keyTypes).contains(KEY_TYPE) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return List.of(keyTypes).contains(KEY_TYPE) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keyType.equals(KEY_TYPE) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return keyType.equals(KEY_TYPE) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return current.chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return current.key;
    }

    private static final class Current {
        private final PrivateKey key;
        private final X509Certificate[] chain;

        private Current(PrivateKey key, X509Certificate[] chain) {
            this.key = key;
            this.chain = chain;
        }

        static Current of(PrivateKey key, List<X509Certificate> chain) {
            if (chain.isEmpty() || !key.getAlgorithm().startsWith(KEY_TYPE)) {
                throw new IllegalArgumentException("an identity is an EC key with at least one certificate");
            }
            return new Current(key, chain.toArray(X509Certificate[]::new));
        }
    }
}
