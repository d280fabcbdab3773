/**
 * The {@code coco} command.
 *
 * <p>The second composition root beside {@code coco.node}: it may use any module, and nothing uses it. Each command is
 * one class that reads its options, asks {@link coco.cli.network} or another module to do the work, and says what came
 * of it. The commands themselves hold no rules of the ledger, the journal or the network.
 *
 * <p>Conventions that every command keeps: results on standard output and everything else on standard error; exit codes
 * 0 done, 1 a check failed or it could not be done, 2 the command line makes no sense, 3 not everything could be looked
 * at; a failure names the setting to change; no stack trace unless {@code COCO_DEBUG} is set.
 */
@NullMarked
package coco.cli;

import org.jspecify.annotations.NullMarked;
