/** What several test packages of this module share: access to the public Ethereum fixtures. */
@NullMarked
package coco.evm.testing;

import org.jspecify.annotations.NullMarked;
