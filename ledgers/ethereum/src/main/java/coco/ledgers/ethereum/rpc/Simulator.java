package coco.ledgers.ethereum.rpc;

import coco.evm.BlockEnvironment;
import coco.evm.Cancellation;
import coco.evm.Halt;
import coco.evm.code.CodeCache;
import coco.evm.state.JournaledState;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.chain.Executors;
import coco.ledgers.ethereum.chain.Genesis;
import java.math.BigInteger;

/** Runs transactions that nobody keeps, on the context's pool of processors, within limits of gas and time. */
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
    }

    /** Most gas of a simulated call. */
    long gasCap() {
        return context.settings().callGasLimit();
    }

    /** Runs a call and gives what it returned. */
    byte[] call(Exchange exchange, StateAt at, TransactionMessage message) throws RpcException {
        return exchange.compute(() -> {
            Run run = new Run(exchange, at, at.header().number(), at.header().timestamp());
            Outcome outcome = run.execute(message, message.gasLimit());
            return switch (outcome) {
                case Outcome.Rejected rejected ->
                    throw RpcException.server(
                            "err: " + rejected.message() + " (supplied gas " + message.gasLimit() + ")");
                case Outcome.Executed executed -> output(run, executed);
            };
        });
    }

    private static byte[] output(Run run, Outcome.Executed executed) throws RpcException {
        if (executed.isSuccess()) {
            return executed.output();
        }
        throw run.failure(executed);
    }

    private static RpcException failed(Outcome.Executed executed, boolean exchangeIsLate, long timeoutMillis) {
        if (executed.halt() == Halt.REVERT) {
            return Reverts.error(executed.output());
        }
        if (executed.halt() == Halt.CANCELLED) {
            return exchangeIsLate
                    ? RpcException.requestTimedOut()
                    : RpcException.server("execution aborted (timeout = " + Hexes.duration(timeoutMillis) + ")");
        }
        return RpcException.server(executed.halt().text());
    }

    /**
     * Finds how much gas a transaction needs, at most a little too much.
     *
     * @param message whose gas limit is the most that may be needed
     */
    long estimate(Exchange exchange, StateAt at, TransactionMessage message) throws RpcException {
        return exchange.compute(() -> {
            // The transaction will run in a later block, and time that has passed may cost gas (a price oracle). Many
            // blocks share a second here, so a second is added even if none has passed since the newest one.
            long timestampSeconds =
                    Math.max(at.header().timestamp() + 1, context.clock().millis() / 1_000);
            return search(new Run(exchange, at, at.header().number() + 1, timestampSeconds), message);
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
            case Outcome.Rejected rejected ->
                throw RpcException.server("err: " + rejected.message() + " (supplied gas " + high + ")");
            case Outcome.Executed executed -> executed;
        };
        if (!whole.isSuccess()) {
            throw whole.halt() == Halt.OUT_OF_GAS ? exceeds(high) : run.failure(whole);
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

    /** Executions on one state, which is loaded once for all of them. */
    private final class Run {
        private final JournaledState state;
        private final BlockEnvironment environment;
        private final TransactionExecutor executor;
        private final Cancellation cancellation;
        private final Exchange exchange;

        Run(Exchange exchange, StateAt at, long number, long timestampSeconds) {
            this.exchange = exchange;
            this.state = new JournaledState(at.state(), codes, hashSeed);
            this.environment = new BlockEnvironment(
                    number,
                    timestampSeconds,
                    genesis.gasLimit(),
                    genesis.baseFee(),
                    Word.ofBytes32(at.header().mixHash(), 0),
                    genesis.beneficiary(),
                    Word.ONE);
            this.executor = executors.of(genesis.config().fork(number, timestampSeconds));
            long deadline = Math.min(
                    context.clock().millis() + context.settings().callTimeoutMillis(), exchange.deadlineMillis());
            this.cancellation = () -> context.clock().millis() > deadline;
        }

        Outcome execute(TransactionMessage message, long gas) {
            return executor.simulate(state, environment, Calls.withGas(message, gas), cancellation);
        }

        RpcException failure(Outcome.Executed executed) {
            return failed(executed, exchange.isLate(), context.settings().callTimeoutMillis());
        }

        boolean fails(TransactionMessage message, long gas) throws RpcException {
            return switch (execute(message, gas)) {
                case Outcome.Rejected rejected -> {
                    if (isTooLittle(rejected)) {
                        yield true;
                    }
                    throw RpcException.server("err: " + rejected.message() + " (supplied gas " + gas + ")");
                }
                case Outcome.Executed executed -> {
                    if (executed.halt() == Halt.CANCELLED) {
                        throw failure(executed);
                    }
                    yield !executed.isSuccess();
                }
            };
        }

        boolean hasNoCode(TransactionMessage message) {
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
