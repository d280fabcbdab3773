/** One half of a cycle between packages. */
@NullMarked
package coco.systemtests.architecture.offenders.second;

import org.jspecify.annotations.NullMarked;
