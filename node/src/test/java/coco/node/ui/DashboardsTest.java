package coco.node.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.Quota;
import coco.node.http.Credentials;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import coco.node.tls.TestIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DashboardsTest {
    private static final String LIST = "index.html\ncompare/index.html\nassets/a-1f.js\nassets/a-1f.css\nicon.svg\n";
    private static final Dashboards PAGES = Dashboards.of(name -> bytes(name.equals("files.txt") ? LIST : name));

    @Test
    void shouldServeEveryListedFileByItsKind() throws Exception {
        Map<String, String> types = new LinkedHashMap<>();
        for (String path : List.of("", "index.html", "compare/", "assets/a-1f.js", "assets/a-1f.css", "icon.svg")) {
            Reply reply = ui(PAGES, path);
            types.put(path, reply.status() + " " + reply.contentType() + " " + text(reply));
        }

        assertThat(types)
                .containsExactly(
                        Map.entry("", "200 text/html; charset=utf-8 index.html"),
                        Map.entry("index.html", "200 text/html; charset=utf-8 index.html"),
                        Map.entry("compare/", "200 text/html; charset=utf-8 compare/index.html"),
                        Map.entry("assets/a-1f.js", "200 text/javascript; charset=utf-8 assets/a-1f.js"),
                        Map.entry("assets/a-1f.css", "200 text/css; charset=utf-8 assets/a-1f.css"),
                        Map.entry("icon.svg", "200 image/svg+xml icon.svg"));
    }

    @Test
    void shouldLookForNothingThatIsNotListed() throws Exception {
        for (String path : List.of(
                "files.txt",
                "../NodeMain.class",
                "..%2fNodeMain.class",
                "/etc/passwd",
                "assets/../index.html",
                "assets//a-1f.js",
                "./index.html",
                "INDEX.HTML",
                "index.html\0",
                "compare/index.html/",
                "x".repeat(4000))) {
            Reply reply = ui(PAGES, path);
            assertThat(reply.status()).as(path).isEqualTo(404);
            assertThat(text(reply)).doesNotContain(path);
        }
    }

    @Test
    void shouldGuardEveryAnswerByThePolicyWhenItHasABody() throws Exception {
        for (String path : List.of("", "assets/a-1f.js", "nowhere")) {
            assertThat(ui(PAGES, path).headers())
                    .as(path)
                    .containsEntry("Content-Security-Policy", Dashboards.POLICY)
                    .containsEntry("Referrer-Policy", "no-referrer")
                    .containsEntry("Cross-Origin-Opener-Policy", "same-origin");
        }
        assertThat(Dashboards.POLICY)
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .doesNotContain("unsafe");
    }

    @Test
    void shouldLetBrowsersKeepWhatIsNamedByItsContentAndNothingElse() throws Exception {
        assertThat(ui(PAGES, "assets/a-1f.js").headers())
                .containsEntry("Cache-Control", "public, max-age=31536000, immutable");
        for (String path : List.of("", "compare/", "icon.svg")) {
            assertThat(ui(PAGES, path).headers()).as(path).containsEntry("Cache-Control", "no-cache");
        }
        assertThat(ui(PAGES, "").headers().get("ETag"))
                .isEqualTo(ui(PAGES, "index.html").headers().get("ETag"))
                .isNotEqualTo(ui(PAGES, "compare/").headers().get("ETag"))
                .matches("\"[0-9a-f]{32}\"");
    }

    @Test
    void shouldSendBrowsersFromTheRootToThePagesAndNobodyElse() throws Exception {
        assertThat(ask(PAGES, "/", "", true).headers()).containsEntry("Location", "/ui/");
        assertThat(ask(PAGES, "/", "", false).status()).isEqualTo(405);
        assertThat(ask(PAGES, "/ui", "", false).headers()).containsEntry("Location", "/ui/");
        assertThat(ui(PAGES, "compare").headers()).containsEntry("Location", "/ui/compare/");
    }

    @Test
    void shouldLeaveTheRootToWhoeverHasAPageThere() {
        Route taken = new Route("GET", "/", request -> new Reply(200, null, new byte[0], Map.of()));

        assertThat(PAGES.routes(Route.Access.ANYBODY, List.of(taken)))
                .extracting(Route::path)
                .containsExactly("/ui/*", "/ui");
    }

    @Test
    void shouldTellABrowserWhyItSeesNothingWhenItsCertificateIsNotAdmitted() throws Exception {
        X509Certificate member = TestIdentity.of("member").certificate();
        X509Certificate stranger = TestIdentity.of("stranger").certificate();
        for (String path : List.of("/ui/*", "/ui", "/")) {
            assertThat(ask(path, member, member).status()).as(path).isIn(200, 302);
            assertThat(ask(path, member, null).status()).as(path).isEqualTo(403);
            assertThat(text(ask(path, member, null))).as(path).contains("has shown no certificate");
            assertThat(ask(path, member, stranger).status()).as(path).isEqualTo(403);
            assertThat(text(ask(path, member, stranger))).as(path).contains("does not admit the certificate");
            assertThat(ask(path, member, null).headers())
                    .containsEntry("Content-Security-Policy", Dashboards.POLICY)
                    .doesNotContainKey("Cache-Control");
        }
    }

    @Test
    void shouldSayThatPagesWereNotBuiltWhenThereAreNone() throws Exception {
        Dashboards none = Dashboards.of(name -> null);

        assertThat(none.isEmpty()).isTrue();
        assertThat(ui(none, "").status()).isEqualTo(404);
        assertThat(text(ui(none, ""))).contains("were not built").contains("npm");
    }

    @Test
    void shouldRefuseAListThatNamesWhatItCannotServe() {
        assertThatThrownBy(() -> Dashboards.of(name -> name.equals("files.txt") ? bytes("a.html\n") : null))
                .hasMessageContaining("a.html, which is missing");
        assertThatThrownBy(() -> Dashboards.of(name -> bytes(name.equals("files.txt") ? "a.exe\n" : "x")))
                .hasMessageContaining("a.exe, whose kind is not known");
    }

    private static Reply ui(Dashboards pages, String rest) throws Exception {
        return ask(pages, "/ui/*", rest, false);
    }

    private static Reply ask(Dashboards pages, String path, String rest, boolean forReading) throws Exception {
        return ask(pages.routes(Route.Access.ANYBODY, List.of()), path, rest, forReading, null);
    }

    /** Asks a listener that admits one certificate. */
    private static Reply ask(String path, X509Certificate admitted, @Nullable X509Certificate shown) throws Exception {
        return ask(PAGES.routes(admitted::equals, List.of()), path, "", true, shown);
    }

    private static Reply ask(
            List<Route> routes, String path, String rest, boolean forReading, @Nullable X509Certificate shown)
            throws Exception {
        Route route = routes.stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow();
        Credentials nobody =
                new Credentials(List.of(), rest, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        HttpRequest request =
                new HttpRequest(rest, Map.of(), new byte[0], forReading, false, shown, Quota.UNLIMITED, nobody);
        assertThat(route.access().admits(shown)).isTrue();
        return route.handler().handle(request);
    }

    private static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
