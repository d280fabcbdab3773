package coco.node.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.journal.ServiceIdentity;
import coco.node.channel.BoundedExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which identity of the service is believed when several nodes tell of it. */
final class NewestServiceTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] SERVICE = new byte[32];
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final List<KeyPair> keys = new ArrayList<>();
    private final List<ServiceIdentity> honest = new ArrayList<>();

    /** What somebody tells who was removed with the second generation, and holds its key. */
    private final List<ServiceIdentity> forked;

    NewestServiceTest() {
        for (int generation = 0; generation < 4; generation++) {
            keys.add(P256.generate(RANDOM));
            honest.add(identity(generation, keys.get(generation), keys.get(Math.max(0, generation - 1))));
        }
        forked = new ArrayList<>(honest.subList(0, 2));
        KeyPair own = P256.generate(RANDOM);
        forked.add(identity(2, own, keys.get(1)));
        forked.add(identity(3, P256.generate(RANDOM), own));
        forked.add(identity(4, P256.generate(RANDOM), own));
    }

    @Test
    void shouldFollowTheLongestWhenTheOthersAreOnlyBehind() {
        NewestService service = new NewestService(SERVICE, certificate(0), "");
        assertThat(service.take(told(0, List.of(honest.subList(0, 2), honest, List.of(), honest.subList(0, 3)))))
                .isTrue();

        assertThat(service.newest()).isEqualTo(certificate(3));
        assertThat(service.hasIssued(issued(3))).isTrue();
        assertThat(service.hasIssued(issued(2)))
                .as("by the key of an older generation")
                .isFalse();
        assertThat(service.take(told(3, List.of(honest.subList(0, 2), honest)))).isFalse();
        assertThat(service.newest()).isEqualTo(certificate(3));
    }

    @Test
    void shouldBelieveNeitherWhenTheyContradictEachOther() {
        NewestService service = new NewestService(SERVICE, certificate(0), "");
        for (List<List<X509Certificate>> told :
                List.of(told(0, List.of(honest, forked)), told(0, List.of(forked, honest.subList(0, 3), honest)))) {
            assertThatThrownBy(() -> service.take(told))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining(fingerprint(honest.get(2)))
                    .hasMessageContaining(fingerprint(forked.get(2)));
        }
        assertThat(service.newest()).isEqualTo(certificate(0));
    }

    @Test
    void shouldNotGoBackBehindTheNewestThatWasSeen() {
        NewestService service = new NewestService(SERVICE, certificate(2), "");
        assertThat(service.take(told(2, List.of(forked))))
                .as("it does not know that one")
                .isFalse();

        assertThat(service.newest()).isEqualTo(certificate(2));
    }

    @Test
    void shouldBelieveOnlyWhatThePinnedIdentityLeadsTo() {
        NewestService service = new NewestService(SERVICE, certificate(0), fingerprint(honest.get(2)));
        assertThatThrownBy(() -> service.take(told(0, List.of(forked)))).hasMessageContaining("allowed what follows");
        assertThatThrownBy(() -> service.take(told(0, List.of(List.of())))).isInstanceOf(JoinException.class);
        assertThat(service.hasIssued(issued(0)))
                .as("nothing before the pin was seen")
                .isFalse();
        assertThat(service.take(told(0, List.of(honest)))).isTrue();
        assertThat(service.newest()).isEqualTo(certificate(3));
    }

    @Test
    void shouldLetThePinDecideWhenAnswersContradictEachOther() {
        NewestService service = new NewestService(SERVICE, certificate(0), fingerprint(honest.get(2)));
        assertThat(service.take(told(0, List.of(forked, honest, honest.subList(0, 2), forked))))
                .isTrue();
        assertThat(service.newest()).isEqualTo(certificate(3));

        NewestService early = new NewestService(SERVICE, certificate(0), fingerprint(honest.get(1)));
        assertThatThrownBy(() -> early.take(told(0, List.of(forked, honest))))
                .as("both hold the pinned one")
                .isInstanceOf(JoinException.class);
        assertThat(early.newest()).isEqualTo(certificate(0));
    }

    @Test
    @Timeout(60)
    void shouldNotWaitForWhoeverSendsItsReplyByteByByte() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient http = HttpClient.newHttpClient()) {
            Thread slow = Thread.ofVirtual().start(() -> drip(server));
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort()))
                    .build();
            assertThatThrownBy(() -> BoundedExchange.send(http, request, 1_000, Duration.ofMillis(300)))
                    .isInstanceOf(HttpTimeoutException.class);
            slow.join();
        }
    }

    /** Answers at once, and never comes to an end: until the other side hangs up. */
    private static void drip(ServerSocket server) {
        try (Socket client = server.accept()) {
            OutputStream out = client.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(0);
                out.flush();
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException hungUp) {
            assertThat(hungUp).isInstanceOf(IOException.class);
        }
    }

    private List<List<X509Certificate>> told(int known, List<List<ServiceIdentity>> told) {
        return told.stream()
                .map(list -> ServiceIdentities.endorsed(
                        SERVICE, certificate(known), new ServiceIdentities.Told(SERVICE, list, List.of())))
                .toList();
    }

    private X509Certificate certificate(int generation) {
        return honest.get(generation).certificate();
    }

    private X509Certificate issued(int generation) {
        return Certificates.issue(
                certificate(generation),
                keys.get(generation).getPrivate(),
                subject("node-1", P256.generate(RANDOM)),
                RANDOM);
    }

    private static String fingerprint(ServiceIdentity identity) {
        return Hex.encode(Certificates.fingerprint(identity.certificate()));
    }

    private static ServiceIdentity identity(int generation, KeyPair own, KeyPair before) {
        long height = 10L * generation;
        return new ServiceIdentity(
                generation,
                height,
                Certificates.selfSigned("service", own, NOW.minusSeconds(60), NOW.plusSeconds(60), RANDOM),
                ServiceIdentity.endorse(SERVICE, generation, height, own.getPublic(), before.getPrivate()));
    }

    private static Certificates.EndEntity subject(String name, KeyPair own) {
        return new Certificates.EndEntity(
                name, own.getPublic(), List.of(), NOW.minusSeconds(60), NOW.plusSeconds(60), Map.of());
    }
}
