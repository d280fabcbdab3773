/**
 * Planted secrets, and the search for them. A {@link coco.systemtests.canary.Canary} is a random value that a test
 * hands to a network in every way a client can; a {@link coco.systemtests.canary.CanarySearch} looks for it, in every
 * form it could take, where only ciphertext may lie. A search that finds nothing proves nothing unless the same search
 * finds something when encryption is off: {@link coco.systemtests.canary.EncryptionOff} is that control. It exists in
 * tests only, as a class put before the real one; no setting of a node does the like.
 */
@NullMarked
package coco.systemtests.canary;

import org.jspecify.annotations.NullMarked;
