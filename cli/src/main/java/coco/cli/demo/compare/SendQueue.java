package coco.cli.demo.compare;

import java.util.List;
import java.util.stream.IntStream;

/** What is to be sent to a network and has not been, and which of it may leave now. One thread. */
interface SendQueue {
    /** The next ones, at most so many, in the order in which they shall arrive; empty if none may leave yet. */
    List<Integer> take(int most);

    /** Whether all have been taken. */
    boolean isEmpty();

    /** One after the other, as many as are asked for. */
    static SendQueue inTurn(int count) {
        return new SendQueue() {
            private int next;

            @Override
            public List<Integer> take(int most) {
                int end = Math.min(count, next + most);
                List<Integer> taken = IntStream.range(next, end).boxed().toList();
                next = end;
                return taken;
            }

            @Override
            public boolean isEmpty() {
                return next == count;
            }
        };
    }
}
