package coco.cli.evm;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Evm;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.Tracer;
import coco.evm.TransactionContext;
import coco.evm.code.CodeCache;
import coco.evm.fixtures.StateTestFields;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.tracing.JsonLinesTracer;
import coco.evm.tracing.TraceJson;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code coco evm run}: the code becomes a contract in an empty world and is called once. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs code and shows output, gas, and how it ended.",
            "The exit code is 0 if it succeeded, 1 if it reverted or failed."
        })
public final class EvmRunCommand implements Callable<Integer> {
    /** The word "receiver" in ASCII, as in geth's tool. */
    private static final Address CONTRACT = Address.fromHex("0x0000000000000000000000007265636569766572");

    private static final long CHAIN_ID = 1;
    /** What 72 MB of memory cost in one frame: 3 for each word, and the square of the words by 512. */
    private static final long GAS_MAX = 10_000_000_000L;

    private final Console console;

    @Option(names = "--code", required = true, paramLabel = "HEX", description = "The code to run.")
    private String code = "";

    @Option(names = "--input", paramLabel = "HEX", description = "Its input (default: none).")
    private String input = "";

    @Option(names = "--trace", description = "Print a line of JSON for every instruction first (EIP-3155).")
    private boolean trace;

    @Option(names = "--gas", paramLabel = "N", description = "What it may use (default, and most: ${DEFAULT-VALUE}).")
    private long gas = GAS_MAX;

    @Option(names = "--value", paramLabel = "N", description = "Wei to send along, decimal or 0x (default: none).")
    private String value = "0";

    @Option(names = "--sender", paramLabel = "A", description = "Who calls (default: ${DEFAULT-VALUE}).")
    private String sender = "0x000000000000000000000000000073656e646572";

    @Option(
            names = "--fork",
            paramLabel = "F",
            converter = ForkName.class,
            description = {
                "Whose rules hold: ${COMPLETION-CANDIDATES} (default: OSAKA).",
                "What the public tests call them is known too, such as EIP150."
            })
    private Fork fork = Fork.OSAKA;

    @Option(names = "--json", description = "Print the result as one line of JSON.")
    private boolean json;

    /** Writes to this console. */
    public EvmRunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Address caller = address(sender);
        Word wei = number(value);
        byte[] data = bytes("--input", input);
        byte[] program = bytes("--code", code);
        if (gas < 0) {
            throw CliException.usage("--gas is negative", "Name how much the code may use, such as --gas 100000.");
        }
        if (gas > GAS_MAX) {
            throw CliException.usage(
                    "--gas is above " + GAS_MAX + ": it pays for memory, and with more the machine's might not suffice",
                    "Give at most --gas " + GAS_MAX + ", which pays for 72 MB in one call.");
        }
        InMemoryWorld world = new InMemoryWorld();
        world.put(caller, 0, wei, new byte[0]);
        world.put(CONTRACT, 1, caller.equals(CONTRACT) ? wei : Word.ZERO, program);
        JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
        state.beginTransaction();
        BlockEnvironment block = new BlockEnvironment(1, 1, gas, Word.ZERO, Word.ZERO, Address.ZERO, Word.ONE);
        warmUp(state, caller, block.coinbase());
        Tracer tracer = trace ? new JsonLinesTracer(console::result, false) : null;
        try {
            InvocationResult result = new Evm(fork, CHAIN_ID, null)
                    .execute(
                            state,
                            block,
                            new TransactionContext(caller, Word.ZERO, List.of()),
                            new Invocation(CallKind.CALL, caller, CONTRACT, wei, data, gas),
                            null,
                            tracer);
            show(result, state.logs());
            return (result.halt().isSuccess() ? ExitCode.OK : ExitCode.FAILED).code();
        } catch (OutOfMemoryError e) {
            // The limit is that of one frame. All frames together, slots and logs can take more than there is.
            throw new CliException("what the code keeps does not fit into memory", "Give it less gas: --gas N.", e);
        }
    }

    /** As a transaction does: EIP-2929, and EIP-3651 for the coinbase; before Berlin nobody asks. */
    private void warmUp(JournaledState state, Address caller, Address coinbase) {
        state.warm(state.account(caller));
        state.warm(state.account(CONTRACT));
        if (fork.has(Fork.SHANGHAI)) {
            state.warm(state.account(coinbase));
        }
    }

    private void show(InvocationResult result, List<Log> logs) {
        String output = hex(result.output());
        long gasUsed = gas - result.gasLeft();
        String error = result.halt().text();
        if (json) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("output", output);
            shown.put("gasUsed", gasUsed);
            shown.put("halt", result.halt().name());
            if (!error.isEmpty()) {
                shown.put("error", error);
            }
            shown.put("logs", logs.stream().map(EvmRunCommand::shown).toList());
            console.result(TraceJson.text(shown));
            return;
        }
        console.result("output    " + output);
        console.result("gas used  " + gasUsed);
        console.result("halt      " + (error.isEmpty() ? "success" : error));
        for (Log log : logs) {
            console.result("log       " + log.address().hex() + " " + topics(log) + " " + hex(log.data()));
        }
    }

    private static Map<String, Object> shown(Log log) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("address", log.address().hex());
        shown.put("topics", topics(log));
        shown.put("data", hex(log.data()));
        return shown;
    }

    private static List<String> topics(Log log) {
        List<String> topics = new ArrayList<>();
        log.topics().forEach(topic -> topics.add(hex(topic)));
        return topics;
    }

    private static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String option, String digits) {
        try {
            return HexFormat.of().parseHex(digits.startsWith("0x") ? digits.substring(2) : digits);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(
                    option + " is not hexadecimal: " + shortened(digits),
                    "Give pairs of the digits 0 to 9 and a to f, with or without 0x in front.");
        }
    }

    private static Address address(String text) {
        try {
            return Address.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(
                    "--sender is no address: " + shortened(text), "Give 40 hexadecimal digits with 0x in front.");
        }
    }

    private static Word number(String text) {
        try {
            return text.startsWith("0x") ? Word.fromHex(text) : Word.of(new BigInteger(text));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(
                    "--value is no number of wei: " + shortened(text),
                    "Give a decimal number, or a hexadecimal one with 0x in front, below 2^256.");
        }
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    /** Our names in any case, and those of fixtures as they stand, which load only when none of ours fits. */
    private static final class ForkName implements ITypeConverter<Fork> {
        @Override
        public Fork convert(String name) {
            for (Fork fork : Fork.values()) {
                if (fork.name().equalsIgnoreCase(name)) {
                    return fork;
                }
            }
            Fork fork = StateTestFields.fork(name);
            if (fork == null) {
                throw new TypeConversionException("'" + shortened(name) + "' is none of " + List.of(Fork.values()));
            }
            return fork;
        }
    }
}
