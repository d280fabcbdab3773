package coco.consensus;

import java.util.regex.Pattern;

/**
 * The name of one Raft member. Never given twice: a node that lost its storage comes back under a new one, because its
 * old name may have voted in a term that it no longer remembers.
 *
 * @param value 1 to 64 characters of {@code [A-Za-z0-9_.-]}
 */
public record PeerId(String value) implements Comparable<PeerId> {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    public PeerId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException("A peer id is 1 to 64 characters of [A-Za-z0-9_.-]");
        }
    }

    @Override
    public int compareTo(PeerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
