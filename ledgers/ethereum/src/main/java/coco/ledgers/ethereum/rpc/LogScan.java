package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Bloom;
import coco.evm.types.Log;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A query for logs on its way through the chain. Each log is written as it is found, so that no block is kept; the room
 * for the answer bounds them. One thread at a time.
 */
final class LogScan {
    private static final int TOO_MANY_RESULTS = -32_005;

    /** How long others wait for their turn on the processors: a few large blocks. */
    private static final long SLICE_MILLIS = 50;

    private final Exchange exchange;
    private final LedgerContext context;
    private final Criteria criteria;
    private final long last;
    private ChainReader.@Nullable Block next;
    private long height;
    private long steps;
    private int results;

    /** What a log must have: one of the addresses, and one of the alternatives at each place that has any. */
    record Criteria(List<Address> addresses, List<List<byte[]>> topics) {
        boolean mayMatch(Bloom bloom) {
            if (!addresses.isEmpty() && addresses.stream().noneMatch(address -> bloom.mayContain(address.bytes()))) {
                return false;
            }
            for (List<byte[]> alternatives : topics) {
                if (!alternatives.isEmpty() && alternatives.stream().noneMatch(bloom::mayContain)) {
                    return false;
                }
            }
            return true;
        }

        boolean matches(Log log) {
            if (topics.size() > log.topics().size() || (!addresses.isEmpty() && !addresses.contains(log.address()))) {
                return false;
            }
            for (int i = 0; i < topics.size(); i++) {
                byte[] topic = log.topics().get(i);
                if (!topics.get(i).isEmpty()
                        && topics.get(i).stream().noneMatch(wanted -> Arrays.equals(wanted, topic))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * A scan that has not begun.
     *
     * @param last number of the last block
     */
    LogScan(Exchange exchange, Criteria criteria, ChainReader.Block first, long last) {
        this.exchange = exchange;
        this.context = exchange.context();
        this.criteria = criteria;
        this.next = first;
        this.height = first.height();
        this.last = last;
        // Heights without a block of this ledger lie between; they are cheap to pass, but not free.
        this.steps = context.settings().maxScannedBlocks() * 4L;
    }

    /**
     * Goes on for one slice of time.
     *
     * @return whether the scan is complete
     */
    boolean advance(JsonGenerator out) throws RpcException {
        long until = context.clock().millis() + SLICE_MILLIS;
        do {
            exchange.checkTime();
            ChainReader.Block block = next;
            if (block != null) {
                write(block, out);
                if (block.header().number() == last) {
                    return true;
                }
            }
            if (--steps <= 0) {
                throw new RpcException(RpcException.INVALID_PARAMS, "query scans too many blocks");
            }
            next = exchange.chain().at(++height);
        } while (context.clock().millis() < until);
        return false;
    }

    private void write(ChainReader.Block block, JsonGenerator out) throws RpcException {
        if (!criteria.mayMatch(block.header().logsBloom())) {
            return;
        }
        int index = 0;
        for (int ordinal = 0; ordinal < block.size(); ordinal++) {
            ExecutedTransaction executed = block.transaction(ordinal);
            for (Log log : executed.logs()) {
                if (criteria.matches(log)) {
                    if (results++ == context.settings().maxResults()) {
                        throw new RpcException(
                                TOO_MANY_RESULTS,
                                "query returned more than " + context.settings().maxResults() + " results");
                    }
                    BlockJson.log(out, block, ordinal, log, index);
                }
                index++;
            }
        }
    }
}
