/**
 * A member's keys as files, and as the command line names them.
 *
 * <p>Private keys are made here, never shown and never overwritten; their files are readable by their owner alone from
 * the moment they exist. How they are used to sign is {@code coco.client.signing}'s.
 */
@NullMarked
package coco.cli.member;

import org.jspecify.annotations.NullMarked;
