package coco.node.tls;

import coco.crypto.Certificates;
import coco.crypto.P256;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** A self-signed certificate with its key, valid for an hour around now unless said otherwise. */
public record TestIdentity(KeyPair keys, X509Certificate certificate) {
    private static final SecureRandom RANDOM = new SecureRandom();

    public static TestIdentity of(String name) {
        Instant now = Instant.now();
        return of(name, now.minusSeconds(1800), now.plusSeconds(1800));
    }

    public static TestIdentity of(String name, Instant notBefore, Instant notAfter) {
        KeyPair keys = P256.generate(RANDOM);
        return new TestIdentity(keys, Certificates.selfSigned(name, keys, notBefore, notAfter, RANDOM));
    }

    public NodeIdentity identity() {
        return new NodeIdentity(keys.getPrivate(), List.of(certificate));
    }

    /** A context that shows this identity and takes that server only. */
    public javax.net.ssl.SSLContext clientOf(X509Certificate server) {
        return TlsContexts.of(identity(), new ServerTrust(server::equals, InstantSource.system()));
    }

    public javax.net.ssl.SSLContext server() {
        return TlsContexts.of(identity(), new ClientTrust(InstantSource.system()));
    }
}
