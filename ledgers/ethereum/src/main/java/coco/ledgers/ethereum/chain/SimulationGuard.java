package coco.ledgers.ethereum.chain;

import coco.evm.CallKind;
import coco.evm.FrameGuard;
import coco.evm.types.Address;

/**
 * Stands between the frames of simulated calls: what the caller may read but not call, reverts. What may not be read is
 * not there, so its frames are entered like those of an address that was never used. One thread.
 */
final class SimulationGuard implements FrameGuard {
    private final Permissions permissions;
    private final long blockNumber;

    SimulationGuard(Permissions permissions, long blockNumber) {
        this.permissions = permissions;
        this.blockNumber = blockNumber;
    }

    /** Serves the authenticated caller, whoever the simulated sender is. */
    @Override
    public boolean mayEnter(Address sender, Address caller, Address callee, Address code, int selector, CallKind kind) {
        if (kind == CallKind.CREATE || kind == CallKind.CREATE2) {
            return true;
        }
        boolean isOwnStorage = kind == CallKind.DELEGATECALL || kind == CallKind.CALLCODE;
        return (isOwnStorage || admits(caller, callee, selector))
                && (code.equals(callee) || admits(callee, code, selector));
    }

    private boolean admits(Address frame, Address contract, int selector) {
        return !permissions.mayRead(contract, blockNumber) || permissions.mayCall(frame, contract, selector);
    }
}
