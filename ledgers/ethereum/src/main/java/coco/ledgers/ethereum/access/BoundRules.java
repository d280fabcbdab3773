package coco.ledgers.ethereum.access;

import coco.evm.types.Address;
import coco.ledgers.api.AccessSettings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules that members bound to contracts of the Ethereum ledger by vote: {@code {"readers": [address …], "callers":
 * [address …]}}, the second optional. Readers may read, and may call directly or through one of the callers or of the
 * readers. A rule that is not of this form lets nobody in: it was meant to restrict something. Immutable.
 */
public final class BoundRules {
    /** The id of the ledger that these rules are for. */
    private static final String LEDGER = "ethereum";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Bound NOBODY = new Bound(Set.of(), Set.of());

    private final Map<Address, Bound> rules = new HashMap<>();

    /**
     * One rule.
     *
     * @param readers who may read
     * @param callers contracts that may call on behalf of readers
     */
    record Bound(Set<Address> readers, Set<Address> callers) {
        boolean canRead(Address user) {
            return readers.contains(user);
        }

        boolean canCall(Address user, Address caller) {
            return readers.contains(user)
                    && (caller.equals(user) || readers.contains(caller) || callers.contains(caller));
        }
    }

    /** Those in force. */
    public BoundRules(AccessSettings settings) {
        for (AccessSettings.ContractRule each : settings.rules()) {
            Address contract = each.ledger().equals(LEDGER) ? address(each.contract()) : null;
            if (contract != null) {
                rules.put(contract, parse(each.rule()));
            }
        }
    }

    boolean any() {
        return !rules.isEmpty();
    }

    @Nullable
    Bound of(Address contract) {
        return rules.get(contract);
    }

    private static Bound parse(String rule) {
        try {
            JsonNode document = JSON.readTree(rule);
            Set<Address> readers = addresses(document.get("readers"));
            Set<Address> callers = document.has("callers") ? addresses(document.get("callers")) : Set.of();
            return readers == null || callers == null ? NOBODY : new Bound(readers, callers);
        } catch (JacksonException e) {
            return NOBODY;
        }
    }

    private static @Nullable Set<Address> addresses(@Nullable JsonNode list) {
        if (list == null || !list.isArray()) {
            return null;
        }
        Set<Address> addresses = new HashSet<>();
        for (JsonNode each : list) {
            Address address = each.isString() ? address(each.asString()) : null;
            if (address == null) {
                return null;
            }
            addresses.add(address);
        }
        return addresses;
    }

    private static @Nullable Address address(String hex) {
        try {
            return Address.fromHex(hex);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
