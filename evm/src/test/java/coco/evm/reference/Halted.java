package coco.evm.reference;

import coco.evm.Halt;
import java.io.Serial;

/** A frame came to its end; what it returned, if anything, is in the frame. */
final class Halted extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    final Halt reason;

    Halted(Halt reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }
}
