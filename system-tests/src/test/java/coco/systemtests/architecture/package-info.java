/**
 * The rules of the code as a whole, kept by tests: which module may use which, who may see a library, where time and
 * chance come from, how long a method may be. Each rule is also shown to fail, on classes of {@code offenders} that
 * break it.
 */
@NullMarked
package coco.systemtests.architecture;

import org.jspecify.annotations.NullMarked;
