package coco.systemtests.linearizability;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a client did to one key.
 *
 * @param client who did it, for messages
 * @param key to which
 * @param call what, and what it heard
 * @param invoked when it asked, on the clock of the whole history
 * @param returned when it heard; {@link #NEVER} if it heard nothing, or nothing definite
 */
public record Operation(String client, String key, Call call, long invoked, long returned) {
    /** No answer: the operation may have happened at any time after it was asked, or not at all. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Checks the order of the two moments. */
    public Operation {
        if (returned <= invoked) {
            throw new IllegalArgumentException("an answer comes after the question");
        }
        if (returned == NEVER && call instanceof Call.Read) {
            throw new IllegalArgumentException("a read without an answer says nothing");
        }
    }

    boolean isAnswered() {
        return returned != NEVER;
    }

    /** What can be done to a register; null is the value of one that is not there. */
    public sealed interface Call {
        /** What the register holds afterwards if the call happens now. */
        @Nullable
        String after(@Nullable String held);

        /** Whether what the client heard can be true if the call happens now; always, if it heard nothing. */
        default boolean fits(@Nullable String held) {
            return true;
        }

        /**
         * Whether it changes nothing, whatever is held: it can come as soon as it fits, and nothing is lost by that.
         */
        default boolean isPassive() {
            return false;
        }

        /** The client heard that the register held this. */
        record Read(@Nullable String value) implements Call {
            @Override
            public @Nullable String after(@Nullable String held) {
                return held;
            }

            @Override
            public boolean fits(@Nullable String held) {
                return Objects.equals(value, held);
            }

            @Override
            public boolean isPassive() {
                return true;
            }
        }

        /** Puts a value, or with null removes it. */
        record Write(@Nullable String value) implements Call {
            @Override
            public @Nullable String after(@Nullable String held) {
                return value;
            }
        }

        /**
         * Puts a value if another one is held.
         *
         * @param swapped whether it was, as the client heard; null if it heard nothing
         */
        record CompareAndSet(
                @Nullable String expected,
                @Nullable String value,
                @Nullable Boolean swapped) implements Call {
            @Override
            public @Nullable String after(@Nullable String held) {
                return Objects.equals(expected, held) ? value : held;
            }

            @Override
            public boolean fits(@Nullable String held) {
                return swapped == null || swapped == Objects.equals(expected, held);
            }

            @Override
            public boolean isPassive() {
                return swapped != null && !swapped;
            }
        }
    }
}
