package coco.consensus;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Three nodes of some implementation, and newcomers, for the contract suite. */
public interface LogGroup extends AutoCloseable {
    /** The three that the group begins with. */
    List<PeerId> peers();

    /** A node with an empty disk that is no peer yet. Once started, it waits to be added. */
    PeerId install();

    /** Those three and all newcomers. */
    List<PeerId> nodes();

    Peer address(PeerId peer);

    /** Starts a node that does not run, with what it had on disk. */
    void start(PeerId peer);

    /** Ends a node; its disk stays. */
    void stop(PeerId peer);

    boolean runs(PeerId peer);

    ReplicatedLog log(PeerId peer);

    RecordingMachine machine(PeerId peer);

    /** Cuts a node off from the others, both ways. */
    void isolate(PeerId peer);

    /** Ends every isolation. */
    void heal();

    /** Lets time pass until the condition holds; an AssertionError with {@code what} if it does not come to hold. */
    void await(String what, BooleanSupplier condition);

    @Override
    void close();
}
