package coco.evm.transition;

import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.types.Address;
import coco.evm.types.Block;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Withdrawal;
import coco.evm.types.Word;
import java.math.BigInteger;

/** Wei that a block makes: rewards of blocks and ommers until the merge, withdrawals since Shanghai. */
public final class Rewards {
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    private static final long GWEI = 1_000_000_000;
    /** A block gets a 32nd of its reward more for each ommer. */
    private static final int NEPHEW_DIVISOR = 32;
    /** An ommer gets eighths, one less for each generation it is older. */
    private static final int OMMER_DIVISOR = 8;

    private Rewards() {}

    /** Pays everyone and commits. */
    public static void pay(Fork fork, JournaledState state, Block block, StateChanges changes) {
        state.beginTransaction();
        if (!fork.has(Fork.PARIS)) {
            payMiners(fork, state, block);
        }
        if (block.withdrawals() != null) {
            for (Withdrawal withdrawal : block.withdrawals()) {
                add(
                        state,
                        withdrawal.address(),
                        Word.of(withdrawal.amountGwei()).times(GWEI));
            }
        }
        state.commitTransaction(fork.has(Fork.SPURIOUS_DRAGON), changes);
    }

    private static void payMiners(Fork fork, JournaledState state, Block block) {
        BigInteger reward = ETHER.multiply(BigInteger.valueOf(reward(fork)));
        BigInteger nephew = reward.divide(BigInteger.valueOf(NEPHEW_DIVISOR));
        BigInteger total = reward;
        for (Header ommer : block.ommers()) {
            long generations = block.header().number() - ommer.number();
            BigInteger eighths = BigInteger.valueOf(Math.clamp(OMMER_DIVISOR - generations, 0, OMMER_DIVISOR));
            add(
                    state,
                    ommer.beneficiary(),
                    Word.of(reward.multiply(eighths).divide(BigInteger.valueOf(OMMER_DIVISOR))));
            total = total.add(nephew);
        }
        add(state, block.header().beneficiary(), Word.of(total));
    }

    /** In ether (EIP-649, EIP-1234). */
    private static long reward(Fork fork) {
        if (fork.has(Fork.CONSTANTINOPLE)) {
            return 2;
        }
        return fork.has(Fork.BYZANTIUM) ? 3 : 5;
    }

    private static void add(JournaledState state, Address address, Word amount) {
        JournaledAccount account = state.account(address);
        state.setBalance(account, account.balance().plus(amount));
    }
}
