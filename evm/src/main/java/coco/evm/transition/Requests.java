package coco.evm.transition;

import coco.crypto.Sha256;
import coco.evm.BlockEnvironment;
import coco.evm.InvocationResult;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.types.Address;
import coco.evm.types.Log;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a block asks of the consensus layer (EIP-7685): deposits (EIP-6110), exits (EIP-7002), mergers (EIP-7251). */
public final class Requests {
    /** Type of deposits. */
    public static final int DEPOSIT = 0;
    /** Type of exits. */
    public static final int WITHDRAWAL = 1;
    /** Type of mergers. */
    public static final int CONSOLIDATION = 2;

    /** Keccak-256 of {@code DepositEvent(bytes,bytes,bytes,bytes,bytes)}. */
    private static final byte[] DEPOSIT_EVENT =
            HexFormat.of().parseHex("649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5");

    private static final int DEPOSIT_EVENT_BYTES = 576;
    /** Where key, credentials, amount, signature and index begin in the event's data: at their lengths. */
    private static final int[] OFFSETS = {160, 256, 320, 384, 512};
    /** How long they are. */
    private static final int[] SIZES = {48, 32, 8, 96, 8};

    private static final int WORD = 32;

    private Requests() {}

    /**
     * All requests of a block whose transactions are over, where a contract that is not there, or fails, has none
     * ({@link BlockPolicy#optionalRequests}).
     *
     * @param logs of the block's transactions
     * @param changes is told what asking changed
     * @return null if a deposit is not laid out as one
     */
    public static @Nullable List<byte[]> collect(
            SystemCalls calls,
            JournaledState state,
            BlockEnvironment block,
            Address depositContract,
            List<Log> logs,
            StateChanges changes) {
        List<byte[]> requests = new ArrayList<>();
        byte[] deposits = deposits(depositContract, logs);
        if (deposits == null) {
            return null;
        }
        add(requests, DEPOSIT, deposits);
        add(requests, WITHDRAWAL, ask(calls, state, block, SystemCalls.WITHDRAWAL_REQUESTS, changes));
        add(requests, CONSOLIDATION, ask(calls, state, block, SystemCalls.CONSOLIDATION_REQUESTS, changes));
        return requests;
    }

    private static byte[] ask(
            SystemCalls calls, JournaledState state, BlockEnvironment block, Address contract, StateChanges changes) {
        InvocationResult result = calls.requests(state, block, contract, changes);
        return result != null && result.halt().isSuccess() ? result.output() : new byte[0];
    }

    /** The deposits among logs, one after the other; null if one is not laid out as the contract does it. */
    public static byte @Nullable [] deposits(Address contract, List<Log> logs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Log log : logs) {
            boolean deposit = log.address().equals(contract)
                    && !log.topics().isEmpty()
                    && Arrays.equals(log.topics().getFirst(), DEPOSIT_EVENT);
            if (deposit && !append(log.data(), out)) {
                return null;
            }
        }
        return out.toByteArray();
    }

    private static boolean append(byte[] data, ByteArrayOutputStream out) {
        if (data.length != DEPOSIT_EVENT_BYTES) {
            return false;
        }
        for (int i = 0; i < OFFSETS.length; i++) {
            if (!isNumber(data, i * WORD, OFFSETS[i]) || !isNumber(data, OFFSETS[i], SIZES[i])) {
                return false;
            }
        }
        for (int i = 0; i < OFFSETS.length; i++) {
            out.write(data, OFFSETS[i] + WORD, SIZES[i]);
        }
        return true;
    }

    private static boolean isNumber(byte[] data, int at, int expected) {
        for (int i = 0; i < WORD - 4; i++) {
            if (data[at + i] != 0) {
                return false;
            }
        }
        int low = at + WORD - 4;
        int value = (data[low] & 0xff) << 24
                | (data[low + 1] & 0xff) << 16
                | (data[low + 2] & 0xff) << 8
                | (data[low + 3] & 0xff);
        return value == expected;
    }

    /** Adds a request's type before its data, where there is any. */
    public static void add(List<byte[]> requests, int type, byte[] data) {
        if (data.length > 0) {
            byte[] request = new byte[data.length + 1];
            request[0] = (byte) type;
            System.arraycopy(data, 0, request, 1, data.length);
            requests.add(request);
        }
    }

    /** What the header commits to, 32 bytes. */
    public static byte[] hash(List<byte[]> requests) {
        List<byte[]> hashes = new ArrayList<>();
        requests.forEach(request -> hashes.add(Sha256.hash(request)));
        return Sha256.hash(hashes.toArray(byte[][]::new));
    }
}
