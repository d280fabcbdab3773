package coco.governance;

import java.util.List;

/** The effect of actions on a constitution, and what has to hold afterwards. */
final class Amendment {
    private Amendment() {}

    static Constitution.Application apply(
            Constitution constitution, List<Action> actions, Constitution.Situation situation) {
        throw new UnsupportedOperationException();
    }
}
