/**
 * What members and auditors do with shares of epochs, offline: from the files of a journal and keys of their own, and
 * without any node. Formats: docs/specs/shares.md.
 *
 * <p><b>Why a package of its own.</b> Members, auditors and the recovery of a network do the same: prove a journal,
 * find the record of an epoch in it, and put shares together. Whoever is asked for a share proves the record himself;
 * nothing is taken from who asks but a public key.
 *
 * <ul>
 *   <li>{@link coco.client.recovery.ProvenJournal}: a journal that was verified from genesis on, and its records.
 *   <li>{@link coco.client.recovery.MembersShare}: what a member finds in it, checks, and answers with.
 *   <li>{@link coco.client.recovery.ShareRequest}, {@link coco.client.recovery.ShareFile}: what goes to and fro.
 *   <li>{@link coco.client.recovery.OpenedEpochs}: the transactions of what was opened, as lines of JSON.
 * </ul>
 *
 * <p><b>Invariants.</b> An auditor is answered from the record of the one epoch alone, never from one that opens all
 * older epochs. A share is checked before it is used and before it is given. No share and no key stands in a message of
 * an exception.
 */
@NullMarked
package coco.client.recovery;

import org.jspecify.annotations.NullMarked;
