package coco.cli.demo.compare;

import coco.crypto.Secp256k1;
import coco.crypto.Sha256;
import coco.evm.BlockEnvironment;
import coco.evm.transition.ForkSchedule;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Transactions and blocks for tests of this package. */
final class TestTransactions {
    static final Secp256k1 CURVE = Secp256k1.fastest();
    static final Address RECIPIENT = Address.fromHex("0x00000000000000000000000000000000000000aa");

    private TestTransactions() {}

    static byte[] secret(int sender) {
        return Sha256.hash(ByteBuffer.allocate(4).putInt(sender).array());
    }

    static Address sender(int sender) {
        return Transaction.Builder.addressOf(CURVE, secret(sender));
    }

    /** A transfer of one wei. */
    static SourceTransaction transfer(int sender, long nonce, long price, int index) {
        return call(sender, nonce, price, index, 21_000, RECIPIENT, null);
    }

    static SourceTransaction call(
            int sender,
            long nonce,
            long price,
            int index,
            long gasLimit,
            Address to,
            SourceTransaction.@Nullable Outcome recorded) {
        Transaction transaction = Transaction.builder(Transaction.Type.LEGACY)
                .chainId(1)
                .nonce(nonce)
                .gasPrice(Word.of(price))
                .gasLimit(gasLimit)
                .to(to)
                .value(to.equals(RECIPIENT) ? Word.ONE : Word.ZERO)
                .data(new byte[0])
                .sign(CURVE, secret(sender));
        return new SourceTransaction(transaction, sender(sender), 5_000_000, index, recorded);
    }

    /** A block by the rules of a fork. */
    static SourceBlock block(
            long number, Fork fork, SequencedMap<Address, AccountState> state, List<SourceTransaction> transactions) {
        BlockEnvironment environment = new BlockEnvironment(
                number,
                1_500_000_000L,
                8_000_000,
                Word.ZERO,
                Word.ONE,
                Address.fromHex("0x" + "11".repeat(20)),
                Word.ONE);
        return new SourceBlock(
                number,
                ForkSchedule.always(1, fork).rules(number, 1_500_000_000L),
                environment,
                state,
                transactions,
                Map.of());
    }

    static SequencedMap<Address, AccountState> accounts(AccountState state, Address... addresses) {
        SequencedMap<Address, AccountState> accounts = new LinkedHashMap<>();
        for (Address address : addresses) {
            accounts.put(address, state);
        }
        return accounts;
    }

    static AccountState rich(long nonce) {
        return account(nonce, 1L << 60, null, Map.of());
    }

    static AccountState account(long nonce, long wei, @Nullable String codeHash, Map<Word, Word> storage) {
        return new AccountState(nonce, Word.of(wei), codeHash, new TreeMap<>(storage));
    }
}
