package coco.ledgers.ethereum.rpc;

import coco.evm.BlockEnvironment;
import coco.evm.Cancellation;
import coco.evm.FrameGuard;
import coco.evm.Halt;
import coco.evm.code.CodeCache;
import coco.evm.precompiles.Precompiles;
import coco.evm.state.JournaledState;
import coco.evm.state.WorldState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Header;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.access.CheckSite;
import coco.ledgers.ethereum.access.Enforcement;
import coco.ledgers.ethereum.chain.Executors;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.StateReader;
import coco.ledgers.ethereum.simulation.BlockOverrides;
import coco.ledgers.ethereum.simulation.BlockRequest;
import coco.ledgers.ethereum.simulation.BlockSimulation;
import coco.ledgers.ethereum.simulation.Environments;
import coco.ledgers.ethereum.simulation.OverriddenState;
import coco.ledgers.ethereum.simulation.SimulationLimits;
import coco.ledgers.ethereum.simulation.SimulationOutcome;
import coco.ledgers.ethereum.simulation.StateOverrides;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs transactions that nobody keeps, within limits of gas and time. */
public final class Simulator {
    private static final long TRANSFER_GAS = 21_000;
    private static final long CALL_STIPEND = 2_300;
    /** How far an estimate may be above the least gas that is enough: geth's figure, since exactness costs runs. */
    private static final double ESTIMATE_TOLERANCE = 0.015;

    private final Genesis genesis;
    private final Executors executors;
    private final CodeCache codes;
    private final long hashSeed;
    private final LedgerContext context;
    private final Environments environments;
    private final BlockSimulation blocks;
    /** What was worked out last: nearly every call is about the newest block. */
    private volatile @Nullable Known newest;

    /** What follows from a header. */
    private record Known(Header header, BlockEnvironment environment, TransactionExecutor executor) {}

    /**
     * Simulates on one chain.
     *
     * @param hashSeed a number that nobody outside knows: see {@link JournaledState}
     */
    public Simulator(Genesis genesis, Executors executors, CodeCache codes, long hashSeed, LedgerContext context) {
        this.genesis = genesis;
        this.executors = executors;
        this.codes = codes;
        this.hashSeed = hashSeed;
        this.context = context;
        this.environments = new Environments(genesis);
        this.blocks = new BlockSimulation(genesis, executors, environments, codes, hashSeed);
    }

    /** Most gas of a simulated call. */
    long gasCap() {
        return context.settings().callGasLimit();
    }

    /** Where a call finds the state right after a block, and that block, with overrides of both. */
    CallSite site(StateAt at, StateOverrides state, BlockOverrides block) throws RpcException {
        Known known = known(at.header());
        if (state.isEmpty() && block.isEmpty()) {
            FrameGuard guard = at.state().guard();
            return new CallSite(
                    journaled(at.state()),
                    known.environment,
                    guard == null ? known.executor : executors.of(known.executor.chain(), guard));
        }
        return site(at, state, block, known.environment);
    }

    @SuppressWarnings(
            "ReferenceEquality") // The newest header is one object; comparing all of it would cost a decoding.
    private Known known(Header header) {
        Known known = newest;
        if (known == null || known.header != header) {
            known = new Known(
                    header,
                    environments.of(header),
                    executors.of(genesis.config().rules(header.number(), header.timestamp())));
            newest = known;
        }
        return known;
    }

    private CallSite site(StateAt at, StateOverrides state, BlockOverrides block, BlockEnvironment usual)
            throws RpcException {
        BlockEnvironment environment = block.apply(usual, environments.fork(at.header()));
        TransactionExecutor executor = executors.of(
                genesis.config().rules(environment.number(), environment.timestampSeconds()),
                at.state().guard());
        if (state.isEmpty()) {
            return new CallSite(journaled(at.state()), environment, executor);
        }
        return overridden(OverriddenState.above(at.state()), state, environment, executor);
    }

    /** The same in the middle of a block: on what its transactions so far have left. */
    CallSite site(Header header, OverriddenState so, StateOverrides state, BlockOverrides block) throws RpcException {
        BlockEnvironment environment = block.apply(environments.of(header), environments.fork(header));
        TransactionExecutor executor =
                executors.of(genesis.config().rules(environment.number(), environment.timestampSeconds()), so.guard());
        return overridden(so, state, environment, executor);
    }

    private CallSite overridden(
            OverriddenState world, StateOverrides state, BlockEnvironment environment, TransactionExecutor executor)
            throws RpcException {
        return switch (state.apply(world, executor.precompiles())) {
            case StateOverrides.Applied.Refused(String why) -> throw RpcException.server(why);
            case StateOverrides.Applied.Done(Precompiles precompiles) ->
                new CallSite(
                        journaled(world),
                        environment,
                        precompiles == executor.precompiles() ? executor : executor.with(precompiles));
        };
    }

    /**
     * What stood between the frames of the transactions of a block; null in what came from another network, where
     * nothing did. Rules that members bound since count as if they had been bound then.
     *
     * @param parent the state before the block
     * @param on where it is executed once more
     * @param changed the world below {@code on}
     */
    @Nullable
    Enforcement enforcement(StateReader parent, JournaledState on, WorldState changed, Header header) {
        Genesis.Imported imported = genesis.imported();
        if (imported != null && Long.compareUnsigned(header.number(), imported.number()) <= 0) {
            return null;
        }
        ChainRules rules = genesis.config().rules(header.number(), header.timestamp());
        CheckSite site = new CheckSite(changed, rules, environments.of(header));
        return parent.enforcement(on, site, context.access(), codes, hashSeed);
    }

    /** An empty layer above a state. */
    JournaledState journaled(WorldState world) {
        return new JournaledState(world, codes, hashSeed);
    }

    /** Gives up what takes longer than one call, or its exchange, may take. */
    Cancellation cancellation(Exchange exchange) {
        return cancellation(exchange, context.settings().callTimeoutMillis());
    }

    /** The same with a time of its own. */
    Cancellation cancellation(Exchange exchange, long timeoutMillis) {
        long deadline = Math.min(context.clock().millis() + timeoutMillis, exchange.deadlineMillis());
        return () -> context.clock().millis() > deadline;
    }

    /** The error of a call that failed. */
    RpcException failure(Exchange exchange, Outcome.Executed executed) {
        if (executed.halt() == Halt.REVERT) {
            return Reverts.error(executed.output());
        }
        return executed.halt() == Halt.CANCELLED
                ? timedOut(exchange, RpcException.SERVER_ERROR)
                : RpcException.server(executed.halt().text());
    }

    private RpcException timedOut(Exchange exchange, int code) {
        return exchange.isLate()
                ? RpcException.requestTimedOut()
                : new RpcException(
                        code,
                        "execution aborted (timeout = "
                                + Hexes.duration(context.settings().callTimeoutMillis()) + ")");
    }

    /** Runs a call and gives what it returned. */
    byte[] call(Exchange exchange, StateAt at, StateOverrides state, BlockOverrides block, TransactionMessage message)
            throws RpcException {
        return exchange.compute(() -> {
            CallSite site = site(at, state, block);
            Outcome outcome =
                    site.executor().simulate(site.state(), site.environment(), message, cancellation(exchange));
            return switch (outcome) {
                case Outcome.Rejected rejected -> throw rejected(rejected, message.gasLimit());
                case Outcome.Executed executed when executed.isSuccess() -> executed.output();
                case Outcome.Executed executed -> throw failure(exchange, executed);
            };
        });
    }

    private static RpcException rejected(Outcome.Rejected rejected, long gas) {
        return RpcException.server("err: " + rejected.message() + " (supplied gas " + Long.toUnsignedString(gas) + ")");
    }

    /** Builds blocks that nobody keeps after a block of the chain. */
    SimulationOutcome blocks(
            Exchange exchange, StateAt at, List<BlockRequest> requests, boolean validated, boolean transfers) {
        BlockSimulation.Terms terms = new BlockSimulation.Terms(
                validated,
                transfers,
                SimulationLimits.of(gasCap(), context.settings().maxReplyBytes()),
                cancellation(exchange));
        return blocks.run(at.header(), at.hash(), at.state(), requests, terms);
    }

    /** The error of a simulation that was given up. */
    RpcException cancelled(Exchange exchange) {
        return timedOut(exchange, RpcException.SIMULATION_TIMED_OUT);
    }

    /**
     * Finds how much gas a transaction needs, at most a little too much.
     *
     * @param message whose gas limit is the most that may be needed
     */
    long estimate(Exchange exchange, StateAt at, StateOverrides state, BlockOverrides block, TransactionMessage message)
            throws RpcException {
        return exchange.compute(() -> {
            // The transaction will run in a later block, and time that has passed may cost gas (a price oracle). Many
            // blocks share a second here, so a second is added even if none has passed since the newest one.
            long timestampSeconds =
                    Math.max(at.header().timestamp() + 1, context.clock().millis() / 1_000);
            BlockEnvironment newest = environments.of(at.header());
            BlockEnvironment next = new BlockEnvironment(
                    newest.number() + 1,
                    timestampSeconds,
                    newest.gasLimit(),
                    newest.baseFee(),
                    newest.randomness(),
                    newest.coinbase(),
                    newest.blobBaseFee());
            return search(new Run(exchange, site(at, state, block, next)), message);
        });
    }

    private long search(Run run, TransactionMessage message) throws RpcException {
        if (message.data().length == 0
                && message.to() != null
                && run.hasNoCode(message)
                && !run.fails(message, TRANSFER_GAS)) {
            return TRANSFER_GAS;
        }
        long high = run.affordable(message);
        Outcome.Executed whole = switch (run.execute(message, high)) {
            case Outcome.Rejected rejected when isTooLittle(rejected) -> throw exceeds(high);
            case Outcome.Rejected rejected -> throw rejected(rejected, high);
            case Outcome.Executed executed -> executed;
        };
        if (!whole.isSuccess()) {
            throw whole.halt() == Halt.OUT_OF_GAS ? exceeds(high) : failure(run.exchange, whole);
        }
        long low = whole.gasUsed() - 1;
        long likely = (whole.gasBeforeRefund() + CALL_STIPEND) * 64 / 63;
        if (likely < high) {
            if (run.fails(message, likely)) {
                low = likely;
            } else {
                high = likely;
            }
        }
        while (low + 1 < high && (double) (high - low) / high >= ESTIMATE_TOLERANCE) {
            // Most need little more than the least.
            long middle = Math.min((high + low) >>> 1, low * 2);
            if (run.fails(message, middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static boolean isTooLittle(Outcome.Rejected rejected) {
        return rejected.reason() == Outcome.Reason.INTRINSIC_GAS_TOO_LOW
                || rejected.reason() == Outcome.Reason.FLOOR_GAS_TOO_LOW;
    }

    private static RpcException exceeds(long allowance) {
        return RpcException.server("gas required exceeds allowance (" + allowance + ")");
    }

    /** Executions of one transaction with more or less gas, on one state, which is loaded once for all of them. */
    private final class Run {
        private final Exchange exchange;
        private final CallSite site;
        private final Cancellation cancellation;

        Run(Exchange exchange, CallSite site) {
            this.exchange = exchange;
            this.site = site;
            this.cancellation = cancellation(exchange);
        }

        Outcome execute(TransactionMessage message, long gas) {
            return site.executor()
                    .simulate(site.state(), site.environment(), Calls.withGas(message, gas), cancellation);
        }

        boolean fails(TransactionMessage message, long gas) throws RpcException {
            return switch (execute(message, gas)) {
                case Outcome.Rejected rejected -> {
                    if (isTooLittle(rejected)) {
                        yield true;
                    }
                    throw rejected(rejected, gas);
                }
                case Outcome.Executed executed -> {
                    if (executed.halt() == Halt.CANCELLED) {
                        throw failure(exchange, executed);
                    }
                    yield !executed.isSuccess();
                }
            };
        }

        boolean hasNoCode(TransactionMessage message) {
            JournaledState state = site.state();
            state.beginTransaction();
            try {
                return message.to() != null && !state.account(message.to()).hasCode();
            } finally {
                state.rollBackTransaction();
            }
        }

        /** The gas limit, or less where the sender cannot pay for as much. */
        long affordable(TransactionMessage message) throws RpcException {
            Word price = message.maxFeePerGas();
            if (price.isZero()) {
                return message.gasLimit();
            }
            JournaledState state = site.state();
            state.beginTransaction();
            Word balance;
            try {
                balance = state.account(message.sender()).balance();
            } finally {
                state.rollBackTransaction();
            }
            if (balance.compareTo(message.value()) <= 0 && !message.value().isZero()) {
                throw RpcException.server("insufficient funds for transfer");
            }
            BigInteger allowance = balance.minus(message.value()).toBigInteger().divide(price.toBigInteger());
            return allowance.bitLength() > 62
                    ? message.gasLimit()
                    : Math.min(message.gasLimit(), allowance.longValue());
        }
    }
}
