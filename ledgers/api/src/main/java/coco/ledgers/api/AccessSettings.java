package coco.ledgers.api;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the members have decided on who may see and send what, as in force for one block. Two are equal if they say the
 * same.
 *
 * @param contracts who may read a contract that has no rule of its own
 * @param senders whose transactions are taken
 * @param accounts whose balances and nonces may be read
 * @param anonymousReads whether who gives no identity may read what is open
 * @param rules bound to contracts by vote
 * @param grants leave for auditors, those that have run out included
 * @param actors ids of the members and participants, who may enrol users
 * @param quotas of all users of an actor together; who has none here is not bound
 */
public record AccessSettings(
        Contracts contracts,
        Senders senders,
        Accounts accounts,
        boolean anonymousReads,
        List<ContractRule> rules,
        List<Grant> grants,
        Set<String> actors,
        List<ActorQuota> quotas) {
    /** Nothing is restricted: what holds where no constitution says otherwise. */
    public static final AccessSettings OPEN =
            new AccessSettings(Contracts.OPEN, Senders.ANY, Accounts.OPEN, true, List.of(), List.of());

    public AccessSettings {
        rules = List.copyOf(rules);
        grants = List.copyOf(grants);
        actors = Set.copyOf(actors);
        quotas = List.copyOf(quotas);
    }

    /** Settings of a network that bounds no actor's users together. */
    public AccessSettings(
            Contracts contracts,
            Senders senders,
            Accounts accounts,
            boolean anonymousReads,
            List<ContractRule> rules,
            List<Grant> grants,
            Set<String> actors) {
        this(contracts, senders, accounts, anonymousReads, rules, grants, actors, List.of());
    }

    /** Settings of a network that has no actors, and so no users. */
    public AccessSettings(
            Contracts contracts,
            Senders senders,
            Accounts accounts,
            boolean anonymousReads,
            List<ContractRule> rules,
            List<Grant> grants) {
        this(contracts, senders, accounts, anonymousReads, rules, grants, Set.of());
    }

    /** Who may read a contract that has no rule of its own. */
    public enum Contracts {
        /** Whoever may read at all. */
        OPEN,
        /** The sender of a transaction, and the addresses that it touched. */
        PARTICIPANTS
    }

    /** Whose transactions are taken. */
    public enum Senders {
        /** Anybody's. */
        ANY,
        /** Those of addresses that a member or participant has enrolled. */
        BOUND
    }

    /** Whose balances and nonces may be read. */
    public enum Accounts {
        /** Everybody's. */
        OPEN,
        /** One's own. */
        OWN
    }

    /**
     * A rule that members bound to a contract.
     *
     * @param ledger {@link Ledger#id}
     * @param contract the ledger's name of the contract, lower-case hexadecimal without a prefix
     * @param rule the ledger's own, in canonical JSON
     */
    public record ContractRule(String ledger, String contract, String rule) {}

    /**
     * Leave for an auditor to read what is confidential.
     *
     * @param id unique among grants
     * @param contracts what may be read: {@code ledger:contract}, the contract as in {@link ContractRule}, or {@code *}
     *     for everything, the whole state included
     * @param expiresAtHeight first journal height at which it is over
     */
    public record Grant(String id, List<String> contracts, long expiresAtHeight) {
        public Grant {
            contracts = List.copyOf(contracts);
        }

        /** Whether it is good at this journal height for everything there is. */
        public boolean isWhole(long height) {
            return height < expiresAtHeight && contracts.contains("*");
        }

        /** Whether it is good at this journal height for one contract, named as in {@link ContractRule}. */
        public boolean covers(String ledger, String contract, long height) {
            return height < expiresAtHeight && (contracts.contains("*") || contracts.contains(ledger + ":" + contract));
        }
    }

    /**
     * What all users of an actor may send together; each 0 for no bound.
     *
     * @param actor id of the member or participant
     * @param transactionsPerSecond most transactions
     * @param gasPerSecond most gas, or the ledger's measure of work, that these may ask for
     * @param poolSlots most transactions that may wait
     */
    public record ActorQuota(String actor, int transactionsPerSecond, long gasPerSecond, int poolSlots) {}

    /** The quota of an actor; null if its users are not bound together. */
    public @Nullable ActorQuota quota(String actor) {
        for (ActorQuota each : quotas) {
            if (each.actor().equals(actor)) {
                return each;
            }
        }
        return null;
    }

    /** The rule bound to a contract, named as in {@link ContractRule}; null if there is none. */
    public @Nullable String rule(String ledger, String contract) {
        for (ContractRule each : rules) {
            if (each.ledger().equals(ledger) && each.contract().equals(contract)) {
                return each.rule();
            }
        }
        return null;
    }

    /** The grant of that id; null if there is none, or none any more. */
    public @Nullable Grant grant(String id) {
        for (Grant each : grants) {
            if (each.id().equals(id)) {
                return each;
            }
        }
        return null;
    }
}
