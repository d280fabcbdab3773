package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.BlockEnvironment;
import coco.evm.FrameExit;
import coco.evm.Halt;
import coco.evm.Step;
import coco.evm.Tracer;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.ForkSchedule;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a warm-up is for: that a machine has seen what real transactions will ask of it. */
final class MixedCallsTest {
    private static final int COUNT = 2_000;

    private final Set<Integer> seen = new TreeSet<>();
    private final Set<Halt> halts = EnumSet.noneOf(Halt.class);

    @Test
    void shouldMeetWhatRealTransactionsMeet() {
        MergedState state = new MergedState();
        Map<String, String> codes = new HashMap<>();
        List<SourceTransaction> made = SyntheticMix.forWarmUp(1).make(COUNT, state, codes);
        InMemoryWorld world = new InMemoryWorld();
        state.accounts().forEach((address, account) -> Stability.put(world, codes, address, account));
        ChainRules rules = ForkSchedule.always(1, Fork.OSAKA).rules(1, 1);
        JournaledState above = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
        TransactionExecutor executor = new TransactionExecutor(rules, null);
        BlockEnvironment block =
                new BlockEnvironment(9, 1_795_000_000, Long.MAX_VALUE, Word.ZERO, Word.ONE, Address.ZERO, Word.ONE);
        int failed = 0;
        for (SourceTransaction source : made) {
            Outcome outcome = executor.trace(
                    above,
                    block,
                    TransactionMessage.of(source.transaction(), source.sender()),
                    Long.MAX_VALUE,
                    new Watcher(),
                    null);
            executor.commit(above, world);
            failed += outcome instanceof Outcome.Executed executed && executed.isSuccess() ? 0 : 1;
        }

        assertThat(failed).isZero();
        // Half of the calls that are neither of ether nor of tokens; so many are enough for all branches.
        assertThat(missing(0x01, 0x0b)).isEmpty();
        assertThat(missing(0x10, 0x1d)).isEmpty();
        assertThat(missing(0x50, 0x5e)).isEmpty();
        assertThat(missing(0x5f, 0xa2)).isEmpty();
        assertThat(seen).contains(0x20, 0x31, 0x35, 0x3c, 0x40, 0x42, 0x43, 0x47, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5);
        assertThat(seen).contains(0xfa, 0xfd, 0xfe, 0xff);
        assertThat(halts).contains(Halt.SUCCESS, Halt.REVERT, Halt.OUT_OF_GAS, Halt.INVALID_JUMP, Halt.INVALID_OPCODE);
    }

    private Set<String> missing(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .filter(op -> !seen.contains(op))
                .mapToObj(Integer::toHexString)
                .collect(Collectors.toSet());
    }

    private final class Watcher implements Tracer {
        @Override
        public boolean wantsSteps() {
            return true;
        }

        @Override
        public void step(Step step) {
            seen.add(step.op());
        }

        @Override
        public void frameExited(FrameExit frame) {
            halts.add(frame.halt());
        }
    }
}
