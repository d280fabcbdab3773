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
import java.util.ArrayList;
import java.util.List;

/** Wei that a block makes: rewards of blocks and ommers until the merge, withdrawals since Shanghai. */
public final class Rewards {
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    private static final long GWEI = 1_000_000_000;
    /** A block gets a 32nd of its reward more for each ommer. */
    private static final int NEPHEW_DIVISOR = 32;
    /** An ommer gets eighths, one less for each generation it is older. */
    private static final int OMMER_DIVISOR = 8;

    private Rewards() {}

    /**
     * What one miner gets for a block.
     *
     * @param author of the block or of an ommer
     * @param amount in wei
     * @param isForOmmer whether it is for an ommer
     */
    public record Reward(Address author, Word amount, boolean isForOmmer) {}

    /** The rewards of a block's miners, its own first; none since the merge. */
    public static List<Reward> ofMiners(Fork fork, Header header, List<Header> ommers) {
        if (fork.has(Fork.PARIS)) {
            return List.of();
        }
        BigInteger reward = ETHER.multiply(BigInteger.valueOf(reward(fork)));
        BigInteger nephews =
                reward.divide(BigInteger.valueOf(NEPHEW_DIVISOR)).multiply(BigInteger.valueOf(ommers.size()));
        List<Reward> rewards = new ArrayList<>();
        rewards.add(new Reward(header.beneficiary(), Word.of(reward.add(nephews)), false));
        for (Header ommer : ommers) {
            long generations = header.number() - ommer.number();
            BigInteger eighths = BigInteger.valueOf(Math.clamp(OMMER_DIVISOR - generations, 0, OMMER_DIVISOR));
            Word amount = Word.of(reward.multiply(eighths).divide(BigInteger.valueOf(OMMER_DIVISOR)));
            rewards.add(new Reward(ommer.beneficiary(), amount, true));
        }
        return rewards;
    }

    /** Pays everyone and commits. */
    public static void pay(Fork fork, JournaledState state, Block block, StateChanges changes) {
        state.beginTransaction();
        ofMiners(fork, block.header(), block.ommers()).forEach(reward -> add(state, reward.author(), reward.amount()));
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
