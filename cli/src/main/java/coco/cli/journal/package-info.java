/**
 * Commands that need nothing but the files of a journal and keys of members or auditors: which shares a member was
 * dealt, answers to auditors, and what is opened with them. They prove the journal first, each by itself; the work is
 * in {@link coco.client.recovery}. Nothing here connects to anything.
 */
@NullMarked
package coco.cli.journal;

import org.jspecify.annotations.NullMarked;
