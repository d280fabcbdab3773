package coco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.cose.Signer;
import coco.governance.cose.SignerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose key signs wherever it lies, against a TLS server that asks for a certificate. */
@Timeout(60)
final class SignerTlsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final char[] NO_PASSWORD = new char[0];

    private final KeyPair service = P256.generate(RANDOM);
    private final X509Certificate authority = Certificates.selfSigned(
            "service", service, Instant.now().minusSeconds(60), Instant.now().plusSeconds(600), RANDOM);
    private final KeyPair member = P256.generate(RANDOM);
    private final X509Certificate certificate = Certificates.selfSignedSigner(
            "alice", member, Instant.now().minusSeconds(60), Instant.now().plusSeconds(600), RANDOM);
    private final AtomicInteger signatures = new AtomicInteger();

    @Test
    void shouldShowTheSignersCertificateAndHaveItSignTheHandshake() throws Exception {
        Signer signer = signer(false);
        try (SSLServerSocket server = server()) {
            CompletableFuture<Certificate[]> seen = CompletableFuture.supplyAsync(() -> answer(server));
            try (NodeClient client = client(server, signer)) {
                assertThat(client.get("/x").body().required("ok").asBoolean()).isTrue();
            }
            assertThat(seen.get()).containsExactly(certificate);
        }
        assertThat(signatures).hasValue(1);
    }

    @Test
    void shouldFailWhenTheSignerCannotSign() throws Exception {
        try (SSLServerSocket server = server();
                NodeClient client = client(server, signer(true))) {
            CompletableFuture<Void> refusing = CompletableFuture.runAsync(() -> answer(server));
            assertThatExceptionOfType(ClientException.class).isThrownBy(() -> client.get("/x"));
            assertThat(refusing).failsWithin(Duration.ofSeconds(20));
        }
    }

    private NodeClient client(SSLServerSocket server, Signer signer) {
        return new NodeClient(
                URI.create("https://localhost:" + server.getLocalPort()),
                ServiceTrust.contextFor(authority, signer),
                ClientLimits.DEFAULT);
    }

    private Signer signer(boolean broken) {
        return new Signer() {
            @Override
            public X509Certificate certificate() {
                return certificate;
            }

            @Override
            public byte[] sign(byte[] toBeSigned) {
                if (broken) {
                    throw new SignerException("the token is gone");
                }
                signatures.incrementAndGet();
                return P256.sign(member.getPrivate(), Sha256.hash(toBeSigned));
            }
        };
    }

    private SSLServerSocket server() throws Exception {
        KeyPair keys = P256.generate(RANDOM);
        X509Certificate node = Certificates.issue(
                authority,
                service.getPrivate(),
                "node",
                keys.getPublic(),
                List.of("localhost"),
                Instant.now().minusSeconds(60),
                Instant.now().plusSeconds(600),
                RANDOM);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("node", keys.getPrivate(), NO_PASSWORD, new Certificate[] {node});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(managers.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        return server;
    }

    private static Certificate[] answer(SSLServerSocket server) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.startHandshake();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
                line = in.readLine();
            }
            String reply = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"ok\": true}";
            socket.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
            return socket.getSession().getPeerCertificates();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Takes every client; that it holds its key the handshake proves. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, @Nullable String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, @Nullable String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
