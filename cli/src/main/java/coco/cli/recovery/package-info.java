/**
 * {@code coco recover}: from the last copies of a journal back to a running service, step by step. Each command does
 * one step, says what it saw, and what the next step waits for. Members and operators exchange files: a proposal,
 * ballots, shares. All of them are public or encrypted, so that it does not matter how they travel.
 */
@NullMarked
package coco.cli.recovery;

import org.jspecify.annotations.NullMarked;
