/** Networks of real processes with faults: what no simulation can show, since it is about the operating system. */
@NullMarked
package coco.systemtests.processes;

import org.jspecify.annotations.NullMarked;
