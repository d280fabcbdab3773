package coco.systemtests.simulation;

import coco.core.Administration;
import coco.core.Roster;
import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.Recovery;
import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.kv.Visibility;
import coco.kv.WriteSet;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Administration without members or votes: each transaction is a new roster, or a part of one, and is done. What the
 * core makes of a roster is the same whoever decided on it.
 */
final class RosterLedger implements Ledger {
    static final String ID = "roster";

    /** The refusal of what was executed before. */
    static final int DONE_ALREADY = 409;

    private static final MapSpec ROSTER = new MapSpec("roster.now", Visibility.PUBLIC);
    private static final MapSpec DONE = new MapSpec("roster.done", Visibility.PRIVATE);
    private static final byte[] NOW = "now".getBytes(StandardCharsets.UTF_8);

    /** Makes it and reads it. */
    static final Administration ADMINISTRATION = new Administration() {
        @Override
        public LedgerFactory ledger() {
            return new Factory();
        }

        @Override
        public Roster roster(Reader state) {
            return decodeRoster(Objects.requireNonNull(state.get(ROSTER, NOW)));
        }
    };

    /**
     * What a transaction changes.
     *
     * @param number makes it another transaction than every other one
     * @param removed a node to be taken off, empty for none; makes a new generation
     * @param added a node to be put on, null for none
     * @param rollsOver whether a new epoch is demanded
     * @param opens whether the service is opened
     * @param batch most transactions a block from now on, 0 to leave that as it is
     * @param recovery who recovers from now on, null to leave that as it is
     */
    record Change(
            long number,
            String removed,
            Roster.@Nullable Node added,
            boolean rollsOver,
            boolean opens,
            int batch,
            @Nullable Recovery recovery) {
        static Change removal(long number, String node) {
            return new Change(number, node, null, false, false, 0, null);
        }

        static Change addition(long number, Roster.Node node) {
            return new Change(number, "", node, false, false, 0, null);
        }

        static Change replacement(long number, String node, Roster.Node by) {
            return new Change(number, node, by, false, false, 0, null);
        }

        static Change rollover(long number) {
            return new Change(number, "", null, true, false, 0, null);
        }

        static Change opening(long number) {
            return new Change(number, "", null, false, true, 0, null);
        }

        static Change limit(long number, int batch) {
            return new Change(number, "", null, false, false, batch, null);
        }

        static Change recovery(long number, Recovery recovery) {
            return new Change(number, "", null, false, false, 0, recovery);
        }

        Offer offer() {
            byte[] payload = encode(out -> {
                out.writeLong(number);
                out.writeUTF(removed);
                out.writeBoolean(added != null);
                if (added != null) {
                    write(out, added);
                }
                out.writeBoolean(rollsOver);
                out.writeBoolean(opens);
                out.writeInt(batch);
                out.writeBoolean(recovery != null);
                if (recovery != null) {
                    write(out, recovery);
                }
            });
            return new Offer(ID, ByteBuffer.allocate(32).putLong(24, number).array(), payload);
        }

        private static Change decode(byte[] payload) {
            return RosterLedger.decode(
                    payload,
                    in -> new Change(
                            in.readLong(),
                            in.readUTF(),
                            in.readBoolean() ? readNode(in) : null,
                            in.readBoolean(),
                            in.readBoolean(),
                            in.readInt(),
                            in.readBoolean() ? readRecovery(in) : null));
        }

        private Roster applyTo(Roster before) {
            List<Roster.Node> nodes = new ArrayList<>(before.nodes());
            boolean removes = nodes.removeIf(node -> node.id().equals(removed));
            List<String> ids = nodes.stream().map(Roster.Node::id).toList();
            if (added != null && !ids.contains(added.id())) {
                nodes.add(added);
            }
            return new Roster(
                    nodes,
                    before.generation() + (removes ? 1 : 0),
                    before.rollovers() + (rollsOver ? 1 : 0),
                    before.open() || opens,
                    batch == 0 ? before.limits() : withBatch(before.limits()),
                    before.policy(),
                    recovery == null ? before.recovery() : recovery);
        }

        private Roster.Limits withBatch(Roster.Limits limits) {
            return new Roster.Limits(
                    batch, limits.batchMinIntervalMillis(), limits.blockMaxBytes(), limits.pipelineWindow());
        }
    }

    /** Whether a state holds that this was executed. */
    static boolean isDone(Reader state, byte[] id) {
        return state.get(DONE, id) != null;
    }

    private final Map<ByteBuffer, Offer> pool = new LinkedHashMap<>();
    private final Set<ByteBuffer> executed = new HashSet<>();

    private static final class Factory implements LedgerFactory {
        @Override
        public String id() {
            return ID;
        }

        @Override
        public Ledger create(LedgerContext context) {
            return new RosterLedger();
        }
    }

    /** The document of a network that begins with this roster. */
    static byte[] document(Roster roster) {
        return encode(out -> {
            out.writeInt(roster.generation());
            out.writeLong(roster.rollovers());
            out.writeBoolean(roster.open());
            out.writeInt(roster.limits().batchMaxTransactions());
            out.writeLong(roster.limits().batchMinIntervalMillis());
            out.writeInt(roster.limits().blockMaxBytes());
            out.writeInt(roster.limits().pipelineWindow());
            out.writeLong(roster.policy().maxBlocks());
            out.writeLong(roster.policy().maxAgeSeconds());
            write(out, roster.recovery());
            out.writeInt(roster.nodes().size());
            for (Roster.Node node : roster.nodes()) {
                write(out, node);
            }
        });
    }

    private static Roster decodeRoster(byte[] bytes) {
        return decode(bytes, in -> {
            int generation = in.readInt();
            long rollovers = in.readLong();
            boolean open = in.readBoolean();
            Roster.Limits limits = new Roster.Limits(in.readInt(), in.readLong(), in.readInt(), in.readInt());
            Roster.EpochPolicy policy = new Roster.EpochPolicy(in.readLong(), in.readLong());
            Recovery recovery = readRecovery(in);
            List<Roster.Node> nodes = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                nodes.add(readNode(in));
            }
            return new Roster(nodes, generation, rollovers, open, limits, policy, recovery);
        });
    }

    private static void write(DataOutputStream out, Roster.Node node) throws IOException {
        out.writeUTF(node.id());
        byte[] certificate;
        try {
            certificate = node.certificate().getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
        out.writeInt(certificate.length);
        out.write(certificate);
        out.write(P256.encode(node.wrappingKey()));
    }

    private static void write(DataOutputStream out, Recovery recovery) throws IOException {
        out.writeInt(recovery.threshold());
        out.writeInt(recovery.recipients().size());
        for (Recovery.Recipient recipient : recovery.recipients()) {
            out.writeUTF(recipient.member());
            out.write(P256.encode(recipient.key()));
        }
    }

    private static Recovery readRecovery(DataInputStream in) throws IOException {
        int threshold = in.readInt();
        List<Recovery.Recipient> recipients = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            recipients.add(new Recovery.Recipient(in.readUTF(), P256.decode(in.readNBytes(P256.PUBLIC_KEY_BYTES))));
        }
        return new Recovery(threshold, recipients);
    }

    private static Roster.Node readNode(DataInputStream in) throws IOException {
        String id = in.readUTF();
        byte[] certificate = in.readNBytes(in.readInt());
        return new Roster.Node(
                id, Certificates.fromDer(certificate), P256.decode(in.readNBytes(P256.PUBLIC_KEY_BYTES)));
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static byte[] encode(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static <T> T decode(byte[] bytes, Reading<T> reading) {
        try {
            return reading.from(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<MapSpec> maps() {
        return List.of(ROSTER, DONE);
    }

    @Override
    public LedgerBlock genesis(Draft state, byte[] document) {
        Transaction writes = new Transaction(state);
        writes.put(ROSTER, NOW, document);
        state.apply(writes.writes());
        byte[] nothing = WriteSet.empty().serialise();
        return new LedgerBlock(List.of(), new byte[0], nothing, writes.writes().serialise());
    }

    @Override
    public Verdict offer(Offer offer, boolean again, Reader state) {
        if (state.get(DONE, offer.id()) != null) {
            return Verdict.rejected(DONE_ALREADY, "done already");
        }
        pool.put(ByteBuffer.wrap(offer.id()), offer);
        return Verdict.ACCEPTED;
    }

    @Override
    public boolean hasWork() {
        return !executed.containsAll(pool.keySet());
    }

    @Override
    public @Nullable LedgerBlock build(BuildContext context) {
        List<LedgerBlock.Executed> entries = new ArrayList<>();
        Transaction clear = new Transaction(context.state());
        Roster roster = ADMINISTRATION.roster(clear);
        for (Map.Entry<ByteBuffer, Offer> waiting : pool.entrySet()) {
            if (!executed.add(waiting.getKey())) {
                continue;
            }
            Offer offer = waiting.getValue();
            roster = Change.decode(offer.payload()).applyTo(roster);
            Transaction writes = new Transaction(context.state());
            writes.put(DONE, offer.id(), new byte[0]);
            byte[] serialised = writes.writes().serialise();
            context.state().apply(writes.writes());
            context.executed(offer.payload().length + serialised.length);
            entries.add(new LedgerBlock.Executed(offer.id(), new byte[32], offer.payload(), serialised));
        }
        if (entries.isEmpty()) {
            return null;
        }
        clear.put(ROSTER, NOW, document(roster));
        WriteSet publicWrites = clear.writes();
        context.state().apply(publicWrites);
        return new LedgerBlock(entries, document(roster), WriteSet.empty().serialise(), publicWrites.serialise());
    }

    @Override
    public List<IndexKey> apply(LedgerBlock block, long height, Reader state) {
        for (LedgerBlock.Executed transaction : block.transactions()) {
            pool.remove(ByteBuffer.wrap(transaction.id()));
            executed.remove(ByteBuffer.wrap(transaction.id()));
        }
        return keys(block);
    }

    /** The clear writes of a block, read back, must be those of the state. */
    @Override
    public @Nullable String audit(LedgerBlock block, DigestReader state) {
        Transaction claimed = new Transaction(state);
        try {
            WriteSet.parse(block.publicWrites(), maps())
                    .forEach((map, key, value) -> claimed.put(map, key, Objects.requireNonNull(value)));
        } catch (MalformedWriteSetException e) {
            return "the clear writes do not parse";
        }
        byte[] held = Objects.requireNonNull(state.get(ROSTER, NOW));
        return Arrays.equals(claimed.get(ROSTER, NOW), held) ? null : "the roster is another one";
    }

    @Override
    public void rebase(Reader state) {
        executed.clear();
    }

    @Override
    public void forget(byte[] id) {
        pool.remove(ByteBuffer.wrap(id));
        executed.remove(ByteBuffer.wrap(id));
    }

    @Override
    public byte[] answer(byte[] question, Reader state) {
        return new byte[0];
    }

    @Override
    public int pooled() {
        return pool.size();
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of();
    }
}
