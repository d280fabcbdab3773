/**
 * {@code coco access}: signing in with an account's key, wallet URLs, one's sessions. What a member or participant does
 * for its users is with what it does with its certificate otherwise, in {@code coco.cli.governance}.
 */
@NullMarked
package coco.cli.access;

import org.jspecify.annotations.NullMarked;
