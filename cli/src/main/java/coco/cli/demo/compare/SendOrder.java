package coco.cli.demo.compare;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The order in which a pool that sorts by price would take transactions if it had them all: of the first ones of each
 * sender the dearest, of these the one that came first. Whoever sends in this order gets it executed in this order,
 * however the stream is cut into blocks: in any part of it that has arrived, what comes next in the order is the
 * dearest that can be taken. A pool that goes by arrival alone gives the same. So two networks that cut differently run
 * every transaction on the same state.
 */
final class SendOrder {
    private SendOrder() {}

    /** @param transactions those of each sender in the order of nonces */
    static List<SourceTransaction> of(List<SourceTransaction> transactions) {
        Map<Address, Deque<Queued>> waiting = new HashMap<>();
        for (int i = 0; i < transactions.size(); i++) {
            SourceTransaction transaction = transactions.get(i);
            Word price = transaction.transaction().effectiveGasPrice(Word.ZERO);
            waiting.computeIfAbsent(transaction.sender(), _ -> new ArrayDeque<>())
                    .add(new Queued(transaction, price, i));
        }
        PriorityQueue<Queued> heads = new PriorityQueue<>(
                Comparator.comparing(Queued::price).reversed().thenComparingInt(Queued::arrival));
        waiting.values().forEach(queue -> heads.add(queue.remove()));
        List<SourceTransaction> ordered = new ArrayList<>(transactions.size());
        for (Queued first = heads.poll(); first != null; first = heads.poll()) {
            ordered.add(first.transaction());
            Queued next = waiting.getOrDefault(first.transaction().sender(), new ArrayDeque<>())
                    .poll();
            if (next != null) {
                heads.add(next);
            }
        }
        return List.copyOf(ordered);
    }

    private record Queued(SourceTransaction transaction, Word price, int arrival) {}
}
