/**
 * {@code coco demo compare}: the same transactions to stock Ethereum and to Ethereum on Coco, at once.
 *
 * <p>What is compared has to be the same on both sides. So both networks get one genesis document, the merged state
 * before the blocks that the transactions come from ({@link coco.cli.demo.compare.MergedState}), with the newest rules
 * and a base fee of 0; the transactions keep their original signatures, and are sent in an order that no pool has a
 * reason to change ({@link coco.cli.demo.compare.SendOrder}). What could be refused by either is left out before and
 * counted ({@link coco.cli.demo.compare.Chooser}).
 *
 * <p>Every figure comes from a measured event. A transaction was sent when its request was meant to leave, and is done
 * when <em>all</em> nodes have told of its block ({@link coco.cli.demo.compare.BlockFollower}). Afterwards the receipts
 * of both are compared with each other and with the recorded ones, and every difference from those is explained by
 * executing the transaction again ({@link coco.cli.demo.compare.Explainer}).
 *
 * <p>This is no replay of blocks, which {@code coco evm replay} is: block number, time, beneficiary and base fee are
 * the networks' own.
 */
@NullMarked
package coco.cli.demo.compare;

import org.jspecify.annotations.NullMarked;
