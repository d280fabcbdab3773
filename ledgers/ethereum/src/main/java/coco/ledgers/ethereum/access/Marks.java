package coco.ledgers.ethereum.access;

import coco.evm.types.Address;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Visibility;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The marks of one state, read once each, and what a block adds to them while it is built. One thread. */
public final class Marks {
    /** address → {@link Mark}. */
    public static final MapSpec MAP = new MapSpec("ethereum.access", Visibility.PRIVATE);

    private final Reader state;
    private final Map<Address, Optional<Mark>> read = new HashMap<>();
    private boolean any;

    Marks(Reader state) {
        this.state = state;
        this.any = state.size(MAP) > 0;
    }

    boolean any() {
        return any;
    }

    @Nullable
    Mark of(Address address) {
        if (!any) {
            return null;
        }
        Optional<Mark> known = read.get(address);
        if (known == null) {
            byte[] value = state.get(MAP, address.bytes());
            known = value == null ? Optional.empty() : Optional.of(Mark.decode(value));
            read.put(address, known);
        }
        return known.orElse(null);
    }

    /** Knows of changes that {@code state} may not have. */
    void add(Map<Address, Optional<Mark>> changes) {
        read.putAll(changes);
        any |= !changes.isEmpty();
    }
}
