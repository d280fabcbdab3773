/**
 * The replicated log on Apache Ratis. The only package of this project that sees {@code org.apache.ratis}.
 */
@NullMarked
package coco.consensus.ratis;

import org.jspecify.annotations.NullMarked;
