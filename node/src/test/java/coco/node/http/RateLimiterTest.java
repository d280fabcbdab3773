package coco.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.Quota;
import coco.node.http.ListenerSettings.ClientCertificates;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls by address, and what browsers ask before they call. */
@Timeout(60)
final class RateLimiterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<HttpListener> started = new ArrayList<>();
    private long nanos;

    @AfterEach
    void stop() {
        started.forEach(HttpListener::stop);
    }

    private static InetSocketAddress from(String address) {
        return new InetSocketAddress(address, 1);
    }

    @Test
    void shouldFillEachAddressesBucketWithTime() {
        RateLimiter rates = new RateLimiter(new RateLimit(10, 30), () -> nanos);
        Quota one = rates.of(from("10.0.0.1"));

        assertThat(one.take(31)).isFalse();
        assertThat(one.take(30)).isTrue();
        assertThat(rates.of(from("10.0.0.1")).take(1)).isFalse();
        assertThat(rates.of(from("10.0.0.2")).take(1)).isTrue();
        nanos += TimeUnit.MILLISECONDS.toNanos(500);
        assertThat(one.take(6)).isFalse();
        assertThat(one.take(5)).isTrue();
        nanos += TimeUnit.HOURS.toNanos(1);
        assertThat(one.take(31)).isFalse();
        assertThat(one.take(30)).isTrue();
    }

    @Test
    void shouldTakeANetworkOfIpv6ForOneClient() {
        RateLimiter rates = new RateLimiter(new RateLimit(1, 1), () -> nanos);

        assertThat(rates.of(from("2001:db8:1:2::1")).take(1)).isTrue();
        assertThat(rates.of(from("2001:db8:1:2:ffff::9")).take(1)).isFalse();
        assertThat(rates.of(from("2001:db8:1:3::1")).take(1)).isTrue();
    }

    @Test
    void shouldRememberABoundedNumberOfAddresses() {
        RateLimiter rates = new RateLimiter(new RateLimit(1, 2), () -> nanos);
        int refused = 0;
        for (int i = 0; i < 40_000; i++) {
            refused += rates.of(from("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)))
                            .take(1)
                    ? 0
                    : 1;
        }
        assertThat(refused).as("share what is left for all the rest").isGreaterThan(20_000);
        nanos += TimeUnit.SECONDS.toNanos(5);
        assertThat(rates.of(from("10.9.9.9")).take(2))
                .as("who calls no more is forgotten")
                .isTrue();
    }

    @Test
    void shouldLookThroughItsAddressesOnceASecond() {
        long[] looks = new long[1];
        RateLimiter rates = new RateLimiter(new RateLimit(1, 2), () -> {
            looks[0]++;
            return nanos;
        });
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            taken += rates.of(from("10.0." + (i >> 8) + "." + (i & 255))).take(1) ? 1 : 0;
        }
        assertThat(taken).isLessThan(20_000);
        long before = looks[0];
        for (int i = 0; i < 100; i++) {
            assertThat(rates.of(from("10.1.0." + i)).take(1)).isFalse();
        }
        assertThat(looks[0] - before).isLessThan(1_000);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void shouldAnswer429BeforeTheBodyIsRead(HttpClient.Version version) throws Exception {
        HttpListener listener = start(new RateLimit(1, 3));
        try (HttpClient http = HttpClient.newBuilder().version(version).build()) {
            upgrade(http, listener);
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                codes.add(post(http, listener, "x").statusCode());
            }
            assertThat(codes).startsWith(200, 200, 200).contains(429);
            HttpResponse<String> refused = post(http, listener, "x");
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(refused.version()).isEqualTo(version);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void shouldLetListedPagesAskAsBrowsersDo(HttpClient.Version version) throws Exception {
        HttpListener listener = start(RateLimit.NONE);
        try (HttpClient http = HttpClient.newBuilder().version(version).build()) {
            upgrade(http, listener);
            var preflight = java.net.http.HttpRequest.newBuilder(uri(listener))
                    .method("OPTIONS", BodyPublishers.noBody())
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type")
                    .header("Access-Control-Request-Private-Network", "true");
            HttpResponse<String> allowed = http.send(
                    preflight.copy().header("Origin", "https://app.example").build(), BodyHandlers.ofString());
            HttpResponse<String> foreign = http.send(
                    preflight.copy().header("Origin", "https://evil.example").build(), BodyHandlers.ofString());

            assertThat(allowed.version()).isEqualTo(version);
            assertThat(allowed.statusCode()).isEqualTo(204);
            assertThat(allowed.headers().firstValue("access-control-allow-origin"))
                    .hasValue("https://app.example");
            assertThat(allowed.headers().firstValue("access-control-allow-methods"))
                    .hasValue("POST");
            assertThat(allowed.headers().firstValue("access-control-allow-headers"))
                    .hasValue("content-type");
            assertThat(allowed.headers().firstValue("access-control-allow-private-network"))
                    .hasValue("true");
            assertThat(foreign.statusCode()).isEqualTo(403);
            assertThat(foreign.headers().firstValue("access-control-allow-private-network"))
                    .isEmpty();
        }
    }

    private HttpListener start(RateLimit rate) {
        HttpListener listener = new HttpListener(
                new ListenerSettings(
                        "test",
                        "127.0.0.1",
                        0,
                        null,
                        ClientCertificates.NONE,
                        List.of(new Route("POST", "/", request -> Reply.json("1".getBytes(StandardCharsets.UTF_8)))),
                        BrowserRules.of(List.of("127.0.0.1"), List.of("https://app.example")),
                        true),
                new HttpLimits(
                        20,
                        50,
                        PATIENCE,
                        PATIENCE,
                        PATIENCE,
                        PATIENCE,
                        PATIENCE,
                        8192,
                        65_536,
                        8 << 20,
                        PATIENCE,
                        SocketLimits.defaults(),
                        rate),
                HttpObserver.NONE);
        listener.start();
        started.add(listener);
        return listener;
    }

    private static URI uri(HttpListener listener) {
        return URI.create("http://127.0.0.1:" + listener.port() + "/");
    }

    /** A first request without a body, with which clients go over to HTTP/2. */
    private static void upgrade(HttpClient http, HttpListener listener) throws Exception {
        http.send(java.net.http.HttpRequest.newBuilder(uri(listener)).build(), BodyHandlers.discarding());
    }

    private static HttpResponse<String> post(HttpClient http, HttpListener listener, String body) throws Exception {
        return http.send(
                java.net.http.HttpRequest.newBuilder(uri(listener))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
