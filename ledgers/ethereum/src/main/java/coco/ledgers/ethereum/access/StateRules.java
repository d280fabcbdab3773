package coco.ledgers.ethereum.access;

import coco.evm.types.Address;
import org.jspecify.annotations.Nullable;

/** What marks and votes say of contracts, without asking any. One thread. */
final class StateRules implements AccessRules, Rule.Source {
    private final Marks marks;
    private final BoundRules bound;

    StateRules(Marks marks, BoundRules bound) {
        this.marks = marks;
        this.bound = bound;
    }

    Marks marks() {
        return marks;
    }

    BoundRules bound() {
        return bound;
    }

    @Override
    public boolean anyConfidential() {
        return marks.any() || bound.any();
    }

    @Override
    public boolean isConfidential(Address contract) {
        return !of(contract).isOpen();
    }

    @Override
    public Rule of(Address contract) {
        return of(contract, marks.of(contract));
    }

    /** The rule of a contract with another mark than it has yet. */
    Rule of(Address contract, @Nullable Mark mark) {
        BoundRules.Bound own = bound.of(contract);
        if (mark == null || !mark.isConfidential()) {
            return own == null ? Rule.OPEN : new Rule(null, own, false, null);
        }
        Address listed = mark.listed() ? contract : null;
        return switch (mark.state()) {
            case OWN -> new Rule(contract, own, false, listed);
            case INHERITED -> inherited(mark, own);
            case LISTED, CLEARED -> new Rule(null, own, false, listed);
            case PENDING -> new Rule(null, own, true, listed);
        };
    }

    /** A creator that only a vote or a pending mark made confidential may be so no more: then neither is this one. */
    private Rule inherited(Mark mark, BoundRules.@Nullable Bound own) {
        Address creator = mark.creator();
        Mark above = creator == null ? null : marks.of(creator);
        BoundRules.Bound boundAbove = creator == null ? null : bound.of(creator);
        BoundRules.Bound restriction = own == null ? boundAbove : own;
        boolean closed = above != null && above.state() == Mark.State.PENDING;
        boolean isAsked = above != null && !closed && above.state() != Mark.State.LISTED;
        Address listed = above != null && above.listed() ? creator : null;
        return new Rule(isAsked ? creator : null, restriction, closed, listed);
    }
}
