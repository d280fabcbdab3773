package coco.cli.demo.compare;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * For a network whose blocks are full by gas: keeps a full block waiting there, and no more, filled as such networks
 * fill their own: the next one that fits into the rest, and where one does not fit, later ones that do. A pool that is
 * given all at once does the same and knows no better than to take what was to come after the one that it passed over;
 * here whatever touches the same accounts or slots stays behind as well. So the results are those of the order in which
 * the transactions are, and the blocks are as full.
 */
final class FullBlockQueue implements SendQueue {
    private final List<Footprint> footprints;
    private final Lane lane;
    private final long gasLimit;
    private final BitSet unsent;
    private final List<Integer> waiting = new ArrayList<>();
    private int settledBefore = -1;

    /**
     * All of them, in the order whose results they shall have.
     *
     * @param lane knows which are done
     * @param gasLimit of a block
     */
    FullBlockQueue(List<Footprint> footprints, Lane lane, long gasLimit) {
        this.footprints = footprints;
        this.lane = lane;
        this.gasLimit = gasLimit;
        this.unsent = new BitSet();
        unsent.set(0, footprints.size());
    }

    @Override
    public List<Integer> take(int most) {
        int settled = lane.settled();
        if (settled == settledBefore) {
            return List.of(); // Nothing fitted, and no block has come since.
        }
        waiting.removeIf(lane::isSettled);
        long used = 0;
        for (int transaction : waiting) {
            used += footprints.get(transaction).gasUsed();
        }
        List<Integer> taken = new ArrayList<>();
        Footprint.Union passedOver = new Footprint.Union();
        for (int i = unsent.nextSetBit(0); i >= 0 && taken.size() < most; i = unsent.nextSetBit(i + 1)) {
            Footprint footprint = footprints.get(i);
            boolean fits = used + footprint.gasLimit() <= gasLimit || used == 0;
            if (fits && !passedOver.conflictsWith(footprint)) {
                taken.add(i);
                used += footprint.gasUsed();
            } else {
                passedOver.add(footprint);
            }
        }
        if (taken.isEmpty()) {
            settledBefore = settled;
        }
        for (int transaction : taken) {
            unsent.clear(transaction);
            waiting.add(transaction);
        }
        return taken;
    }

    @Override
    public boolean isEmpty() {
        return unsent.isEmpty();
    }
}
