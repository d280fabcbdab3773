package coco.cli.network;

import coco.cli.console.CliException;
import coco.cli.member.MemberFiles;
import coco.governance.BlockLimits;
import coco.governance.Member;
import coco.governance.NodeEntry;
import coco.governance.NodeTuple;
import coco.governance.Preset;
import coco.governance.cose.CoseSign1;
import coco.governance.document.DocumentException;
import coco.ledgers.api.LedgerException;
import coco.node.Founding;
import coco.node.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a network in a folder of this machine: lays the folder out, has the network founded, configures the nodes. */
final class NetworkFounder {
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);
    static final List<String> LOOPBACK_NAMES = List.of("localhost", "127.0.0.1", "::1");
    private static final String ETHEREUM = "ethereum";
    private static final String HOST = "127.0.0.1";

    private final NetworkFolder folder;
    private final NetworkPlan plan;
    private final InstantSource clock;
    private final SecureRandom random;
    private int claimed;

    NetworkFounder(NetworkFolder folder, NetworkPlan plan, InstantSource clock, SecureRandom random) {
        this.folder = folder;
        this.plan = plan;
        this.clock = clock;
        this.random = random;
    }

    void found() {
        try {
            prepareFolder();
            Founding.found(foundingPlan(), history(), folder.genesis(), folder.serviceCertificate(), clock, random);
            for (int node = 1; node <= plan.nodes(); node++) {
                Files.writeString(folder.configuration(node), NodeConfiguration.of(folder, plan, node));
            }
            new NetworkDescription(
                            NetworkDescription.FORMAT, plan.preset(), plan.nodes(), plan.basePort(), plan.chainId())
                    .write(folder);
            Files.delete(folder.unfinished());
        } catch (IOException | NodeException e) {
            throw new CliException(
                    "the network could not be written: " + e.getMessage(),
                    "See that there is room and that you may write in " + folder.root()
                            + ", or choose another folder with --dir.",
                    e);
        } catch (LedgerException e) {
            FolderCleaner.clean(folder);
            throw new CliException(
                    "the history cannot be imported: " + e.getMessage(),
                    "Nothing was made. See that the genesis document is the one of this chain.",
                    e);
        } catch (DocumentException e) {
            throw new CliException(
                    "the constitution would not be valid: " + e.getMessage(), "Change what was asked for.", e);
        }
    }

    private Founding.@Nullable History history() {
        ImportedHistory history = plan.history();
        return history == null
                ? null
                : new Founding.History(
                        ETHEREUM, history.count(), () -> Files.newInputStream(history.blocks()), history.progress());
    }

    private void prepareFolder() throws IOException {
        Files.createDirectories(folder.root());
        if (Files.exists(folder.unfinished())) {
            FolderCleaner.clean(folder);
        }
        try (Stream<Path> content = Files.list(folder.root())) {
            if (content.findAny().isPresent()) {
                throw new CliException(
                        folder.root() + " is not empty and holds no network",
                        "Choose another folder with --dir; a network gets a folder of its own.");
            }
        }
        Files.createFile(folder.unfinished());
    }

    private Founding.Plan foundingPlan() {
        PortPlan ports = new PortPlan(plan.basePort());
        List<Founding.Seat> seats = new ArrayList<>();
        for (int node = 1; node <= plan.nodes(); node++) {
            seats.add(new Founding.Seat(
                    "node-" + node,
                    HOST,
                    ports.raft(node),
                    ports.administrative(node),
                    ports.https(node),
                    LOOPBACK_NAMES,
                    folder.node(node),
                    folder.keys(node),
                    folder.sealingKey(node)));
        }
        SortedMap<String, String> ledgers = new TreeMap<>();
        ledgers.put(ETHEREUM, ethereumGenesis());
        ledgers.put("kv", "{}");
        return new Founding.Plan(
                "Coco " + plan.preset().word(),
                plan.preset(),
                members(),
                List.of(),
                seats,
                BlockLimits.defaults(),
                ledgers,
                CERTIFICATE_LIFE,
                plan.recoveryThreshold(),
                this::claim,
                plan.access());
    }

    private String ethereumGenesis() {
        ImportedHistory history = plan.history();
        if (history != null) {
            return history.document();
        }
        String document = plan.ethereumGenesis();
        return document != null
                ? document
                : EthereumGenesis.of(
                        plan.preset(), plan.chainId(), clock.instant().getEpochSecond());
    }

    /** A development network has a member of its own, so that governing can be tried. */
    private List<Member> members() {
        if (plan.preset() != Preset.DEVELOPMENT || !plan.members().isEmpty()) {
            return plan.members();
        }
        MemberFiles files = new MemberFiles(folder.members(), NetworkFolder.DEVELOPER, random);
        return List.of(
                new Member(NetworkFolder.DEVELOPER, files.makeSigningKey(clock.instant(), CERTIFICATE_LIFE, null)));
    }

    /** Gives nodes to owners in turn. */
    private NodeEntry claim(NodeEntry node) {
        if (plan.owners().isEmpty()) {
            return node;
        }
        NetworkPlan.Owner owner = plan.owners().get(claimed++ % plan.owners().size());
        NodeEntry unsigned = owned(node, owner.id(), null);
        byte[] payload = NodeTuple.payload(unsigned, owner.signer().certificate());
        CoseSign1 signed = CoseSign1.sign(owner.signer(), NodeTuple.externalAad(), NodeTuple.CONTENT, payload);
        return owned(node, owner.id(), signed.bytes());
    }

    private static NodeEntry owned(NodeEntry node, String owner, byte @Nullable [] signature) {
        return new NodeEntry(
                node.id(),
                owner,
                node.host(),
                node.raftPort(),
                node.administrativePort(),
                node.applicationPort(),
                node.certificate(),
                node.wrappingKey(),
                signature);
    }
}
