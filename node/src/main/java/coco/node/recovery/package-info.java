/**
 * What is known of a service when its nodes are lost: a copy of its journal, read without any secret, and what members
 * make of it.
 *
 * <p>{@link coco.node.recovery.SurvivingJournal} verifies a copy from genesis and keeps what stands in it in public:
 * the constitution, the headers, the shares of epochs. {@link coco.node.recovery.RecordedDecisions} judges again what
 * was decided, recoveries included. {@link coco.node.recovery.RecoveryCheck} is what each member looks at before it
 * votes, and what the recovering node looks at again: both run the same code, and neither believes the other.
 *
 * <p>Invariants: nothing here writes to a journal; nothing here holds a secret; a recovery is believed only together
 * with the ballots that decided it, judged by the constitution that was in force before it.
 */
@NullMarked
package coco.node.recovery;

import org.jspecify.annotations.NullMarked;
