/**
 * Whether what concurrent clients saw can be explained by one store that does one thing at a time.
 *
 * <p>A history is a list of {@link coco.systemtests.linearizability.Operation}s, each with the moments at which its
 * client asked and heard. It is linearizable if every operation can be given one moment between these two such that, in
 * the order of those moments, each answer is right (Herlihy and Wing, 1990). {@link
 * coco.systemtests.linearizability.Linearizability} looks for such an order by the algorithm of Wing and Gong (1993)
 * with the memory of Lowe (2017): a search that never comes to the same state by the same set of operations twice. A
 * history is linearizable if it is so for each key alone, so keys are searched one by one.
 *
 * <p>Nothing here knows of nodes or networks. What was asked and never answered may have happened at any time, or
 * never.
 */
@NullMarked
package coco.systemtests.linearizability;

import org.jspecify.annotations.NullMarked;
