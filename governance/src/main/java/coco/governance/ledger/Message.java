package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.document.DocumentException;
import coco.governance.rules.Choice;
import java.util.List;

/** What a member signs: the payload of a COSE_Sign1 message of content type {@code CoseSign1.GOVERNANCE_CONTENT}. */
public sealed interface Message {
    /** What every message binds. */
    Binding binding();

    /**
     * What every message binds.
     *
     * @param service lower-case hexadecimal service id
     * @param generation of the service at signing
     * @param expires first height at which the message no longer counts
     * @param nonce 16 random bytes, lower-case hexadecimal
     */
    record Binding(String service, int generation, long expires, String nonce) {}

    /**
     * Asks for changes.
     *
     * @param constitution digest of the constitution in force at signing, lower-case hexadecimal
     */
    record Propose(Binding binding, String constitution, List<Action> actions, String summary) implements Message {
        public Propose {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Votes, or changes a vote.
     *
     * @param electorate {@link coco.governance.Constitution#electorateDigest} at signing, lower-case hexadecimal
     * @param proposal id, lower-case hexadecimal
     */
    record Vote(Binding binding, String electorate, String proposal, Choice choice) implements Message {}

    /** Takes a proposal back; only its proposer can. */
    record Withdraw(Binding binding, String electorate, String proposal) implements Message {}

    /**
     * Reads a payload.
     *
     * @throws DocumentException if it is no message, or not in canonical form
     */
    static Message parse(byte[] payload) {
        throw new DocumentException("", "");
    }

    /** The bytes to be signed: canonical JSON. */
    default byte[] payload() {
        throw new UnsupportedOperationException();
    }
}
