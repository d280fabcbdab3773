package coco.evm.transition;

import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.types.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The one irregular change of state: what the DAO and its children had goes to a contract that pays back (EIP-779). */
final class DaoFork {
    private static final Address REFUND = Address.fromHex("0xbf4ed7b27f1d666546e30d74d50d173d20bca754");
    private static final List<Address> DRAINED = read("dao-accounts.txt");

    private DaoFork() {}

    static void apply(JournaledState state, StateChanges changes) {
        state.beginTransaction();
        JournaledAccount refund = state.account(REFUND);
        for (Address address : DRAINED) {
            JournaledAccount account = state.account(address);
            // EIP-161 is not in force yet: an account that was not there is, from here on.
            state.touch(account);
            state.transfer(account, refund, account.balance());
        }
        state.commitTransaction(false, changes);
    }

    private static List<Address> read(String resource) {
        try (InputStream in = DaoFork.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the list of accounts is not in the library: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(Address::fromHex)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
