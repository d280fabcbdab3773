/**
 * The node's configuration: one table, and all that follows from it.
 *
 * <p><b>What.</b> {@link coco.node.config.Keys} lists every key once, with its type, range, default, scope and meaning.
 * Parsing, the check behind {@code --check}, the defaults and the reference page {@code docs/configuration.md} are all
 * derived from that table, so none of them can disagree with another. {@link coco.node.config.Configuration} is the
 * result: every key has a value of its type, or there is no configuration.
 *
 * <p><b>Why so strict.</b> A misspelt key that is skipped is a limit that is not in force. Unknown keys, repeated keys,
 * values without a unit and values out of range are refused, all of them at once, each with its line and, for an
 * unknown name, the name that was probably meant.
 *
 * <p><b>Host and measured.</b> A key is {@link coco.node.config.Scope#HOST} if whoever runs the machine may choose it,
 * and {@link coco.node.config.Scope#MEASURED} if it changes what the service promises to others. On hardware a measured
 * key has to be part of the attested image and is refused in a host's file; on the simulated platform nothing is
 * measured and the file may hold both.
 *
 * <p><b>What it does not do.</b> It reads no file, environment or system property, and knows nothing of what the values
 * are used for.
 */
@NullMarked
package coco.node.config;

import org.jspecify.annotations.NullMarked;
