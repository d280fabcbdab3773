package coco.cli.network;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Another network's chain, with which a new one begins.
 *
 * @param document genesis document of the Ethereum ledger, which names the last block
 * @param blocks the file of blocks
 * @param count how many of them are new, the chain's first block being known already
 * @param progress hears of each that was executed
 */
public record ImportedHistory(String document, Path blocks, long count, LongConsumer progress) {}
