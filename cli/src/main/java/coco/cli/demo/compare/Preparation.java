package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.crypto.Secp256k1;
import coco.evm.transition.ChainRules;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.Outlook;
import coco.ledgers.ethereum.pool.Admission;
import coco.ledgers.ethereum.pool.PoolLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Makes a choice: out of a folder, or synthetic, or out of a folder and then synthetic. */
final class Preparation {
    private static final long MAINNET = 1;

    private final CompareSettings settings;

    Preparation(CompareSettings settings) {
        this.settings = settings;
    }

    /**
     * What a count of transactions makes.
     *
     * @param choice what is raced
     * @param footprints of its transactions
     * @param warmUp synthetic transactions for before, whose accounts are part of the same state, in the order in which
     *     they are sent
     * @param warmUpFootprints of the first of these
     * @param chainId of both networks
     * @param rules of both networks
     */
    record Prepared(
            Choice choice,
            List<Footprint> footprints,
            List<SourceTransaction> warmUp,
            List<Footprint> warmUpFootprints,
            long chainId,
            ChainRules rules) {}

    /**
     * Chooses.
     *
     * @throws CliException the folder cannot be used, or holds fewer
     */
    Prepared make(int count) {
        Path folder = settings.folder();
        if (folder == null) {
            return prepared(synthetic(count), MAINNET);
        }
        BlockFolder blocks = BlockFolder.open(folder);
        List<Long> numbers = blocks.numbers(settings.blocks());
        if (numbers.isEmpty()) {
            throw CliException.usage(
                    "no block in " + folder + " is in the range",
                    "Without --blocks only those from " + BlockRange.FROM_BYZANTIUM.first()
                            + " on count; name another range, such as --blocks 0..");
        }
        long chainId = blocks.read(numbers.getFirst()).rules().chainId();
        Chooser chooser = new Chooser(
                admission(chainId), blocks.codes(), settings.baselineSettings().gasLimit(), count);
        for (long number : numbers) {
            if (chooser.isFull()) {
                break;
            }
            SourceBlock block = blocks.read(number);
            if (block.rules().chainId() != chainId) {
                throw CliException.usage(
                        "block " + number + " is of chain " + block.rules().chainId() + ", others are of " + chainId,
                        "Keep one chain in one folder, or name a range with --blocks.");
            }
            chooser.add(block);
        }
        return prepared(complete(chooser.choice("", rules(chainId), cuts()), count, chainId), chainId);
    }

    private Choice complete(Choice real, int count, long chainId) {
        int missing = count - real.transactions().size();
        String from = chainId == MAINNET ? "Ethereum's main network" : "chain " + chainId;
        String origin = String.format(
                Locale.ROOT,
                "%,d real transactions of %s, from %d of its blocks (%s)",
                real.real(),
                from,
                real.blocks().size(),
                span(real.blocks()));
        if (missing <= 0) {
            return real.named(origin);
        }
        if (!settings.topUp()) {
            throw CliException.usage(
                    "only " + real.real() + " transactions of the folder can be used, and " + count + " are wanted",
                    "Ask for fewer, name more blocks with --blocks, or add --top-up for synthetic ones, labelled so.");
        }
        List<SourceTransaction> all = new ArrayList<>(real.transactions());
        Map<String, String> codes = new TreeMap<>(real.codes());
        all.addAll(new SyntheticMix("top-up", chainId).make(missing, real.state(), codes));
        return real.with(SendOrder.of(all), codes)
                .named(origin + String.format(Locale.ROOT, ", and %,d synthetic ones", missing));
    }

    private static Choice synthetic(int count) {
        MergedState state = new MergedState();
        Map<String, String> codes = new TreeMap<>();
        List<SourceTransaction> made = new SyntheticMix("race", MAINNET).make(count, state, codes);
        String origin = String.format(
                Locale.ROOT, "%,d synthetic transactions, in the proportions of Ethereum's main network", count);
        return new Choice(origin, 0, SendOrder.of(made), state, codes, List.of(), new TreeMap<>());
    }

    private Prepared prepared(Choice choice, long chainId) {
        Map<String, String> codes = new TreeMap<>(choice.codes());
        List<SourceTransaction> warmUp = settings.warmUp() == 0
                ? List.of()
                : SendOrder.of(SyntheticMix.forWarmUp(chainId).make(settings.warmUp(), choice.state(), codes));
        Choice complete = choice.with(choice.transactions(), codes);
        ChainRules rules = rules(chainId);
        return new Prepared(
                complete,
                Footprint.of(complete.transactions(), complete.state(), codes, rules),
                warmUp,
                Footprint.of(WarmUp.forBaseline(warmUp), complete.state(), codes, rules),
                chainId,
                rules);
    }

    private List<Stability.Cut> cuts() {
        BaselineSettings other = settings.baselineSettings();
        return Stability.usual(CompareSettings.BATCH, other.gasLimit(), other.blockSeconds());
    }

    private static String span(List<Long> blocks) {
        return blocks.isEmpty() ? "none" : blocks.getFirst() + " to " + blocks.getLast();
    }

    private static Genesis genesis(long chainId) {
        return Genesis.parse(CompareGenesis.empty(chainId).toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Judges as the pool of a node with this genesis would. */
    static Admission admission(long chainId) {
        Genesis genesis = genesis(chainId);
        return new Admission(genesis, new Outlook(genesis), PoolLimits.DEFAULT, Secp256k1.fastest(), "ethereum");
    }

    private static ChainRules rules(long chainId) {
        return genesis(chainId).config().rules(1, Long.MAX_VALUE);
    }
}
