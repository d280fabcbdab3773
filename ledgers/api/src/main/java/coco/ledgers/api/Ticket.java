package coco.ledgers.api;

import java.util.concurrent.CompletableFuture;

/**
 * The two answers to a submission. Neither future ever completes exceptionally.
 *
 * @param verdict the leader's judgement; while no leader can be reached it stays open until the submission expires
 * @param outcome what became of it
 */
public record Ticket(CompletableFuture<Verdict> verdict, CompletableFuture<Outcome> outcome) {}
