package coco.evm.tracing;

import coco.evm.TracedState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code stateDiff} of OpenEthereum's trace module: balance, code, nonce and changed slots of every account that a
 * transaction changed; {@code =} for what is as it was, {@code +} for an account that was not there, {@code -} for one
 * that is gone, {@code *} with {@code from} and {@code to} for the rest.
 */
public final class StateDiffTracer extends FootprintTracer {
    private final Map<String, Object> changes = new TreeMap<>();

    /** A tracer for one transaction. */
    public StateDiffTracer(TraceLimits limits) {
        this(new Budget(limits));
    }

    private StateDiffTracer(Budget budget) {
        super(budget, new Footprint(budget, true, true));
    }

    @Override
    void noted(Address address, Footprint.Account account, TracedState end) {
        Footprint.Account now = new Footprint.Account(end, address);
        boolean isGone = end.isDestroyed(address) || now.isEmpty();
        if (account.isEmpty() && isGone) {
            return;
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        if (account.isEmpty()) {
            put(shown, "+", now);
            Map<String, Object> slots = new LinkedHashMap<>();
            account.storage.keySet().forEach(key -> {
                Word value = end.storage(address, key);
                if (!value.isZero()) {
                    slots.put(Hex.word(key), Map.of("+", Hex.word(value)));
                }
            });
            shown.put("storage", slots);
        } else if (isGone) {
            put(shown, "-", account);
            shown.put("storage", Map.of());
        } else {
            Map<String, Object> slots = changedSlots(address, account, end);
            boolean isSame = account.balance.equals(now.balance)
                    && account.nonce == now.nonce
                    && Arrays.equals(account.codeHash, now.codeHash)
                    && slots.isEmpty();
            if (isSame) {
                return;
            }
            shown.put("balance", change(Hex.quantity(account.balance), Hex.quantity(now.balance)));
            shown.put("code", change(Hex.data(account.code), Hex.data(now.code)));
            shown.put("nonce", change(Hex.quantity(account.nonce), Hex.quantity(now.nonce)));
            shown.put("storage", slots);
        }
        changes.put(address.hex(), shown);
    }

    private static void put(Map<String, Object> into, String sign, Footprint.Account account) {
        into.put("balance", Map.of(sign, Hex.quantity(account.balance)));
        into.put("code", Map.of(sign, Hex.data(account.code)));
        into.put("nonce", Map.of(sign, Hex.quantity(account.nonce)));
    }

    private static Map<String, Object> changedSlots(Address address, Footprint.Account account, TracedState end) {
        Map<String, Object> slots = new LinkedHashMap<>();
        account.storage.forEach((key, before) -> {
            Word now = end.storage(address, key);
            if (!now.equals(before)) {
                slots.put(Hex.word(key), change(Hex.word(before), Hex.word(now)));
            }
        });
        return slots;
    }

    private static Object change(String from, String to) {
        if (from.equals(to)) {
            return "=";
        }
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("from", from);
        both.put("to", to);
        return Map.of("*", both);
    }

    /** {@code stateDiff}: the changed accounts by address. */
    public TraceResult result() {
        return budget.result(() -> Map.of("stateDiff", changes));
    }
}
