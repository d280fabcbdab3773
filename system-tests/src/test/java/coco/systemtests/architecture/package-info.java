/** Rules of structure that no compiler keeps. */
@NullMarked
package coco.systemtests.architecture;

import org.jspecify.annotations.NullMarked;
