package coco.cli.demo.compare;

import coco.cli.bench.BenchToken;
import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.crypto.Sha256;
import coco.evm.BlockEnvironment;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.ForkSchedule;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Transactions that nobody ever sent, of the kinds that the main network's blocks hold and in their proportions: of the
 * 14,788 transactions in the public sample of blocks since Byzantium 74.8 % move ether, 11.0 % tokens, 14.2 % call
 * some other contract (120,000 gas on average) and 0.1 % create one. Keys, recipients and order follow from a name.
 */
final class SyntheticMix {
    /** Of a thousand. */
    private static final int ETHER = 748;

    private static final int TOKEN = 110;
    private static final int CALL = 141;
    /** Accounts that one kind of call gives a balance: four new slots and a counter cost what the average call does. */
    private static final int FILLED = 4;

    private static final int ADDRESS_BYTES = 20;
    private static final long CREATION_GAS = 5_000_000;
    private static final int TRANSACTIONS_PER_SENDER = 4;
    /** Fewer accounts for more transactions: what they own is part of the genesis document. */
    private static final int MANY_PER_SENDER = 16;

    private static final Word PRICE = Word.of(1_000_000_000);
    private static final Word BALANCE = Word.of(BigInteger.TEN.pow(21));
    private static final Word TOKENS = Word.of(BigInteger.TEN.pow(18));
    private static final Address TOKEN_CONTRACT = Address.fromHex("0xc0c0000000000000000000000000000000000001");
    private static final Address MIXED_CONTRACT = Address.fromHex("0xc0c0000000000000000000000000000000000002");
    /** The one of the same name in MixedCalls.sol. */
    private static final Address OLD_CONTRACT = Address.fromHex("0xc0c0000000000000000000000000000000000003");

    private final String name;
    private final long chainId;
    private final int perSender;
    private final Secp256k1 curve = Secp256k1.fastest();

    /**
     * A mix.
     *
     * @param name of its accounts: mixes of different names have nothing in common but the contracts
     */
    SyntheticMix(String name, long chainId) {
        this(name, chainId, TRANSACTIONS_PER_SENDER);
    }

    private SyntheticMix(String name, long chainId, int perSender) {
        this.name = name;
        this.chainId = chainId;
        this.perSender = perSender;
    }

    /** A mix for a warm-up, where nobody counts senders. */
    static SyntheticMix forWarmUp(long chainId) {
        return new SyntheticMix("warm-up", chainId, MANY_PER_SENDER);
    }

    /** Signs so many transactions, and puts what they need into a state and its codes. */
    List<SourceTransaction> make(int count, MergedState state, Map<String, String> codes) {
        int senders = Math.max(1, Math.ceilDiv(count, perSender));
        byte[][] secrets = new byte[senders][];
        Address[] addresses = new Address[senders];
        IntStream.range(0, senders).parallel().forEach(i -> {
            secrets[i] = secret(i);
            addresses[i] = Transaction.Builder.addressOf(curve, secrets[i]);
        });
        fund(addresses, state, codes);
        Random random = new Random(seed());
        int[] kinds = random.ints(count, 0, 1_000).toArray();
        long[] recipients = random.longs(count).toArray();
        SourceTransaction[] made = new SourceTransaction[count];
        IntStream.range(0, count).parallel().forEach(i -> {
            int sender = i % senders;
            Transaction transaction = body(kinds[i], recipients[i], addresses)
                    .chainId(chainId)
                    .nonce(i / senders)
                    .gasPrice(PRICE)
                    .sign(curve, secrets[sender]);
            made[i] = new SourceTransaction(transaction, addresses[sender], -1, i, null);
        });
        return new ArrayList<>(Arrays.asList(made));
    }

    private Transaction.Builder body(int kind, long drawn, Address[] accounts) {
        Transaction.Builder builder = Transaction.builder(Transaction.Type.LEGACY);
        Address known = accounts[(int) Long.remainderUnsigned(drawn, accounts.length)];
        if (kind < ETHER) {
            return builder.gasLimit(21_000).to(known).value(Word.ONE).data(new byte[0]);
        }
        builder.value(Word.ZERO);
        if (kind < ETHER + TOKEN) {
            return builder.gasLimit(80_000).to(TOKEN_CONTRACT).data(BenchToken.transfer(known.bytes(), 1));
        }
        if (kind < ETHER + TOKEN + CALL) {
            return kind % 2 == 0
                    ? builder.gasLimit(250_000).to(TOKEN_CONTRACT).data(fill(drawn))
                    : builder.gasLimit(500_000).to(MIXED_CONTRACT).data(MixedCalls.work(drawn));
        }
        return builder.gasLimit(2_000_000).to(null).data(BenchToken.creationCode());
    }

    private static byte[] fill(long drawn) {
        byte[] fresh = new byte[FILLED * ADDRESS_BYTES];
        for (int i = 0; i < FILLED; i++) {
            byte[] hash =
                    Sha256.hash(ByteBuffer.allocate(12).putLong(drawn).putInt(i).array());
            System.arraycopy(hash, 0, fresh, i * ADDRESS_BYTES, ADDRESS_BYTES);
        }
        return BenchToken.fill(fresh, BigInteger.ONE);
    }

    private void fund(Address[] accounts, MergedState state, Map<String, String> codes) {
        contract(MIXED_CONTRACT, created(MixedCalls.creationCode()), state, codes);
        contract(OLD_CONTRACT, MixedCalls.oldCode(), state, codes);
        String hash = code(created(BenchToken.creationCode()), codes);
        AccountState before = state.account(TOKEN_CONTRACT);
        SortedMap<Word, Word> balances = new TreeMap<>(before == null ? Map.of() : before.storage());
        for (Address account : accounts) {
            state.put(account, new AccountState(0, BALANCE, null, new TreeMap<>()));
            // Solidity keeps a mapping's value under the hash of key and slot; the balances are slot 0.
            byte[] place = ByteBuffer.allocate(64).put(12, account.bytes()).array();
            balances.put(Word.ofBytes32(Keccak256.hash(place), 0), TOKENS);
        }
        // The sum of all, in slot 1: were it 0, the first call that raises it would cost more, wherever that is.
        balances.put(Word.ONE, TOKENS);
        state.put(TOKEN_CONTRACT, new AccountState(1, Word.ZERO, hash, balances));
    }

    private static void contract(Address address, byte[] code, MergedState state, Map<String, String> codes) {
        state.put(address, new AccountState(1, Word.ZERO, code(code, codes), new TreeMap<>()));
    }

    /** Notes a contract's code; gives its hash. */
    private static String code(byte[] code, Map<String, String> codes) {
        String hash = "0x" + Hex.encode(Keccak256.hash(code));
        codes.put(hash, "0x" + Hex.encode(code));
        return hash;
    }

    /** What a constructor leaves. */
    private byte[] created(byte[] creationCode) {
        Address creator = Address.of(1L << 40);
        InMemoryWorld world = new InMemoryWorld();
        world.put(creator, 0, BALANCE, new byte[0]);
        JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
        TransactionExecutor executor =
                new TransactionExecutor(ForkSchedule.always(chainId, Fork.OSAKA).rules(1, 1), null);
        Transaction creation = Transaction.builder(Transaction.Type.LEGACY)
                .chainId(chainId)
                .gasPrice(Word.ZERO)
                .gasLimit(CREATION_GAS)
                .value(Word.ZERO)
                .data(creationCode)
                .unsigned();
        BlockEnvironment block = new BlockEnvironment(1, 1, CREATION_GAS, Word.ZERO, Word.ZERO, Address.ZERO, Word.ONE);
        if (executor.execute(state, block, TransactionMessage.of(creation, creator), CREATION_GAS)
                        instanceof Outcome.Executed executed
                && executed.created() != null) {
            executor.commit(state, world);
            return world.code(
                    Objects.requireNonNull(world.account(executed.created())).codeHash());
        }
        throw new IllegalStateException("a contract cannot be created");
    }

    private byte[] secret(int account) {
        byte[] number = ByteBuffer.allocate(4).putInt(account).array();
        return Sha256.hash(("coco demo compare " + name).getBytes(StandardCharsets.UTF_8), number);
    }

    private long seed() {
        return ByteBuffer.wrap(Sha256.hash(name.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
