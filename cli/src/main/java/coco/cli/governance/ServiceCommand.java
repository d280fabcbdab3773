package coco.cli.governance;

import coco.attestation.Claims;
import coco.attestation.Collateral;
import coco.attestation.platforms.EvidenceVerifiers;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.client.AttestedNode;
import coco.client.ClientException;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.ServiceTrust;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.governance.document.DocumentException;
import coco.node.join.ServiceIdentities;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coco service}. */
@Command(
        name = "service",
        mixinStandardHelpOptions = true,
        description = "Says which service answers at an address.",
        synopsisSubcommandLabel = "COMMAND")
public final class ServiceCommand implements Runnable {
    private static final ClientLimits LIMITS = new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(10), 4 << 20);

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** @param console where it prints */
    public ServiceCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** {@code coco service identity}. */
    @Command(
            name = "identity",
            mixinStandardHelpOptions = true,
            description =
                    "Verifies that a service, known by the fingerprint of one of its certificates, is at the other"
                            + " end, and that TLS ends in the node that its evidence speaks of. Prints the newest certificate,"
                            + " which the known one endorses, for --service-cert and for wallets.",
            footer = {"", "Exit code 0 if all of it holds, else 1. Nothing is sent before."})
    int identity(
            @Parameters(paramLabel = "URL", description = "A node: https://HOST:PORT") URI node,
            @Option(
                            names = "--expect",
                            paramLabel = "FINGERPRINT",
                            required = true,
                            description = "SHA-256 of a certificate of the service, hexadecimal; colons do not matter.")
                    String expect,
            @Option(names = "--collateral", paramLabel = "DIR", description = "The makers' statements, for hardware.")
                    @Nullable
                    Path collateral,
            @Option(
                            names = "--measurement",
                            paramLabel = "HEX",
                            description = "The code that has to run there; may be given several times.")
                    @Nullable
                    List<String> measurements) {
        byte[] wanted = fingerprint(expect);
        X509Certificate[] shown = new X509Certificate[1];
        try (NodeClient client = new NodeClient(node, ServiceTrust.anybody(leaf -> shown[0] = leaf), LIMITS)) {
            ServiceIdentities.Told told = ServiceIdentities.parse(
                    client.get("/node/service").body().toString().getBytes(StandardCharsets.UTF_8));
            List<X509Certificate> endorsed = endorsed(told, wanted);
            X509Certificate newest = endorsed.getLast();
            require("issuer", shown[0] != null && Certificates.issuedBy(shown[0], newest), "not the service's newest");
            evidence(shown[0], told.serviceId(), collateral, measurements == null ? List.of() : measurements);
            console.note("service     " + Hex.encode(told.serviceId()));
            console.note("generation  " + (told.identities().size() - 1) + ", known from " + endorsed.size() + " back");
            console.note("fingerprint " + Hex.encode(Certificates.fingerprint(newest)));
            console.result(Certificates.toPem(newest).strip());
            return ExitCode.OK.code();
        } catch (ClientException | DocumentException failed) {
            throw new CliException(
                    "no service answers there: " + failed.getMessage(), "Give the address of a running node.", failed);
        }
    }

    private static byte[] fingerprint(String text) {
        String digits = text.replace(":", "").toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{64}")) {
            throw CliException.usage("--expect takes 64 hexadecimal digits", "See: openssl x509 -fingerprint -sha256");
        }
        return Hex.decode(digits);
    }

    private static List<X509Certificate> endorsed(ServiceIdentities.Told told, byte[] wanted) {
        X509Certificate known = told.identities().stream()
                .map(identity -> identity.certificate())
                .filter(certificate -> MessageDigest.isEqual(Certificates.fingerprint(certificate), wanted))
                .findFirst()
                .orElseThrow(() -> refused("fingerprint", "no identity of this service has it"));
        List<X509Certificate> chain = ServiceIdentities.endorsed(told.serviceId(), known, told);
        int newest = told.identities().size();
        require(
                "endorsement",
                Certificates.toPem(chain.getLast())
                        .equals(Certificates.toPem(
                                told.identities().get(newest - 1).certificate())),
                "the newest identity is not endorsed by those before");
        return chain;
    }

    private void evidence(
            @Nullable X509Certificate leaf, byte[] serviceId, @Nullable Path collateral, List<String> measurements) {
        Collateral known = collateral == null ? Collateral.EMPTY : Collateral.ofFolder(collateral);
        if (leaf == null) {
            throw refused("evidence", "no certificate was seen");
        }
        switch (AttestedNode.judge(
                leaf,
                serviceId,
                new EvidenceVerifiers(InstantSource.system(), () -> known),
                Set.copyOf(measurements))) {
            case AttestedNode.Refused(String check, String words) -> throw refused(check, words);
            case AttestedNode.Proven(Claims claims) -> {
                console.note("platform    " + claims.platform().label());
                console.note("measurement " + Hex.encode(claims.measurement()));
            }
        }
    }

    private static void require(String check, boolean holds, String words) {
        if (!holds) {
            throw refused(check, words);
        }
    }

    private static CliException refused(String check, String words) {
        return new CliException(check + ": " + words, "Do not send anything there.");
    }
}
