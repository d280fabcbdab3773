/** How fast a node gets from its journal to its state. */
@NullMarked
package coco.benchmarks.core;

import org.jspecify.annotations.NullMarked;
