package coco.node.ui;

import coco.crypto.Hex;
import coco.crypto.Sha256;
import coco.ledgers.api.Endpoint.Reply;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pages below {@code /ui/}, in memory: a megabyte or two. Immutable. */
public final class Dashboards {
    private static final String FOLDER = "coco/ui/";
    private static final String LIST = "files.txt";
    private static final String PAGE = "index.html";
    private static final String HTML = "text/html; charset=utf-8";

    /** Files that the bundler has named by their content; a changed one has another name. */
    private static final String NAMED_BY_CONTENT = "assets/";

    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "no-cache";

    /**
     * The policy of every page. Styles come from files; scripts may set properties of elements, which no policy
     * forbids. Pages may frame each other, which the guided mode of a demonstration does.
     */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none';"
            + " form-action 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", HTML,
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json",
            "woff2", "font/woff2");

    private final Map<String, Reply> files;

    private Dashboards(Map<String, Reply> files) {
        this.files = Map.copyOf(files);
    }

    /** The pages of this program; none if it was built without them. */
    public static Dashboards ofClassPath() {
        return of(name -> {
            try (InputStream in = Dashboards.class.getResourceAsStream("/" + FOLDER + name)) {
                return in == null ? null : in.readAllBytes();
            } catch (IOException unreadable) {
                throw new UncheckedIOException("class path: " + FOLDER + name, unreadable);
            }
        });
    }

    /** @param resources content of a file below the folder of the pages; null if there is none */
    static Dashboards of(Function<String, byte @Nullable []> resources) {
        byte[] list = resources.apply(LIST);
        Map<String, Reply> files = new HashMap<>();
        if (list != null) {
            for (String name : new String(list, StandardCharsets.UTF_8).lines().toList()) {
                byte[] content = resources.apply(name);
                String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
                if (content == null || type == null) {
                    throw new IllegalStateException(FOLDER + LIST + " names " + name + ", "
                            + (content == null ? "which is missing" : "whose kind is not known here"));
                }
                files.put(name, file(name, type, content));
            }
        }
        return new Dashboards(files);
    }

    /**
     * The routes of the pages, and one from the root for browsers.
     *
     * @param access who may load them
     * @param others what the listener serves beside; if that has a page of its own at the root, it stays
     */
    public List<Route> routes(Route.Access access, List<Route> others) {
        List<Route> routes = new ArrayList<>();
        routes.add(route("/ui/*", access, request -> page(request.rest())));
        routes.add(route("/ui", access, request -> moved("/ui/")));
        if (others.stream()
                .noneMatch(route -> route.path().equals("/") && route.method().equals("GET"))) {
            routes.add(route("/", access, Dashboards::root));
        }
        return routes;
    }

    /** Whoever opens a page that it may not see is told so by a page: a route's own access has no words. */
    private static Route route(String path, Route.Access access, Route.Handler handler) {
        return new Route(
                "GET",
                path,
                request -> access.admits(request.peer()) ? handler.handle(request) : refusal(request.peer()));
    }

    private static Reply refusal(@Nullable X509Certificate peer) {
        String what = peer == null
                ? "your browser has shown no certificate. Import a member's certificate with its key into the"
                        + " browser (docs/operations/browser.md says how),"
                : "it does not admit the certificate that your browser has shown. To show another one,";
        return words(
                403,
                "This port is for members of the network, and " + what
                        + " close all windows of the browser and open this page again.");
    }

    /** Whether there is anything to serve. */
    boolean isEmpty() {
        return files.isEmpty();
    }

    private static Reply root(HttpRequest request) {
        return request.forReading()
                ? moved("/ui/")
                : new Reply(405, "text/plain; charset=utf-8", text("method not allowed\n"), Map.of("Allow", "POST"));
    }

    /**
     * The answer to a path below {@code /ui/}, without that prefix: for the listener, and for another program that
     * serves the same pages with the same headers.
     */
    public Reply page(String rest) {
        if (isEmpty()) {
            return words(404, "These pages were not built: the program was packaged on a machine without npm.");
        }
        Reply file = files.get(rest.isEmpty() || rest.endsWith("/") ? rest + PAGE : rest);
        if (file != null) {
            return file;
        }
        return files.containsKey(rest + "/" + PAGE) ? moved("/ui/" + rest + "/") : words(404, "There is no such page.");
    }

    private static Reply file(String name, String type, byte[] content) {
        Map<String, String> headers = new LinkedHashMap<>(guarded());
        headers.put("ETag", '"' + Hex.encode(Sha256.hash(content)).substring(0, 32) + '"');
        headers.put("Cache-Control", name.startsWith(NAMED_BY_CONTENT) ? FOR_EVER : ASK_AGAIN);
        return new Reply(200, type, content, headers);
    }

    private static Reply moved(String to) {
        return new Reply(302, null, new byte[0], Map.of("Location", to));
    }

    private static Reply words(int status, String sentence) {
        String html = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Coco</title><h1>Coco</h1><p>"
                + sentence + "</p><p><a href=\"/ui/\">Start page</a></p></html>\n";
        return new Reply(status, HTML, text(html), guarded());
    }

    private static Map<String, String> guarded() {
        return Map.of(
                "Content-Security-Policy",
                POLICY,
                "Referrer-Policy",
                "no-referrer",
                "Cross-Origin-Opener-Policy",
                "same-origin");
    }

    private static byte[] text(String words) {
        return words.getBytes(StandardCharsets.UTF_8);
    }
}
