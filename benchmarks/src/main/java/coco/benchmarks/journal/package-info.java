/** What sealing, opening, proving and indexing cost, for a block as it is under load. */
@NullMarked
package coco.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
