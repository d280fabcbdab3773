/**
 * {@code coco evm}: the machine by itself, without a node. Runs the public tests of Ethereum and real blocks.
 *
 * <p>These commands know {@code coco.evm} and how the command speaks, and nothing else of Coco, so that they start in a
 * fraction of a second; {@code Main} does not even look at the other commands when one of these is asked for. What a
 * fixture is and how it is judged is {@code coco.evm.fixtures}' business; here are paths, threads, and lines of text.
 */
@NullMarked
package coco.cli.evm;

import org.jspecify.annotations.NullMarked;
