/**
 * Every decoder that strangers, disks or other nodes reach gets bytes that nobody meant: mutated, spliced, cut off,
 * random. A decoder has to give its documented error or a value that encodes to the same bytes again, and must not
 * allocate beyond what the input's size explains. Rounds are numbered and each has a seed of its own, so one round is
 * all it takes to see a failure again. By default a fixed number of rounds runs; {@code -Dcoco.fuzz.seconds} gives each
 * target so much time instead, {@code -Dcoco.fuzz.seed} another start.
 */
@NullMarked
package coco.systemtests.fuzzing;

import org.jspecify.annotations.NullMarked;
