package coco.evm.transition;

import coco.evm.types.Address;
import coco.evm.types.Fork;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * When each fork of a chain begins: which rules and which blob parameters a block has by its number and time.
 * Immutable.
 *
 * <p>Made for the main network, or from the fields of a genesis document's {@code config}, whose names are geth's.
 * Forks before Shanghai begin with a block number, later ones with a time. Paris begins with {@code
 * mergeNetsplitBlock}, or at once where {@code terminalTotalDifficulty} is zero: a schedule sees no total difficulty
 * (EIP-3675), so a chain that merged at another one has to name the block.
 */
public final class ForkSchedule {
    /** Where the main network's validators deposit (EIP-6110). */
    public static final Address MAINNET_DEPOSIT_CONTRACT =
            Address.fromHex("0x00000000219ab540356cbb839cbe05303d7705fa");

    private static final Map<String, Fork> BY_BLOCK = Map.ofEntries(
            Map.entry("homesteadBlock", Fork.HOMESTEAD),
            Map.entry("eip150Block", Fork.TANGERINE_WHISTLE),
            Map.entry("eip158Block", Fork.SPURIOUS_DRAGON),
            Map.entry("byzantiumBlock", Fork.BYZANTIUM),
            Map.entry("constantinopleBlock", Fork.CONSTANTINOPLE),
            Map.entry("petersburgBlock", Fork.PETERSBURG),
            Map.entry("istanbulBlock", Fork.ISTANBUL),
            Map.entry("berlinBlock", Fork.BERLIN),
            Map.entry("londonBlock", Fork.LONDON),
            Map.entry("mergeNetsplitBlock", Fork.PARIS));
    private static final Map<String, Fork> BY_TIME = Map.of(
            "shanghaiTime", Fork.SHANGHAI,
            "cancunTime", Fork.CANCUN,
            "pragueTime", Fork.PRAGUE,
            "osakaTime", Fork.OSAKA);

    /** By how many blocks the difficulty bomb is set back (EIP-649, 1234, 2384, 3554, 4345, 5133). */
    private static final Map<String, Long> BOMB_DELAYS = Map.of(
            "byzantiumBlock", 3_000_000L,
            "constantinopleBlock", 5_000_000L,
            "muirGlacierBlock", 9_000_000L,
            "londonBlock", 9_700_000L,
            "arrowGlacierBlock", 10_700_000L,
            "grayGlacierBlock", 11_400_000L);

    private static final Pattern BLOB_TIME = Pattern.compile("(cancun|prague|osaka|bpo[1-9])Time");
    private static final Map<String, BlobParameters> BLOB_DEFAULTS = Map.of(
            "cancun", BlobParameters.CANCUN,
            "prague", BlobParameters.PRAGUE,
            "bpo1", BlobParameters.BPO1,
            "bpo2", BlobParameters.BPO2);
    private static final String DAO_FORK = "daoForkBlock";
    /** Replay protection comes with {@code eip158Block} whatever this says; but it is one of EIP-2124's forks. */
    private static final String EIP155 = "eip155Block";

    /** One set of blob parameters and when it begins. */
    private record BlobStep(long time, BlobParameters parameters) {}

    /** One delay of the difficulty bomb and when it begins. */
    private record BombStep(long block, long delay) {}

    private final long chainId;
    private final long transactionGasCap;
    private final Address depositContract;
    private final @Nullable Long daoForkBlock;
    private final Map<Fork, Long> blocks;
    private final Map<Fork, Long> times;
    private final List<BlobStep> blobSteps;
    private final List<BombStep> bombSteps;
    private final List<Long> forkBlocks;
    private final List<Long> forkTimes;

    private ForkSchedule(Builder from) {
        this.chainId = from.chainId;
        this.transactionGasCap = from.transactionGasCap;
        this.depositContract = from.depositContract;
        this.daoForkBlock = from.daoForkSupported ? from.fields.get(DAO_FORK) : null;
        this.blocks = new EnumMap<>(Fork.class);
        this.times = new EnumMap<>(Fork.class);
        from.fields.forEach((name, at) -> {
            Fork byBlock = BY_BLOCK.get(name);
            Fork byTime = BY_TIME.get(name);
            if (byBlock != null) {
                blocks.put(byBlock, at);
            } else if (byTime != null) {
                times.put(byTime, at);
            }
        });
        this.blobSteps = blobSteps(from);
        this.bombSteps = new ArrayList<>();
        BOMB_DELAYS.forEach((name, delay) -> {
            Long at = from.fields.get(name);
            if (at != null) {
                bombSteps.add(new BombStep(at, delay));
            }
        });
        this.forkBlocks = beginnings(from, "Block");
        this.forkTimes = beginnings(from, "Time");
    }

    private static List<Long> beginnings(Builder from, String suffix) {
        return from.fields.entrySet().stream()
                .filter(field -> field.getKey().endsWith(suffix))
                .map(Map.Entry::getValue)
                .sorted(Long::compareUnsigned)
                .distinct()
                .toList();
    }

    /** In the order of the names, which is the order in which steps of the same time follow each other. */
    private static List<BlobStep> blobSteps(Builder from) {
        List<BlobStep> steps = new ArrayList<>();
        for (String name : List.of(
                "cancun", "prague", "osaka", "bpo1", "bpo2", "bpo3", "bpo4", "bpo5", "bpo6", "bpo7", "bpo8", "bpo9")) {
            Long time = from.fields.get(name + "Time");
            BlobParameters parameters = from.blobs.getOrDefault(name, BLOB_DEFAULTS.get(name));
            if (time != null && parameters != null) {
                steps.add(new BlobStep(time, parameters));
            }
        }
        return steps;
    }

    /** The main network up to its second change of blob parameters. */
    public static ForkSchedule mainnet() {
        return builder(1)
                .at("homesteadBlock", 1_150_000)
                .at(DAO_FORK, 1_920_000)
                .at("eip150Block", 2_463_000)
                .at("eip158Block", 2_675_000)
                .at("byzantiumBlock", 4_370_000)
                .at("constantinopleBlock", 7_280_000)
                .at("petersburgBlock", 7_280_000)
                .at("istanbulBlock", 9_069_000)
                .at("muirGlacierBlock", 9_200_000)
                .at("berlinBlock", 12_244_000)
                .at("londonBlock", 12_965_000)
                .at("arrowGlacierBlock", 13_773_000)
                .at("grayGlacierBlock", 15_050_000)
                .at("mergeNetsplitBlock", 15_537_394)
                .at("shanghaiTime", 1_681_338_455)
                .at("cancunTime", 1_710_338_135)
                .at("pragueTime", 1_746_612_311)
                .at("osakaTime", 1_764_798_551)
                .at("bpo1Time", 1_765_290_071)
                .at("bpo2Time", 1_767_747_671)
                .build();
    }

    /** A chain that has the rules of one fork from its first block on. */
    public static ForkSchedule always(long chainId, Fork fork) {
        return builder(chainId).from(fork, 0).build();
    }

    /** Starts a schedule whose only fork is Frontier. */
    public static Builder builder(long chainId) {
        return new Builder(chainId);
    }

    /** EIP-155's id of the chain. */
    public long chainId() {
        return chainId;
    }

    /** The contract whose events are deposits (EIP-6110). */
    public Address depositContract() {
        return depositContract;
    }

    /** The fork of the block with this number and time, both unsigned. */
    public Fork fork(long number, long timestampSeconds) {
        Fork newest = Fork.FRONTIER;
        for (Map.Entry<Fork, Long> entry : blocks.entrySet()) {
            if (Long.compareUnsigned(entry.getValue(), number) <= 0
                    && entry.getKey().has(newest)) {
                newest = entry.getKey();
            }
        }
        for (Map.Entry<Fork, Long> entry : times.entrySet()) {
            if (Long.compareUnsigned(entry.getValue(), timestampSeconds) <= 0
                    && entry.getKey().has(newest)) {
                newest = entry.getKey();
            }
        }
        return newest;
    }

    /** When forks begin that begin with a time, in seconds since 1970, unsigned, in order, each time once. */
    public List<Long> forkTimes() {
        return forkTimes;
    }

    /**
     * EIP-2124's FORK_HASH, with the times of EIP-6122: CRC-32 of the genesis hash and of all forks that have begun.
     *
     * @param genesisHash 32 bytes
     * @param genesisTime seconds; forks that begin no later are left out, as those with block 0 are
     */
    public int forkHash(byte[] genesisHash, long genesisTime, long number, long timestampSeconds) {
        CRC32 crc = new CRC32();
        crc.update(genesisHash);
        for (long block : forkBlocks) {
            if (block != 0 && Long.compareUnsigned(block, number) <= 0) {
                crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, block));
            }
        }
        for (long time : forkTimes) {
            boolean begun = Long.compareUnsigned(time, timestampSeconds) <= 0;
            if (begun && Long.compareUnsigned(time, genesisTime) > 0) {
                crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, time));
            }
        }
        return (int) crc.getValue();
    }

    /** The blob parameters of a block with this time, unsigned; those of Cancun before it. */
    public BlobParameters blobs(long timestampSeconds) {
        BlobStep newest = null;
        for (BlobStep step : blobSteps) {
            boolean begun = Long.compareUnsigned(step.time, timestampSeconds) <= 0;
            if (begun && (newest == null || Long.compareUnsigned(step.time, newest.time) >= 0)) {
                newest = step;
            }
        }
        return newest == null ? BlobParameters.CANCUN : newest.parameters;
    }

    /** All that holds for the block with this number and time. */
    public ChainRules rules(long number, long timestampSeconds) {
        return new ChainRules(chainId, fork(number, timestampSeconds), transactionGasCap, blobs(timestampSeconds));
    }

    /** By how many blocks the difficulty bomb is set back at a block. */
    long bombDelay(long number) {
        long delay = 0;
        for (BombStep step : bombSteps) {
            if (Long.compareUnsigned(step.block, number) <= 0) {
                delay = Math.max(delay, step.delay);
            }
        }
        return delay;
    }

    /** Whether the block is the one that moves the DAO's balances (EIP-779). */
    public boolean isDaoFork(long number) {
        return daoForkBlock != null && daoForkBlock == number;
    }

    /** Whether the block must say {@code dao-hard-fork}: the fork and the nine after it. */
    boolean wantsDaoExtraData(long number) {
        return daoForkBlock != null && Long.compareUnsigned(number - daoForkBlock, 10) < 0;
    }

    /** The fields of a genesis document's {@code config}, one after the other. */
    public static final class Builder {
        private final long chainId;
        private final Map<String, Long> fields = new TreeMap<>();
        private final Map<String, BlobParameters> blobs = new TreeMap<>();
        private long transactionGasCap = ChainRules.DEFAULT_TRANSACTION_GAS_CAP;
        private Address depositContract = MAINNET_DEPOSIT_CONTRACT;
        private boolean daoForkSupported = true;

        private Builder(long chainId) {
            this.chainId = chainId;
        }

        /** Whether a field of this name says when something begins. */
        public static boolean isKnown(String field) {
            return BY_BLOCK.containsKey(field)
                    || BY_TIME.containsKey(field)
                    || BOMB_DELAYS.containsKey(field)
                    || field.equals(DAO_FORK)
                    || field.equals(EIP155)
                    || BLOB_TIME.matcher(field).matches();
        }

        /**
         * Sets when something begins.
         *
         * @param field geth's name for it: {@code homesteadBlock} … {@code osakaTime}, {@code bpo1Time} …
         * @param value a block number or seconds since 1970, unsigned
         * @throws IllegalArgumentException if no such field {@linkplain #isKnown is known}
         */
        public Builder at(String field, long value) {
            if (!isKnown(field)) {
                throw new IllegalArgumentException("nothing begins with " + field);
            }
            fields.put(field, value);
            return this;
        }

        /**
         * Lets a fork and all before it begin together, the bomb's delays and blob parameters with them.
         *
         * @param value a block number for the forks up to Paris; their time, and block 0, for the later ones
         */
        public Builder from(Fork fork, long value) {
            boolean timed = fork.has(Fork.SHANGHAI);
            BY_BLOCK.forEach((name, byBlock) -> begin(name, fork, byBlock, timed ? 0 : value));
            BY_TIME.forEach((name, byTime) -> begin(name, fork, byTime, value));
            begin("muirGlacierBlock", fork, Fork.BERLIN, timed ? 0 : value);
            begin("arrowGlacierBlock", fork, Fork.PARIS, timed ? 0 : value);
            begin("grayGlacierBlock", fork, Fork.PARIS, timed ? 0 : value);
            return this;
        }

        private void begin(String field, Fork newest, Fork own, long value) {
            if (newest.has(own)) {
                fields.putIfAbsent(field, value);
            }
        }

        /** Says that the chain began after the merge: {@code terminalTotalDifficulty} is zero. */
        public Builder merged() {
            return at("mergeNetsplitBlock", 0);
        }

        /** Whether the chain takes part in the DAO fork at its {@code daoForkBlock}; it does unless told otherwise. */
        public Builder daoForkSupport(boolean supported) {
            this.daoForkSupported = supported;
            return this;
        }

        /** One entry of {@code blobSchedule}: its name ({@code cancun}, {@code bpo1}, in any case) and parameters. */
        public Builder blobs(String name, BlobParameters parameters) {
            blobs.put(name.toLowerCase(Locale.ROOT), parameters);
            return this;
        }

        /** Sets the cap of EIP-7825. */
        public Builder transactionGasCap(long gas) {
            this.transactionGasCap = gas;
            return this;
        }

        /** Sets {@code depositContractAddress}. */
        public Builder depositContract(Address address) {
            this.depositContract = address;
            return this;
        }

        /** Whether no fork was named at all. */
        public boolean isEmpty() {
            return fields.isEmpty();
        }

        /** The schedule. */
        public ForkSchedule build() {
            return new ForkSchedule(this);
        }
    }
}
