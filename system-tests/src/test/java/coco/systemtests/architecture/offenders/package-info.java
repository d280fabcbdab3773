/** Classes that break the rules, so that each rule is seen to fail. Nothing calls them. */
@NullMarked
package coco.systemtests.architecture.offenders;

import org.jspecify.annotations.NullMarked;
