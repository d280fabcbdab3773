package coco.evm;

import coco.evm.code.CodeInfo;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledSlot;
import coco.evm.state.JournaledState;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.List;

/** Instructions on accounts, storage, logs and the block. Each gets the gas and gives back what is left of it. */
final class StateOps {
    private static final long STORE_SET = 20_000;
    private static final long LOG_BYTE = 8;
    /** How far back BLOCKHASH looks. */
    private static final long BLOCK_HASHES = 256;

    private StateOps() {}

    /** What accessing the account costs beyond the fixed price (EIP-2929). */
    private static long surcharge(Execution x, JournaledAccount account) {
        return x.wasCold(account) ? x.rules.coldAccountSurcharge : 0;
    }

    static long balance(Execution x, Frame f, long[] s, int sp, long gas) {
        JournaledAccount account = x.state.account(s, sp - 4);
        if (x.hides(f, account)) {
            return Exit.failure(Exit.ACCESS_DENIED);
        }
        long left = gas - surcharge(x, account);
        Words.set(s, sp - 4, account.balance());
        return left;
    }

    static long codeSize(Execution x, long[] s, int sp, long gas) {
        JournaledAccount account = x.state.account(s, sp - 4);
        long left = gas - surcharge(x, account);
        if (left >= 0) {
            Words.set(s, sp - 4, x.state.code(account).length());
        }
        return left;
    }

    /** Zero where there is no account, or only an empty one (EIP-1052, EIP-161). */
    static long codeHash(Execution x, Frame f, long[] s, int sp, long gas) {
        JournaledAccount account = x.state.account(s, sp - 4);
        if (x.hides(f, account)) {
            return Exit.failure(Exit.ACCESS_DENIED);
        }
        long left = gas - surcharge(x, account);
        if (account.isEmpty()) {
            Words.set(s, sp - 4, 0);
        } else {
            Words.load(s, sp - 4, account.codeHash(), 0);
        }
        return left;
    }

    static long codeCopy(Execution x, Frame f, long[] s, int sp, long gas) {
        JournaledAccount account = x.state.account(s, sp - 4);
        if (x.hides(f, account)) {
            return Exit.failure(Exit.ACCESS_DENIED);
        }
        long left = gas - surcharge(x, account);
        if (left < 0) {
            return left;
        }
        CodeInfo code = x.state.code(account);
        return DataOps.copy(f, s, sp - 4, code.padded(), 0, code.length(), left);
    }

    static void blockHash(Execution x, long[] s, int sp) {
        long number = Words.saturated(s, sp - 4);
        long current = x.block.number();
        byte[] hash = number < current && number >= current - BLOCK_HASHES ? x.state.blockHash(number) : null;
        if (hash == null) {
            Words.set(s, sp - 4, 0);
        } else {
            Words.load(s, sp - 4, hash, 0);
        }
    }

    static void blobHash(Execution x, long[] s, int sp) {
        List<byte[]> hashes = x.transaction.blobHashes();
        long index = Words.saturated(s, sp - 4);
        if (index < hashes.size()) {
            Words.load(s, sp - 4, hashes.get((int) index), 0);
        } else {
            Words.set(s, sp - 4, 0);
        }
    }

    static void environment(Execution x, int op, long[] s, int sp) {
        BlockEnvironment block = x.block;
        switch (op) {
            case Op.COINBASE -> Words.set(s, sp, block.coinbase());
            case Op.TIMESTAMP -> Words.set(s, sp, block.timestampSeconds());
            case Op.NUMBER -> Words.set(s, sp, block.number());
            case Op.PREVRANDAO -> Words.set(s, sp, block.randomness());
            case Op.GASLIMIT -> Words.set(s, sp, block.gasLimit());
            case Op.CHAINID -> Words.set(s, sp, x.chainId);
            case Op.BASEFEE -> Words.set(s, sp, block.baseFee());
            default -> Words.set(s, sp, block.blobBaseFee());
        }
    }

    static long load(Execution x, Frame f, long[] s, int sp, long gas) {
        JournaledSlot slot = x.state.slot(f.self(), s, sp - 4);
        slot.copyTo(s, sp - 4);
        return x.rules.hasAccessSets && !x.state.warm(slot) ? gas - x.rules.coldSlotSurcharge : gas;
    }

    static long store(Execution x, Frame f, long[] s, int sp, long gas) {
        ForkRules rules = x.rules;
        if (f.isStatic) {
            return Exit.failure(Exit.WRITE_PROTECTION);
        }
        if (gas <= rules.storeSentry) {
            return Exit.failure(Exit.OUT_OF_GAS);
        }
        JournaledState state = x.state;
        JournaledSlot slot = state.slot(f.self(), s, sp - 4);
        int value = sp - 8;
        long left = gas;
        if (rules.hasAccessSets && !state.warm(slot)) {
            left -= rules.coldStoreSurcharge;
        }
        left -= rules.netStore ? netPrice(rules, slot, s, value) : grossPrice(slot, s, value);
        if (left < 0) {
            return left;
        }
        state.addRefund(rules.netStore ? netRefund(rules, slot, s, value) : grossRefund(rules, slot, s, value));
        if (x.tracing != null) {
            x.tracing.beforeChange(left);
        }
        if (!slot.is(s, value)) {
            state.store(slot, s, value);
        }
        return left;
    }

    private static long grossPrice(JournaledSlot slot, long[] s, int value) {
        return slot.isZero() && !Words.isZero(s, value) ? STORE_SET : 5_000;
    }

    private static long grossRefund(ForkRules rules, JournaledSlot slot, long[] s, int value) {
        return !slot.isZero() && Words.isZero(s, value) ? rules.storeClearRefund : 0;
    }

    /** EIP-2200 with the prices of EIP-2929; EIP-1283 is the same with others. */
    private static long netPrice(ForkRules rules, JournaledSlot slot, long[] s, int value) {
        if (slot.is(s, value) || !slot.isOriginal()) {
            return rules.storeNoop;
        }
        return slot.originalIsZero() ? STORE_SET : rules.storeReset;
    }

    private static long netRefund(ForkRules rules, JournaledSlot slot, long[] s, int value) {
        if (slot.is(s, value)) {
            return 0;
        }
        boolean clears = Words.isZero(s, value);
        if (slot.isOriginal()) {
            return !slot.originalIsZero() && clears ? rules.storeClearRefund : 0;
        }
        long refund = 0;
        if (!slot.originalIsZero()) {
            if (slot.isZero()) {
                refund -= rules.storeClearRefund;
            } else if (clears) {
                refund += rules.storeClearRefund;
            }
        }
        if (slot.originalIs(s, value)) {
            refund += (slot.originalIsZero() ? STORE_SET : rules.storeReset) - rules.storeNoop;
        }
        return refund;
    }

    static long storeTransient(Execution x, Frame f, long[] s, int sp, long gas) {
        if (f.isStatic) {
            return Exit.failure(Exit.WRITE_PROTECTION);
        }
        x.state.storeTransient(f.self(), s, sp - 4, sp - 8);
        return gas;
    }

    static long log(Execution x, Frame f, long[] s, int sp, int topicCount, long gas) {
        if (f.isStatic) {
            return Exit.failure(Exit.WRITE_PROTECTION);
        }
        long left = f.reserveRange(s, sp - 4, sp - 8, gas);
        if (left < 0) {
            return left;
        }
        left -= LOG_BYTE * s[sp - 8];
        if (left < 0) {
            return left;
        }
        List<byte[]> topics = new ArrayList<>(topicCount);
        for (int i = 0; i < topicCount; i++) {
            byte[] topic = new byte[Word.SIZE];
            Words.store(s, sp - 12 - 4 * i, topic, 0);
            topics.add(topic);
        }
        Log log = new Log(f.self().address(), topics, DataOps.copyOfMemory(f, s, sp - 4, sp - 8));
        if (x.tracing != null) {
            x.tracing.beforeChange(left);
            x.tracing.logWritten(log);
        }
        x.state.log(log);
        return left;
    }

    static long selfDestruct(Execution x, Frame f, long[] s, int sp, long gas) {
        if (f.isStatic) {
            return Exit.failure(Exit.WRITE_PROTECTION);
        }
        ForkRules rules = x.rules;
        JournaledState state = x.state;
        JournaledAccount self = f.self();
        JournaledAccount heir = state.account(s, sp - 4);
        long left = gas;
        if (x.wasCold(heir)) {
            left -= rules.coldHeirSurcharge;
        }
        boolean newAccount =
                rules.clearsEmpty ? heir.isEmpty() && !self.balance().isZero() : !heir.exists();
        if (newAccount) {
            left -= rules.selfDestructNewAccount;
        }
        if (left < 0) {
            return left;
        }
        boolean removes = !rules.keepsOldContracts || self.isCreated();
        if (!self.isDestroyed() && removes) {
            state.addRefund(rules.selfDestructRefund);
        }
        if (x.tracing != null) {
            x.tracing.beforeChange(left);
            x.tracing.selfDestructed(self, heir);
        }
        state.transfer(self, heir, self.balance());
        if (removes) {
            // An account that leaves its wei to itself takes them with it.
            state.setBalance(self, Word.ZERO);
            state.destroy(self);
        }
        return left;
    }
}
