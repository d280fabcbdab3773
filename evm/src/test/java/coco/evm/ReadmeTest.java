package coco.evm;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.transition.ChainRules;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the module's README, compiled and run: between the markers stands what stands there. */
class ReadmeTest {
    private static final Path SOURCE = Path.of("src/test/java/coco/evm/ReadmeTest.java");
    private static final String BEGIN = "// README begins";
    private static final String END = "// README ends";

    @Test
    void shouldMoveValueAsTheReadmeSays() {
        Address alice = Address.of(0xA11CE);
        Address bob = Address.of(0xB0B);
        Address miner = Address.of(0xC0DE);
        long hashSeed = 42;
        // README begins
        InMemoryWorld world = new InMemoryWorld();
        world.put(alice, 0, Word.of(1_000_000_000_000_000_000L), new byte[0]);
        JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), hashSeed);
        BlockEnvironment block =
                new BlockEnvironment(1, 1_800_000_000, 30_000_000, Word.ZERO, Word.ZERO, miner, Word.ONE);
        TransactionExecutor executor = new TransactionExecutor(ChainRules.of(1, Fork.OSAKA), null);
        TransactionMessage message = TransactionMessage.call(alice, bob, Word.of(100), new byte[0], 21_000);
        switch (executor.execute(state, block, message, block.gasLimit())) {
            case Outcome.Executed executed -> executor.commit(state, world);
            case Outcome.Rejected rejected -> throw new IllegalStateException(rejected.message());
        }
        // README ends
        assertThat(state.account(bob).balance()).isEqualTo(Word.of(100));
        assertThat(world.accounts()).containsKey(bob);
    }

    @Test
    void shouldBeTheExampleOfTheReadme() throws IOException {
        List<String> source = Files.readAllLines(SOURCE);
        int begin = 1 + indexOf(source, BEGIN);
        List<String> example = source.subList(begin, indexOf(source, END));
        String readme = Files.readString(Path.of("README.md"));
        assertThat(withoutLayout(readme)).contains(withoutLayout(String.join("\n", example)));
        assertThat(example).hasSizeLessThan(20);
    }

    private static int indexOf(List<String> lines, String marker) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(marker)) {
                return i;
            }
        }
        throw new IllegalStateException("no " + marker);
    }

    /** The formatter breaks lines where a page does not. */
    private static String withoutLayout(String code) {
        return code.replaceAll("\\s+", "");
    }
}
