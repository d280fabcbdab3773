/**
 * {@code coco evm}: the EVM library from the command line, for whoever writes contracts or doubts the machine.
 *
 * <p>These commands need no network and load nothing of a node. What they print as JSON is written by
 * {@link coco.evm.tracing.TraceJson}, because a JSON library takes longer to load than most programs to run.
 */
@NullMarked
package coco.cli.evm;

import org.jspecify.annotations.NullMarked;
