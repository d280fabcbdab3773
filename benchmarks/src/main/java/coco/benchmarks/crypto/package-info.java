/**
 * What the primitives of {@code coco.crypto} cost, each beside what it was chosen over. Figures and how to run:
 * docs/design/crypto.md.
 *
 * <p>A benchmark class is public, not final and its state not private where JMH's generated code needs it so.
 */
@NullMarked
package coco.benchmarks.crypto;

import org.jspecify.annotations.NullMarked;
