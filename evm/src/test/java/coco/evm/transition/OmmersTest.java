package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.code.CodeCache;
import coco.evm.rlp.RlpWriter;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.TrieWorld;
import coco.evm.state.WorldAccount;
import coco.evm.transition.BlockOutcome.Fault;
import coco.evm.transition.BlockOutcome.Invalid;
import coco.evm.transition.BlockOutcome.Valid;
import coco.evm.trie.MerklePatricia;
import coco.evm.types.Address;
import coco.evm.types.Block;
import coco.evm.types.Bloom;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ommers, what they earn, and how hard blocks were to find: rules that no chain has had since the merge. */
class OmmersTest {
    private static final Address MINER = Address.of(0x11);
    private static final Address OTHER = Address.of(0x22);
    private static final byte[] EMPTY_ROOT = MerklePatricia.emptyRoot();
    private static final ForkSchedule HOMESTEAD = ForkSchedule.always(1, Fork.HOMESTEAD);

    private final Map<String, Block> known = new HashMap<>();
    private final List<Block> chain = new ArrayList<>();
    private final TrieWorld world = TrieWorld.bare(new InMemoryWorld());
    private final BlockExecutor executor = new BlockExecutor(HOMESTEAD, new CodeCache(1 << 20), 1, null);

    private void begin(int blocks) {
        add(block(header(null, MINER, 131_072, List.of())));
        for (int i = 0; i < blocks; i++) {
            Block next = child(List.of());
            assertThat(execute(next)).isInstanceOf(Valid.class);
            add(next);
        }
    }

    private void add(Block block) {
        chain.add(block);
        known.put(HexFormat.of().formatHex(block.header().hash()), block);
    }

    private BlockOutcome execute(Block block) {
        return executor.execute(block, this::ancestor, world);
    }

    private @Nullable Block ancestor(byte[] hash) {
        return known.get(HexFormat.of().formatHex(hash));
    }

    private Block child(List<Header> ommers) {
        return new Block(header(chain.getLast().header(), MINER, 0, ommers), List.of(), ommers, null);
    }

    private static Block block(Header header) {
        return new Block(header, List.of(), List.of(), null);
    }

    /** An ommer whose parent is so many generations before the next block. */
    private Header ommer(int generations) {
        return header(chain.get(chain.size() - generations).header(), OTHER, 0, List.of());
    }

    private static Header header(@Nullable Header parent, Address miner, long firstDifficulty, List<Header> ommers) {
        RlpWriter out = new RlpWriter().beginList();
        ommers.forEach(ommer -> out.raw(ommer.encode()));
        byte[] ommersHash = Keccak256.hash(out.endList().toBytes());
        long number = parent == null ? 0 : parent.number() + 1;
        long time = parent == null ? 1_000 : parent.timestamp() + 13;
        Word difficulty = parent == null
                ? Word.of(firstDifficulty)
                : Difficulty.of(HOMESTEAD, Fork.HOMESTEAD, parent, number, time);
        return new Header(
                parent == null ? new byte[32] : parent.hash(),
                ommersHash,
                miner,
                EMPTY_ROOT,
                EMPTY_ROOT,
                EMPTY_ROOT,
                new Bloom(),
                difficulty == null ? Word.ZERO : difficulty,
                number,
                5_000_000,
                0,
                time,
                new byte[0],
                new byte[32],
                new byte[8],
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private BigInteger balance(Address address) {
        WorldAccount account = world.account(address);
        return account == null ? BigInteger.ZERO : account.balance().toBigInteger();
    }

    private void assertRefused(List<Header> ommers) {
        BigInteger before = balance(MINER);
        assertThat(execute(child(ommers)))
                .isInstanceOfSatisfying(
                        Invalid.class, invalid -> assertThat(invalid.fault()).isEqualTo(Fault.OMMERS));
        assertThat(balance(MINER)).isEqualTo(before);
    }

    @Test
    void shouldRewardOmmersByAgeAndTheBlockThatNamesThem() {
        begin(8);
        assertThat(balance(MINER)).isEqualTo(new BigInteger("40000000000000000000"));
        Block nephew = child(List.of(ommer(2), ommer(7)));
        assertThat(execute(nephew)).isInstanceOf(Valid.class);
        // 7/8 and 2/8 of five ether; the block has two 32nds more.
        assertThat(balance(OTHER)).isEqualTo(new BigInteger("5625000000000000000"));
        assertThat(balance(MINER)).isEqualTo(new BigInteger("45312500000000000000"));
    }

    @Test
    void shouldRefuseOmmersThatAreNone() {
        begin(9);
        assertRefused(List.of(ommer(1)));
        assertRefused(List.of(ommer(8)));
        assertRefused(List.of(chain.get(8).header()));
        assertRefused(List.of(ommer(2), ommer(2)));
        assertRefused(List.of(ommer(2), ommer(3), ommer(4)));
        Header valid = ommer(2);
        assertRefused(List.of(header(valid, OTHER, 0, List.of())));
        Block nephew = child(List.of(valid));
        assertThat(execute(nephew)).isInstanceOf(Valid.class);
        add(nephew);
        assertRefused(List.of(valid));
    }

    @Test
    void shouldRefuseWhenTheHashOfOmmersIsAnothers() {
        begin(3);
        Block block = child(List.of(ommer(2)));
        assertThat(execute(new Block(block.header(), List.of(), List.of(), null)))
                .isInstanceOfSatisfying(
                        Invalid.class, invalid -> assertThat(invalid.fault()).isEqualTo(Fault.OMMERS_HASH));
    }

    @Test
    void shouldFollowTheFormulaOfEachForkForDifficulty() {
        ForkSchedule mainnet = ForkSchedule.mainnet();
        // The first block of the main network.
        assertDifficulty(mainnet, Fork.FRONTIER, 17_179_869_184L, 0, 1, 1_438_269_988, 17_171_480_576L);
        assertDifficulty(mainnet, Fork.FRONTIER, 1_000_000_000, 100, 9, 112, 1_000_488_281);
        assertDifficulty(mainnet, Fork.HOMESTEAD, 1_000_000_000, 100, 9, 125, 999_511_719);
        assertDifficulty(mainnet, Fork.HOMESTEAD, 1_000_000_000, 100, 9, 5_000, 951_660_181);
        assertDifficulty(mainnet, Fork.BYZANTIUM, 1_000_000_000, 100, 9, 105, 1_000_488_281);
        assertDifficulty(mainnet, Fork.HOMESTEAD, 131_072, 100, 9, 5_000, 131_072);
        // The bomb: 2^(period - 2), set back by three million blocks from Byzantium on.
        assertDifficulty(mainnet, Fork.HOMESTEAD, 1_000_000_000, 100, 2_000_000, 112, 1_000_000_000 + (1 << 18));
        assertDifficulty(mainnet, Fork.BYZANTIUM, 1_000_000_000, 100, 4_370_000, 112, 1_000_000_000 + (1 << 11));
        assertThat(Difficulty.of(mainnet, Fork.HOMESTEAD, parent(1, 100), Long.MAX_VALUE, 200))
                .isNull();
    }

    private static void assertDifficulty(
            ForkSchedule schedule, Fork fork, long before, long parentTime, long number, long time, long expected) {
        assertThat(Difficulty.of(schedule, fork, parent(before, parentTime), number, time))
                .as("%s at %d", fork, number)
                .isEqualTo(Word.of(expected));
    }

    private static Header parent(long difficulty, long time) {
        Header any = header(null, MINER, difficulty, List.of());
        return new Header(
                any.parentHash(),
                any.ommersHash(),
                any.beneficiary(),
                any.stateRoot(),
                any.transactionsRoot(),
                any.receiptsRoot(),
                any.logsBloom(),
                any.difficulty(),
                any.number(),
                any.gasLimit(),
                any.gasUsed(),
                time,
                any.extraData(),
                any.mixHash(),
                any.nonce(),
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
