package coco.governance;

import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules that parts of a constitution have to keep among themselves. */
final class GenesisRules {
    /** Identifiers end up in paths, metric labels and log lines: keep them harmless there. */
    static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");
    private static final Pattern MEASUREMENT = Pattern.compile("[0-9a-f]{64,128}");
    private static final int COORDINATE_BITS = 256;

    private GenesisRules() {}

    static void check(
            String service,
            Preset preset,
            List<Member> members,
            List<Participant> participants,
            NodeList nodes,
            Manifest manifest,
            GenesisLimits limits,
            Map<String, String> ledgers) {
        require(SERVICE.matcher(service).matches(), "service", "1 to 64 letters, digits, spaces, '.', '_' or '-'");
        require(
                preset == Preset.DEVELOPMENT || !members.isEmpty(),
                "members",
                "a consortium needs at least one member, or nothing could ever be changed");
        require(!ledgers.isEmpty(), "ledgers", "at least one ledger");
        ledgers.keySet().forEach(id -> require(ID.matcher(id).matches(), "ledgers." + id, idRule()));
        checkActors(members, participants, nodes.nodes());
        checkNodes(nodes.nodes());
        checkManifest(preset, manifest);
        checkLimits(limits);
    }

    private static void checkActors(List<Member> members, List<Participant> participants, List<NodeEntry> nodes) {
        Distinct<X509Certificate> certificates = new Distinct<>("certificate");
        Distinct<String> memberIds = new Distinct<>("id");
        Distinct<String> participantIds = new Distinct<>("id");
        for (int i = 0; i < members.size(); i++) {
            String path = "members[" + i + "]";
            memberIds.add(checkedId(members.get(i).id(), path), path);
            certificates.add(members.get(i).certificate(), path);
        }
        for (int i = 0; i < participants.size(); i++) {
            String path = "participants[" + i + "]";
            participantIds.add(checkedId(participants.get(i).id(), path), path);
            certificates.add(participants.get(i).certificate(), path);
        }
        for (int i = 0; i < nodes.size(); i++) {
            certificates.add(nodes.get(i).certificate(), "nodes[" + i + "]");
        }
    }

    private static void checkNodes(List<NodeEntry> nodes) {
        require(!nodes.isEmpty(), "nodes", "at least one node");
        Distinct<String> ids = new Distinct<>("id");
        Distinct<String> addresses = new Distinct<>("host and port");
        for (int i = 0; i < nodes.size(); i++) {
            NodeEntry node = nodes.get(i);
            String path = "nodes[" + i + "]";
            ids.add(checkedId(node.id(), path), path);
            require(HOST.matcher(node.host()).matches(), path + ".host", "a host name or address");
            for (int port : List.of(node.raftPort(), node.administrativePort(), node.applicationPort())) {
                require(port >= 1 && port <= 65_535, path, "ports are 1 to 65535, found " + port);
                addresses.add(node.host() + " " + port, path);
            }
            require(
                    node.wrappingKey() instanceof ECPublicKey key
                            && key.getParams().getCurve().getField().getFieldSize() == COORDINATE_BITS,
                    path + ".wrappingKey",
                    "a P-256 key");
        }
    }

    private static void checkManifest(Preset preset, Manifest manifest) {
        require(!manifest.platforms().isEmpty(), "manifest.platforms", "at least one platform");
        manifest.platforms()
                .forEach(name -> require(ID.matcher(name).matches(), "manifest.platforms", "not a platform: " + name));
        require(
                !manifest.simulated() || manifest.platforms().size() == 1,
                "manifest.platforms",
                "'simulated' protects nothing and is never mixed with hardware");
        require(
                manifest.simulated() || !manifest.code().isEmpty(),
                "manifest.code",
                "hardware platforms need the measurements of the code that may run");
        require(
                preset == Preset.CONSORTIUM || manifest.simulated(),
                "preset",
                "the development preset is for the simulated platform only");
        manifest.code()
                .forEach(code -> require(
                        MEASUREMENT.matcher(code).matches(),
                        "manifest.code",
                        "64 to 128 lower-case hexadecimal digits"));
    }

    private static void checkLimits(GenesisLimits limits) {
        range("batchMaxTransactions", limits.batchMaxTransactions(), 1, GenesisLimits.BATCH_TRANSACTIONS_MAX);
        range("batchMinIntervalMillis", limits.batchMinIntervalMillis(), 0, GenesisLimits.INTERVAL_MILLIS_MAX);
        range("blockMaxBytes", limits.blockMaxBytes(), 64 * 1024, GenesisLimits.BLOCK_BYTES_MAX);
        range("pipelineWindow", limits.pipelineWindow(), 1, GenesisLimits.WINDOW_MAX);
    }

    private static void range(String name, int value, int min, int max) {
        require(value >= min && value <= max, "limits." + name, "must be " + min + " to " + max + ", found " + value);
    }

    private static String checkedId(String id, String path) {
        require(ID.matcher(id).matches(), path + ".id", idRule());
        return id;
    }

    private static String idRule() {
        return "an id is a lower-case letter, then up to 31 lower-case letters, digits or '-'";
    }

    private static void require(boolean holds, String path, String problem) {
        if (!holds) {
            throw new GenesisException(path, problem);
        }
    }

    private static final class Distinct<T> {
        private final String what;
        private final Set<T> seen = new HashSet<>();

        Distinct(String what) {
            this.what = what;
        }

        void add(T value, String path) {
            require(seen.add(value), path, "the same " + what + " appears twice");
        }
    }
}
