package coco.governance;

import coco.crypto.Certificates;
import coco.crypto.Feldman;
import coco.crypto.KeyEncryption;
import coco.crypto.Sha256;
import coco.governance.cose.SignerEntry;
import coco.governance.document.DocumentException;
import coco.governance.rules.VotingRules;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules that parts of a constitution have to keep among themselves. */
final class ConstitutionRules {
    /** Identifiers end up in paths, metric labels and log lines: keep them harmless there. */
    static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");
    private static final Pattern MEASUREMENT = Pattern.compile("[0-9a-f]{64,128}");
    private static final Pattern LABEL = Pattern.compile("[\\x20-\\x7e]{1,64}");
    private static final Pattern CONTRACT = Pattern.compile("[0-9a-f]{2,128}");
    private static final Pattern GRANTED = Pattern.compile("\\*|[a-z][a-z0-9-]{0,31}:[0-9a-f]{2,128}");
    private static final Pattern URL = Pattern.compile("https://[\\x21-\\x7e]{1,247}");
    private static final int COORDINATE_BITS = 256;

    /** An RSA key below this is broken within the life of a journal. */
    private ConstitutionRules() {}

    static void check(Constitution c) {
        require(SERVICE.matcher(c.service()).matches(), "service", "1 to 64 letters, digits, spaces, '.', '_' or '-'");
        checkSizes(c);
        require(
                c.preset() == Preset.DEVELOPMENT || !c.members().isEmpty(),
                "members",
                "a consortium needs at least one member, or nothing could ever be changed");
        checkActors(c);
        checkNodes(c);
        checkManifests(c);
        checkNumbers(c);
        checkAccess(c);
        checkFranchise(c);
    }

    static void checkGenesis(Constitution constitution, Map<String, String> ledgers) {
        require(!ledgers.isEmpty(), "ledgers", "at least one ledger");
        ledgers.keySet().forEach(id -> require(ID.matcher(id).matches(), "ledgers." + id, idRule()));
        require(
                !ledgers.containsKey("governance"),
                "ledgers.governance",
                "the administrative ledger has the constitution for its document");
        require(constitution.formerNodes().isEmpty(), "nodes", "nobody was removed before genesis");
        require(constitution.formerPlatforms().isEmpty(), "platforms", "nothing was retired before genesis");
        range("members", constitution.bytes().length, 1, GovernanceLimits.CONSTITUTION_BYTES);
        for (NodeEntry node : constitution.nodes().nodes()) {
            if (node.owner() != null && node.ownerSignature() != null) {
                // There is no block and so no time yet: the node's own beginning stands for it.
                Instant at = node.certificate().getNotBefore().toInstant();
                String problem = NodeTuple.problem(node, constitution.members(), constitution.participants(), at);
                require(problem == null, "nodes." + node.id() + ".ownerSignature", "" + problem);
            }
        }
    }

    private static void checkSizes(Constitution c) {
        size("members", c.members(), GovernanceLimits.ACTORS);
        size("participants", c.participants(), GovernanceLimits.ACTORS);
        size("nodes", c.nodes().nodes(), GovernanceLimits.NODES);
        size("platforms", c.platforms(), GovernanceLimits.PLATFORMS);
        size("formerPlatforms", c.formerPlatforms(), GovernanceLimits.PLATFORMS);
        size("code", c.code(), GovernanceLimits.CODE);
        size("oidcIssuers", c.oidcIssuers(), GovernanceLimits.ENTRIES);
        size("enrolment", c.enrolment(), GovernanceLimits.ENTRIES);
        size("auditors", c.auditors(), GovernanceLimits.ENTRIES);
        size("contractAccess", c.contractAccess(), GovernanceLimits.ENTRIES);
        size("formerNodes", c.formerNodes(), GovernanceLimits.FORMER_NODES);
    }

    private static void size(String path, List<?> list, int max) {
        require(list.size() <= max, path, "at most " + max + " entries, found " + list.size());
    }

    private static void checkActors(Constitution c) {
        Distinct<String> ids = new Distinct<>("id");
        Distinct<PublicKey> keys = new Distinct<>("key");
        for (int i = 0; i < c.members().size(); i++) {
            Member member = c.members().get(i);
            String path = "members[" + i + "]";
            ids.add(checkedId(member.id(), path), path);
            keys.add(member.certificate().getPublicKey(), path);
            @Nullable String problem = SignerEntry.problem(member.certificate(), member.governanceUsage());
            require(problem == null, path + ".certificate", problem == null ? "" : problem);
            if (member.recoveryKey() != null) {
                checkRecoveryKey(member.recoveryKey(), path + ".recoveryKey");
                keys.add(member.recoveryKey(), path + ".recoveryKey");
            }
        }
        for (int i = 0; i < c.participants().size(); i++) {
            Participant participant = c.participants().get(i);
            String path = "participants[" + i + "]";
            ids.add(checkedId(participant.id(), path), path);
            keys.add(participant.certificate().getPublicKey(), path);
            @Nullable String problem = SignerEntry.problem(participant.certificate(), null);
            require(problem == null, path + ".certificate", problem == null ? "" : problem);
        }
        for (int i = 0; i < c.nodes().nodes().size(); i++) {
            keys.add(c.nodes().nodes().get(i).certificate().getPublicKey(), "nodes[" + i + "]");
        }
        for (int i = 0; i < c.auditors().size(); i++) {
            keys.add(c.auditors().get(i).certificate().getPublicKey(), "auditors[" + i + "]");
        }
        checkContainment(c);
    }

    /** An organisation inside another's would speak for both. */
    private static void checkContainment(Constitution c) {
        List<X509Certificate> all = Stream.concat(
                        c.members().stream().map(Member::certificate),
                        c.participants().stream().map(Participant::certificate))
                .toList();
        for (X509Certificate inner : all) {
            for (X509Certificate outer : all) {
                require(
                        inner.equals(outer) || outer.getBasicConstraints() < 0 || !issued(outer, inner),
                        "members",
                        "the certificate of '" + inner.getSubjectX500Principal() + "' was issued by that of '"
                                + outer.getSubjectX500Principal() + "', which is an entry too");
            }
        }
    }

    private static boolean issued(X509Certificate outer, X509Certificate inner) {
        return Certificates.issuedBy(inner, outer);
    }

    private static void checkRecoveryKey(PublicKey key, String path) {
        boolean ec = p256(key);
        // Nothing else can be encrypted to.
        boolean rsa = key instanceof RSAPublicKey && KeyEncryption.takes(key);
        require(ec || rsa, path, "a P-256 key, or an RSA key of 2048 to 8192 bits");
    }

    private static boolean p256(PublicKey key) {
        return key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() == COORDINATE_BITS;
    }

    private static void checkNodes(Constitution c) {
        List<NodeEntry> nodes = c.nodes().nodes();
        require(!nodes.isEmpty(), "nodes", "at least one node");
        Distinct<String> ids = new Distinct<>("id");
        Distinct<String> addresses = new Distinct<>("host and port");
        Set<String> formerIds = c.formerNodes().stream().map(FormerNode::id).collect(Collectors.toSet());
        Set<String> formerKeys =
                c.formerNodes().stream().map(FormerNode::keyDigest).collect(Collectors.toSet());
        for (int i = 0; i < nodes.size(); i++) {
            NodeEntry node = nodes.get(i);
            String path = "nodes[" + i + "]";
            ids.add(checkedId(node.id(), path), path);
            require(
                    !formerIds.contains(node.id()),
                    path + ".id",
                    "a node of this name was removed; names do not return");
            require(!formerKeys.contains(keyDigest(node)), path + ".certificate", "a node with this key was removed");
            require(HOST.matcher(node.host()).matches(), path + ".host", "a host name or address");
            for (int port : List.of(node.raftPort(), node.administrativePort(), node.applicationPort())) {
                require(port >= 1 && port <= 65_535, path, "ports are 1 to 65535, found " + port);
                addresses.add(node.host() + " " + port, path);
            }
            require(p256(node.wrappingKey()), path + ".wrappingKey", "a P-256 key");
            require(p256(node.certificate().getPublicKey()), path + ".certificate", "a certificate of a P-256 key");
            checkOwner(c, node, path);
        }
    }

    private static void checkOwner(Constitution c, NodeEntry node, String path) {
        if (node.owner() == null) {
            require(c.preset() == Preset.DEVELOPMENT, path + ".owner", "a node of a consortium belongs to an actor");
            return;
        }
        require(
                c.member(node.owner()) != null || c.participant(node.owner()) != null,
                path + ".owner",
                "no member or participant is called " + node.owner());
        require(
                node.ownerSignature() != null || c.preset() == Preset.DEVELOPMENT,
                path + ".ownerSignature",
                "the owner has to sign the node's entry");
    }

    static String keyDigest(NodeEntry node) {
        return HexFormat.of()
                .formatHex(Sha256.hash(node.certificate().getPublicKey().getEncoded()));
    }

    private static void checkManifests(Constitution c) {
        require(!c.platforms().isEmpty(), "platforms", "at least one platform");
        Distinct<String> names = new Distinct<>("platform");
        for (int i = 0; i < c.platforms().size(); i++) {
            PlatformEntry platform = c.platforms().get(i);
            String path = "platforms[" + i + "]";
            require(
                    ID.matcher(platform.platform()).matches(),
                    path + ".platform",
                    "not a platform: " + platform.platform());
            names.add(platform.platform(), path);
            require(
                    platform.minimum().size() <= GovernanceLimits.COMPONENTS
                            && platform.accepted().size() <= GovernanceLimits.COMPONENTS
                            && platform.signers().size() <= GovernanceLimits.COMPONENTS,
                    path,
                    "at most " + GovernanceLimits.COMPONENTS + " conditions of a kind");
            platform.minimum().forEach((component, number) -> {
                require(LABEL.matcher(component).matches(), path + ".minimum", "a component is 1 to 64 characters");
                require(number >= 0, path + ".minimum." + component, "a number is not negative");
            });
            platform.accepted().forEach(word -> require(ID.matcher(word).matches(), path + ".accepted", "a word"));
            platform.signers()
                    .forEach(signer -> require(MEASUREMENT.matcher(signer).matches(), path + ".signers", hexRule()));
        }
        require(
                !c.simulated() || c.platforms().size() == 1,
                "platforms",
                "'simulated' protects nothing and is never mixed with hardware");
        require(
                c.simulated() || !c.code().isEmpty(),
                "code",
                "hardware platforms need the measurements of the code that may run");
        require(
                c.preset() == Preset.CONSORTIUM || c.simulated(),
                "preset",
                "the development preset is for the simulated platform only");
        checkCode(c);
    }

    private static void checkCode(Constitution c) {
        Distinct<String> distinct = new Distinct<>("measurement");
        for (int i = 0; i < c.code().size(); i++) {
            CodeEntry code = c.code().get(i);
            String path = "code[" + i + "]";
            require(c.platform(code.platform()) != null, path + ".platform", "not in the TEE manifest");
            require(MEASUREMENT.matcher(code.measurement()).matches(), path + ".measurement", hexRule());
            require(LABEL.matcher(code.label()).matches(), path + ".label", "1 to 64 characters");
            distinct.add(code.platform() + " " + code.measurement(), path);
        }
        require(
                c.code().isEmpty() || c.code().stream().anyMatch(code -> code.retiresAtHeight() == null),
                "code",
                "some code has to stay");
    }

    private static String hexRule() {
        return "64 to 128 lower-case hexadecimal digits";
    }

    private static void checkNumbers(Constitution c) {
        BlockLimits limits = c.limits();
        range("limits.batchMaxTransactions", limits.batchMaxTransactions(), 1, BlockLimits.BATCH_TRANSACTIONS_MAX);
        range("limits.batchMinIntervalMillis", limits.batchMinIntervalMillis(), 0, BlockLimits.INTERVAL_MILLIS_MAX);
        range("limits.blockMaxBytes", limits.blockMaxBytes(), 64 * 1024, BlockLimits.BLOCK_BYTES_MAX);
        range("limits.pipelineWindow", limits.pipelineWindow(), 1, BlockLimits.WINDOW_MAX);
        range("epoch.maxBlocks", c.epoch().maxBlocks(), 1, GovernanceLimits.EPOCH_BLOCKS);
        range("epoch.maxAgeSeconds", c.epoch().maxAgeSeconds(), 1, GovernanceLimits.EPOCH_SECONDS);
        range("notice.blocks", c.noticeBlocks(), 0, GovernanceLimits.NOTICE_BLOCKS);
        range("generation", c.generation(), 0, Integer.MAX_VALUE);
        range("rollovers", c.rollovers(), 0, Long.MAX_VALUE);
        long holders = c.members().stream().filter(m -> m.recoveryKey() != null).count();
        require(
                holders <= Feldman.SHARES_MAX,
                "members",
                "at most " + Feldman.SHARES_MAX + " may have recovery keys, found " + holders);
        boolean none = c.preset() == Preset.DEVELOPMENT && c.recoveryThreshold() == 0;
        require(
                none || (c.recoveryThreshold() >= 1 && c.recoveryThreshold() <= holders),
                "recovery.threshold",
                "must be 1 to the " + holders + " members with recovery keys, found " + c.recoveryThreshold());
    }

    private static void checkAccess(Constitution c) {
        word("access.contracts", c.access().contracts(), "open", "participants");
        word("access.senders", c.access().senders(), "any", "bound");
        word("access.accounts", c.access().accounts(), "open", "own");
        Distinct<String> issuers = new Distinct<>("issuer");
        for (int i = 0; i < c.oidcIssuers().size(); i++) {
            OidcIssuer issuer = c.oidcIssuers().get(i);
            String path = "oidcIssuers[" + i + "]";
            require(URL.matcher(issuer.issuer()).matches(), path + ".issuer", "an https URL");
            require(LABEL.matcher(issuer.audience()).matches(), path + ".audience", "1 to 64 characters");
            require(issuer.keys().length() <= GovernanceLimits.KEY_SET_CHARACTERS, path + ".keys", "too long");
            issuers.add(issuer.issuer(), path);
            requireActor(c, issuer.actor(), path);
        }
        Distinct<String> quotas = new Distinct<>("actor");
        for (int i = 0; i < c.enrolment().size(); i++) {
            EnrolmentQuota quota = c.enrolment().get(i);
            String path = "enrolment[" + i + "]";
            requireActor(c, quota.actor(), path);
            quotas.add(quota.actor(), path);
            range(path + ".addresses", quota.addresses(), 1, GovernanceLimits.ENROLLED);
            range(path + ".transactionsPerSecond", quota.transactionsPerSecond(), 0, Integer.MAX_VALUE);
            range(path + ".gasPerSecond", quota.gasPerSecond(), 0, Long.MAX_VALUE);
            range(path + ".poolSlots", quota.poolSlots(), 0, Integer.MAX_VALUE);
        }
        checkGrants(c);
    }

    private static void checkGrants(Constitution c) {
        Distinct<String> auditors = new Distinct<>("id");
        for (int i = 0; i < c.auditors().size(); i++) {
            AuditorGrant grant = c.auditors().get(i);
            String path = "auditors[" + i + "]";
            auditors.add(checkedId(grant.id(), path), path);
            range(path + ".expiresAtHeight", grant.expiresAtHeight(), 1, Long.MAX_VALUE);
            range(path + ".contracts", grant.contracts().size(), 1, GovernanceLimits.ENTRIES);
            grant.contracts()
                    .forEach(contract ->
                            require(GRANTED.matcher(contract).matches(), path + ".contracts", "ledger:contract, or *"));
        }
        Distinct<String> contracts = new Distinct<>("contract");
        for (int i = 0; i < c.contractAccess().size(); i++) {
            ContractAccess access = c.contractAccess().get(i);
            String path = "contractAccess[" + i + "]";
            require(ID.matcher(access.ledger()).matches(), path + ".ledger", idRule());
            require(CONTRACT.matcher(access.contract()).matches(), path + ".contract", "lower-case hexadecimal");
            require(access.rule().length() <= GovernanceLimits.RULE_CHARACTERS, path + ".rule", "too long");
            contracts.add(access.ledger() + " " + access.contract(), path);
        }
    }

    /** A rule for a misspelt action is a rule that is not in force. */
    private static void checkActionNames(VotingRules.ReadyMade rules) {
        Set<String> known =
                Arrays.stream(ActionKind.values()).map(ActionKind::word).collect(Collectors.toSet());
        rules.perAction()
                .keySet()
                .forEach(name -> require(known.contains(name), "rules.actions." + name, "no such action"));
    }

    /** Rules that are a program are asked where they can be run: see the administrative ledger. */
    private static void checkFranchise(Constitution c) {
        if (c.rules() instanceof VotingRules.ReadyMade readyMade) {
            checkActionNames(readyMade);
        }
        Set<String> members = c.members().stream().map(Member::id).collect(Collectors.toSet());
        require(
                members.isEmpty() || !(c.rules() instanceof VotingRules.ReadyMade rules) || rules.canStillPass(members),
                "rules",
                "no set of these members could pass a proposal any more");
    }

    private static void requireActor(Constitution c, String actor, String path) {
        require(
                c.member(actor) != null || c.participant(actor) != null,
                path + ".actor",
                "no member or participant is called " + actor);
    }

    private static void word(String path, String found, String one, String other) {
        require(found.equals(one) || found.equals(other), path, "must be " + one + " or " + other);
    }

    private static void range(String path, long value, long min, long max) {
        require(value >= min && value <= max, path, "must be " + min + " to " + max + ", found " + value);
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
            throw new DocumentException(path, problem);
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
