package coco.cli.access;

import coco.cli.console.CliException;
import coco.cli.network.KnownService;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.client.ClientException;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.ServiceTrust;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Which node's application listener, and where the session's token lies. */
final class SessionOptions {
    private static final ClientLimits LIMITS = new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(30), 1 << 20);

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The node's address for applications, https://HOST:PORT. Without it, the first node of the"
                    + " network in --dir.")
    private @Nullable URI url;

    @Option(
            names = "--service-cert",
            paramLabel = "FILE",
            description = "The service's certificate, the only authority that is believed (with --url).")
    private @Nullable Path serviceCertificate;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Folder of a network on this machine (default: ${DEFAULT-VALUE} in the current folder).")
    private Path directory = Path.of(NetworkFolder.DEFAULT);

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Where the session's token is kept, readable by you alone (default: ${DEFAULT-VALUE}).")
    private Path tokenFile = Path.of("coco.token");

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    boolean json() {
        return json;
    }

    Path tokenFile() {
        return tokenFile;
    }

    URI address() {
        URI given = url;
        if (given != null) {
            return given;
        }
        return LocalNetwork.open(new NetworkFolder(directory)).httpsUrl(1);
    }

    /** Runs something with a connection to the node. */
    JsonNode ask(String method, String path, boolean signedIn, @Nullable JsonNode body) {
        try (NodeClient client = new NodeClient(address(), tls(), LIMITS)) {
            Map<String, String> headers = signedIn ? Map.of("Authorization", "Bearer " + readToken()) : Map.of();
            byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
            return accepted(client.send(method, path, headers, bytes));
        } catch (ClientException unreachable) {
            throw new CliException(
                    String.valueOf(unreachable.getMessage()),
                    "See whether the node runs, and that the service certificate is of this service.",
                    unreachable);
        }
    }

    private static JsonNode accepted(NodeClient.Page page) {
        if (page.status() < 300) {
            return page.body();
        }
        String code = page.body().path("error").path("code").asString("refused");
        String message = page.body().path("error").path("message").asString("status " + page.status());
        throw new CliException(code + ": " + message, remedy(code));
    }

    private static String remedy(String code) {
        return switch (code) {
            case "not-signed-in", "unknown-token", "expired" -> "Sign in with: coco access login";
            case "not-enrolled" -> "A member or participant has to make the account its user: coco access enrol";
            case "domain" -> "Use an address by which the node knows itself (http.hosts).";
            case "nonce" -> "Try again; a nonce is good once, at the node that gave it.";
            case "too-many-sessions" -> "See them with: coco access sessions, and end one with: coco access revoke ID";
            case "stale", "unavailable", "busy", "too-many-attempts" -> "Try again in a moment.";
            default -> "";
        };
    }

    private @Nullable SSLContext tls() {
        if ("http".equals(address().getScheme())) {
            return null;
        }
        if (serviceCertificate != null) {
            return ServiceTrust.contextFor(new KnownService(serviceCertificate).certificate());
        }
        if (url != null) {
            throw CliException.usage(
                    "--url needs --service-cert",
                    "Without it nobody could tell the service from whoever answers at that address.");
        }
        return LocalNetwork.open(new NetworkFolder(directory)).tls();
    }

    private String readToken() {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new CliException(
                    "there is no session: " + tokenFile + " cannot be read", "Sign in with: coco access login", e);
        }
    }

    /** Keeps a token where only this user reads it. */
    void keepToken(String token) {
        try {
            Files.deleteIfExists(tokenFile);
            Files.createFile(
                    tokenFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(tokenFile, token + "\n");
        } catch (IOException e) {
            throw new CliException(
                    "the token cannot be written to " + tokenFile, "Name another file with --token-file.", e);
        }
    }

    void forgetToken() {
        try {
            Files.deleteIfExists(tokenFile);
        } catch (IOException e) {
            throw new CliException("the token cannot be removed from " + tokenFile, "Remove the file by hand.", e);
        }
    }
}
