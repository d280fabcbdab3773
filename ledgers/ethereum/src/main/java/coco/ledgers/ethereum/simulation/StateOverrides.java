package coco.ledgers.ethereum.simulation;

import coco.evm.precompiles.Precompile;
import coco.evm.precompiles.Precompiles;
import coco.evm.types.Address;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that a simulation has otherwise than the state, in the order in which they were given. Rules and words
 * are geth's.
 */
public record StateOverrides(List<AccountOverride> accounts) {
    /** Nothing is different. */
    public static final StateOverrides NONE = new StateOverrides(List.of());

    public StateOverrides {
        accounts = List.copyOf(accounts);
    }

    /** What came of {@link #apply}. */
    public sealed interface Applied {
        /** The state has the overrides, and these are the precompiled contracts that go with it. */
        record Done(Precompiles precompiles) implements Applied {}

        /** They contradict themselves; the state is of no use any more. */
        record Refused(String why) implements Applied {}
    }

    /** Whether nothing is different. */
    public boolean isEmpty() {
        return accounts.isEmpty();
    }

    /** Puts them into a state, as if a transaction before the first one had done so. */
    public Applied apply(OverriddenState state, Precompiles usual) {
        if (accounts.isEmpty()) {
            return new Applied.Done(usual);
        }
        Map<Address, Precompile> contracts = usual.contracts();
        Set<Address> overridden = new HashSet<>();
        accounts.forEach(account -> overridden.add(account.address()));
        Set<Address> takenByMoves = new HashSet<>();
        boolean arranged = false;
        for (AccountOverride account : accounts) {
            String wrong = wrong(account, contracts, overridden, takenByMoves);
            if (wrong != null) {
                return new Applied.Refused(wrong);
            }
            Precompile own = contracts.remove(account.address());
            arranged |= own != null;
            if (own != null && account.movedTo() != null) {
                contracts.put(account.movedTo(), own);
                takenByMoves.add(account.movedTo());
            }
            state.override(account);
        }
        return new Applied.Done(arranged ? usual.arranged(contracts) : usual);
    }

    private static @Nullable String wrong(
            AccountOverride account,
            Map<Address, Precompile> contracts,
            Set<Address> overridden,
            Set<Address> takenByMoves) {
        String name = "account " + account.address().checksumHex();
        if (takenByMoves.contains(account.address())) {
            return name + " has already been overridden by a precompile";
        }
        if (account.movedTo() != null) {
            if (!contracts.containsKey(account.address())) {
                return name + " is not a precompile";
            }
            if (overridden.contains(account.movedTo())) {
                return "account " + account.movedTo().checksumHex() + " is already overridden";
            }
        }
        return account.state() != null && account.stateDiff() != null
                ? name + " has both 'state' and 'stateDiff'"
                : null;
    }
}
