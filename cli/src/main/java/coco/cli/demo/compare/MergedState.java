package coco.cli.demo.compare;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state before several blocks, put together: an account, and each of its slots, as in the earliest block that names
 * it. Blocks are added in their order.
 */
final class MergedState {
    private final SequencedMap<Address, AccountState> accounts = new LinkedHashMap<>();

    /** Adds what a block names and none before it did. */
    void add(SourceBlock block) {
        block.preState()
                .forEach((address, account) ->
                        accounts.merge(address, account, (earlier, later) -> earlier.withMore(later.storage())));
    }

    /** Puts an account there, whatever was there before. */
    void put(Address address, AccountState account) {
        accounts.put(address, account);
    }

    @Nullable
    AccountState account(Address address) {
        return accounts.get(address);
    }

    /** Wei; 0 if there is no such account. */
    BigInteger balance(Address address) {
        AccountState account = accounts.get(address);
        return account == null ? BigInteger.ZERO : account.balance().toBigInteger();
    }

    /** Gives an account the nonce that its first transaction has. */
    void nonce(Address address, long nonce) {
        AccountState account = accounts.get(address);
        accounts.put(
                address,
                account == null ? new AccountState(nonce, Word.ZERO, null, new TreeMap<>()) : account.withNonce(nonce));
    }

    /** All accounts, in the order in which they came. */
    Map<Address, AccountState> accounts() {
        return Collections.unmodifiableMap(accounts);
    }
}
