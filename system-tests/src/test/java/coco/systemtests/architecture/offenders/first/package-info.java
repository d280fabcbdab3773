/** One half of a cycle between packages. */
@NullMarked
package coco.systemtests.architecture.offenders.first;

import org.jspecify.annotations.NullMarked;
