package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.Action;
import coco.governance.BlockLimits;
import coco.governance.Consortium;
import coco.governance.GovernanceMaps;
import coco.governance.rules.Choice;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A record that is not what the rules give is found. */
final class GovernanceReplayTest {
    private static final long TIME = 1_800_000_000L;

    private final Consortium consortium = new Consortium();
    private final Assembly assembly = new Assembly(consortium, consortium.of("alice", "bob", "carol"));
    private final List<byte[]> blocks = new ArrayList<>();

    GovernanceReplayTest() {
        String id = assembly.propose("alice", new Action.SetLimits(new BlockLimits(9, 9, 1 << 20, 3)));
        assembly.vote("bob", id, Choice.ACCEPT);
        assembly.vote("carol", id, Choice.ACCEPT);
        assembly.pass(List.of("alice", "bob"), new Action.RemoveMember("carol"));
        assembly.network.blocks().forEach(block -> blocks.add(block.publicWrites()));
    }

    private String judge(List<byte[]> changed) {
        GovernanceReplay replay = new GovernanceReplay(Assembly.SERVICE, assembly.network.genesisDocument());
        for (int height = 0; height < changed.size(); height++) {
            String problem = replay.block(height, changed.get(height), TIME);
            if (problem != null) {
                return problem;
            }
        }
        assertThat(replay.decisions()).isEqualTo(6);
        assertThat(replay.constitution().digest())
                .isEqualTo(assembly.constitution().digest());
        return "";
    }

    @Test
    void shouldFindTheSameConstitutionWhenTheRecordIsWhole() {
        assertThat(judge(blocks)).isEmpty();
    }

    @Test
    void shouldFindABlockThatIsMissingOrComesTwice() {
        for (int height = 1; height < blocks.size(); height++) {
            List<byte[]> missing = new ArrayList<>(blocks);
            missing.set(height, new byte[] {1, 0});
            List<byte[]> twice = new ArrayList<>(blocks);
            twice.add(height, blocks.get(height));
            if (height < blocks.size() - 1) {
                assertThat(judge(missing)).as("without %d", height).isNotEmpty();
            }
            assertThat(judge(twice)).as("twice %d", height).isNotEmpty();
        }
    }

    @Test
    void shouldFindAWriteThatWasAddedOrLeftOut() throws MalformedWriteSetException {
        int tried = 0;
        for (int height = 1; height < blocks.size(); height++) {
            WriteSet writes = WriteSet.parse(blocks.get(height), GovernanceMaps.ALL);
            List<MapSpec> maps = new ArrayList<>();
            writes.forEach((map, key, value) -> maps.add(map));
            for (int skipped = 0; skipped < maps.size(); skipped++) {
                assertThat(judge(with(height, without(writes, skipped))))
                        .as("height %d without %s", height, maps.get(skipped))
                        .isNotEmpty();
                tried++;
            }
            Transaction more = new Transaction(new Store(GovernanceMaps.ALL, StoreLimits.DEFAULT).head());
            writes.forEach((map, key, value) -> write(more, map, key, value));
            more.put(GovernanceMaps.JOINS, "node-9".getBytes(StandardCharsets.US_ASCII), new byte[] {1});
            assertThat(judge(with(height, more.writes().serialise())))
                    .contains("should not have written governance.joins");
        }
        assertThat(tried).isGreaterThan(15);
    }

    private List<byte[]> with(int height, byte[] changed) {
        List<byte[]> all = new ArrayList<>(blocks);
        all.set(height, changed);
        return all;
    }

    private static byte[] without(WriteSet writes, int skipped) {
        Transaction rest = new Transaction(new Store(GovernanceMaps.ALL, StoreLimits.DEFAULT).head());
        int[] at = {0};
        writes.forEach((map, key, value) -> {
            if (at[0]++ != skipped) {
                write(rest, map, key, value);
            }
        });
        return rest.writes().serialise();
    }

    private static void write(Transaction to, MapSpec map, byte[] key, byte @Nullable [] value) {
        if (value == null) {
            to.remove(map, key);
        } else {
            to.put(map, key, value);
        }
    }

    @Test
    void shouldFindAnyByteThatWasChanged() {
        long seed = 20_261_126L;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            int height = random.nextInt(blocks.size());
            byte[] bad = blocks.get(height).clone();
            int at = random.nextInt(bad.length);
            bad[at] ^= (byte) (1 + random.nextInt(255));
            assertThat(judge(with(height, bad)))
                    .as("seed %d round %d height %d byte %d", seed, round, height, at)
                    .isNotEmpty();
        }
    }

    @Test
    void shouldFindAnotherServiceIdOrAnotherGenesis() {
        byte[] other = Assembly.SERVICE.clone();
        other[0]++;
        GovernanceReplay replay = new GovernanceReplay(other, assembly.network.genesisDocument());
        assertThat(replay.block(0, blocks.getFirst(), TIME)).isNull();
        assertThat(replay.block(1, blocks.get(1), TIME)).contains("should have been refused: other-service");
        byte[] founder = Consortium.genesis(consortium.of("alice", "bob")).bytes();
        assertThat(new GovernanceReplay(Assembly.SERVICE, founder).block(0, blocks.getFirst(), TIME))
                .contains("should have written governance.constitution");
        assertThat(Arrays.equals(founder, assembly.network.genesisDocument())).isFalse();
    }
}
