/** Ordered, versioned, persistent maps. */
@NullMarked
package coco.kv;

import org.jspecify.annotations.NullMarked;
