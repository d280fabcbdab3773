package coco.evm.transition;

import coco.crypto.Keccak256;
import coco.evm.BlockEnvironment;
import coco.evm.FrameGuard;
import coco.evm.InvocationResult;
import coco.evm.code.CodeCache;
import coco.evm.rlp.RlpWriter;
import coco.evm.state.BlockWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.BlockOutcome.Fault;
import coco.evm.transition.BlockOutcome.Invalid;
import coco.evm.transition.BlockOutcome.Valid;
import coco.evm.transition.Outcome.Executed;
import coco.evm.transition.Outcome.Rejected;
import coco.evm.trie.OrderedTrieRoot;
import coco.evm.types.Address;
import coco.evm.types.Block;
import coco.evm.types.Bloom;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Log;
import coco.evm.types.MalformedException;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.evm.types.Withdrawal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executes whole blocks and compares what they commit to. Holds no state of its own but analysed code, and is safe for
 * any number of threads, each with a world of its own.
 *
 * <p>Whatever the bytes of a block are, the answer is a value; only a world that cannot be read throws, its own
 * exception, after which it was rolled back. A block costs no more than its gas limit says, which its parent bounds.
 */
public final class BlockExecutor {
    /** EIP-7934: 10 MiB less 2 MiB for the consensus layer. */
    private static final int ENCODING_MAX = (10 << 20) - (2 << 20);

    private final ForkSchedule schedule;
    private final CodeCache codes;
    private final long hashSeed;
    private final @Nullable FrameGuard guard;
    private final BlockPolicy policy;

    /**
     * An executor by Ethereum's own rules.
     *
     * @param codes analysed code, shared with others
     * @param hashSeed see {@link JournaledState}
     * @param guard asked before every frame; null to enter them all
     */
    public BlockExecutor(ForkSchedule schedule, CodeCache codes, long hashSeed, @Nullable FrameGuard guard) {
        this(schedule, codes, hashSeed, guard, BlockPolicy.PUBLIC);
    }

    /** The same by the rules of a chain with a policy of its own. */
    public BlockExecutor(
            ForkSchedule schedule, CodeCache codes, long hashSeed, @Nullable FrameGuard guard, BlockPolicy policy) {
        this.policy = policy;
        this.schedule = schedule;
        this.codes = codes;
        this.hashSeed = hashSeed;
        this.guard = guard;
    }

    /** Executes an encoded block: {@link #execute(Block, Ancestors, BlockWorld)}, and the rules about its encoding. */
    public BlockOutcome execute(byte[] encoded, Ancestors ancestors, BlockWorld world) {
        Block block;
        try {
            block = Block.decode(encoded);
        } catch (MalformedException e) {
            return new Invalid(Fault.MALFORMED, String.valueOf(e.getMessage()));
        }
        return execute(block, encoded.length, ancestors, world);
    }

    /** The same for a block that was decoded from so many bytes. */
    public BlockOutcome execute(Block block, int encodedBytes, Ancestors ancestors, BlockWorld world) {
        Header header = block.header();
        if (encodedBytes > ENCODING_MAX
                && schedule.fork(header.number(), header.timestamp()).has(Fork.OSAKA)) {
            return new Invalid(Fault.TOO_LARGE, encodedBytes + " bytes, at most " + ENCODING_MAX);
        }
        return execute(block, ancestors, world);
    }

    /**
     * Executes a block on the state of its parent. If it is valid the world has its state, else that of the parent as
     * before.
     */
    public BlockOutcome execute(Block block, Ancestors ancestors, BlockWorld world) {
        Header header = block.header();
        Block parent = ancestors.block(header.parentHash());
        if (parent == null) {
            return new Invalid(
                    Fault.UNKNOWN_PARENT,
                    "the parent " + HexFormat.of().formatHex(header.parentHash()) + " is not known");
        }
        ChainRules rules = schedule.rules(header.number(), header.timestamp());
        Invalid invalid = new HeaderChecks(schedule, rules, policy, header).after(parent.header());
        if (invalid == null) {
            invalid = OmmerChecks.check(schedule, block, ancestors);
        }
        if (invalid == null && !Arrays.equals(ommersHash(block.ommers()), header.ommersHash())) {
            invalid = Invalid.difference(Fault.OMMERS_HASH, hex(ommersHash(block.ommers())), hex(header.ommersHash()));
        }
        return invalid == null ? executeBody(block, world) : invalid;
    }

    /**
     * Executes a block whose header is trusted but for what execution itself leads to: gas, blob gas, bloom and roots.
     * For blocks whose parent is not at hand.
     */
    public BlockOutcome executeBody(Block block, BlockWorld world) {
        Header header = block.header();
        ChainRules rules = schedule.rules(header.number(), header.timestamp());
        Invalid invalid = new HeaderChecks(schedule, rules, policy, header).fields();
        if (invalid == null) {
            invalid = body(block);
        }
        if (invalid != null) {
            return invalid;
        }
        boolean kept = false;
        try {
            BlockOutcome outcome = new Run(block, rules, world).execute();
            kept = outcome instanceof Valid;
            return outcome;
        } finally {
            if (kept) {
                world.keep();
            } else {
                world.rollBack();
            }
        }
    }

    /** Whether header and body belong together. */
    private static @Nullable Invalid body(Block block) {
        Header header = block.header();
        List<byte[]> encoded =
                block.transactions().stream().map(Transaction::encoded).toList();
        byte[] transactionsRoot = OrderedTrieRoot.of(encoded);
        if (!Arrays.equals(transactionsRoot, header.transactionsRoot())) {
            return Invalid.difference(Fault.TRANSACTIONS_ROOT, hex(transactionsRoot), hex(header.transactionsRoot()));
        }
        List<Withdrawal> withdrawals = block.withdrawals();
        byte[] root = header.withdrawalsRoot();
        if ((withdrawals == null) != (root == null)) {
            return new Invalid(Fault.FIELDS, "withdrawals without a root, or a root without withdrawals");
        }
        if (withdrawals != null && root != null) {
            byte[] withdrawalsRoot = OrderedTrieRoot.of(
                    withdrawals.stream().map(Withdrawal::encode).toList());
            if (!Arrays.equals(withdrawalsRoot, root)) {
                return Invalid.difference(Fault.WITHDRAWALS_ROOT, hex(withdrawalsRoot), hex(root));
            }
        }
        return null;
    }

    private static byte[] ommersHash(List<Header> ommers) {
        RlpWriter out = new RlpWriter(64).beginList();
        ommers.forEach(ommer -> out.raw(ommer.encode()));
        return Keccak256.hash(out.endList().toBytes());
    }

    private static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    /** One block while it is executed. */
    private final class Run {
        private final Block block;
        private final Header header;
        private final ChainRules rules;
        private final Fork fork;
        private final BlockWorld world;
        private final JournaledState state;
        private final BlockEnvironment environment;
        private final TransactionExecutor executor;
        private final List<Receipt> receipts = new ArrayList<>();
        private final List<Executed> executions = new ArrayList<>();
        private final List<Address> senders = new ArrayList<>();
        private final List<byte[]> requests = new ArrayList<>();
        private final Bloom bloom = new Bloom();
        private long gasUsed;
        private long blobGasUsed;

        Run(Block block, ChainRules rules, BlockWorld world) {
            this.block = block;
            this.header = block.header();
            this.rules = rules;
            this.fork = rules.fork();
            this.world = world;
            this.state = new JournaledState(world, codes, hashSeed);
            this.executor = new TransactionExecutor(rules, guard);
            this.environment = BlockReplay.environment(rules, header);
        }

        BlockOutcome execute() {
            BlockReplay.begin(rules, schedule.isDaoFork(header.number()), state, environment, header, world);
            for (int i = 0; i < block.transactions().size(); i++) {
                world.beginTransaction();
                Rejected rejected = execute(block.transactions().get(i));
                world.endTransaction();
                if (rejected != null) {
                    return new Invalid(Fault.TRANSACTION, "transaction " + i + ": " + rejected.message(), rejected);
                }
            }
            Rewards.pay(fork, state, block, world);
            Invalid invalid = fork.has(Fork.PRAGUE) ? askForRequests(new SystemCalls(rules)) : null;
            return invalid == null ? compare() : invalid;
        }

        private @Nullable Rejected execute(Transaction transaction) {
            Rejected rejected = SignatureRules.check(rules, transaction);
            Address sender = SignatureRules.sender(rules, transaction);
            if (rejected != null) {
                return rejected;
            }
            if (sender == null) {
                return SignatureRules.invalid();
            }
            long blobGas =
                    BlobParameters.GAS_PER_BLOB * transaction.blobHashes().size();
            if (blobGasUsed + blobGas > rules.blobs().maxGas()) {
                return new Rejected(
                        Outcome.Reason.BLOCK_BLOB_GAS_EXCEEDED,
                        "blob gas limit reached: %d, at most %d"
                                .formatted(blobGasUsed + blobGas, rules.blobs().maxGas()));
            }
            TransactionMessage message = TransactionMessage.of(transaction, sender);
            return switch (executor.execute(state, environment, message, header.gasLimit() - gasUsed)) {
                case Rejected reason -> reason;
                case Executed executed -> {
                    executor.commit(state, world);
                    blobGasUsed += blobGas;
                    senders.add(sender);
                    add(transaction, executed);
                    yield null;
                }
            };
        }

        private void add(Transaction transaction, Executed executed) {
            gasUsed += executed.gasUsed();
            // Before Byzantium (EIP-658) a receipt says which state its transaction left.
            byte[] root = fork.has(Fork.BYZANTIUM) ? null : world.stateRoot();
            Receipt receipt = new Receipt(
                    transaction.type(),
                    executed.isSuccess(),
                    root,
                    gasUsed,
                    executed.logs(),
                    Bloom.ofLogs(executed.logs()));
            bloom.addAll(receipt.bloom());
            receipts.add(receipt);
            executions.add(executed);
        }

        private @Nullable Invalid askForRequests(SystemCalls systemCalls) {
            List<Log> logs = receipts.stream()
                    .flatMap(receipt -> receipt.logs().stream())
                    .toList();
            byte[] deposits = Requests.deposits(schedule.depositContract(), logs);
            if (deposits == null) {
                return new Invalid(Fault.DEPOSIT_LAYOUT, "an event of the deposit contract is not laid out as one");
            }
            Requests.add(requests, Requests.DEPOSIT, deposits);
            Invalid invalid = ask(systemCalls, SystemCalls.WITHDRAWAL_REQUESTS, Requests.WITHDRAWAL);
            return invalid == null
                    ? ask(systemCalls, SystemCalls.CONSOLIDATION_REQUESTS, Requests.CONSOLIDATION)
                    : invalid;
        }

        private @Nullable Invalid ask(SystemCalls systemCalls, Address contract, int type) {
            InvocationResult result = systemCalls.requests(state, environment, contract, world);
            if (policy.optionalRequests() && (result == null || !result.halt().isSuccess())) {
                return null;
            }
            if (result == null) {
                return new Invalid(Fault.SYSTEM_CONTRACT_EMPTY, "there is no code at " + contract);
            }
            if (!result.halt().isSuccess()) {
                return new Invalid(Fault.SYSTEM_CALL_FAILED, contract + " fails: " + result.halt());
            }
            Requests.add(requests, type, result.output());
            return null;
        }

        private BlockOutcome compare() {
            if (gasUsed != header.gasUsed()) {
                return Invalid.difference(Fault.GAS_USED, gasUsed, Long.toUnsignedString(header.gasUsed()));
            }
            Long blobGasInHeader = header.blobGasUsed();
            if (blobGasInHeader != null && blobGasInHeader != blobGasUsed) {
                return Invalid.difference(Fault.BLOB_GAS_USED, blobGasUsed, Long.toUnsignedString(blobGasInHeader));
            }
            if (!bloom.equals(header.logsBloom())) {
                return Invalid.difference(
                        Fault.LOGS_BLOOM,
                        hex(bloom.bytes()),
                        hex(header.logsBloom().bytes()));
            }
            byte[] stateRoot = world.stateRoot();
            if (fork.has(Fork.BYZANTIUM) || stateRoot != null) {
                byte[] root = OrderedTrieRoot.of(
                        receipts.stream().map(Receipt::encode).toList());
                if (!Arrays.equals(root, header.receiptsRoot())) {
                    return Invalid.difference(Fault.RECEIPTS_ROOT, hex(root), hex(header.receiptsRoot()));
                }
            }
            byte[] requestsHash = header.requestsHash();
            if (requestsHash != null && !Arrays.equals(Requests.hash(requests), requestsHash)) {
                return Invalid.difference(Fault.REQUESTS_HASH, hex(Requests.hash(requests)), hex(requestsHash));
            }
            if (stateRoot != null && !Arrays.equals(stateRoot, header.stateRoot())) {
                return Invalid.difference(Fault.STATE_ROOT, hex(stateRoot), hex(header.stateRoot()));
            }
            return new Valid(receipts, executions, senders, stateRoot, requests);
        }
    }
}
