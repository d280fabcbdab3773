/**
 * Fakes for whoever tests against the journal: {@link coco.journal.testing.FaultyStorage} is a disk in memory that
 * crashes, loses what was not forced, tears writes and flips bits, all from a seed.
 */
@NullMarked
package coco.journal.testing;

import org.jspecify.annotations.NullMarked;
