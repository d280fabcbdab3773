/**
 * Networks of real processes with faults: what no simulation can show, since it is about the operating system.
 *
 * <p>Kinds of fault, among others. {@link coco.systemtests.processes.CrashIT} kills processes, which tests everything
 * but the disk: what a killed process wrote is still in the system's cache. {@link coco.systemtests.processes.FreezeIT}
 * takes the processor from a leader. {@link coco.systemtests.processes.TornTailIT} damages files, as a power cut does
 * and as it never does. {@link coco.systemtests.processes.FsyncIT} records every system call and starts the network
 * again from what the disks surely held. {@link coco.systemtests.processes.LinearizabilityIT} cuts, holds and delays
 * what nodes send to one another.
 *
 * <p>Nodes are judged by what lies on their disks: {@link coco.systemtests.processes.JournalContents} opens the journal
 * of a node that does not run, with the node's own keys, and checks each block. What was acknowledged is known to the
 * {@link coco.systemtests.processes.Load}, which lives outside of everything that is killed. Where a check could pass
 * because it sees nothing, a control shows that it can fail: on a damaged file, on a recording without syncs.
 *
 * <p>Nothing here waits for luck; conditions are waited for, with a limit. What cannot be tested so: devices that lose
 * what they were told to force.
 */
@NullMarked
package coco.systemtests.processes;

import org.jspecify.annotations.NullMarked;
