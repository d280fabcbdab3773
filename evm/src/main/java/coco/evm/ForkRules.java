package coco.evm;

import coco.evm.types.Fork;
import java.util.EnumMap;
import java.util.Map;

/**
 * What differs between forks, as data: a table with the fixed gas and the stack bounds of each opcode, and the prices
 * and limits that depend on more than the opcode.
 *
 * <p>An entry of the table packs four numbers: bits 0 to 15 the gas, bits 16 to 31 by how many longs the stack becomes
 * longer, bits 48 to 62 the longs that must be on the stack, and bits 32 to 47 how many more may be there. An opcode
 * that the fork does not have needs more than fits.
 */
final class ForkRules {
    static final int UNDEFINED_NEED = 0x7FFF;

    private static final Map<Fork, ForkRules> BY_FORK = new EnumMap<>(Fork.class);

    static {
        for (Fork fork : Fork.values()) {
            BY_FORK.put(fork, new ForkRules(fork));
        }
    }

    final Fork fork;
    final long[] table;

    /** EIP-150: at most 63/64 of the gas goes to a call. */
    final boolean sparesGas;
    /** EIP-161: empty is as good as absent, and a contract starts with nonce 1. */
    final boolean clearsEmpty;
    /** EIP-2929. */
    final boolean hasAccessSets;
    /** EIP-2: a contract that cannot pay for its code fails. Before, it stayed without code. */
    final boolean failsOnDeposit;
    /** EIP-3541. */
    final boolean refusesEf;
    /** EIP-6780: SELFDESTRUCT removes only what the same transaction created. */
    final boolean keepsOldContracts;
    /** EIP-7702. */
    final boolean followsDelegation;

    /** What an account costs beyond the fixed gas if it is cold. */
    final long coldAccountSurcharge;
    /** What SLOAD costs beyond the fixed gas if the slot is cold. */
    final long coldSlotSurcharge;
    /** What SSTORE costs beyond its price if the slot is cold. */
    final long coldStoreSurcharge;
    /** What SELFDESTRUCT costs beyond its price if the heir is cold. */
    final long coldHeirSurcharge;
    /** What following a delegation costs if its target is warm; if cold, the surcharge comes on top. */
    final long warmAccount;

    /** Whether SSTORE looks at the value at the start of the transaction (EIP-1283, EIP-2200). */
    final boolean netStore;
    /** SSTORE halts with no more gas than this (EIP-2200); -1 for no such rule. */
    final long storeSentry;
    /** SSTORE that changes nothing, or what was changed already. */
    final long storeNoop;
    /** SSTORE of a slot that the transaction found and left as not zero. */
    final long storeReset;
    /** What is given back for making a slot zero. */
    final long storeClearRefund;

    final long expByte;
    /** What SELFDESTRUCT gives back. */
    final long selfDestructRefund;
    /** What SELFDESTRUCT costs more if its heir is a new account. */
    final long selfDestructNewAccount;

    /** EIP-170; more than fits where there is no limit. */
    final int codeLimit;
    /** EIP-3860; more than any length where there is no limit but gas. */
    final long initCodeLimit;
    /** EIP-3860. */
    final long initCodeWord;

    private ForkRules(Fork fork) {
        this.fork = fork;
        this.table = OpcodeTable.of(fork);
        this.sparesGas = fork.has(Fork.TANGERINE_WHISTLE);
        this.clearsEmpty = fork.has(Fork.SPURIOUS_DRAGON);
        this.hasAccessSets = fork.has(Fork.BERLIN);
        this.failsOnDeposit = fork.has(Fork.HOMESTEAD);
        this.refusesEf = fork.has(Fork.LONDON);
        this.keepsOldContracts = fork.has(Fork.CANCUN);
        this.followsDelegation = fork.has(Fork.PRAGUE);
        this.coldAccountSurcharge = hasAccessSets ? 2500 : 0;
        this.coldSlotSurcharge = hasAccessSets ? 2000 : 0;
        this.coldStoreSurcharge = hasAccessSets ? 2100 : 0;
        this.coldHeirSurcharge = hasAccessSets ? 2600 : 0;
        this.warmAccount = 100;
        this.netStore = fork == Fork.CONSTANTINOPLE || fork.has(Fork.ISTANBUL);
        this.storeSentry = fork.has(Fork.ISTANBUL) ? 2300 : -1;
        this.storeNoop = hasAccessSets ? 100 : fork.has(Fork.ISTANBUL) ? 800 : 200;
        this.storeReset = hasAccessSets ? 2900 : 5000;
        this.storeClearRefund = fork.has(Fork.LONDON) ? 4800 : 15000;
        this.expByte = fork.has(Fork.SPURIOUS_DRAGON) ? 50 : 10;
        this.selfDestructRefund = fork.has(Fork.LONDON) ? 0 : 24000;
        this.selfDestructNewAccount = sparesGas ? 25000 : 0;
        this.codeLimit = fork.has(Fork.SPURIOUS_DRAGON) ? 24576 : Integer.MAX_VALUE;
        this.initCodeLimit = fork.has(Fork.SHANGHAI) ? 2 * 24576 : Long.MAX_VALUE;
        this.initCodeWord = fork.has(Fork.SHANGHAI) ? 2 : 0;
    }

    static ForkRules of(Fork fork) {
        ForkRules rules = BY_FORK.get(fork);
        if (rules == null) {
            throw new IllegalStateException("no rules for " + fork);
        }
        return rules;
    }

    static int gas(long entry) {
        return (int) entry & 0xFFFF;
    }

    /** By how many longs the instruction makes the stack longer. */
    static int change(long entry) {
        return (short) (entry >> 16);
    }

    static int need(long entry) {
        return (int) (entry >>> 48);
    }

    static int span(long entry) {
        return (int) (entry >>> 32) & 0xFFFF;
    }
}
