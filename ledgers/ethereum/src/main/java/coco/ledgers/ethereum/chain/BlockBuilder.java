package coco.ledgers.ethereum.chain;

import coco.crypto.Hkdf;
import coco.evm.BlockEnvironment;
import coco.evm.FrameGuard;
import coco.evm.InvocationResult;
import coco.evm.code.CodeCache;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.transition.BlobParameters;
import coco.evm.transition.Outcome;
import coco.evm.transition.Requests;
import coco.evm.transition.SystemCalls;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.trie.MerklePatricia;
import coco.evm.trie.OrderedTrieRoot;
import coco.evm.types.Address;
import coco.evm.types.Bloom;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.kv.Draft;
import coco.kv.WriteSet;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Faults;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.access.Enforcement;
import coco.ledgers.ethereum.access.Restrictions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes blocks on the leader. Keeps accounts and slots it has read from block to block, up to a limit: the next block
 * is likely to need them again. One thread.
 */
public final class BlockBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(BlockBuilder.class);

    /** Accounts and slots kept from block to block, of about 300 bytes each. */
    private static final int KEPT_STATE = 200_000;
    /**
     * What the new storage root of one account adds to the block's own writes: key, account and lengths, rounded up.
     */
    private static final int ROOT_WRITE_BYTES = 176;

    private static final byte[] NO_EXTRA_DATA = {};

    /** What is drawn from a block's secret: one to be told, and one that only who sees everything is told. */
    private static final byte[] PREVRANDAO = "prevrandao".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] BLINDING = "blinding".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ZERO_NONCE = new byte[8];
    private static final byte[] ZERO_HASH = new byte[32];

    private final Genesis genesis;
    private final Executors executors;
    private final BlockState world = new BlockState();
    private final JournaledState state;
    private final Enforcement enforcement;

    /**
     * Builds blocks for one chain.
     *
     * @param hashSeed a number that nobody outside knows: see {@link JournaledState}
     */
    public BlockBuilder(Genesis genesis, CodeCache codes, long hashSeed) {
        this(genesis, codes, hashSeed, guard -> guard);
    }

    /** @param around what is put around the guard of contracts */
    BlockBuilder(Genesis genesis, CodeCache codes, long hashSeed, UnaryOperator<FrameGuard> around) {
        this.genesis = genesis;
        this.state = new JournaledState(world, codes, hashSeed);
        this.enforcement = new Enforcement(state, world, codes, hashSeed);
        this.executors = new Executors(around.apply(enforcement));
    }

    /** Drops what was read: the state below is another one now. */
    public void forget() {
        state.forget();
        world.forget();
    }

    /**
     * Executes candidates until there are none or the context says that the block is full.
     *
     * @param empty whether an empty block is wanted if none can be executed
     * @return the block; null, and an untouched draft, if none could be executed and no empty block is wanted
     */
    public @Nullable LedgerBlock build(BuildContext context, Candidates candidates, boolean empty) {
        if (state.size() > KEPT_STATE) {
            forget();
        }
        world.open(context.state());
        Building block = new Building(context);
        try {
            block.fill(candidates);
        } catch (RuntimeException e) {
            // What was read may be half changed.
            forget();
            throw e;
        }
        if (block.entries.isEmpty()) {
            if (!empty) {
                forget();
                return null;
            }
            block.begin();
        }
        return block.finish();
    }

    /** Passes changes on, and notes the nonces of the accounts. */
    private static final class NoncesOf implements StateChanges {
        private final StateChanges target;
        private final Map<Address, Long> nonces = new HashMap<>();

        NoncesOf(StateChanges target) {
            this.target = target;
        }

        @Override
        public void accountDestroyed(Address address) {
            target.accountDestroyed(address);
        }

        @Override
        public void accountChanged(
                Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
            nonces.put(address, nonce);
            target.accountChanged(address, nonce, balance, codeHash, newCode);
        }

        @Override
        public void slotChanged(Address address, Word key, Word value) {
            target.slotChanged(address, key, value);
        }
    }

    /** One block while it is built. */
    private final class Building {
        private final BuildContext context;
        private final Draft draft;
        private final Head parent;
        private final Genesis.Next next;
        private final BlockEnvironment environment;
        private final Fork fork;
        private final TransactionExecutor executor;
        private final WriteSet startWrites;
        private final List<LedgerBlock.Executed> entries = new ArrayList<>();
        private final List<byte[]> transactions = new ArrayList<>();
        private final List<byte[]> receipts = new ArrayList<>();
        private final Bloom bloom = new Bloom();
        private final ByteArrayOutputStream deposits = new ByteArrayOutputStream();
        private long gasUsed;
        private long blobGasUsed;
        private int rootsCounted;
        private Enforcement.@Nullable Conclusion conclusion;

        Building(BuildContext context) {
            this.context = context;
            this.draft = context.state();
            this.parent = Head.of(draft);
            long timestamp =
                    Math.max(context.timestampSeconds(), parent.header().timestamp());
            this.next = genesis.next(parent.header(), timestamp);
            this.environment = new BlockEnvironment(
                    parent.number() + 1,
                    timestamp,
                    next.gasLimit(),
                    next.baseFee(),
                    Word.ofBytes32(drawn(PREVRANDAO), 0),
                    genesis.beneficiary(),
                    next.blobBaseFee());
            this.fork = next.rules().fork();
            this.executor = executors.of(next.rules());
            enforcement.beginBlock(draft, context.access(), next.rules(), environment);
            world.begin();
            executors
                    .systemCalls(next.rules())
                    .beginBlock(state, environment, parent.hash(), fork.has(Fork.CANCUN) ? ZERO_HASH : null, world);
            // Not yet in the draft, which must stay untouched if nothing is executed.
            this.startWrites = world.take();
        }

        private byte[] drawn(byte[] what) {
            return Hkdf.expand(context.randomness(), what, Word.SIZE);
        }

        /**
         * Makes the hash of a block say nothing of its state to whoever is not told this: else values that few bits
         * have could be guessed and tried.
         */
        private byte[] extraData() {
            return Restrictions.any(draft, context.access()) ? drawn(BLINDING) : NO_EXTRA_DATA;
        }

        void fill(Candidates candidates) {
            while (!context.full() && (entries.isEmpty() || !enforcement.isBatchSpent())) {
                Candidates.Candidate candidate = candidates.next();
                if (candidate == null) {
                    return;
                }
                if (!hasRoomForBlobs(candidate.transaction()) && !entries.isEmpty()) {
                    return;
                }
                TransactionMessage message = TransactionMessage.of(candidate.transaction(), candidate.sender());
                switch (execute(message, next.gasLimit() - gasUsed)) {
                    case null -> candidates.invalid(candidate, "internal error");
                    case Outcome.Executed executed -> {
                        byte[] deposited =
                                Requests.deposits(genesis.config().schedule().depositContract(), executed.logs());
                        if (fork.has(Fork.PRAGUE) && deposited == null) {
                            // No block may contain it (EIP-6110).
                            state.rollBackTransaction();
                            candidates.invalid(candidate, "invalid deposit log");
                        } else {
                            deposits.writeBytes(deposited == null ? NO_EXTRA_DATA : deposited);
                            candidates.executed(candidate, add(candidate, executed));
                        }
                    }
                    case Outcome.Rejected rejected -> {
                        if (rejected.reason() == Outcome.Reason.BLOCK_GAS_EXCEEDED && !entries.isEmpty()) {
                            return;
                        }
                        candidates.invalid(candidate, rejected.message());
                    }
                }
            }
        }

        private boolean hasRoomForBlobs(Transaction transaction) {
            long wanted = BlobParameters.GAS_PER_BLOB * transaction.blobHashes().size();
            return blobGasUsed + wanted <= next.rules().blobs().maxGas();
        }

        /**
         * A fault of ours in the machine must cost one transaction, not the leader, and then the next leader: the
         * transaction would be offered to each of them.
         *
         * @return null for such a fault, after which the state is as it was
         */
        private @Nullable Outcome execute(TransactionMessage message, long gasLeft) {
            try {
                enforcement.beginTransaction(message.gasLimit());
                Outcome outcome = executor.execute(state, environment, message, gasLeft);
                if (outcome instanceof Outcome.Executed) {
                    conclusion = enforcement.conclude(!message.authorizations().isEmpty());
                }
                return outcome;
            } catch (RuntimeException | StackOverflowError fault) {
                state.rollBackTransaction();
                LOG.error("a transaction fails in the machine itself: {}", Faults.withoutText(fault));
                return null;
            }
        }

        /** There will be a block: its first writes may go to the draft. */
        void begin() {
            draft.apply(startWrites);
        }

        /** Gives the nonces of the accounts that it changed. */
        private Map<Address, Long> add(Candidates.Candidate candidate, Outcome.Executed executed) {
            if (entries.isEmpty()) {
                begin();
            }
            world.begin();
            NoncesOf changed = new NoncesOf(world);
            executor.commit(state, changed);
            Enforcement.Conclusion concluded = concluded();
            world.writeMarks(concluded);
            WriteSet set = world.take();
            draft.apply(set);
            enforcement.committed(concluded);
            Transaction transaction = candidate.transaction();
            gasUsed += executed.gasUsed();
            blobGasUsed +=
                    BlobParameters.GAS_PER_BLOB * transaction.blobHashes().size();
            Receipt receipt = Receipt.of(transaction.type(), executed.isSuccess(), gasUsed, executed.logs());
            bloom.addAll(receipt.bloom());
            byte[] encodedReceipt = receipt.encode();
            transactions.add(transaction.encoded());
            receipts.add(encodedReceipt);
            byte[] payload = new ExecutedTransaction(
                            transaction, candidate.sender(), executed.isSuccess(), executed.gasUsed(), executed.logs())
                    .with(concluded.touched())
                    .encode();
            byte[] writes = set.serialise();
            entries.add(new LedgerBlock.Executed(
                    transaction.hash(),
                    ExecutedTransaction.claims(transaction.hash(), encodedReceipt),
                    payload,
                    writes));
            int roots = world.changedStorages();
            context.executed(payload.length + writes.length + (roots - rootsCounted) * ROOT_WRITE_BYTES);
            rootsCounted = roots;
            return changed.nonces;
        }

        private Enforcement.Conclusion concluded() {
            if (conclusion == null) {
                throw new IllegalStateException("a transaction that was not concluded");
            }
            return conclusion;
        }

        LedgerBlock finish() {
            world.begin();
            byte[] requestsHash = fork.has(Fork.PRAGUE) ? Requests.hash(requests()) : null;
            WriteSet endWrites = world.take();
            draft.apply(endWrites);
            world.begin();
            world.writeStorageRoots();
            WriteSet rootWrites = world.take();
            draft.apply(rootWrites);
            Header header = header(draft.digest(EthereumMaps.ACCOUNTS), requestsHash);
            world.begin();
            world.writeHead(Head.of(header));
            WriteSet headWrites = world.take();
            draft.apply(headWrites);
            byte[] writes = WriteSet.merge(List.of(startWrites, endWrites, rootWrites, headWrites))
                    .serialise();
            return new LedgerBlock(entries, header.encode(), writes);
        }

        /**
         * What the block asks of a consensus layer (EIP-7685). There is none here, but a chain that came from a public
         * network has the contracts, and its blocks go on to be what everybody computes.
         */
        private List<byte[]> requests() {
            List<byte[]> requests = new ArrayList<>();
            Requests.add(requests, Requests.DEPOSIT, deposits.toByteArray());
            ask(SystemCalls.WITHDRAWAL_REQUESTS, Requests.WITHDRAWAL, requests);
            ask(SystemCalls.CONSOLIDATION_REQUESTS, Requests.CONSOLIDATION, requests);
            return requests;
        }

        private void ask(Address contract, int type, List<byte[]> requests) {
            InvocationResult result = executors.systemCalls(next.rules()).requests(state, environment, contract, world);
            if (result != null && result.halt().isSuccess()) {
                Requests.add(requests, type, result.output());
            }
        }

        private Header header(byte[] stateRoot, byte @Nullable [] requestsHash) {
            boolean cancun = fork.has(Fork.CANCUN);
            return new Header(
                    parent.hash(),
                    Header.NO_OMMERS,
                    environment.coinbase(),
                    stateRoot,
                    OrderedTrieRoot.of(transactions),
                    OrderedTrieRoot.of(receipts),
                    bloom,
                    Word.ZERO,
                    environment.number(),
                    environment.gasLimit(),
                    gasUsed,
                    environment.timestampSeconds(),
                    extraData(),
                    environment.randomness().toBytes32(),
                    ZERO_NONCE,
                    fork.has(Fork.LONDON) ? environment.baseFee() : null,
                    fork.has(Fork.SHANGHAI) ? MerklePatricia.emptyRoot() : null,
                    cancun ? (Long) blobGasUsed : null,
                    cancun ? (Long) next.excessBlobGas() : null,
                    cancun ? ZERO_HASH : null,
                    requestsHash);
        }
    }
}
