package coco.governance.ledger;

import coco.governance.GovernanceLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way into a block. Signers take turns, so that nobody's many hold up another's one: the pool has few
 * places for each, and a rule module may need seconds for every message. What was executed in blocks that were lost
 * comes first again, in the order in which it was executed: it may lean on one another.
 */
final class Pool {
    /** All, in order of arrival; executed ones stay until they are applied. */
    private final Map<ByteBuffer, Pooled> all = new LinkedHashMap<>();

    private final Map<ByteBuffer, Pooled> executed = new LinkedHashMap<>();
    private final Map<ByteBuffer, Pooled> again = new LinkedHashMap<>();
    private final Map<ByteBuffer, Pooled> waiting = new LinkedHashMap<>();

    /**
     * One message.
     *
     * @param framed its payload
     * @param signer whose it is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pooled(byte[] id, byte[] framed, String signer) {}

    /** @param number among its signer's */
    private record Turn(Pooled pooled, int number) {}

    boolean contains(byte[] id) {
        return all.containsKey(ByteBuffer.wrap(id));
    }

    int size() {
        return all.size();
    }

    boolean isWaiting() {
        return !waiting.isEmpty() || !again.isEmpty();
    }

    /** Whether there is room for another one of this signer; there always is for its first few. */
    boolean hasRoom(String signer) {
        long own = all.values().stream()
                .filter(pooled -> pooled.signer().equals(signer))
                .count();
        return own < GovernanceLimits.POOL_ASSURED
                || (own < GovernanceLimits.POOL_PER_SIGNER && all.size() < GovernanceLimits.POOL);
    }

    void add(Pooled pooled) {
        ByteBuffer key = ByteBuffer.wrap(pooled.id());
        all.put(key, pooled);
        waiting.put(key, pooled);
    }

    /** It will not be executed any more, or is applied. */
    void remove(byte[] id) {
        ByteBuffer key = ByteBuffer.wrap(id);
        all.remove(key);
        executed.remove(key);
        again.remove(key);
        waiting.remove(key);
    }

    /** It is in a block that may yet be lost. */
    void executed(byte[] id) {
        ByteBuffer key = ByteBuffer.wrap(id);
        @Nullable Pooled pooled = all.get(key);
        again.remove(key);
        waiting.remove(key);
        if (pooled != null) {
            executed.put(key, pooled);
        }
    }

    /** What waits, in the order in which it is to be executed. */
    List<Pooled> inTurn() {
        List<Pooled> order = new ArrayList<>(again.values());
        Map<String, Integer> before = new HashMap<>();
        List<Turn> turns = new ArrayList<>();
        waiting.values().forEach(pooled -> turns.add(new Turn(pooled, before.merge(pooled.signer(), 1, Integer::sum))));
        turns.sort(Comparator.comparingInt(Turn::number));
        turns.forEach(turn -> order.add(turn.pooled()));
        return order;
    }

    /** Blocks were lost: what they held is to be executed again. */
    void rebase() {
        Map<ByteBuffer, Pooled> left = new LinkedHashMap<>(again);
        again.clear();
        again.putAll(executed);
        again.putAll(left);
        executed.clear();
    }
}
