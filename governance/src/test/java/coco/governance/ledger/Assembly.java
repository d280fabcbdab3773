package coco.governance.ledger;

import coco.crypto.Sha256;
import coco.governance.Action;
import coco.governance.Consortium;
import coco.governance.Constitution;
import coco.governance.Genesis;
import coco.governance.RaftNodes;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.governance.ledger.Message.Binding;
import coco.governance.rules.Choice;
import coco.governance.script.ScriptCall;
import coco.governance.script.ScriptEngineProcess;
import coco.governance.script.ScriptOutcome;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.testing.SingleNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A consortium at work on a network of one, where every message becomes a block; all that happened is judged again. */
final class Assembly {
    static final byte[] SERVICE = Sha256.hash("a service".getBytes(StandardCharsets.UTF_8));
    private static final long TIME = 1_800_000_000L;
    private static final AtomicLong NONCES = new AtomicLong();

    final Consortium consortium;
    final SingleNode network;
    final List<String> raft = new ArrayList<>();
    final List<GovernanceEvent> heard = new ArrayList<>();
    private final Genesis genesis;
    private final NavigableMap<Long, Long> times = new TreeMap<>(Map.of(0L, TIME));

    Assembly(Consortium consortium, Constitution constitution) {
        this(consortium, constitution, new NoScripts());
    }

    Assembly(Consortium consortium, Constitution constitution, ScriptEngineProcess scripts) {
        this.consortium = consortium;
        this.genesis = Consortium.genesis(constitution);
        constitution.nodes().nodes().forEach(node -> raft.add(node.id()));
        GovernanceLedgerFactory.Parts parts = new GovernanceLedgerFactory.Parts(
                SERVICE,
                new RaftNodes() {
                    @Override
                    public Set<String> ids() {
                        return Set.copyOf(raft);
                    }

                    @Override
                    public Set<String> admitted(Constitution candidate, long height) {
                        return Set.copyOf(raft);
                    }
                },
                scripts,
                GovernanceLedgerFactory.Surface.NONE,
                (height, events) -> heard.addAll(events));
        this.network =
                new SingleNode(new GovernanceLedgerFactory(parts), new String(genesis.bytes(), StandardCharsets.UTF_8));
    }

    /** For rules that are data. */
    static final class NoScripts implements ScriptEngineProcess {
        @Override
        public ScriptOutcome<String> run(ScriptCall call) {
            throw new AssertionError("no rule module is in force");
        }

        @Override
        public void close() {}
    }

    /** Lets time pass before the next block. */
    void advance(long seconds) {
        network.advance(seconds);
        times.put(height() + 1, times.lastEntry().getValue() + seconds);
    }

    Constitution constitution() {
        return Constitution.read(network.state());
    }

    long height() {
        return network.blocks().size() - 1L;
    }

    Binding binding() {
        return new Binding(
                HexFormat.of().formatHex(SERVICE),
                constitution().generation(),
                height() + 1_000,
                HexFormat.of().toHexDigits(0L) + HexFormat.of().toHexDigits(NONCES.incrementAndGet()));
    }

    Message.Propose proposal(Action... actions) {
        return new Message.Propose(
                binding(), HexFormat.of().formatHex(constitution().digest()), List.of(actions), "because");
    }

    Message.Vote ballot(String proposal, Choice choice) {
        return new Message.Vote(binding(), electorate(), proposal, choice);
    }

    Message.Withdraw withdrawal(String proposal, Message.Subject of) {
        return new Message.Withdraw(binding(), electorate(), proposal, of);
    }

    private String electorate() {
        return HexFormat.of().formatHex(constitution().electorateDigest());
    }

    static CoseSign1 sign(Signer signer, Message message) {
        return CoseSign1.sign(signer, CoseSign1.externalAad(SERVICE), CoseSign1.GOVERNANCE_CONTENT, message.payload());
    }

    /** Sends a message; the refusal, or null if it is recorded. */
    @Nullable
    Refusal send(String signer, Message message) {
        return send(GovernanceOffers.signed(sign(consortium.signer(signer), message), SERVICE));
    }

    @Nullable
    Refusal send(Offer offer) {
        Ticket ticket = network.submit(offer);
        return ticket.outcome().getNow(new Outcome.Expired()) instanceof Outcome.Rejected(var reason)
                ? Refusal.of(reason)
                : null;
    }

    /** Makes a proposal that has to be recorded; its id. */
    String propose(String signer, Action... actions) {
        CoseSign1 message = sign(consortium.signer(signer), proposal(actions));
        Refusal refused = send(GovernanceOffers.signed(message, SERVICE));
        if (refused != null) {
            throw new AssertionError("refused: " + refused);
        }
        return HexFormat.of().formatHex(message.contentDigest(CoseSign1.externalAad(SERVICE)));
    }

    @Nullable
    Refusal vote(String signer, String proposal, Choice choice) {
        return send(signer, ballot(proposal, choice));
    }

    /** Makes a proposal that these members accept. */
    Proposals.Proposal pass(List<String> voters, Action... actions) {
        String id = propose(voters.getFirst(), actions);
        for (String voter : voters) {
            if (find(id).state() == ProposalState.OPEN) {
                vote(voter, id, Choice.ACCEPT);
            }
        }
        return find(id);
    }

    Proposals.Proposal find(String id) {
        Proposals.Proposal proposal = Proposals.find(network.state(), id);
        if (proposal == null) {
            throw new AssertionError("no proposal " + id);
        }
        return proposal;
    }

    /** Judges the whole history again; null if all of it holds. */
    @Nullable
    String judgeAgain() {
        GovernanceReplay replay = new GovernanceReplay(SERVICE, genesis.bytes());
        List<LedgerBlock> blocks = network.blocks();
        for (int height = 0; height < blocks.size(); height++) {
            String problem = replay.block(
                    height,
                    blocks.get(height).publicWrites(),
                    times.floorEntry((long) height).getValue());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }
}
