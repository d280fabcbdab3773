package coco.evm.transition;

import coco.evm.BlockEnvironment;
import coco.evm.fixtures.StateTestFields;
import coco.evm.types.Fork;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** State tests for a second implementation of the machine, which no runner is for. */
public final class StateTests {
    private StateTests() {}

    /** The fork that fixtures call so, if we know it. */
    public static @Nullable Fork fork(String name) {
        return StateTestFields.fork(name);
    }

    /** The block in which a test's transaction is. */
    public static BlockEnvironment block(JsonNode test, Fork fork) {
        String name = Arrays.stream(fork.name().split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
        return StateTestFields.block(test, name);
    }

    /** The transaction of a test with these indexes into its values. */
    public static TransactionMessage message(JsonNode tx, JsonNode indexes) {
        return StateTestFields.message(tx, indexes);
    }
}
