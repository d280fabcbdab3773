package coco.evm;

import coco.crypto.Keccak256;
import coco.evm.code.CodeInfo;
import coco.evm.state.JournaledAccount;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Arrays;

/** CREATE, CREATE2, and what happens to a new contract at its end. */
final class Creations {
    private static final long CREATE2_WORD = 6;
    private static final long DEPOSIT_BYTE = 200;
    private static final byte EF = (byte) 0xEF;
    private static final byte[] NOTHING = new byte[0];

    private Creations() {}

    /** As {@link Calls#enter}. */
    static boolean enter(Execution x, Frame f, int op, int sp) {
        f.sp = op == Op.CREATE ? sp - 8 : sp - 12;
        if (f.isStatic) {
            return fail(f, Exit.WRITE_PROTECTION);
        }
        long[] s = f.stack;
        int lengthAt = sp - 12;
        if (Words.saturated(s, lengthAt) > x.rules.initCodeLimit) {
            return fail(f, Exit.INIT_CODE_TOO_LONG);
        }
        long gas = f.reserveRange(s, sp - 8, lengthAt, f.gas);
        if (gas >= 0) {
            gas -= DataOps.words((int) s[lengthAt]) * (x.rules.initCodeWord + (op == Op.CREATE2 ? CREATE2_WORD : 0));
        }
        if (gas < 0) {
            f.gas = gas;
            return false;
        }
        long given = x.rules.sparesGas ? gas - (gas >>> 6) : gas;
        f.gas = gas - given;
        f.clearReturnData();
        return create(x, f, op, sp, given);
    }

    private static boolean fail(Frame f, int reason) {
        f.gas = Exit.failure(reason);
        return false;
    }

    /** Puts zero on the stack: nothing of the creation ran. */
    private static boolean refuse(Execution x, Frame f, long givenBack, Halt why) {
        if (x.tracing != null) {
            x.tracing.exited(why, givenBack, NOTHING);
        }
        Words.set(f.stack, f.sp - 4, 0);
        f.gas += givenBack;
        return false;
    }

    private static boolean create(Execution x, Frame f, int op, int sp, long given) {
        if (x.isCancelled()) {
            return fail(f, Exit.CANCELLED);
        }
        JournaledAccount creator = f.self();
        Word value = Words.get(f.stack, sp - 4);
        byte[] initCode = DataOps.copyOfMemory(f, f.stack, sp - 8, sp - 12);
        Address address = op == Op.CREATE
                ? ContractAddresses.of(creator.address(), creator.nonce())
                : ContractAddresses.of(
                        creator.address(), Words.get(f.stack, sp - 16).toBytes32(), Keccak256.hash(initCode));
        CallKind kind = op == Op.CREATE ? CallKind.CREATE : CallKind.CREATE2;
        if (x.tracing != null) {
            x.tracing.beforeChange(f.gas + given);
            x.tracing.creates(kind, f.depth + 1, creator.address(), address, value, given, initCode);
        }
        if (f.depth >= FramePool.DEPTH_MAX) {
            return refuse(x, f, given, Halt.DEPTH);
        }
        if (creator.balance().compareTo(value) < 0) {
            return refuse(x, f, given, Halt.INSUFFICIENT_BALANCE);
        }
        if (creator.nonce() == -1) {
            return refuse(x, f, given, Halt.NONCE_OVERFLOW);
        }
        x.state.setNonce(creator, creator.nonce() + 1);
        JournaledAccount account = x.state.account(address);
        if (x.rules.hasAccessSets) {
            x.state.warm(account);
        }
        if (!mayEnter(x, creator, address, initCode, kind)) {
            return refuse(x, f, given, Halt.REVERT);
        }
        if (x.state.isTaken(account)) {
            return refuse(x, f, 0, Halt.ADDRESS_COLLISION);
        }
        prepare(x, x.frames.at(f.depth + 1), creator, account, value, initCode, given);
        return true;
    }

    private static boolean mayEnter(
            Execution x, JournaledAccount creator, Address address, byte[] initCode, CallKind kind) {
        FrameGuard guard = x.guard;
        return guard == null
                || guard.mayEnter(
                        x.transaction.origin(),
                        creator.address(),
                        address,
                        address,
                        Calls.selector(initCode, 0, initCode.length),
                        kind);
    }

    /** Makes the account a contract and its frame ready; whoever calls has checked that all of it may be done. */
    static void prepare(
            Execution x,
            Frame child,
            JournaledAccount creator,
            JournaledAccount account,
            Word value,
            byte[] initCode,
            long gas) {
        child.mark = x.state.mark();
        x.state.create(account, x.rules.clearsEmpty ? 1 : 0);
        x.state.transfer(creator, account, value);
        child.start(CodeInfo.ofInitCode(initCode), account, gas);
        child.setInput(initCode, 0, 0);
        child.caller = creator.address();
        child.value = value;
        child.isStatic = false;
        child.isCreate = true;
    }

    /** Stores what the init code returned, if it may be code and is paid for. */
    static int deposit(Execution x, Frame f) {
        ForkRules rules = x.rules;
        if (f.outputLength > rules.codeLimit) {
            return Exit.CODE_TOO_LONG;
        }
        if (rules.refusesEf && f.outputLength > 0 && f.memory[f.outputOffset] == EF) {
            return Exit.CODE_BEGINS_WITH_EF;
        }
        long price = DEPOSIT_BYTE * f.outputLength;
        if (f.gas < price) {
            if (rules.failsOnDeposit) {
                return Exit.CODE_DEPOSIT_OUT_OF_GAS;
            }
            f.outputLength = 0;
            return Exit.SUCCESS;
        }
        f.gas -= price;
        if (f.outputLength > 0) {
            x.state.setCode(f.self(), Arrays.copyOfRange(f.memory, f.outputOffset, f.outputOffset + f.outputLength));
        }
        return Exit.SUCCESS;
    }
}
