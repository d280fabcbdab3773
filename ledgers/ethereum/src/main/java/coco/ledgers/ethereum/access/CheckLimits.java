package coco.ledgers.ethereum.access;

import java.util.List;

/**
 * What checks may cost.
 *
 * @param handshakeGas of each of the three questions of the handshake. ERC-165: "must use less than 30,000 gas"
 * @param answerGas of one other question, ascending: what needs more than one is asked again with the next, so that an
 *     ordinary check (some 3,000 gas) cannot be made to cost more than the first. The last is what the Solidity library
 *     promises to developers
 * @param questionGas charged for a question beyond what it used: no question is free, so that none is kept for free
 * @param transactionGas what a transaction may spend on checks beyond its own gas limit: a call of 30,000 gas through a
 *     proxy needs a check of 15,000, and a question is only put if its whole gas is there
 * @param batchGas a block whose transactions have spent as much takes no further ones: some 0.2 s of a processor
 * @param readGas of one read request: some 0.1 s
 * @param nesting how many checks may be under way inside each other
 * @param creationDepth how far up a contract made in this transaction looks for a confidential creator
 * @param listedReaders in one list of {@link ReaderLists}, whose code has the number: an account is found in nine
 *     reads, so that a check fits into the least answer's gas, and a list costs its sender at most a third of a
 *     transaction (5.8 million gas)
 * @param memoEntries answers remembered, of about 500 bytes each
 */
public record CheckLimits(
        long handshakeGas,
        List<Long> answerGas,
        long questionGas,
        long transactionGas,
        long batchGas,
        long readGas,
        int nesting,
        int creationDepth,
        int listedReaders,
        int memoEntries) {
    /** For every network. */
    public static final CheckLimits DEFAULT = new CheckLimits(
            30_000,
            List.of(50_000L, 200_000L, 1_000_000L),
            1_000,
            150_000,
            100_000_000,
            50_000_000,
            2,
            16,
            256,
            20_000);

    public CheckLimits {
        answerGas = List.copyOf(answerGas);
    }
}
