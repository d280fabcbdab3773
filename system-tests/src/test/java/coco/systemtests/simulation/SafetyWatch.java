package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ForwardingLog;
import coco.consensus.ForwardingMachine;
import coco.consensus.LogPosition;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.StateMachine;
import coco.journal.BlockHeader;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
import coco.journal.SealedBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What must hold whatever happens, seen where nodes meet their log: no IV is used twice with a key, nothing is lost
 * that Raft was told it may forget, and no block that was sealed and lost passes for a committed one.
 */
final class SafetyWatch {
    private static final int IV_BYTES = 12;

    /** Lost blocks that are shown to a node at the end: each costs it a signature. */
    private static final int SHOWN = 20;

    private final Map<String, String> sealed = new HashMap<>();
    private final Map<String, SealedBlock> proposed = new HashMap<>();
    private final Map<PeerId, Long> forgettable = new HashMap<>();

    /** The same log, watched through one life of a node. */
    ReplicatedLog over(PeerId node, ReplicatedLog log) {
        return new ForwardingLog(log) {
            @Override
            public void start(StateMachine machine) {
                assertThat(machine.durable().index())
                        .as("index up to which the journal of %s holds what Raft may have forgotten", node)
                        .isGreaterThanOrEqualTo(forgettable.getOrDefault(node, -1L));
                super.start(new ForwardingMachine(machine) {
                    @Override
                    public LogPosition durable() {
                        LogPosition durable = super.durable();
                        forgettable.merge(node, durable.index(), Math::max);
                        return durable;
                    }
                });
            }

            @Override
            public CompletableFuture<ProposeReply> propose(long callId, byte[] payload) {
                look(payload);
                return super.propose(callId, payload);
            }
        };
    }

    private void look(byte[] payload) {
        SealedBlock block;
        try {
            block = SealedBlock.parse(Arrays.copyOfRange(payload, 1, payload.length));
        } catch (MalformedException noBlock) {
            return;
        }
        BlockHeader header = block.header();
        int iv = BlockHeader.LENGTH + Integer.BYTES + block.publicWritesLength() + Integer.BYTES;
        String pair = String.join(
                " ",
                hex(header.sealer()),
                Long.toHexString(header.incarnation()),
                Long.toString(header.term()),
                Long.toString(header.epoch()),
                hex(Arrays.copyOfRange(block.bytes(), iv, iv + IV_BYTES)));
        String hash = hex(block.headerHash());
        assertThat(sealed.putIfAbsent(pair, hash))
                .as("block that was sealed with the same key and IV: %s", pair)
                .isIn(null, hash);
        proposed.put(hash, block);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Shows a node blocks that were proposed and lost, with the evidence of those committed in their place. */
    void assertLostBlocksAreRefused(Collection<SimulatedNode> nodes) {
        for (SimulatedNode node : nodes) {
            List<JournalEntry> journal = node.journal();
            List<SealedBlock> lost = new ArrayList<>();
            for (SealedBlock block : proposed.values()) {
                int height = (int) block.header().height();
                if (lost.size() < SHOWN
                        && height < journal.size()
                        && !Arrays.equals(journal.get(height).block().headerHash(), block.headerHash())) {
                    lost.add(block);
                }
            }
            for (SealedBlock block : lost) {
                JournalEntry entry = journal.get((int) block.header().height());
                JournalEntry forged =
                        new JournalEntry(entry.raftTerm(), entry.raftIndex(), entry.evidenceNonce(), block);
                assertThat(node.core().archive().refusal(forged))
                        .as("what %s says of a block that was lost", node.id())
                        .isNotNull();
            }
        }
    }
}
