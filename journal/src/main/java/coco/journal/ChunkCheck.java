package coco.journal;

import org.jspecify.annotations.Nullable;

/**
 * What reading a closed chunk once more found.
 *
 * @param file its name
 * @param firstHeight it holds
 * @param lastHeight it holds, inclusive
 * @param damage what is wrong with it, for people; null if every byte is as it was
 */
public record ChunkCheck(
        String file,
        long firstHeight,
        long lastHeight,
        @Nullable String damage) {}
