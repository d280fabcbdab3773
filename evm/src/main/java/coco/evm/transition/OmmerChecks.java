package coco.evm.transition;

import coco.evm.transition.BlockOutcome.Fault;
import coco.evm.transition.BlockOutcome.Invalid;
import coco.evm.types.Block;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether headers beside the chain may be named as ommers of a block (Yellow Paper, 11.1). */
final class OmmerChecks {
    private static final int MOST_OMMERS = 2;
    private static final int GENERATIONS = 6;

    private OmmerChecks() {}

    static @Nullable Invalid check(ForkSchedule schedule, Block block, Ancestors ancestors) {
        List<Header> ommers = block.ommers();
        if (ommers.isEmpty()) {
            return null;
        }
        Fork fork = schedule.fork(block.header().number(), block.header().timestamp());
        if (fork.has(Fork.PARIS) || ommers.size() > MOST_OMMERS) {
            return new Invalid(Fault.OMMERS, ommers.size() + " ommers are too many");
        }
        List<Block> family = family(block, ancestors);
        List<byte[]> used = new ArrayList<>();
        for (Block ancestor : family) {
            used.add(ancestor.header().hash());
            ancestor.ommers().forEach(ommer -> used.add(ommer.hash()));
        }
        for (Header ommer : ommers) {
            byte[] hash = ommer.hash();
            if (contains(used, hash)) {
                return new Invalid(Fault.OMMERS, "an ommer is an ancestor, or was named before");
            }
            used.add(hash);
            Invalid invalid = check(schedule, ommer, block, family);
            if (invalid != null) {
                return invalid;
            }
        }
        return null;
    }

    /** The ancestors up to the seventh, nearest first. */
    private static List<Block> family(Block block, Ancestors ancestors) {
        List<Block> family = new ArrayList<>();
        Block next = ancestors.block(block.header().parentHash());
        while (next != null && family.size() <= GENERATIONS) {
            family.add(next);
            next = ancestors.block(next.header().parentHash());
        }
        return family;
    }

    private static @Nullable Invalid check(ForkSchedule schedule, Header ommer, Block block, List<Block> family) {
        // The parent of the block itself is no parent of an ommer: that would be a sibling of the block.
        for (Block ancestor : family.subList(Math.min(1, family.size()), family.size())) {
            Header parent = ancestor.header();
            if (Arrays.equals(parent.hash(), ommer.parentHash())) {
                ChainRules rules = schedule.rules(ommer.number(), ommer.timestamp());
                Invalid invalid = new HeaderChecks(schedule, rules, BlockPolicy.PUBLIC, ommer).after(parent);
                return invalid == null ? null : new Invalid(Fault.OMMERS, "an ommer is invalid: " + invalid.message());
            }
        }
        return new Invalid(
                Fault.OMMERS,
                "an ommer of block " + block.header().number() + " has no ancestor of the last " + GENERATIONS
                        + " generations as parent");
    }

    private static boolean contains(List<byte[]> hashes, byte[] hash) {
        return hashes.stream().anyMatch(known -> Arrays.equals(known, hash));
    }
}
