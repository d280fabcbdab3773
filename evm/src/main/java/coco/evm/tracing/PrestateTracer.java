package coco.evm.tracing;

import coco.evm.TracedState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Geth's {@code prestateTracer}: the accounts and slots that the transaction looked at as they were before it, enough
 * to execute it again; or, in {@code diffMode}, those that it changed, before and after.
 */
public final class PrestateTracer extends FootprintTracer {
    /** What geth has for the hash of no code where there was some: a delegation that was taken back (EIP-7702). */
    private static final byte[] NO_CODE_HASH = new byte[32];

    private final PrestateOptions options;
    private final Map<String, Object> before = new LinkedHashMap<>();
    private final Map<String, Object> after = new LinkedHashMap<>();

    /** A tracer for one transaction. */
    public PrestateTracer(PrestateOptions options, TraceLimits limits) {
        this(options, new Budget(limits));
    }

    private PrestateTracer(PrestateOptions options, Budget budget) {
        super(budget, new Footprint(budget, !options.disableCode(), !options.disableStorage()));
        this.options = options;
    }

    @Override
    void noted(Address address, Footprint.Account account, TracedState end) {
        if (options.diffMode()) {
            compare(address, account, end);
        } else if (options.includeEmpty() || !account.isEmpty()) {
            before.put(address.hex(), shown(account, account.storage));
        }
    }

    /** Slots that are zero are left out of a difference, be it before or after. */
    private void compare(Address address, Footprint.Account account, TracedState end) {
        if (end.isDestroyed(address)) {
            if (!account.isEmpty()) {
                before.put(address.hex(), shown(account, account.storage));
            }
            return;
        }
        Map<String, Object> changes = new LinkedHashMap<>();
        Word balance = end.balance(address);
        if (!balance.equals(account.balance)) {
            changes.put("balance", Hex.quantity(balance));
        }
        compareCode(address, account, end, changes);
        long nonce = end.nonce(address);
        if (nonce != account.nonce) {
            changes.put("nonce", number(nonce));
        }
        Map<Word, Word> slotsBefore = new TreeMap<>(account.storage);
        slotsBefore
                .entrySet()
                .removeIf(slot -> end.storage(address, slot.getKey()).equals(slot.getValue()));
        boolean slotsChanged = !slotsBefore.isEmpty();
        Map<Word, Word> slotsAfter = new TreeMap<>();
        slotsBefore.keySet().forEach(key -> slotsAfter.put(key, end.storage(address, key)));
        slotsBefore.values().removeIf(Word::isZero);
        slotsAfter.values().removeIf(Word::isZero);
        putSlots(changes, slotsAfter);
        if (!changes.isEmpty() || slotsChanged) {
            after.put(address.hex(), changes);
            if (!account.isEmpty()) {
                before.put(address.hex(), shown(account, slotsBefore));
            }
        }
    }

    private void compareCode(Address address, Footprint.Account account, TracedState end, Map<String, Object> changes) {
        byte[] hash = end.codeHash(address);
        if (Arrays.equals(hash, account.codeHash)) {
            return;
        }
        byte[] code = end.code(address);
        if (!options.disableCode()) {
            putIfAny(changes, "code", code);
        }
        changes.put("codeHash", Hex.data(code.length > 0 ? hash : NO_CODE_HASH));
    }

    private Map<String, Object> shown(Footprint.Account account, Map<Word, Word> slots) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("balance", Hex.quantity(account.balance));
        if (!options.disableCode()) {
            putIfAny(shown, "code", account.code);
        }
        if (account.code.length > 0) {
            shown.put("codeHash", Hex.data(account.codeHash));
        }
        if (account.nonce != 0) {
            shown.put("nonce", number(account.nonce));
        }
        putSlots(shown, slots);
        return shown;
    }

    private static void putIfAny(Map<String, Object> into, String name, byte[] code) {
        if (code.length > 0) {
            into.put(name, Hex.data(code));
        }
    }

    /** A nonce, which geth writes as a number whatever its size. */
    private static Number number(long unsigned) {
        return unsigned >= 0 ? (Number) unsigned : Word.of(unsigned).toBigInteger();
    }

    private static void putSlots(Map<String, Object> into, Map<Word, Word> slots) {
        if (!slots.isEmpty()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            slots.forEach((key, value) -> shown.put(Hex.word(key), Hex.word(value)));
            into.put("storage", shown);
        }
    }

    /** Accounts by address; in {@code diffMode} two such maps, {@code post} and {@code pre}. */
    public TraceResult result() {
        return budget.result(() -> {
            if (!options.diffMode()) {
                return before;
            }
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("post", after);
            both.put("pre", before);
            return both;
        });
    }
}
