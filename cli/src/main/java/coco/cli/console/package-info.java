/**
 * How the {@code coco} command speaks: output, failures and exit codes.
 *
 * <p>Results go to standard output, everything about the way there (progress, warnings, failures) to standard error, so
 * that {@code coco status --json | jq} works. A failure is a sentence about what is wrong and a sentence about what to
 * do; {@link coco.cli.console.CliException} asks for both. Stack traces are for those who set {@code COCO_DEBUG}.
 *
 * <p>Colours appear on a terminal only, and never where {@code NO_COLOR} is set (no-color.org).
 */
@NullMarked
package coco.cli.console;

import org.jspecify.annotations.NullMarked;
