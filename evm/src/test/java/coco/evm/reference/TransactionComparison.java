package coco.evm.reference;

import coco.crypto.Secp256k1;
import coco.evm.CallKind;
import coco.evm.Halt;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Fork;
import coco.evm.types.Log;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes transactions of a scenario's messages, and compares the two state transitions on them. */
final class TransactionComparison {
    private static final CodeCache CODES = new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES);
    private static final long INTRINSIC_GAS = 60_000;
    private static final Secp256k1 CURVE = Secp256k1.fastest();

    private final Gas gas;
    private final Fork fork;
    private final long seed;
    private final TransactionExecutor executor;

    /** How many transactions were executed, and how many rejected. */
    int executed;

    int rejected;

    TransactionComparison(Gas gas, long seed) {
        this.gas = gas;
        this.fork = gas.fork;
        this.seed = seed;
        this.executor = new TransactionExecutor(ChainRules.of(Scenario.CHAIN_ID, fork), null);
    }

    /** The first difference; nothing if there is none. */
    String difference(Scenario scenario) {
        InMemoryWorld base = scenario.world();
        JournaledState state = new JournaledState(base, CODES, 42);
        World plain = World.of(base);
        for (int i = 0; i < scenario.calls().size(); i++) {
            TransactionMessage tx =
                    transaction(new Random(seed + i), plain, scenario.calls().get(i));
            Outcome outcome = executor.execute(state, Scenario.BLOCK, tx, Scenario.BLOCK.gasLimit());
            if (outcome instanceof Outcome.Executed result) {
                executed++;
                PlainTransition.Settled expected = new PlainTransition(
                                gas, Scenario.BLOCK, Scenario.CHAIN_ID, Scenario.BLOCK_HASHES)
                        .execute(plain, tx);
                plain = expected.world();
                executor.commit(state, base);
                String difference = difference(expected, result, base);
                if (!difference.isEmpty()) {
                    return "transaction " + i + ", " + tx + ": " + difference;
                }
            } else {
                rejected++;
            }
        }
        return "";
    }

    private static String difference(PlainTransition.Settled expected, Outcome.Executed actual, InMemoryWorld base) {
        String difference = Comparison.first(
                written(expected.halt(), expected.gasUsed(), expected.output(), expected.logs()),
                written(actual.halt(), actual.gasUsed(), actual.output(), actual.logs()));
        return difference.isEmpty()
                ? Comparison.first(Comparison.written(expected.world().toInMemoryWorld()), Comparison.written(base))
                : difference;
    }

    private static Map<String, String> written(Halt halt, long gasUsed, byte[] output, List<Log> logs) {
        Map<String, String> lines = new TreeMap<>();
        lines.put("1 halt", halt.name());
        lines.put("2 gas used", Long.toString(gasUsed));
        lines.put("3 output", HexFormat.of().formatHex(output));
        lines.put("4 logs", logs.stream().map(Comparison::written).collect(Collectors.joining(", ")));
        return lines;
    }

    // ---- transactions ----

    private TransactionMessage transaction(Random random, World world, Scenario.Call call) {
        boolean creates = call.kind() == CallKind.CREATE;
        Transaction.Type type = type(random, creates);
        Address sender = random.nextInt(4) == 0 ? signer(random) : Scenario.CALLER;
        Address target = fork.has(Fork.PRAGUE) && random.nextInt(4) == 0 ? signer(random) : call.target();
        Word fee = Word.of(random.nextInt(4) == 0 ? 6 : 7 + random.nextInt(20));
        boolean dynamic = type.code() >= Transaction.Type.DYNAMIC_FEE.code();
        Word tip = dynamic ? Word.of(random.nextInt(5)) : fee;
        return new TransactionMessage(
                type,
                sender,
                world.account(sender).nonce().longValue(),
                call.gas() + INTRINSIC_GAS,
                fee,
                tip,
                creates ? null : target,
                Word.of(call.value()),
                call.data(),
                type == Transaction.Type.LEGACY ? List.of() : accessList(random, call),
                type == Transaction.Type.SET_CODE ? authorizations(random, world) : List.of(),
                type == Transaction.Type.BLOB
                        ? List.of(Word.of(1L << 56, 0, 0, 1).toBytes32())
                        : List.of(),
                type == Transaction.Type.BLOB ? Word.of(3) : Word.ZERO);
    }

    private Transaction.Type type(Random random, boolean creates) {
        List<Transaction.Type> types = new ArrayList<>(List.of(Transaction.Type.LEGACY));
        if (fork.has(Fork.BERLIN)) {
            types.add(Transaction.Type.ACCESS_LIST);
        }
        if (fork.has(Fork.LONDON)) {
            types.add(Transaction.Type.DYNAMIC_FEE);
        }
        if (fork.has(Fork.CANCUN) && !creates) {
            types.add(Transaction.Type.BLOB);
        }
        if (fork.has(Fork.PRAGUE) && !creates) {
            types.addAll(List.of(Transaction.Type.SET_CODE, Transaction.Type.SET_CODE, Transaction.Type.SET_CODE));
        }
        return types.get(random.nextInt(types.size()));
    }

    private static Address signer(Random random) {
        return Scenario.signer(secret(random));
    }

    private static byte[] secret(Random random) {
        return Scenario.SECRETS.get(random.nextInt(Scenario.SECRETS.size()));
    }

    private static List<AccessListEntry> accessList(Random random, Scenario.Call call) {
        List<AccessListEntry> entries = new ArrayList<>();
        for (Address address : call.warm()) {
            List<Word> keys = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                keys.add(Word.of(random.nextInt(4)));
            }
            entries.add(new AccessListEntry(address, keys));
        }
        return entries;
    }

    /** Mostly valid ones. */
    private static List<Authorization> authorizations(Random random, World world) {
        List<Authorization> authorizations = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            byte[] secret = secret(random);
            BigInteger nonce = world.account(Scenario.signer(secret)).nonce();
            long wrong = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : 0;
            Address delegate = random.nextInt(5) == 0 ? Address.ZERO : Scenarios.contract(random);
            Authorization unsigned = new Authorization(
                    Word.of(random.nextInt(5) == 0 ? 0 : Scenario.CHAIN_ID),
                    delegate,
                    nonce.longValue() + wrong,
                    0,
                    Word.ONE,
                    Word.ONE);
            Secp256k1.Signature signature = CURVE.sign(unsigned.signingHash(), secret);
            authorizations.add(new Authorization(
                    unsigned.chainId(),
                    delegate,
                    unsigned.nonce(),
                    signature.recoveryId() ^ (random.nextInt(12) == 0 ? 1 : 0),
                    Word.ofBytes32(signature.rs(), 0),
                    Word.ofBytes32(signature.rs(), 32)));
        }
        return authorizations;
    }
}
