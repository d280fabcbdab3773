package coco.ledgers.api;

import java.util.List;

/**
 * Who asks: the authenticated end of a connection. Every read is made for a caller, through the caller's {@link View}.
 */
public sealed interface Caller {
    /** Nobody in particular. */
    record Anonymous() implements Caller {}

    /**
     * One address of a ledger, proven by a signature or a session.
     *
     * @param ledger {@link Ledger#id}
     * @param address the ledger's own bytes
     * @param scope how much of what the address may do is lent to this caller
     */
    record User(String ledger, byte[] address, Scope scope) implements Caller {
        /** One who may do all that the address may. */
        public User(String ledger, byte[] address) {
            this(ledger, address, Scope.EVERYTHING);
        }
    }

    /**
     * An auditor, who has shown the certificate of a grant. What the grant allows stands in {@link
     * AccessSettings#grant}, and may be less than it was when the connection was made.
     *
     * @param grant id of the grant
     */
    record Auditor(String grant) implements Caller {}

    /**
     * How much of what an address may do is lent to a session. It only narrows: what the address itself may not do, no
     * scope allows.
     *
     * @param kind what may be done
     * @param contracts which contracts may be seen or called beyond those that are open: each the ledger's name of one
     *     in lower-case hexadecimal without a prefix, or {@code *} for all; none if empty
     */
    record Scope(Kind kind, List<String> contracts) {
        /** Nothing is held back. */
        public static final Scope EVERYTHING = new Scope(Kind.SESSION, List.of("*"));

        public Scope {
            contracts = List.copyOf(contracts);
        }

        /** What may be done. */
        public enum Kind {
            /** Whatever a client may do. */
            SESSION,
            /**
             * What a wallet needs, and no more, since any web page can make a wallet ask: chain data, the own account,
             * fees, own receipts, sending, and calls to the contracts of the scope.
             */
            WALLET
        }

        /** Whether a contract is within it, by its name in lower-case hexadecimal without a prefix. */
        public boolean reaches(String contract) {
            return contracts.contains("*") || contracts.contains(contract);
        }
    }

    Caller ANONYMOUS = new Anonymous();
}
