/**
 * JMH benchmarks of single parts, one package for each module measured; this one holds what they share.
 *
 * <p>How to run is in the benchmarks module's pom, under the profile {@code bench}. What the figures led to is in each
 * module's page under docs/design. Whole-system figures come from {@code coco bench}, not from here.
 */
@NullMarked
package coco.benchmarks;

import org.jspecify.annotations.NullMarked;
