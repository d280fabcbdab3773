package coco.benchmarks.access;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.ContractAddresses;
import coco.evm.code.CodeCache;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.kv.Draft;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Rejection;
import coco.ledgers.ethereum.access.ReaderLists;
import coco.ledgers.ethereum.chain.BlockBuilder;
import coco.ledgers.ethereum.chain.Candidates;
import coco.ledgers.ethereum.chain.EthereumMaps;
import coco.ledgers.ethereum.chain.Genesis;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What confidentiality costs who makes blocks: processor time of a transaction by what it calls, in blocks of 400, and
 * what is left to others if a tenth of a block is for contracts whose checks are hostile. Kinds take turns, a block
 * each, so that all see the same machine; ratios are medians over the rounds. Signatures are made before the clock
 * starts, roots are part of it.
 *
 * <p>Argument: the file of compiled contracts that {@code solidity/tools/subjects.mjs} writes.
 */
public final class AccessRates {
    private static final int TRANSACTIONS = 400;
    private static final int HOSTILE = 40;
    private static final int USERS = 8;
    private static final int WARM_UP_ROUNDS = 20;
    private static final int ROUNDS = 40;
    private static final long CHAIN_ID = 1337;
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    /** Creation code of a contract that goes round in circles until its gas is used up: JUMPDEST PUSH0 JUMP. */
    private static final String CIRCLES = "625b5f566000526003601df3";

    private final JsonNode codes;
    private final PrintStream out;
    private final List<Kind> kinds = new ArrayList<>();

    private AccessRates(JsonNode codes, PrintStream out) {
        this.codes = codes;
        this.out = out;
    }

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("argument: FILE of compiled contracts");
        }
        JsonNode codes = JsonMapper.shared().readTree(Path.of(arguments[0]).toFile());
        new AccessRates(codes, System.out).run();
    }

    /** Blocks of one kind, and what a transaction of each took. */
    private static final class Kind {
        final String name;
        final World world;
        final int count;
        final IntFunction<Signed> transaction;
        final double[] micros = new double[ROUNDS];

        Kind(String name, World world, int count, IntFunction<Signed> transaction) {
            this.name = name;
            this.world = world;
            this.count = count;
            this.transaction = transaction;
        }

        void round(int number) {
            List<Signed> candidates = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                candidates.add(transaction.apply(i));
            }
            long nanos = world.build(candidates);
            if (number >= 0) {
                micros[number] = nanos / 1_000.0;
            }
        }

        double microsEach() {
            return median(micros) / count;
        }
    }

    private Kind kind(String name, World world, IntFunction<Signed> transaction) {
        return kind(name, world, TRANSACTIONS, transaction);
    }

    private Kind kind(String name, World world, int count, IntFunction<Signed> transaction) {
        Kind kind = new Kind(name, world, count, transaction);
        kinds.add(kind);
        return kind;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Median over the rounds of the time of a transaction of one kind by that of another. */
    private static double ratio(Kind kind, Kind to) {
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ratios[round] = kind.micros[round] / kind.count / (to.micros[round] / to.count);
        }
        return median(ratios);
    }

    private void measure() {
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (Kind kind : kinds) {
                kind.round(round);
            }
        }
    }

    private void print(Kind kind, Kind to) {
        out.printf("%-52s %8.2f µs   %6.3f × %s%n", kind.name, kind.microsEach(), ratio(kind, to), to.name);
    }

    private void run() {
        World open = new World();
        World mixed = new World();
        Address[] plain = {open.deploy(codes, "Plain"), mixed.deploy(codes, "Plain")};
        Address[] token = {open.deploy(codes, "GateToken"), mixed.deploy(codes, "GateToken")};
        Address[] prober = {open.deploy(codes, "Prober"), mixed.deploy(codes, "Prober")};
        byte[] value = call("value()");
        byte[] balance = call("balanceOf(address)", user(1));
        Address secret = mixed.deploy(codes, "Secret");
        for (int user = 1; user < USERS; user++) {
            mixed.build(List.of(mixed.signed(0, secret, call("grant(address,uint256)", user(user), 1))));
        }
        mixed.build(List.of(mixed.signed(0, secret, call("trust(address,bool)", prober[1], 1))));
        byte[] roles = call("rolesOf(address)", user(1));

        List<Kind[]> pairs = new ArrayList<>();
        World[] worlds = {open, mixed};
        Kind[] transfer = new Kind[2];
        Kind[] direct = new Kind[2];
        Kind[] minted = new Kind[2];
        Kind[] through = new Kind[2];
        Kind[] statically = new Kind[2];
        for (int i = 0; i < 2; i++) {
            World world = worlds[i];
            int at = i;
            String where = i == 0 ? "" : ", others confidential";
            transfer[i] =
                    kind("transfer" + where, world, n -> world.signed(n % USERS, Address.of(0x1000 + n), new byte[0]));
            direct[i] = kind("open contract, read" + where, world, n -> world.signed(n % USERS, token[at], balance));
            minted[i] = kind(
                    "open contract, written to" + where,
                    world,
                    n -> world.signed(n % USERS, token[at], call("mint(address,uint256)", user(n % USERS), 1)));
            through[i] = kind(
                    "open through open" + where,
                    world,
                    n -> world.signed(n % USERS, prober[at], through("call", plain[at], value)));
            statically[i] = kind(
                    "open through open, static" + where,
                    world,
                    n -> world.signed(n % USERS, prober[at], through("view_", plain[at], value)));
        }
        pairs.addAll(List.of(transfer, direct, minted, through, statically));
        Kind confidential = kind("confidential contract", mixed, n -> mixed.signed(n % USERS, secret, roles));
        Kind written = kind(
                "confidential contract, written to",
                mixed,
                n -> mixed.signed(n % USERS, secret, call("write(uint256)", n + 1)));
        Kind trusted = kind(
                "confidential through trusted",
                mixed,
                n -> mixed.signed(n % USERS, prober[1], through("call", secret, roles)));
        Address list = mixed.listed(codes, "GateToken");
        Kind listed = kind("listed contract", mixed, n -> mixed.signed(n % USERS, list, balance));
        List<Kind> hostile = hostile(mixed, token[1]);
        measure();
        out.println("Processor time of a transaction, median of " + ROUNDS + " blocks of " + TRANSACTIONS);
        for (Kind[] pair : pairs) {
            print(pair[0], pair[0]);
            print(pair[1], pair[0]);
        }
        print(confidential, direct[1]);
        print(confidential, statically[1]);
        print(listed, direct[1]);
        print(listed, confidential);
        print(written, minted[1]);
        print(trusted, through[1]);
        printHostile(hostile);
    }

    // ---- hostile checks ----

    /** Blocks of which a tenth is hostile; the first is of others alone, the second of gas that is paid for. */
    private List<Kind> hostile(World world, Address token) {
        int others = TRANSACTIONS - HOSTILE;
        IntFunction<Signed> other =
                n -> world.signed(n % USERS, token, call("mint(address,uint256)", user(n % USERS), 1));
        List<Kind> all = new ArrayList<>();
        all.add(kind("others alone", world, others, other));
        Address circles = world.deploy(HexFormat.of().parseHex(CIRCLES));
        all.add(beside(world, other, "a contract without a rule that uses up its gas", circles));
        all.add(beside(world, other, "a check that burns its gas", world.deploy(codes, "Burner")));
        all.add(beside(world, other, "a check that destroys itself", world.deploy(codes, "Suicidal")));
        all.add(beside(
                world,
                other,
                "a check that asks itself",
                world.deploy(codes, "Reentrant", world.deploy(codes, "Mirror"))));
        for (int lie = 0; lie < 5; lie++) {
            all.add(beside(world, other, "a check that lies, way " + lie, world.deploy(codes, "Liar", lie)));
        }
        return all;
    }

    private Kind beside(World world, IntFunction<Signed> other, String name, Address target) {
        // Each with a selector of its own: what was answered once in a block is not asked again.
        return kind(
                name,
                world,
                TRANSACTIONS,
                n -> n % (TRANSACTIONS / HOSTILE) == 0
                        ? world.signed(n % USERS, target, call("f" + n + "()"))
                        : other.apply(n));
    }

    private void printHostile(List<Kind> hostile) {
        Kind alone = hostile.getFirst();
        double each = alone.microsEach();
        out.printf("%nOthers alone: %.2f µs each. With %d of %d to%n", each, HOSTILE, TRANSACTIONS);
        for (Kind kind : hostile.subList(1, hostile.size())) {
            double more = (median(kind.micros) - median(alone.micros)) / HOSTILE;
            out.printf(
                    "%-52s %8.2f µs each, as %5.1f others; others' rate %5.1f %%%n",
                    kind.name, more, more / each, 100 * median(alone.micros) / median(kind.micros));
        }
    }

    // ---- a chain ----

    /** A chain of its own. */
    private static final class World {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private final Store store = new Store(EthereumMaps.ALL, StoreLimits.DEFAULT);
        private final BlockBuilder builder;
        private final long[] nonces = new long[USERS];
        private long time = 1_800_000_000L;

        World() {
            Genesis genesis = Genesis.parse(genesis().getBytes(StandardCharsets.UTF_8));
            Draft first = store.draft(store.head());
            genesis.write(first);
            first.seal().close();
            this.builder = new BlockBuilder(genesis, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 7);
        }

        /** Gives the processor time of making the block. */
        long build(List<Signed> candidates) {
            Draft draft = store.draft(store.head());
            time++;
            long start = threads.getCurrentThreadCpuTime();
            Queue queue = new Queue(candidates);
            int executed = 0;
            while (!queue.left.isEmpty()) {
                LedgerBlock block = builder.build(new Context(draft, time), queue, false);
                if (block == null) {
                    throw new IllegalStateException("no block");
                }
                executed += block.transactions().size();
                draft.seal().close();
                draft = store.draft(store.head());
            }
            long taken = threads.getCurrentThreadCpuTime() - start;
            draft.discard();
            if (executed != candidates.size()) {
                throw new IllegalStateException("a transaction was refused");
            }
            return taken;
        }

        Address deploy(JsonNode codes, String contract, Object... arguments) {
            byte[] code = HexFormat.of().parseHex(codes.get(contract).asString());
            byte[] encoded = call("", arguments);
            return deploy(ByteBuffer.allocate(code.length + encoded.length - 4)
                    .put(code)
                    .put(encoded, 4, encoded.length - 4)
                    .array());
        }

        /** Deploys a contract without a rule, of the first user for the others. */
        Address listed(JsonNode codes, String contract) {
            byte[] code = HexFormat.of().parseHex(codes.get(contract).asString());
            List<Address> readers = IntStream.range(1, USERS)
                    .mapToObj(AccessRates::user)
                    .sorted()
                    .toList();
            int readersAt = 160 + (code.length + Word.SIZE - 1) / Word.SIZE * Word.SIZE;
            int firstAt = readersAt + Word.SIZE * (1 + readers.size());
            byte[] head = call("create(bytes32,bytes,address[],bytes)", 0, 128, readersAt, firstAt, code.length);
            ByteBuffer data =
                    ByteBuffer.allocate(4 + firstAt + Word.SIZE).put(head).put(code);
            data.position(4 + readersAt).put(Word.of(readers.size()).toBytes32());
            readers.forEach(reader -> data.put(Word.of(reader).toBytes32()));
            build(List.of(signed(0, ReaderLists.ADDRESS, data.array(), 5_000_000)));
            byte[] salt = Keccak256.hash(call("", user(0), 0), 4, 2 * Word.SIZE);
            return ContractAddresses.of(ReaderLists.ADDRESS, salt, Keccak256.hash(code));
        }

        Address deploy(byte[] code) {
            long nonce = nonces[0];
            build(List.of(signed(0, null, code)));
            return ContractAddresses.of(user(0), nonce);
        }

        Signed signed(int user, @Nullable Address to, byte[] data) {
            return signed(user, to, data, to == null ? 5_000_000 : 200_000);
        }

        Signed signed(int user, @Nullable Address to, byte[] data, long gas) {
            Transaction transaction = Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                    .chainId(CHAIN_ID)
                    .nonce(nonces[user]++)
                    .gasLimit(gas)
                    .to(to)
                    .data(data)
                    .sign(CURVE, secret(user));
            return new Signed(transaction, user(user));
        }
    }

    private static byte[] secret(int user) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) (user + 1));
        return secret;
    }

    private static Address user(int user) {
        return Transaction.Builder.addressOf(CURVE, secret(user));
    }

    private static String genesis() {
        StringBuilder alloc = new StringBuilder("\"%s\": {\"balance\": \"0x0\", \"nonce\": \"0x1\", \"code\": \"%s\"}"
                .formatted(ReaderLists.ADDRESS.hex(), ReaderLists.CODE));
        for (int user = 0; user < USERS; user++) {
            alloc.append(", \"").append(user(user).hex()).append("\": {\"balance\": \"0x3635c9adc5dea00000\"}");
        }
        return """
                {"config": {"chainId": %d}, "gasLimit": "0xffffffffff", "baseFeePerGas": "0x0", "timestamp": "0x6553f100",
                 "alloc": {%s}}
                """.formatted(CHAIN_ID, alloc);
    }

    private static byte[] call(String signature, Object... arguments) {
        ByteBuffer data = ByteBuffer.allocate(4 + Word.SIZE * arguments.length)
                .put(Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII)), 0, 4);
        for (Object argument : arguments) {
            Word word = argument instanceof Address address ? Word.of(address) : Word.of((Integer) argument);
            data.put(word.toBytes32());
        }
        return data.array();
    }

    /** A call of the prober that makes it call another contract in some way. */
    private static byte[] through(String how, Address target, byte[] input) {
        byte[] head = call(how + "(address,bytes)", target, 2 * Word.SIZE, input.length);
        return Arrays.copyOf(
                ByteBuffer.allocate(head.length + input.length)
                        .put(head)
                        .put(input)
                        .array(),
                head.length + (input.length + Word.SIZE - 1) / Word.SIZE * Word.SIZE);
    }

    private record Signed(Transaction transaction, Address sender) implements Candidates.Candidate {}

    private static final class Queue implements Candidates {
        final Deque<Candidates.Candidate> left;

        Queue(List<Signed> candidates) {
            left = new ArrayDeque<>(candidates);
        }

        @Override
        public Candidates.@Nullable Candidate next() {
            return left.peekFirst();
        }

        @Override
        public void executed(Candidates.Candidate candidate, Map<Address, Long> noncesNow) {
            left.removeFirst();
        }

        @Override
        public void invalid(Candidates.Candidate candidate, String why) {
            throw new IllegalStateException(why);
        }
    }

    private record Context(Draft state, long timestampSeconds) implements BuildContext {
        @Override
        public AccessSettings access() {
            return AccessSettings.OPEN;
        }

        @Override
        public long height() {
            return 1;
        }

        @Override
        public byte[] randomness() {
            return new byte[32];
        }

        @Override
        public boolean heartbeat() {
            return false;
        }

        @Override
        public void executed(int sizeBytes) {
            // Blocks are as large as they are.
        }

        @Override
        public boolean full() {
            return false;
        }

        @Override
        public void dropped(byte[] id, Rejection reason) {
            throw new IllegalStateException(reason.message());
        }
    }
}
