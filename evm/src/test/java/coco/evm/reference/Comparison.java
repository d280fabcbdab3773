package coco.evm.reference;

import coco.evm.CallKind;
import coco.evm.Halt;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.Tracer;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs scenarios on the machine and on the plain one, and says where they differ first. */
final class Comparison {
    private final Gas gas;
    private final Arithmetic arithmetic;
    private final @Nullable Tracer tracer;

    /** How often each reason to halt was met: shows whether scenarios reach what they should. */
    final Map<Halt, Integer> halts = new EnumMap<>(Halt.class);
    /** The same of opcodes. */
    final Map<Opcode, Integer> executions = new EnumMap<>(Opcode.class);

    /** The gas that the last call of the last scenario used. */
    long gasUsed;

    /** Of the machine as it runs when nobody watches it. */
    Comparison(Gas gas, Arithmetic arithmetic) {
        this(gas, arithmetic, null);
    }

    Comparison(Gas gas, Arithmetic arithmetic, @Nullable Tracer tracer) {
        this.tracer = tracer;
        this.gas = gas;
        this.arithmetic = arithmetic;
    }

    /** The first difference; nothing if there is none. */
    String difference(Scenario scenario) {
        Machine machine = new Machine(scenario, tracer);
        World plain = World.of(scenario.world());
        for (int i = 0; i < scenario.calls().size(); i++) {
            Scenario.Call call = scenario.calls().get(i);
            machine.begin(call);
            PlainEvm other = begin(plain, call);
            Invocation invocation = invocation(plain, call);
            InvocationResult actual = machine.run(invocation);
            InvocationResult expected = other.execute(invocation);
            plain = other.world;
            halts.merge(expected.halt(), 1, Integer::sum);
            other.executions.forEach((opcode, count) -> executions.merge(opcode, count, Integer::sum));
            gasUsed = call.gas() - expected.gasLeft();
            String difference = difference(expected, plain, actual, machine.state);
            machine.end();
            plain.endTransaction(gas.fork.has(Fork.SPURIOUS_DRAGON));
            if (difference.isEmpty()) {
                difference = first(written(plain.toInMemoryWorld()), written(machine.world));
            }
            if (!difference.isEmpty()) {
                return "call " + i + ": " + difference;
            }
        }
        return "";
    }

    private PlainEvm begin(World plain, Scenario.Call call) {
        begin(gas.fork, plain, call);
        return new PlainEvm(
                gas, arithmetic, plain, Scenario.BLOCK, Machine.TRANSACTION, Scenario.CHAIN_ID, Scenario.BLOCK_HASHES);
    }

    /** The message of a call whose transaction has begun. */
    static Invocation invocation(World plain, Scenario.Call call) {
        BigInteger nonce = plain.account(Scenario.CALLER).nonce().subtract(BigInteger.ONE);
        Address target =
                call.kind() == CallKind.CREATE ? PlainEvm.createAddress(Scenario.CALLER, nonce) : call.target();
        return new Invocation(call.kind(), Scenario.CALLER, target, Word.of(call.value()), call.data(), call.gas());
    }

    /** As {@link Machine#begin}. */
    static void begin(Fork fork, World plain, Scenario.Call call) {
        BigInteger nonce = plain.account(Scenario.CALLER).nonce();
        plain.setNonce(Scenario.CALLER, nonce.add(BigInteger.ONE));
        if (fork.has(Fork.BERLIN)) {
            plain.warmAddresses.addAll(call.warm());
        }
    }

    private String difference(InvocationResult expected, World plain, InvocationResult actual, JournaledState state) {
        Map<String, String> should = written(expected, plain.refund, plain.logs);
        Map<String, String> is = written(actual, state.refund(), state.logs());
        for (Address address : plain.destroyed) {
            should.put("destroyed " + address, "true");
            is.put(
                    "destroyed " + address,
                    Boolean.toString(state.account(address).isDestroyed()));
        }
        if (gas.fork.has(Fork.BERLIN)) {
            for (World.Slot slot : plain.warmSlots) {
                should.put("warm " + slot, "true");
                is.put("warm " + slot, Boolean.toString(isWarm(state, slot)));
            }
        }
        return first(should, is);
    }

    private static boolean isWarm(JournaledState state, World.Slot slot) {
        return state.warm(state.slot(state.account(slot.address()), Word.of(slot.key())));
    }

    private static Map<String, String> written(InvocationResult result, long refund, List<Log> logs) {
        Map<String, String> lines = new TreeMap<>();
        lines.put("1 halt", result.halt().name());
        lines.put("2 gas left", Long.toString(result.gasLeft()));
        lines.put("3 output", HexFormat.of().formatHex(result.output()));
        lines.put("4 refund", Long.toString(refund));
        lines.put("5 logs", logs.stream().map(Comparison::written).collect(Collectors.joining(", ")));
        return lines;
    }

    static String written(Log log) {
        HexFormat hex = HexFormat.of();
        List<String> topics = log.topics().stream().map(hex::formatHex).toList();
        return "%s %s %s".formatted(log.address(), topics, hex.formatHex(log.data()));
    }

    /** Everything in a world, a line for each field and slot. */
    static Map<String, String> written(InMemoryWorld world) {
        Map<String, String> lines = new TreeMap<>();
        world.accounts().forEach((address, account) -> {
            lines.put(address + " nonce", Long.toUnsignedString(account.nonce()));
            lines.put(address + " balance", account.balance().toString());
            lines.put(address + " code", HexFormat.of().formatHex(world.code(account.codeHash())));
            world.storage(address)
                    .forEach((key, value) -> lines.put(address + " slot " + key.toQuantity(), value.toQuantity()));
        });
        return lines;
    }

    /** The first line in which two texts differ. */
    static String first(Map<String, String> should, Map<String, String> is) {
        if (should.equals(is)) {
            return "";
        }
        Map<String, String> all = new TreeMap<>(should);
        is.forEach(all::putIfAbsent);
        for (String name : all.keySet()) {
            String expected = should.getOrDefault(name, "nothing");
            String actual = is.getOrDefault(name, "nothing");
            if (!expected.equals(actual)) {
                return "%s is %s, not %s as the plain machine says".formatted(name, actual, expected);
            }
        }
        return "";
    }
}
