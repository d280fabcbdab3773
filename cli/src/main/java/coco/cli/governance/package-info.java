/**
 * {@code coco gov} and {@code coco member}: what a member does with a key.
 *
 * <p>Nothing is sent before the other end has proven that it is a node of the service: the service's certificate is the
 * only authority there is. The member shows its own certificate, whose key may lie in a token or a key vault: it signs
 * the handshake as it signs ballots. What is signed is what the node says is in force; a node that lies about it gets a
 * message that counts nowhere, because the message names service, generation and constitution, or electorate.
 *
 * <p>Commands for actions are made from the catalogue of actions, so that an action that is added has its command.
 */
@NullMarked
package coco.cli.governance;

import org.jspecify.annotations.NullMarked;
