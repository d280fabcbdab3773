/** Tests of the whole: structure, simulated clusters, real processes. */
@NullMarked
package coco.systemtests;

import org.jspecify.annotations.NullMarked;
