package coco.kv;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names one map of a {@link Store}. Identity matters, not equality: make one instance per map, keep it in a constant
 * and hand that to every call. The name is what write sets carry.
 */
public final class MapSpec {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final String name;
    private final Visibility visibility;
    private final @Nullable NodeDigest digest;

    /** Where the map stood in the store that asked last: a guess that a store checks. Races do no harm. */
    private int indexHint;

    /** A map without digests. */
    public MapSpec(String name, Visibility visibility) {
        this(name, visibility, null);
    }

    /**
     * A map whose nodes carry digests if {@code digest} is given.
     *
     * @throws IllegalArgumentException unless the name has 1 to 64 characters of {@code a-z 0-9 . _ -} and begins with
     *     a letter or digit
     */
    public MapSpec(String name, Visibility visibility, @Nullable NodeDigest digest) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a map name: " + name);
        }
        this.name = name;
        this.visibility = Objects.requireNonNull(visibility);
        this.digest = digest;
    }

    public String name() {
        return name;
    }

    public Visibility visibility() {
        return visibility;
    }

    /** Null for a map that has no digests. */
    public @Nullable NodeDigest digest() {
        return digest;
    }

    int indexHint() {
        return indexHint;
    }

    void indexHint(int index) {
        indexHint = index;
    }

    @Override
    public String toString() {
        return name;
    }
}
