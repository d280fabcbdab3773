package coco.governance;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.governance.rules.Rule;
import coco.governance.rules.VotingRules;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Organisations with keys, and the constitutions that they might have. */
public final class Consortium {
    public static final String MEASUREMENT = "ab".repeat(32);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Map<String, KeyPair> keys = new HashMap<>();
    private final Map<String, X509Certificate> certificates = new HashMap<>();

    public X509Certificate certificate(String name) {
        return certificates.computeIfAbsent(
                name,
                absent ->
                        Certificates.selfSigned(absent, key(absent), START, START.plusSeconds(400L * 86_400), RANDOM));
    }

    private KeyPair key(String name) {
        return keys.computeIfAbsent(name, absent -> P256.generate(RANDOM));
    }

    public PublicKey publicKey(String name) {
        return key(name).getPublic();
    }

    /** Forgets a name's key, so that the next one is another. */
    public void renew(String name) {
        keys.remove(name);
        certificates.remove(name);
    }

    public Signer signer(String name) {
        X509Certificate certificate = certificate(name);
        KeyPair pair = key(name);
        return new Signer() {
            @Override
            public X509Certificate certificate() {
                return certificate;
            }

            @Override
            public byte[] sign(byte[] toBeSigned) {
                return P256.sign(pair.getPrivate(), Sha256.hash(toBeSigned));
            }
        };
    }

    /** A leaf of an organisation's authority. */
    public Signer leaf(String authority) {
        KeyPair pair = P256.generate(RANDOM);
        X509Certificate issuer = certificate(authority);
        X509Certificate leaf = Certificates.issue(
                issuer,
                key(authority).getPrivate(),
                "leaf",
                pair.getPublic(),
                List.of("localhost"),
                START,
                START.plusSeconds(400L * 86_400),
                RANDOM);
        return new Signer() {
            @Override
            public X509Certificate certificate() {
                return leaf;
            }

            @Override
            public List<X509Certificate> chain() {
                return List.of(leaf);
            }

            @Override
            public byte[] sign(byte[] toBeSigned) {
                return P256.sign(pair.getPrivate(), Sha256.hash(toBeSigned));
            }
        };
    }

    public Member member(String name) {
        return member(name, Set.of());
    }

    public Member member(String name, Set<Role> roles) {
        return new Member(name, certificate(name), null, publicKey(name + " recovery"), roles);
    }

    public NodeEntry node(String id, @Nullable String owner, int port) {
        return node(id, owner, owner, port);
    }

    /** A node whose entry {@code signer} signs. */
    public NodeEntry node(String id, @Nullable String owner, @Nullable String signer, int port) {
        NodeEntry bare = new NodeEntry(
                id,
                owner,
                "127.0.0.1",
                port,
                port + 1,
                port + 2,
                certificate("node " + id),
                publicKey("wrapping " + id),
                null);
        return owner == null || signer == null ? bare : signed(bare, owner, signer);
    }

    private NodeEntry signed(NodeEntry bare, String owner, String signer) {
        byte[] signature = CoseSign1.sign(
                        signer(signer),
                        NodeTuple.externalAad(),
                        NodeTuple.CONTENT,
                        NodeTuple.payload(bare, certificate(owner)))
                .bytes();
        return new NodeEntry(
                bare.id(),
                owner,
                bare.host(),
                bare.raftPort(),
                bare.administrativePort(),
                bare.applicationPort(),
                bare.certificate(),
                bare.wrappingKey(),
                signature);
    }

    /** Members of these names, a node for each, on the simulated platform, by majority. */
    public Constitution of(String... names) {
        List<Member> members = new ArrayList<>();
        List<NodeEntry> nodes = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            members.add(member(names[i]));
            nodes.add(node("node-" + names[i], names[i], 9_000 + 10 * i));
        }
        return of(members, nodes, rules(new Rule.Majority()));
    }

    public static VotingRules rules(Rule byDefault) {
        return new VotingRules.ReadyMade(byDefault, new TreeMap<>(), null);
    }

    public Constitution of(List<Member> members, List<NodeEntry> nodes, VotingRules rules) {
        return of(members, nodes, rules, 0);
    }

    public Constitution of(List<Member> members, List<NodeEntry> nodes, VotingRules rules, long noticeBlocks) {
        return new Constitution(
                "Test consortium",
                Preset.CONSORTIUM,
                members,
                List.of(new Participant("shop", certificate("shop"))),
                new NodeList(nodes),
                List.of(),
                List.of(new PlatformEntry(PlatformEntry.SIMULATED)),
                List.of(),
                List.of(new CodeEntry(PlatformEntry.SIMULATED, MEASUREMENT, "release 1", null)),
                rules,
                EpochPolicy.DEFAULT,
                1,
                noticeBlocks,
                BlockLimits.defaults(),
                AccessDefaults.of(Preset.CONSORTIUM),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ServiceStatus.OPENING,
                0,
                0);
    }

    public static Genesis genesis(Constitution constitution) {
        return new Genesis(constitution, new TreeMap<>(Map.of("kv", "{}")));
    }
}
