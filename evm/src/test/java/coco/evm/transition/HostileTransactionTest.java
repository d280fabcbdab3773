package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.BlockEnvironment;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions whose fields have every value that fits them: each is executed or rejected, and nothing throws. */
class HostileTransactionTest {
    private static final long BLOCK_GAS = 30_000_000;
    private static final Address RICH = Address.of(0x71C4);
    private static final Address CONTRACT = Address.of(0xC0DE);
    private static final List<Transaction.Type> TYPES = List.of(Transaction.Type.values());
    private static final long[] GAS = {
        0, 1, 20_999, 21_000, 53_000, 100_000, 1 << 20, 1 << 24, BLOCK_GAS, BLOCK_GAS + 1, Long.MAX_VALUE, -1
    };
    private static final Word[] AMOUNTS = {
        Word.ZERO, Word.ONE, Word.of(7), Word.of(-1), Word.of(1, 0, 0, 0), Word.MAX.minus(Word.ONE), Word.MAX
    };

    @ParameterizedTest
    @EnumSource(Fork.class)
    void shouldExecuteOrRejectWhenFieldsAreRandom(Fork fork) {
        long seed = 0x405711eL + fork.name().hashCode();
        Random random = new Random(seed);
        int rounds = Integer.getInteger("coco.fuzz.rounds", 400);
        TransactionExecutor executor = new TransactionExecutor(ChainRules.of(1, fork), null);
        InMemoryWorld world = new InMemoryWorld();
        byte[] code = new byte[64];
        random.nextBytes(code);
        world.put(CONTRACT, 1, Word.ONE, code);
        world.put(RICH, 0, Word.MAX, new byte[0]);
        JournaledState state = new JournaledState(world, new CodeCache(1 << 20), seed);
        int executed = 0;
        for (int round = 0; round < rounds; round++) {
            long nonce = state.account(RICH).nonce();
            BlockEnvironment block = block(random);
            TransactionMessage message = message(random, nonce);
            switch (executor.execute(state, block, message, BLOCK_GAS)) {
                case Outcome.Rejected rejected -> {
                    assertThat(rejected.message()).isNotEmpty();
                    assertThat(state.account(RICH).nonce()).isEqualTo(nonce);
                }
                case Outcome.Executed outcome -> {
                    assertThat(outcome.gasUsed()).as("round %d", round).isBetween(21_000L, message.gasLimit());
                    executor.commit(state, world);
                    executed++;
                }
            }
            world.put(RICH, state.account(RICH).nonce(), Word.MAX, new byte[0]);
            state.forget();
        }
        assertThat(executed).isPositive();
    }

    private static BlockEnvironment block(Random random) {
        return new BlockEnvironment(
                random.nextLong(),
                random.nextLong(),
                BLOCK_GAS,
                random.nextInt(4) == 0 ? amount(random) : Word.ZERO,
                amount(random),
                address(random),
                random.nextInt(4) == 0 ? amount(random) : Word.ONE);
    }

    private static TransactionMessage message(Random random, long nonce) {
        byte[] data = new byte[random.nextInt(random.nextInt(20) == 0 ? 50_000 : 80)];
        random.nextBytes(data);
        Word fee = random.nextInt(3) == 0 ? amount(random) : Word.ONE;
        Word tip = random.nextInt(3) == 0 ? amount(random) : Word.ZERO;
        return new TransactionMessage(
                TYPES.get(random.nextInt(TYPES.size())),
                RICH,
                random.nextInt(8) == 0 ? random.nextLong() : nonce,
                GAS[random.nextInt(GAS.length)],
                fee,
                random.nextInt(2) == 0 ? fee : tip,
                random.nextInt(4) == 0 ? null : address(random),
                random.nextInt(3) == 0 ? amount(random) : Word.ZERO,
                data,
                accessList(random),
                authorizations(random),
                blobHashes(random),
                random.nextInt(3) == 0 ? amount(random) : Word.ONE);
    }

    private static Word amount(Random random) {
        return AMOUNTS[random.nextInt(AMOUNTS.length)];
    }

    private static Address address(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> CONTRACT;
            case 1 -> RICH;
            case 2 -> Address.of(random.nextInt(0x12));
            default -> Address.of(random.nextLong());
        };
    }

    private static List<AccessListEntry> accessList(Random random) {
        List<AccessListEntry> entries = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            entries.add(new AccessListEntry(address(random), List.of(amount(random), amount(random))));
        }
        return entries;
    }

    private static List<Authorization> authorizations(Random random) {
        List<Authorization> tuples = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            tuples.add(new Authorization(
                    Word.of(random.nextInt(3)),
                    address(random),
                    random.nextInt(2) == 0 ? 0 : -1,
                    random.nextInt(3),
                    Word.of(random.nextLong()),
                    random.nextInt(2) == 0 ? Word.of(random.nextLong()) : amount(random)));
        }
        return tuples;
    }

    private static List<byte[]> blobHashes(Random random) {
        List<byte[]> hashes = new ArrayList<>();
        for (int i = random.nextInt(9) - 2; i > 0; i--) {
            byte[] hash = new byte[32];
            hash[0] = (byte) (random.nextInt(5) == 0 ? 2 : 1);
            hashes.add(hash);
        }
        return hashes;
    }

    @Test
    void shouldRejectGasOfMoreThan63BitsWhateverTheBlockHas() {
        InMemoryWorld world = new InMemoryWorld();
        world.put(RICH, 0, Word.MAX, new byte[0]);
        JournaledState state = new JournaledState(world, new CodeCache(1 << 20), 1);
        TransactionExecutor executor = new TransactionExecutor(ChainRules.of(1, Fork.FRONTIER), null);
        BlockEnvironment block = new BlockEnvironment(1, 1, -1, Word.ZERO, Word.ONE, Address.of(0xC01), Word.ZERO);
        assertThat(rejection(executor.execute(state, block, call(Long.MIN_VALUE), -1)))
                .isEqualTo(Outcome.Reason.BLOCK_GAS_EXCEEDED);
        assertThat(rejection(executor.execute(state, block, call(21_000), -1))).isNull();
    }

    private static TransactionMessage call(long gas) {
        return TransactionMessage.call(RICH, CONTRACT, Word.ZERO, new byte[0], gas);
    }

    private static Outcome.@Nullable Reason rejection(Outcome outcome) {
        return outcome instanceof Outcome.Rejected rejected ? rejected.reason() : null;
    }
}
