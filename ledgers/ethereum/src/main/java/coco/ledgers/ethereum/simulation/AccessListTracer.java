package coco.ledgers.ethereum.simulation;

import coco.evm.Op;
import coco.evm.Step;
import coco.evm.Tracer;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects the accounts and slots that an execution touches and that an access list (EIP-2930) may make cheaper: all
 * slots, but no account that is warm anyway.
 */
public final class AccessListTracer implements Tracer {
    private final Set<Address> warm;
    private final Map<Address, Set<Word>> accessed = new TreeMap<>();

    /**
     * Begins with a list that is known already.
     *
     * @param warm accounts that need not be listed for themselves
     */
    public AccessListTracer(List<AccessListEntry> known, Set<Address> warm) {
        this.warm = new HashSet<>(warm);
        for (AccessListEntry entry : known) {
            account(entry.address());
            entry.storageKeys().forEach(key -> slot(entry.address(), key));
        }
    }

    /** The list, in the order of addresses and keys, so that equal sets are equal lists. */
    public List<AccessListEntry> entries() {
        List<AccessListEntry> entries = new ArrayList<>();
        accessed.forEach((address, keys) -> entries.add(new AccessListEntry(address, new ArrayList<>(keys))));
        return entries;
    }

    @Override
    public boolean wantsSteps() {
        return true;
    }

    @Override
    public void step(Step step) {
        if (step.failure() != null) {
            return;
        }
        switch (step.op()) {
            case Op.SLOAD, Op.SSTORE -> slot(step.contract(), operand(step, 0));
            case Op.BALANCE, Op.EXTCODESIZE, Op.EXTCODECOPY, Op.EXTCODEHASH, Op.SELFDESTRUCT ->
                account(operand(step, 0).toAddress());
            case Op.CALL, Op.CALLCODE, Op.DELEGATECALL, Op.STATICCALL ->
                account(operand(step, 1).toAddress());
            default -> {
                // Nothing else touches an account by its address.
            }
        }
    }

    private static Word operand(Step step, int fromTop) {
        return step.stack(step.stackSize() - 1 - fromTop);
    }

    private void account(Address address) {
        if (!warm.contains(address)) {
            accessed.computeIfAbsent(address, _ -> new TreeSet<>());
        }
    }

    private void slot(Address address, Word key) {
        accessed.computeIfAbsent(address, _ -> new TreeSet<>()).add(key);
    }
}
