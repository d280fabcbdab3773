package coco.cli.demo.compare;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What is sent, and from where it comes.
 *
 * @param origin in words, for a heading: what anybody who sees a figure must know
 * @param real how many are of another network; the rest is synthetic
 * @param transactions in the order in which they are sent
 * @param state the state that they begin with
 * @param codes of its contracts, by hash, hexadecimal with 0x
 * @param blocks the numbers of the blocks that they come from
 * @param leftOut how many were left out, by reason
 */
record Choice(
        String origin,
        int real,
        List<SourceTransaction> transactions,
        MergedState state,
        Map<String, String> codes,
        List<Long> blocks,
        SortedMap<String, Integer> leftOut) {
    Choice {
        transactions = List.copyOf(transactions);
        blocks = List.copyOf(blocks);
    }

    /** The same under another heading. */
    Choice named(String otherOrigin) {
        return new Choice(otherOrigin, real, transactions, state, codes, blocks, leftOut);
    }

    /** The same with other transactions, and the codes that those need. */
    Choice with(List<SourceTransaction> others, Map<String, String> otherCodes) {
        return new Choice(origin, real, others, state, otherCodes, blocks, leftOut);
    }

    /** Transactions that were left out, for any reason. */
    int leftOutCount() {
        return leftOut.values().stream().mapToInt(Integer::intValue).sum();
    }
}
