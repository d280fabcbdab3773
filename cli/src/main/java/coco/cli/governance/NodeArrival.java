package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.console.Pause;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeLog;
import coco.cli.network.NodePlace;
import coco.cli.network.NodeProcess;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.NodeEntry;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.rules.Choice;
import coco.node.Newcomer;
import coco.node.NodeException;
import coco.node.admission.Finding;
import coco.node.config.Configuration;
import coco.node.config.ConfigurationException;
import coco.node.join.JoinAnswer;
import coco.node.join.JoinException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Brings one node into a network: prepares it, asks or proposes, starts it and waits. */
final class NodeArrival {
    /** Of the identity certificate, as of the nodes that a network is founded with. */
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

    private final Console console;
    private final NewcomerOptions options;

    NodeArrival(Console console, NewcomerOptions options) {
        this.console = console;
        this.options = options;
    }

    /** @param old the node that it replaces; null if it comes in addition */
    int run(@Nullable String old) {
        return run(old, folder -> {});
    }

    /** @param prepared told the node's data folder, once it is there and before the node runs */
    int run(@Nullable String old, Consumer<Path> prepared) {
        NodePlace place = place();
        NodeEntry entry = Newcomer.prepare(
                place.seat(),
                options.owner,
                options.submit.service().signer(),
                CERTIFICATE_LIFE,
                InstantSource.system(),
                new SecureRandom());
        prepared.accept(place.seat().dataDirectory());
        place.configure(options.submit.service().addresses(), approved(place));
        if (options.dryRun) {
            return diagnose(place);
        }
        Path request = place.entryFile();
        console.note("Its entry, for whoever proposes to admit it: " + request);
        if (options.propose) {
            propose(old == null ? new Action.AdmitNode(entry) : new Action.ReplaceNode(old, entry));
            // It may have passed at once, and then what the operator agrees to is the constitution that it made.
            place.configure(options.submit.service().addresses(), approved(place));
        }
        NodeProcess process = place.start(NodeJvm.sameAsThis(options.heapMebibytes));
        console.result("node      " + entry.id() + ", process " + process.pid());
        console.result("log       " + place.log());
        return options.detach ? ExitCode.OK.code() : await(place, process);
    }

    private NodePlace place() {
        NetworkFolder folder = options.folder();
        if (Files.exists(folder.description())) {
            return NodePlace.beside(LocalNetwork.open(folder), options.id, options.host);
        }
        Path genesis = options.genesis;
        if (genesis == null) {
            throw CliException.usage(
                    "which network? There is none in " + folder.root(),
                    "Name its genesis document with --genesis, its certificate with --service-cert and a node"
                            + " with --network.");
        }
        byte[] certificate = Certificates.toPem(options.submit.service().serviceCertificate())
                .getBytes(StandardCharsets.US_ASCII);
        return NodePlace.alone(folder, options.id, options.host, options.port, genesis, certificate);
    }

    /** Digest of the constitution that the operator agrees to. */
    private String approved(NodePlace place) {
        Path copy = options.constitution;
        if (options.approve != null) {
            return options.approve.toLowerCase(Locale.ROOT);
        }
        if (copy != null) {
            try {
                return digest(Documents.jsonOrYaml(Files.readAllBytes(copy)));
            } catch (IOException | DocumentException unreadable) {
                throw new CliException(
                        "the constitution in " + copy + " cannot be read: " + unreadable.getMessage(),
                        "Give a copy as coco gov constitution --json prints it.",
                        unreadable);
            }
        }
        if (!place.isLocal()) {
            throw CliException.usage(
                    "which constitution do you agree to?",
                    "Give a copy with --constitution, or its digest with --approve.");
        }
        // The folder of a network on this machine is the operator's own copy of everything.
        try (ServiceConnection connection = options.submit.service().connect()) {
            return digest(connection.get("/gov/constitution"));
        }
    }

    private static String digest(JsonNode document) {
        JsonNode inner = document.get("document");
        JsonNode constitution = inner == null ? document : inner;
        return Hex.encode(Constitution.parse(constitution.toString().getBytes(StandardCharsets.UTF_8))
                .digest());
    }

    private void propose(Action action) {
        String[] id = new String[1];
        options.submit.submit(
                console, "/gov/proposals", messages -> messages.proposal(List.of(action), action.name()), answer -> {
                    id[0] = answer.required("id").asString();
                    return "proposal  " + id[0];
                });
        options.submit.submit(
                console,
                "/gov/ballots",
                messages -> messages.ballot(id[0], Choice.ACCEPT),
                answer -> "ballot    recorded" + Texts.atHeight(answer));
    }

    private int diagnose(NodePlace place) {
        JoinAnswer answer;
        try {
            Configuration configuration = Configuration.parse(Files.readString(place.configurationFile()), true);
            answer = Newcomer.diagnose(configuration, InstantSource.system(), new SecureRandom());
        } catch (IOException | NodeException | JoinException | ConfigurationException failed) {
            throw new CliException(
                    "the network cannot be asked: " + failed.getMessage(),
                    "See that --network names administrative addresses of running nodes.",
                    failed);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "Run it again.", hurried);
        }
        for (Finding finding : answer.findings()) {
            console.result(String.format(
                    Locale.ROOT, "%-28s %s", finding.check(), finding.passed() ? "ok" : "REFUSED: " + finding.words()));
        }
        console.result("would be  " + answer.status().word());
        return (answer.status() == JoinAnswer.Status.REFUSED ? ExitCode.FAILED : ExitCode.OK).code();
    }

    private int await(NodePlace place, NodeProcess process) {
        String told = "";
        while (process.isAlive()) {
            if (place.isReady()) {
                console.result("It takes part.");
                return ExitCode.OK.code();
            }
            String line = NodeLog.lastLines(place.log(), 1).strip();
            if (line.contains("join:") && !line.equals(told)) {
                console.note(line.substring(line.indexOf("join:")));
                told = line;
            }
            Pause.millis(500);
        }
        throw new CliException(
                "the node ended\n" + NodeLog.lastLines(place.log(), 12), "Its whole log: " + place.log());
    }
}
