package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.KnownService;
import coco.cli.network.LocalNetwork;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.NodeClient.Page;
import coco.client.ServiceTrust;
import coco.crypto.Hex;
import coco.crypto.Sha256;
import coco.journal.MalformedException;
import coco.journal.Receipt;
import coco.journal.ReceiptCose;
import coco.journal.ReceiptJson;
import coco.journal.ReceiptVerdict;
import coco.journal.ReceiptVerdict.Check;
import coco.journal.ReceiptVerdict.Outcome;
import coco.journal.ReceiptVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code coco receipt}: only a list of commands. */
@Command(
        name = "receipt",
        mixinStandardHelpOptions = true,
        description = "Receipts: proofs that a transaction committed.",
        subcommands = {ReceiptCommand.Get.class, ReceiptCommand.Status.class, ReceiptCommand.Verify.class})
final class ReceiptCommand {
    private static byte[] hash(String digits, String what) {
        String plain = digits.startsWith("0x") ? digits.substring(2) : digits;
        if (!plain.matches("[0-9a-fA-F]{64}")) {
            throw CliException.usage(what + " is not 32 bytes in hexadecimal", "Give 64 hexadecimal digits.");
        }
        return Hex.decode(plain);
    }

    /** Which node is asked: what it answers proves itself, so any will do. */
    static final class NodeOption {
        private static final ClientLimits LIMITS =
                new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(30), Receipt.BYTES_MAX);

        @Option(names = "--url", paramLabel = "URL", description = "A listener of a node; else the network in --dir.")
        private @Nullable URI url;

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description =
                        "A session's token, from coco access login: for transactions that not everybody may know.")
        private @Nullable Path tokenFile;

        @Option(
                names = "--service-cert",
                paramLabel = "FILE",
                description = "The service's certificate: with --url, a token is shown to that service only.")
        private @Nullable Path serviceCertificate;

        @Mixin
        private DirectoryOption directory = new DirectoryOption();

        private NodeClient client() {
            if (url != null) {
                return new NodeClient(url, trust(), LIMITS);
            }
            LocalNetwork network = directory.network();
            return new NodeClient(network.rpcUrl(1), network.tls(), LIMITS);
        }

        /** A proof proves itself, so anybody may bring it; a token is a secret. */
        private SSLContext trust() {
            if (serviceCertificate == null) {
                if (tokenFile != null) {
                    throw CliException.usage(
                            "--token-file with --url needs --service-cert",
                            "Without it the token would be shown to whoever answers at that address.");
                }
                return ServiceTrust.anybody(shown -> {});
            }
            return ServiceTrust.contextFor(new KnownService(serviceCertificate).certificate());
        }

        private Map<String, String> headers() {
            if (tokenFile == null) {
                return Map.of();
            }
            try {
                return Map.of(
                        "Authorization", "Bearer " + Files.readString(tokenFile).strip());
            } catch (IOException e) {
                throw new CliException(
                        "there is no session: " + tokenFile + " cannot be read", "Sign in with: coco access login", e);
            }
        }

        Page get(String path) {
            try (NodeClient client = client()) {
                return client.send("GET", path, headers(), new byte[0]);
            }
        }
    }

    /** {@code coco receipt get}. */
    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            description = "Gets the receipt of a committed transaction from a node.",
            footer = {
                "",
                "Exit code 0 there is one, 1 there is none (yet). It is not verified: see coco receipt verify."
            })
    static final class Get implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "TRANSACTION", description = "Its id; of an Ethereum transaction, the hash.")
        private String transaction = "";

        @Option(names = "--out", paramLabel = "FILE", description = "Where it goes (default: the terminal, as JSON).")
        private @Nullable Path out;

        @Option(names = "--cose", description = "As COSE, with --out.")
        private boolean cose;

        @Mixin
        private NodeOption node = new NodeOption();

        Get(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            if (cose && out == null) {
                throw CliException.usage("COSE is no text", "Name a file with --out.");
            }
            Page page = node.get("/journal/receipt/" + Hex.encode(hash(transaction, "the transaction")));
            byte[] json = page.body().toString().getBytes(StandardCharsets.UTF_8);
            if (page.status() != 200) {
                throw new CliException(
                        page.body().path("error").asString("the node answered status " + page.status()),
                        "See where it is with: coco receipt status " + transaction);
            }
            if (out == null) {
                console.result(new String(json, StandardCharsets.UTF_8));
                return ExitCode.OK.code();
            }
            try {
                Files.write(out, cose ? ReceiptCose.encode(ReceiptJson.receipt(json)) : json);
            } catch (MalformedException e) {
                throw new CliException("the node answered no receipt: " + e.getMessage(), "Ask another node.", e);
            } catch (IOException e) {
                throw new CliException("cannot write " + out + ": " + e.getMessage(), "Name another file.", e);
            }
            return ExitCode.OK.code();
        }
    }

    /** {@code coco receipt status}. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Says what a node knows of a transaction: unknown, pending, committed or invalid.",
            footer = {"", "Exit code 0 committed, 1 invalid, 3 pending or unknown."})
    static final class Status implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "TRANSACTION", description = "Its id; of an Ethereum transaction, the hash.")
        private String transaction = "";

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        @Mixin
        private NodeOption node = new NodeOption();

        Status(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Page page = node.get("/journal/status/" + Hex.encode(hash(transaction, "the transaction")));
            if (page.status() != 200) {
                throw new CliException(
                        page.body().path("error").asString("the node answered status " + page.status()),
                        "Ask another node with --url.");
            }
            String status = page.body().path("status").asString("");
            String height = page.body().path("height").asString("");
            String reason = page.body().path("reason").asString("");
            console.result(
                    json
                            ? page.body().toString()
                            : status
                                    + switch (status) {
                                        case "committed" -> " in block " + height;
                                        case "invalid" -> ": " + reason;
                                        case "unknown" -> ": in no block up to " + height;
                                        default -> "";
                                    });
            return switch (status) {
                case "committed" -> ExitCode.OK.code();
                case "invalid" -> ExitCode.FAILED.code();
                default -> ExitCode.INCOMPLETE.code();
            };
        }
    }

    /** {@code coco receipt verify}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Verifies a receipt, JSON or COSE, with a service certificate and nothing else.",
            footer = {
                "",
                "Use the newest service certificate that you have: a receipt from before it is refused.",
                "Exit code 0 verified, 1 refused."
            })
    static final class Verify implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "FILE", description = "The receipt.")
        private Path file = Path.of("");

        @Option(names = "--service-cert", required = true, paramLabel = "FILE", description = "service.pem")
        private Path serviceCertificate = Path.of("");

        @Option(names = "--transaction", paramLabel = "HEX", description = "Refuse another transaction's.")
        private @Nullable String transaction;

        @Option(names = "--claims", paramLabel = "HEX", description = "Refuse other claims than of this digest.")
        private @Nullable String claims;

        @Option(
                names = "--ethereum-receipt",
                paramLabel = "HEX",
                description = "Refuse other claims than those of this Ethereum receipt, encoded as in its block"
                        + " (EIP-2718; debug_getRawReceipts gives it).")
        private @Nullable String ethereumReceipt;

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        Verify(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            byte[] bytes = read();
            ReceiptVerifier verifier = new ReceiptVerifier(new KnownService(serviceCertificate).certificate());
            Receipt receipt;
            try {
                receipt = bytes.length > 0 && bytes[0] == (byte) 0xd2
                        ? ReceiptCose.decode(bytes)
                        : ReceiptJson.receipt(bytes);
            } catch (MalformedException e) {
                console.result(
                        json
                                ? pretty(JsonNodeFactory.instance
                                        .objectNode()
                                        .put("verdict", "refused")
                                        .put("reason", "no receipt: " + e.getMessage()))
                                : "verdict: " + console.bold("refused") + ", no receipt: " + e.getMessage());
                return ExitCode.FAILED.code();
            }
            List<Outcome> checks = new ArrayList<>(verifier.verify(receipt).checks());
            expected(receipt, checks);
            ReceiptVerdict verdict = new ReceiptVerdict(checks);
            console.result(json ? json(receipt, verdict) : text(receipt, verdict));
            return verdict.valid() ? ExitCode.OK.code() : ExitCode.FAILED.code();
        }

        private void expected(Receipt receipt, List<Outcome> checks) {
            byte[] id = receipt.leaf().id();
            if (transaction != null) {
                compare(checks, "the transaction", hash(transaction, "--transaction"), id);
            }
            if (claims != null) {
                compare(
                        checks,
                        "the claims digest",
                        hash(claims, "--claims"),
                        receipt.leaf().claims());
            }
            if (ethereumReceipt != null) {
                byte[] encoded;
                try {
                    encoded = Hex.decode(
                            ethereumReceipt.startsWith("0x") ? ethereumReceipt.substring(2) : ethereumReceipt);
                } catch (IllegalArgumentException e) {
                    throw CliException.usage(
                            "--ethereum-receipt is not hexadecimal", "Give what debug_getRawReceipts answers.");
                }
                byte[] digest = Sha256.hash(id, Sha256.hash(encoded));
                compare(
                        checks,
                        "the claims of this Ethereum receipt",
                        digest,
                        receipt.leaf().claims());
            }
        }

        private static void compare(List<Outcome> checks, String what, byte[] wanted, byte[] seen) {
            boolean isSame = Arrays.equals(wanted, seen);
            checks.add(new Outcome(Check.EXPECTED, isSame, isSame ? what : what + " is another: " + Hex.encode(seen)));
        }

        private byte[] read() {
            // One byte more than allowed tells a file that is too long from one that just fits.
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(Receipt.BYTES_MAX + 1);
            } catch (IOException e) {
                throw CliException.usage("the receipt cannot be read from " + file, "Name a file that exists.");
            }
        }

        private String text(Receipt receipt, ReceiptVerdict verdict) {
            List<String> lines = new ArrayList<>();
            lines.add("file: " + file);
            for (Outcome outcome : verdict.checks()) {
                lines.add(String.format(
                        "  %-6s  %-18s  %s",
                        outcome.passed() ? "passed" : "FAILED", outcome.check().words(), outcome.words()));
            }
            lines.add("transaction: " + Hex.encode(receipt.leaf().id()));
            lines.add("block: " + receipt.head().header().height() + ", "
                    + Hex.encode(receipt.head().header().hash()));
            lines.add("claims digest: " + Hex.encode(receipt.leaf().claims()));
            lines.add("write set digest: " + Hex.encode(receipt.leaf().writesDigest()));
            lines.add("verdict: " + console.bold(word(verdict)));
            return lines.stream().collect(Collectors.joining(System.lineSeparator()));
        }

        private String json(Receipt receipt, ReceiptVerdict verdict) {
            ObjectNode root = JsonNodeFactory.instance.objectNode();
            root.put("file", file.toString());
            root.put("verdict", word(verdict));
            root.put("serviceId", Hex.encode(receipt.head().header().serviceId()));
            root.put("transaction", Hex.encode(receipt.leaf().id()));
            root.put("height", receipt.head().header().height());
            root.put("headerHash", Hex.encode(receipt.head().header().hash()));
            root.put("generation", receipt.head().header().generation());
            root.put("claimsDigest", Hex.encode(receipt.leaf().claims()));
            root.put("writesDigest", Hex.encode(receipt.leaf().writesDigest()));
            ArrayNode checks = root.putArray("checks");
            for (Outcome outcome : verdict.checks()) {
                checks.addObject()
                        .put("name", outcome.check().words())
                        .put("verdict", outcome.passed() ? "passed" : "failed")
                        .put("seen", outcome.words());
            }
            return pretty(root);
        }

        private static String pretty(ObjectNode root) {
            return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root);
        }

        private static String word(ReceiptVerdict verdict) {
            return verdict.valid() ? "verified" : "refused";
        }
    }
}
