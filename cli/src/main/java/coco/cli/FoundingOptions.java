package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.member.MemberSigners;
import coco.cli.member.PublicKeyFile;
import coco.cli.network.ImportedHistory;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkPlan;
import coco.cli.network.PortPlan;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.governance.AccessDefaults;
import coco.governance.Member;
import coco.governance.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command that makes a network asks for. */
final class FoundingOptions {
    private static final Map<String, List<String>> ACCESS_VALUES = Map.of(
            "contracts", List.of("open", "participants"),
            "senders", List.of("any", "bound"),
            "accounts", List.of("open", "own"),
            "anonymousReads", List.of("true", "false"));

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--preset", description = "development or consortium (default: ${DEFAULT-VALUE}).")
    private Preset preset = Preset.DEVELOPMENT;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes (default: ${DEFAULT-VALUE}).")
    private int nodes = NetworkPlan.DEFAULT_NODES;

    @Option(names = "--port", paramLabel = "BASE", description = "First port (default: ${DEFAULT-VALUE}).")
    private int port = PortPlan.DEFAULT_BASE;

    @Option(
            names = "--member",
            paramLabel = "ID=CERT",
            description = "A member who votes, with a certificate (PEM). May be given several times.")
    private Map<String, Path> members = Map.of();

    @Option(
            names = "--recovery-key",
            paramLabel = "ID=FILE",
            description = "A member's public recovery key (PEM), as coco member init makes it.")
    private Map<String, Path> recoveryKeys = Map.of();

    @Option(
            names = "--recovery-threshold",
            paramLabel = "N",
            description = "How many members with recovery keys recover together (default: more than half of them).")
    private @Nullable Integer recoveryThreshold;

    @Option(
            names = "--owner",
            paramLabel = "ID=URI",
            description = "A member that runs nodes, with the key that signs for them, such as alice=file:alice.key."
                    + " Several take turns.")
    private Map<String, String> owners = Map.of();

    @Option(
            names = "--access",
            paramLabel = "NAME=VALUE",
            description = "Who may see and send what, where it is not to be as the preset has it: contracts=open or"
                    + " participants, senders=any or bound, accounts=open or own, anonymousReads=true or false. May be"
                    + " given several times.")
    private Map<String, String> access = Map.of();

    private AccessDefaults access() {
        access.forEach((name, value) -> {
            List<String> values = ACCESS_VALUES.get(name);
            if (values == null || !values.contains(value)) {
                throw CliException.usage(
                        "--access " + name + "=" + value + " cannot be",
                        values == null
                                ? "The names are contracts, senders, accounts and anonymousReads."
                                : "Values of " + name + " are " + String.join(" and ", values) + ".");
            }
        });
        AccessDefaults usual = AccessDefaults.of(preset);
        return new AccessDefaults(
                access.getOrDefault("contracts", usual.contracts()),
                access.getOrDefault("senders", usual.senders()),
                access.getOrDefault("accounts", usual.accounts()),
                access.containsKey("anonymousReads")
                        ? "true".equals(access.get("anonymousReads"))
                        : usual.anonymousReads());
    }

    /** Refuses a folder that holds a network. */
    void requireNone() {
        if (Files.exists(directory.folder().description())) {
            throw new CliException(
                    "there is a network in " + directory.folder().root() + " already",
                    "Start it with: coco up, or choose another folder with --dir.");
        }
    }

    /**
     * Makes the network and says where its files are.
     *
     * @param history with which it begins; null for none
     */
    void found(long chainId, @Nullable ImportedHistory history, Console console) {
        List<Member> voters = new ArrayList<>();
        members.forEach((id, file) -> voters.add(member(id, file)));
        requireMembers("--recovery-key", recoveryKeys.keySet());
        requireMembers("--owner", owners.keySet());
        List<NetworkPlan.Owner> runners = new ArrayList<>();
        owners.forEach((id, uri) -> runners.add(new NetworkPlan.Owner(id, MemberSigners.open(uri, null, true, null))));
        int threshold = recoveryThreshold != null
                ? recoveryThreshold
                : recoveryKeys.isEmpty() ? 0 : recoveryKeys.size() / 2 + 1;
        NetworkPlan plan = new NetworkPlan(preset, voters, threshold, runners, nodes, port, chainId, history, Map.of())
                .withAccess(access());
        requireNone();
        LocalNetwork network = LocalNetwork.create(directory.folder(), plan);
        console.result("genesis   " + network.folder().genesis());
        console.result("service   " + network.folder().serviceCertificate());
        for (int node = 1; node <= nodes; node++) {
            console.result("node " + node + "    " + network.folder().configuration(node));
        }
        console.note("Start it with: coco up --dir " + network.folder().root());
    }

    private void requireMembers(String option, Set<String> ids) {
        ids.stream().filter(id -> !members.containsKey(id)).findFirst().ifPresent(stranger -> {
            throw CliException.usage(option + " names " + stranger + ", who is no member", "Name it with --member.");
        });
    }

    private Member member(String id, Path file) {
        try {
            Path recovery = recoveryKeys.get(id);
            return new Member(
                    id,
                    Certificates.fromPem(Files.readString(file)),
                    null,
                    recovery == null ? null : PublicKeyFile.read(recovery),
                    Set.of());
        } catch (IOException | CryptoException e) {
            throw new CliException(
                    "the certificate of member " + id + " cannot be read from " + file + ": " + e.getMessage(),
                    "Give a file with one X.509 certificate in PEM form.",
                    e);
        }
    }
}
