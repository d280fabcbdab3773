package coco.ledgers.ethereum.access;

import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Log;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.testing.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A network of one node, with contracts and users; each transaction is a block, unless said otherwise. */
final class AccessNetwork {
    /** Users, by their number among {@link Keys}. */
    static final int OWNER = 0;

    static final int STRANGER = 1;
    static final int READER = 2;
    private static final int USERS = 5;
    private static final JsonNode CODES = codes();

    final SingleNode node;
    private final long gas;
    private final Map<Integer, Long> nonces = new HashMap<>();

    AccessNetwork() {
        this(3_000_000, Keys.genesis(USERS));
    }

    private AccessNetwork(long gas, String genesis) {
        this.gas = gas;
        this.node = new SingleNode(new EthereumLedgerFactory(), genesis).mining(false);
    }

    /** One whose transactions have so much gas. */
    static AccessNetwork ofGas(long gas) {
        String quantity = "\"0x" + Long.toHexString(gas) + '"';
        String genesis =
                Keys.genesis(USERS).replace("\"0x5f5e100\"", quantity + ", \"transactionGasCap\": " + quantity);
        return new AccessNetwork(gas, genesis);
    }

    private static JsonNode codes() {
        try (InputStream in = AccessNetwork.class.getResourceAsStream("contracts.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that has the contract that keeps lists of readers. */
    static AccessNetwork withReaders() {
        return withReaders(3_000_000);
    }

    /** The same, with so much gas for each transaction. */
    static AccessNetwork withReaders(long gas) {
        return new AccessNetwork(gas, Keys.genesisWithReaders(USERS));
    }

    /** The same by older rules: contracts really go away there. */
    static AccessNetwork withReadersBeforeCancun() {
        String forks = """
                "londonBlock": 0, "terminalTotalDifficulty": 0, "shanghaiTime": 0, "chainId": %d""".formatted(Keys.CHAIN_ID);
        String genesis = Keys.genesisWithReaders(USERS).replace("\"chainId\": " + Keys.CHAIN_ID, forks);
        return new AccessNetwork(3_000_000, genesis);
    }

    /** One whose genesis document brings an account with code. */
    static AccessNetwork with(Address contract, byte[] code) {
        String account = "\"alloc\": {\"%s\": {\"balance\": \"0x0\", \"nonce\": \"0x1\", \"code\": \"0x%s\"}, "
                .formatted(contract.hex(), HexFormat.of().formatHex(code));
        return new AccessNetwork(3_000_000, Keys.genesis(USERS).replace("\"alloc\": {", account));
    }

    /** The creation code of a contract, with the constructor's arguments. */
    static byte[] creation(String contract, Object... arguments) {
        byte[] code = HexFormat.of().parseHex(CODES.get(contract).asString());
        return Abi.concat(code, Abi.arguments(arguments));
    }

    static Address user(int number) {
        return Keys.address(number);
    }

    /** A transaction's builder, with the next nonce of the user. */
    Transaction.Builder transaction(int user) {
        long nonce = nonces.merge(user, 1L, Long::sum) - 1;
        return Keys.transfer(nonce).value(Word.ZERO).gasLimit(gas);
    }

    Transaction sign(int user, Transaction.Builder builder) {
        return builder.sign(Keys.CURVE, Keys.secret(user));
    }

    /** Puts it into the pool. */
    void offer(int user, Transaction transaction) {
        byte[] payload = Abi.concat(Keys.address(user).bytes(), transaction.encoded());
        Verdict verdict = node.ledger().offer(new Offer("ethereum", transaction.hash(), payload), false, node.state());
        if (!(verdict instanceof Verdict.Accepted)) {
            throw new AssertionError("not accepted: " + verdict);
        }
    }

    /** Makes a block of what is pooled. */
    List<ExecutedTransaction> mine() {
        LedgerBlock block = Objects.requireNonNull(node.mine(), "no block");
        List<ExecutedTransaction> executed = new ArrayList<>();
        for (LedgerBlock.Executed entry : block.transactions()) {
            executed.add(ExecutedTransaction.decode(entry.payload()));
        }
        return executed;
    }

    /** The newest transaction. */
    ExecutedTransaction last() {
        return ExecutedTransaction.decode(
                node.blocks().getLast().transactions().getLast().payload());
    }

    private ExecutedTransaction run(int user, Transaction.Builder builder) {
        offer(user, sign(user, builder));
        return mine().getFirst();
    }

    /** Makes a contract; it must succeed. */
    Address deploy(int user, String contract, Object... arguments) {
        ExecutedTransaction executed = create(user, creation(contract, arguments));
        if (!executed.success()) {
            throw new AssertionError("not deployed: " + contract);
        }
        return Objects.requireNonNull(executed.created());
    }

    /** Runs creation code. */
    ExecutedTransaction create(int user, byte[] code) {
        return run(user, transaction(user).to(null).data(code));
    }

    ExecutedTransaction send(int user, Address to, String signature, Object... arguments) {
        return send(user, to, Abi.call(signature, arguments));
    }

    ExecutedTransaction send(int user, Address to, byte[] data) {
        return run(user, transaction(user).to(to).data(data));
    }

    /** Delegates the user's own account to a contract (EIP-7702), with the next nonces, and calls somebody. */
    ExecutedTransaction delegating(int user, Address code, Address to, byte[] data) {
        Transaction.Builder own = Transaction.builder(Transaction.Type.SET_CODE)
                .chainId(Keys.CHAIN_ID)
                .nonce(nonces.merge(user, 1L, Long::sum) - 1)
                .gasLimit(gas);
        long nonce = nonces.merge(user, 1L, Long::sum) - 1;
        Authorization authorization =
                Authorization.sign(Word.of(Keys.CHAIN_ID), code, nonce, Keys.CURVE, Keys.secret(user));
        return run(user, own.authorizations(List.of(authorization)).to(to).data(data));
    }

    /** What the last log of a transaction says of a call: empty if it was refused, else its data. */
    static byte @Nullable [] result(ExecutedTransaction executed) {
        for (Log log : executed.logs().reversed()) {
            byte[] data = log.data();
            if (data.length >= 96 && Word.ofBytes32(data, 32).equals(Word.of(64))) {
                boolean done = Word.ofBytes32(data, 0).equals(Word.ONE);
                int length = (int) Word.ofBytes32(data, 64).l0();
                return done ? Arrays.copyOfRange(data, 96, 96 + length) : null;
            }
        }
        throw new AssertionError("no result was logged");
    }

    /** The state of an address's mark; null if it has none. */
    Mark.@Nullable State mark(Address address) {
        byte[] mark = node.state().get(Marks.MAP, address.bytes());
        return mark == null ? null : Mark.decode(mark).state();
    }
}
