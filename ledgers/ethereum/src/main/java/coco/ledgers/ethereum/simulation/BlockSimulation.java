package coco.ledgers.ethereum.simulation;

import coco.evm.BlockEnvironment;
import coco.evm.Cancellation;
import coco.evm.Halt;
import coco.evm.code.CodeCache;
import coco.evm.precompiles.Precompiles;
import coco.evm.state.JournaledState;
import coco.evm.transition.BlobParameters;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.Requests;
import coco.evm.transition.Rewards;
import coco.evm.transition.SystemCalls;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.trie.MerklePatricia;
import coco.evm.trie.OrderedTrieRoot;
import coco.evm.types.Block;
import coco.evm.types.Bloom;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Log;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.evm.types.Withdrawal;
import coco.evm.types.Word;
import coco.ledgers.ethereum.access.Touched;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Executors;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.StateReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds blocks that nobody keeps on a state of the chain, with headers as they would have been. Immutable; each run
 * has a state of its own.
 */
public final class BlockSimulation {
    private static final byte[] ZERO_HASH = new byte[32];
    private static final byte[] ZERO_NONCE = new byte[8];
    private static final byte[] NOTHING = {};

    private final Genesis genesis;
    private final Executors executors;
    private final Environments environments;
    private final CodeCache codes;
    private final long hashSeed;

    /**
     * Simulates on one chain.
     *
     * @param hashSeed a number that nobody outside knows: see {@link JournaledState}
     */
    public BlockSimulation(
            Genesis genesis, Executors executors, Environments environments, CodeCache codes, long hashSeed) {
        this.genesis = genesis;
        this.executors = executors;
        this.environments = environments;
        this.codes = codes;
        this.hashSeed = hashSeed;
    }

    /**
     * How to simulate.
     *
     * @param validated whether nonces and fees must be in order, and the base fee follows its rule; if not, it is zero
     * @param transfers whether transfers of ether are logged
     * @param limits what it may cost
     * @param cancellation asked now and then whether to give up
     */
    public record Terms(boolean validated, boolean transfers, SimulationLimits limits, Cancellation cancellation) {}

    /**
     * Simulates blocks one after the other.
     *
     * @param base the block that they follow
     * @param baseHash its hash: that of the header as it is, where this one lacks what may not be seen
     * @param state the accounts right after it
     * @param requests not empty
     */
    public SimulationOutcome run(
            Header base, byte[] baseHash, StateReader state, List<BlockRequest> requests, Terms terms) {
        BlockSequence sequence = BlockSequence.of(base, requests, terms.limits());
        return switch (sequence) {
            case BlockSequence.Wrong(SimulationOutcome.Refused why) -> why;
            case BlockSequence.Complete(List<BlockRequest> blocks) ->
                new Run(base, state, terms).execute(baseHash, blocks);
        };
    }

    /** One simulation. */
    private final class Run {
        private final Header base;
        private final Terms terms;
        private final OverriddenState world;
        private final JournaledState state;
        private final Precompiles usual;
        /** As much again as calls have, so that they find what they would without it; for one such call in any case. */
        private final SystemCalls.Allowance systemGas;

        private long gasLeft;
        private long resultBytes;

        Run(Header base, StateReader reader, Terms terms) {
            this.base = base;
            this.terms = terms;
            this.world = OverriddenState.rooted(reader);
            this.state = new JournaledState(world, codes, hashSeed);
            this.usual = Precompiles.of(environments.fork(base));
            this.gasLeft = terms.limits().gas();
            this.systemGas = new SystemCalls.Allowance(Math.max(gasLeft, SystemCalls.GAS), terms.cancellation());
        }

        SimulationOutcome execute(byte[] baseHash, List<BlockRequest> requests) {
            List<SimulatedBlock> blocks = new ArrayList<>();
            Header parent = base;
            byte[] parentHash = baseHash;
            for (BlockRequest request : requests) {
                Building building = new Building(request, parent, parentHash);
                SimulationOutcome wrong = building.execute();
                if (wrong != null) {
                    return wrong;
                }
                SimulatedBlock block = building.finish();
                if (terms.cancellation().isCancelled()) {
                    return cancelled();
                }
                if (systemGas.isSpent()) {
                    return new SimulationOutcome.Refused(
                            SimulationOutcome.Fault.LIMIT, "system calls need more gas than a simulation has");
                }
                if (block == null) {
                    return new SimulationOutcome.Refused(
                            SimulationOutcome.Fault.REQUESTS, "requests of the block cannot be collected");
                }
                blocks.add(block);
                parent = block.block().header();
                parentHash = block.hash();
                world.putBlockHash(parent.number(), parentHash);
            }
            return new SimulationOutcome.Simulated(blocks);
        }

        /** One block while it is built. */
        private final class Building {
            private final BlockRequest request;
            private final ChainRules rules;
            private final Fork fork;
            private final Header draft;
            private final BlockEnvironment environment;
            private final SystemCalls systemCalls;
            private final List<SimulatedCall> calls = new ArrayList<>();
            private final List<Log> contractLogs = new ArrayList<>();
            private final List<byte[]> receipts = new ArrayList<>();
            private final Bloom bloom = new Bloom();
            private long gasUsed;
            private long blobGasUsed;
            private int nextLog;

            Building(BlockRequest request, Header parent, byte[] parentHash) {
                this.request = request;
                this.draft = draft(request.block(), parent, parentHash);
                this.rules = genesis.config().rules(draft.number(), draft.timestamp());
                this.fork = rules.fork();
                this.systemCalls = executors.systemCalls(rules).within(systemGas);
                BlockEnvironment usualEnvironment = environments.of(draft);
                Word blobBaseFee = request.block().blobBaseFee();
                this.environment =
                        blobBaseFee == null ? usualEnvironment : usualEnvironment.withBlobBaseFee(blobBaseFee);
            }

            /** Runs everything before the end of the block; null if nothing is wrong. */
            @Nullable
            SimulationOutcome execute() {
                if (!withdrawals().isEmpty() && !fork.has(Fork.SHANGHAI)) {
                    return new SimulationOutcome.Refused(
                            SimulationOutcome.Fault.OVERRIDE, "withdrawals set before Shanghai activation");
                }
                state.forget();
                Precompiles precompiles;
                switch (request.state().apply(world, usual)) {
                    case StateOverrides.Applied.Refused(String why) -> {
                        return new SimulationOutcome.Refused(SimulationOutcome.Fault.OVERRIDE, why);
                    }
                    case StateOverrides.Applied.Done(Precompiles arranged) -> precompiles = arranged;
                }
                systemCalls.beginBlock(state, environment, draft.parentHash(), draft.parentBeaconBlockRoot(), world);
                TransactionExecutor executor = executors.of(rules, world.guard());
                if (precompiles != executor.precompiles()) {
                    executor = executor.with(precompiles);
                }
                for (CallRequest call : request.calls()) {
                    SimulationOutcome wrong = terms.cancellation().isCancelled() ? cancelled() : call(executor, call);
                    if (wrong != null) {
                        return wrong;
                    }
                }
                return terms.cancellation().isCancelled() ? cancelled() : null;
            }

            private @Nullable SimulationOutcome call(TransactionExecutor executor, CallRequest call) {
                long remaining = environment.gasLimit() - gasUsed;
                long wanted = call.gas() == null ? remaining : call.gas();
                if (Long.compareUnsigned(wanted, remaining) > 0) {
                    return new SimulationOutcome.Refused(
                            SimulationOutcome.Fault.BLOCK_GAS,
                            "block gas limit reached: remaining: " + Long.toUnsignedString(remaining) + ", required: "
                                    + Long.toUnsignedString(wanted));
                }
                long gas = Long.compareUnsigned(wanted, gasLeft) > 0 ? gasLeft : wanted;
                long nonce = call.nonce() == null ? nonceOf(call) : call.nonce();
                TransactionMessage message = call.message(nonce, gas);
                CallLogs logs = new CallLogs(terms.transfers(), nextLog);
                Outcome outcome = executor.executeCall(
                        state, environment, message, gas, terms.validated(), terms.cancellation(), logs);
                return switch (outcome) {
                    case Outcome.Rejected(Outcome.Reason reason, String text) ->
                        new SimulationOutcome.Rejected(
                                reason, "err: " + text + " (supplied gas " + Long.toUnsignedString(gas) + ")");
                    case Outcome.Executed executed
                    when executed.halt() == Halt.CANCELLED -> {
                        state.rollBackTransaction();
                        yield cancelled();
                    }
                    case Outcome.Executed executed -> {
                        executor.commit(state, world);
                        Transaction transaction = call.unsigned(
                                Transaction.Type.DYNAMIC_FEE, genesis.config().chainId(), nonce, gas);
                        add(call, transaction, executed, logs);
                        yield resultBytes <= terms.limits().resultBytes()
                                ? null
                                : new SimulationOutcome.Refused(
                                        SimulationOutcome.Fault.TOO_LARGE, "response too large");
                    }
                };
            }

            private long nonceOf(CallRequest call) {
                state.beginTransaction();
                long nonce = state.account(call.sender()).nonce();
                state.rollBackTransaction();
                return nonce;
            }

            private void add(CallRequest call, Transaction transaction, Outcome.Executed executed, CallLogs logs) {
                gasUsed += executed.gasUsed();
                gasLeft -= executed.gasUsed();
                blobGasUsed +=
                        BlobParameters.GAS_PER_BLOB * transaction.blobHashes().size();
                contractLogs.addAll(executed.logs());
                byte @Nullable [] root = fork.has(Fork.BYZANTIUM) ? null : world.root();
                Receipt receipt = new ExecutedTransaction(
                                transaction,
                                call.sender(),
                                executed.isSuccess(),
                                executed.gasUsed(),
                                executed.logs(),
                                root,
                                Touched.NOTHING)
                        .receipt(gasUsed);
                bloom.addAll(receipt.bloom());
                receipts.add(receipt.encode());
                calls.add(new SimulatedCall(
                        transaction,
                        call.sender(),
                        executed.halt(),
                        logs.error(),
                        executed.output(),
                        executed.gasUsed(),
                        executed.gasBeforeRefund(),
                        logs.logs()));
                nextLog = logs.next();
                resultBytes += executed.output().length;
                for (PlacedLog placed : logs.logs()) {
                    resultBytes += placed.log().data().length;
                }
            }

            /** Ends the block; null if its requests cannot be collected. */
            @Nullable
            SimulatedBlock finish() {
                byte @Nullable [] requestsHash = null;
                if (fork.has(Fork.PRAGUE)) {
                    List<byte[]> requests = Requests.collect(
                            systemCalls,
                            state,
                            environment,
                            genesis.config().schedule().depositContract(),
                            contractLogs,
                            world);
                    if (requests == null) {
                        return null;
                    }
                    requestsHash = Requests.hash(requests);
                }
                List<Transaction> transactions =
                        calls.stream().map(SimulatedCall::transaction).toList();
                List<Withdrawal> withdrawals = fork.has(Fork.SHANGHAI) ? withdrawals() : null;
                Rewards.pay(fork, state, new Block(draft, transactions, List.of(), withdrawals), world);
                Header header = complete(transactions, requestsHash);
                return new SimulatedBlock(
                        new Block(header, transactions, List.of(), withdrawals), header.hash(), calls);
            }

            private List<Withdrawal> withdrawals() {
                List<Withdrawal> withdrawals = request.block().withdrawals();
                return withdrawals == null ? List.of() : withdrawals;
            }

            private Header complete(List<Transaction> transactions, byte @Nullable [] requestsHash) {
                return new Header(
                        draft.parentHash(),
                        draft.ommersHash(),
                        draft.beneficiary(),
                        world.root(),
                        OrderedTrieRoot.of(
                                transactions.stream().map(Transaction::encoded).toList()),
                        OrderedTrieRoot.of(receipts),
                        bloom,
                        draft.difficulty(),
                        draft.number(),
                        draft.gasLimit(),
                        gasUsed,
                        draft.timestamp(),
                        draft.extraData(),
                        draft.mixHash(),
                        draft.nonce(),
                        draft.baseFeePerGas(),
                        draft.withdrawalsRoot() == null
                                ? null
                                : OrderedTrieRoot.of(withdrawals().stream()
                                        .map(Withdrawal::encode)
                                        .toList()),
                        draft.blobGasUsed() == null ? null : (Long) blobGasUsed,
                        draft.excessBlobGas(),
                        draft.parentBeaconBlockRoot(),
                        requestsHash);
            }
        }

        private SimulationOutcome cancelled() {
            return new SimulationOutcome.Refused(SimulationOutcome.Fault.CANCELLED, Halt.CANCELLED.text());
        }

        /** The header as far as it is known before anything is executed. */
        private Header draft(BlockOverrides overrides, Header parent, byte[] parentHash) {
            long number = present(overrides.number()).l0();
            long timestamp = present(overrides.timestampSeconds());
            Genesis.Next next = genesis.next(parent, timestamp);
            Fork fork = next.rules().fork();
            Word difficulty = overrides.difficulty() == null ? parent.difficulty() : overrides.difficulty();
            boolean cancun = fork.has(Fork.CANCUN);
            return new Header(
                    parentHash,
                    Header.NO_OMMERS,
                    overrides.feeRecipient() == null ? parent.beneficiary() : overrides.feeRecipient(),
                    ZERO_HASH,
                    MerklePatricia.emptyRoot(),
                    MerklePatricia.emptyRoot(),
                    new Bloom(),
                    fork.has(Fork.PARIS) ? Word.ZERO : difficulty,
                    number,
                    overrides.gasLimit() == null ? parent.gasLimit() : overrides.gasLimit(),
                    0,
                    timestamp,
                    NOTHING,
                    overrides.prevRandao() == null ? ZERO_HASH : overrides.prevRandao(),
                    ZERO_NONCE,
                    fork.has(Fork.LONDON) ? baseFee(overrides, next) : null,
                    fork.has(Fork.SHANGHAI) ? MerklePatricia.emptyRoot() : null,
                    cancun ? (Long) 0L : null,
                    cancun ? (Long) next.excessBlobGas() : null,
                    cancun ? (overrides.beaconRoot() == null ? ZERO_HASH : overrides.beaconRoot()) : null,
                    fork.has(Fork.PRAGUE) ? Header.NO_REQUESTS : null);
        }

        private Word baseFee(BlockOverrides overrides, Genesis.Next next) {
            if (overrides.baseFeePerGas() != null) {
                return overrides.baseFeePerGas();
            }
            return terms.validated() ? next.baseFee() : Word.ZERO;
        }

        private static <T> T present(@Nullable T value) {
            if (value == null) {
                throw new IllegalStateException("a block of the sequence has no place");
            }
            return value;
        }
    }
}
