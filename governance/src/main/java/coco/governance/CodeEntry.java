package coco.governance;

import org.jspecify.annotations.Nullable;

/**
 * Code of the code manifest: what may run on a node.
 *
 * @param platform on which this measurement means this code
 * @param measurement lower-case hexadecimal
 * @param label for people, such as a version
 * @param retiresAtHeight first height at which it may no longer run; null while it is not being retired
 */
public record CodeEntry(
        String platform,
        String measurement,
        String label,
        @Nullable Long retiresAtHeight) {}
