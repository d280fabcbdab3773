package coco.ledgers.ethereum.simulation;

import coco.evm.CallKind;
import coco.evm.FrameEntry;
import coco.evm.FrameExit;
import coco.evm.Tracer;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Collects the logs of one call, and on demand a log for each transfer of ether, in the shape of an ERC-20 transfer by
 * the address that stands for ether (ERC-7528). What fails leaves no logs behind, though their places in the block stay
 * taken, as in geth.
 */
final class CallLogs implements Tracer {
    private static final Address ETHER = Address.fromHex("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
    /** Keccak-256 of {@code Transfer(address,address,uint256)}. */
    private static final byte[] TRANSFER =
            HexFormat.of().parseHex("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

    private final boolean transfers;
    private final List<PlacedLog> logs = new ArrayList<>();
    /** How many logs there were when each open frame began. */
    private final List<Integer> marks = new ArrayList<>();

    private int next;
    private String error = "";

    /** @param first the place of the first log in the block */
    CallLogs(boolean transfers, int first) {
        this.transfers = transfers;
        this.next = first;
    }

    /** What is left, oldest first. */
    List<PlacedLog> logs() {
        return logs;
    }

    /** The place of the next log in the block. */
    int next() {
        return next;
    }

    /** Why the outermost frame failed, in geth's words. */
    String error() {
        return error;
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void frameEntered(FrameEntry frame) {
        marks.add(logs.size());
        if (frame.kind() != CallKind.DELEGATECALL && frame.kind() != CallKind.CALLCODE) {
            transferred(frame.caller(), frame.target(), frame.value());
        }
    }

    @Override
    public void frameExited(FrameExit frame) {
        int mark = marks.removeLast();
        if (!frame.halt().isSuccess()) {
            logs.subList(mark, logs.size()).clear();
        }
        if (frame.depth() == 0) {
            error = frame.error();
        }
    }

    @Override
    public void logWritten(Log log) {
        logs.add(new PlacedLog(log, next++));
    }

    @Override
    public void selfDestructed(Address contract, Address heir, Word balance) {
        transferred(contract, heir, balance);
    }

    private void transferred(Address from, Address to, Word value) {
        if (transfers && !value.isZero()) {
            logWritten(new Log(
                    ETHER,
                    List.of(TRANSFER, Word.of(from).toBytes32(), Word.of(to).toBytes32()),
                    value.toBytes32()));
        }
    }
}
