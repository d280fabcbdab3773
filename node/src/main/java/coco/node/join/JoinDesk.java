package coco.node.join;

import coco.attestation.CertificateEvidence;
import coco.attestation.Evidence;
import coco.governance.Constitution;
import coco.governance.FormerNode;
import coco.governance.Member;
import coco.governance.NodeEntry;
import coco.governance.NodeTuple;
import coco.governance.Participant;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.MalformedCoseException;
import coco.governance.cose.SignerEntry;
import coco.governance.cose.Verification;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.ledger.JoinRequest;
import coco.ledgers.api.Endpoint.Reply;
import coco.node.admission.CertificateJudge;
import coco.node.admission.Finding;
import coco.node.admission.PeerAdmission;
import coco.node.admission.Refusals;
import coco.node.admission.Standing;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where newcomers knock: {@code POST /node/join}, by whoever holds the key of the entry that it sends. Says what was
 * found, and has the request recorded if nothing speaks against it; with {@code ?dry-run=true} it only says.
 */
public final class JoinDesk {
    /** The version of these messages. */
    static final int VERSION = 1;

    /** An entry has two certificates and a signature; some kilobytes. */
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final byte[] serviceId;
    private final PeerAdmission admission;
    private final CertificateJudge judge;
    private final Refusals refusals;
    private final Network network;
    private final InstantSource clock;
    private final Pace pace;

    /** What the desk needs of the node. Any thread. */
    public interface Network {
        /** The newest block's height and header hash. */
        Head head();

        /** Requests that wait already. */
        List<JoinRequest> pending();

        /** Has a request recorded; returns at once. */
        void record(JoinRequest request);

        /** A block. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Head(long height, byte[] hash) {}
    }

    /** A desk. */
    public JoinDesk(
            byte[] serviceId,
            PeerAdmission admission,
            CertificateJudge judge,
            Refusals refusals,
            Network network,
            InstantSource clock) {
        this.serviceId = serviceId.clone();
        this.admission = admission;
        this.judge = judge;
        this.refusals = refusals;
        this.network = network;
        this.clock = clock;
        this.pace = new Pace(clock);
    }

    /** What the administrative listener serves to whoever shows a certificate. */
    public Route route() {
        return new Route("POST", "/node/join", peer -> peer != null, this::join);
    }

    /**
     * What a newcomer sends.
     *
     * @param version of its software, for people
     */
    record Request(int format, String version, NodeEntry node) {
        static Request read(byte[] body) {
            Fields fields = new Fields(Documents.json(body, ""), "");
            int format = fields.integer("format");
            String version = fields.text("version");
            byte[] node = fields.required("node").toString().getBytes(StandardCharsets.UTF_8);
            fields.finish();
            return new Request(format, version.substring(0, Math.min(64, version.length())), OwnEntry.read(node));
        }

        byte[] encode() {
            var json = Documents.object().put("format", format).put("version", version);
            json.set("node", Documents.tree(new String(OwnEntry.write(node), StandardCharsets.UTF_8)));
            return json.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    private Reply join(HttpRequest request) {
        X509Certificate peer = request.peer();
        if (peer == null || request.body().length > BODY_BYTES_MAX) {
            return text("a request to join is a JSON document of at most " + BODY_BYTES_MAX + " bytes");
        }
        Request asked;
        try {
            asked = Request.read(request.body());
        } catch (DocumentException malformed) {
            return text(String.valueOf(malformed.getMessage()));
        }
        boolean dryRun = "true".equals(request.query().get("dry-run"));
        JoinAnswer answer = judge(asked, peer, dryRun);
        return new Reply(200, "application/json", answer.encode(), Map.of());
    }

    private JoinAnswer judge(Request asked, X509Certificate peer, boolean dryRun) {
        Standing standing = admission.standing();
        NodeEntry node = asked.node();
        NodeEntry listed = standing.node(peer.getPublicKey());
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                "version", asked.format() == VERSION, "join messages " + asked.format(), "join messages " + VERSION));
        boolean ownKey = peer.getPublicKey().equals(node.certificate().getPublicKey());
        findings.add(new Finding(
                "own_key",
                ownKey,
                "the entry's key is " + (ownKey ? "" : "not ") + "that of the TLS client",
                "the same key"));
        FormerNode former = standing.formerNode(peer.getPublicKey());
        findings.add(new Finding(
                "removed",
                former == null,
                former == null ? "a key of no node before" : former.id() + ", removed by block " + former.lastHeight(),
                "keys of no removed node"));
        // Signed entries are public: without the entry's key it is a stranger who shows one.
        boolean known = ownKey;
        if (listed == null) {
            Finding owner = owner(node, standing.constitution());
            findings.add(owner);
            known &= owner.passed();
        }
        // Whoever is no actor's node learns nothing of the constitution, and has no evidence verified.
        findings.addAll(known && listed == null ? entry(node, standing.constitution()) : List.of());
        if (known) {
            findings.addAll(listed == null ? judge.fitness(peer, standing) : judge.admission(peer, standing));
        }
        CertificateEvidence carried = known ? judge.carried(peer) : null;
        if (carried != null) {
            findings.add(new Finding(
                    "wrapping_key",
                    carried.wrappingKey().equals(node.wrappingKey()),
                    "the evidence " + (carried.wrappingKey().equals(node.wrappingKey()) ? "binds" : "does not bind")
                            + " the entry's wrapping key",
                    "the same key"));
        }
        boolean refused = findings.stream().anyMatch(finding -> !finding.passed());
        if (refused && !dryRun) {
            boolean isKnown = known;
            findings.stream()
                    .filter(finding -> !finding.passed())
                    .findFirst()
                    .ifPresent(finding -> refusals.note("newcomer " + node.id(), isKnown, finding));
        }
        if (!refused && listed == null && !dryRun && carried != null) {
            record(asked, peer, carried);
        }
        return answer(refused, listed != null, standing, findings);
    }

    private JoinAnswer answer(boolean refused, boolean listed, Standing standing, List<Finding> findings) {
        Network.Head head = network.head();
        JoinAnswer.Status otherwise = listed ? JoinAnswer.Status.ADMITTED : JoinAnswer.Status.PENDING;
        return new JoinAnswer(
                refused ? JoinAnswer.Status.REFUSED : otherwise,
                serviceId,
                standing.constitution().generation(),
                head.height(),
                head.hash(),
                standing.constitution().digest(),
                clock.instant(),
                findings);
    }

    /** What would keep members from admitting this entry. */
    private List<Finding> entry(NodeEntry node, Constitution constitution) {
        List<Finding> findings = new ArrayList<>();
        NodeEntry sameId = constitution.nodes().byId(node.id());
        boolean wasUsed = constitution.formerNodes().stream()
                .anyMatch(former -> former.id().equals(node.id()));
        findings.add(new Finding(
                "id", sameId == null && !wasUsed, node.id() + (wasUsed ? " (removed)" : ""), "one never used before"));
        List<String> taken = new ArrayList<>();
        constitution.nodes().nodes().forEach(each -> addresses(each).forEach(taken::add));
        findings.add(new Finding(
                "address",
                addresses(node).stream().noneMatch(taken::contains),
                addresses(node).toString(),
                "none of " + taken));
        return findings;
    }

    private static List<String> addresses(NodeEntry node) {
        return List.of(
                node.host() + ":" + node.raftPort(),
                node.host() + ":" + node.administrativePort(),
                node.host() + ":" + node.applicationPort());
    }

    private Finding owner(NodeEntry node, Constitution constitution) {
        String owner = node.owner();
        byte[] signature = node.ownerSignature();
        SignerEntry signer = owner == null ? null : signer(owner, constitution);
        if (owner == null || signature == null || signer == null) {
            return new Finding("owner", false, owner + (signature == null ? ", unsigned" : ""), "a signing actor");
        }
        try {
            CoseSign1 message = CoseSign1.decode(signature);
            Verification verification = message.verify(signer, NodeTuple.externalAad(), clock.instant());
            boolean same = message.contentType().equals(NodeTuple.CONTENT)
                    && Arrays.equals(message.payload(), NodeTuple.payload(node, signer.certificate()));
            return switch (verification) {
                case Verification.Valid _ ->
                    new Finding("owner", same, same ? owner : "a signature over another entry", "over this entry");
                case Verification.Refused refused -> new Finding("owner", false, refused.words(), "signed by " + owner);
            };
        } catch (MalformedCoseException malformed) {
            return new Finding("owner", false, "no COSE_Sign1 message", "signed by " + owner);
        }
    }

    private static @Nullable SignerEntry signer(String owner, Constitution constitution) {
        Member member = constitution.member(owner);
        if (member != null) {
            return new SignerEntry(member.certificate(), member.governanceUsage());
        }
        Participant participant = constitution.participant(owner);
        return participant == null ? null : new SignerEntry(participant.certificate(), null);
    }

    private void record(Request asked, X509Certificate peer, CertificateEvidence carried) {
        Evidence evidence = carried.evidence();
        JoinRequest request = new JoinRequest(
                asked.node(), evidence.platform().label(), judge.measurement(peer), asked.version(), true);
        if (!network.pending().contains(request)
                && pace.allows(asked.node().id(), String.valueOf(asked.node().owner()))) {
            network.record(request);
        }
    }

    private static Reply text(String words) {
        return new Reply(400, "text/plain; charset=utf-8", (words + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
