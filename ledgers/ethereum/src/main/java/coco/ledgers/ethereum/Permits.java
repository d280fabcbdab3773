package coco.ledgers.ethereum;

import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.View;
import coco.ledgers.ethereum.access.AccessView;
import coco.ledgers.ethereum.access.CheckBudget;
import coco.ledgers.ethereum.access.Restrictions;
import coco.ledgers.ethereum.chain.AccessViews;
import coco.ledgers.ethereum.chain.Permissions;
import coco.ledgers.ethereum.chain.Sight;
import coco.ledgers.ethereum.chain.Sights;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Brings together who asks, what the members decided, and what contracts say: what a caller sees. Any thread. */
final class Permits implements Sights {
    private final AccessViews views;

    Permits(AccessViews views) {
        this.views = views;
    }

    @Override
    public Sight of(View view) {
        AccessSettings settings = view.access();
        Caller caller = view.caller();
        Address user = user(caller);
        boolean isNobody = user == null && !(caller instanceof Caller.Auditor);
        boolean isBlind = isNobody && !settings.anonymousReads();
        boolean isOpen = !isBlind && !Restrictions.any(view.state(), settings);
        if (isOpen || holdsWholeState(view, settings)) {
            return Sight.WHOLE;
        }
        AccessView rules = views.of(view.state(), settings, CheckBudget.ofRead());
        Sight.Viewer viewer = new Sight.Viewer(
                user,
                isBlind,
                settings.accounts() == AccessSettings.Accounts.OWN,
                settings.contracts() == AccessSettings.Contracts.PARTICIPANTS);
        Lent lent = switch (caller) {
            case Caller.Anonymous _ -> address -> false;
            case Caller.User(String _, byte[] _, Caller.Scope scope) -> address -> scope.reaches(name(address));
            case Caller.Auditor _ -> address -> false;
        };
        Lent granted = caller instanceof Caller.Auditor(String id) ? granted(settings.grant(id), view.height()) : null;
        return Sight.of(viewer, new Rights(rules, user == null ? Address.ZERO : user, lent, granted));
    }

    /** Which contracts a session or a grant reaches. */
    @FunctionalInterface
    private interface Lent {
        boolean reaches(Address contract);
    }

    private static boolean holdsWholeState(View view, AccessSettings settings) {
        if (!(view.caller() instanceof Caller.Auditor(String id))) {
            return false;
        }
        AccessSettings.Grant grant = settings.grant(id);
        return grant != null && grant.isWhole(view.height());
    }

    private static @Nullable Lent granted(AccessSettings.@Nullable Grant grant, long height) {
        return grant == null ? null : address -> grant.covers(EthereumLedger.ID, name(address), height);
    }

    private static String name(Address address) {
        return HexFormat.of().formatHex(address.bytes());
    }

    private static @Nullable Address user(Caller caller) {
        boolean isOurs = caller instanceof Caller.User user
                && user.ledger().equals(EthereumLedger.ID)
                && user.address().length == Address.SIZE;
        return isOurs && caller instanceof Caller.User user ? Address.of(user.address()) : null;
    }

    /**
     * What the rules say, narrowed to what is lent, and widened by what is granted.
     *
     * @param lent to a session, of what its address may see beyond what is open
     * @param granted to an auditor; null for anybody else
     */
    private record Rights(
            AccessView rules,
            Address user,
            Lent lent,
            @Nullable Lent granted) implements Permissions {
        @Override
        public boolean mayRead(Address address, long blockNumber) {
            if (granted != null && granted.reaches(address)) {
                return true;
            }
            return (!rules.isConfidential(address) || lent.reaches(address))
                    && rules.mayRead(user, address, blockNumber);
        }

        @Override
        public boolean mayReadLog(Log log, long blockNumber) {
            Address address = rules.subject(log);
            if (granted != null && (granted.reaches(address) || granted.reaches(log.address()))) {
                return true;
            }
            return (!rules.isConfidential(address) || lent.reaches(address))
                    && rules.mayReadLog(user, log, blockNumber);
        }

        @Override
        public boolean mayCall(Address frame, Address contract, int selector) {
            return (!rules.isConfidential(contract) || lent.reaches(contract))
                    && rules.mayCall(user, frame, contract, selector);
        }

        @Override
        public boolean isWithoutRule(Address contract) {
            return !rules.isConfidential(contract);
        }
    }
}
