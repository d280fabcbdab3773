/**
 * What it costs to judge evidence of real machines. Figures and how to run: docs/benchmarks.md.
 *
 * <p>A benchmark class is public, not final and its state not private where JMH's generated code needs it so.
 */
@NullMarked
package coco.benchmarks.attestation;

import org.jspecify.annotations.NullMarked;
