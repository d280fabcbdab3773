package coco.ledgers.ethereum.access;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Address;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction touched of what is confidential, as its entry records it (docs/specs/ethereum-section.md). Each
 * list in the order of first touch, each address once.
 *
 * @param confidential contracts that were confidential before or after it, and that it created, entered, tried to
 *     enter, took code from or logged from; those of {@code denied} included
 * @param denied those of them that did not let one of its frames in
 * @param participants every address that it touched; recorded only where contracts without a rule are for the
 *     participants of a transaction
 * @param senderOnly whether nobody but its sender (and auditors) may see it: a creation in it failed, the contract that
 *     it is for refused it, or it touched the one that keeps lists of readers
 */
public record Touched(
        List<Address> confidential, List<Address> denied, List<Address> participants, boolean senderOnly) {
    /** Nothing. */
    public static final Touched NOTHING = new Touched(List.of(), List.of(), List.of(), false);

    public Touched {
        confidential = List.copyOf(confidential);
        denied = List.copyOf(denied);
        participants = List.copyOf(participants);
    }

    /** Whether there is nothing to record. */
    public boolean isEmpty() {
        return confidential.isEmpty() && denied.isEmpty() && participants.isEmpty() && !senderOnly;
    }

    /** Appends the item of an entry's payload. */
    public void write(RlpWriter out) {
        out.beginList();
        write(out, confidential);
        write(out, denied);
        write(out, participants);
        out.unsigned(senderOnly ? 1 : 0).endList();
    }

    private static void write(RlpWriter out, List<Address> addresses) {
        out.beginList();
        addresses.forEach(address -> out.string(address.bytes()));
        out.endList();
    }

    /** Reads the item of an entry's payload. */
    public static Touched read(RlpReader in) throws RlpException {
        in.enterList();
        List<Address> confidential = addresses(in);
        List<Address> denied = addresses(in);
        List<Address> participants = addresses(in);
        boolean senderOnly = in.unsigned64() != 0;
        in.leaveList();
        return new Touched(confidential, denied, participants, senderOnly);
    }

    private static List<Address> addresses(RlpReader in) throws RlpException {
        List<Address> addresses = new ArrayList<>();
        in.enterList();
        while (in.hasNext()) {
            addresses.add(Address.of(in.string(Address.SIZE)));
        }
        in.leaveList();
        return addresses;
    }
}
