/** Tests of the journal, with a whole small network's worth of keys in {@link coco.journal.TestNetwork}. */
@NullMarked
package coco.journal;

import org.jspecify.annotations.NullMarked;
