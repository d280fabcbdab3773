package coco.consensus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.consensus.LogPosition;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.RecordingMachine;
import coco.consensus.RecordingMachine.Applied;
import coco.consensus.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random runs under harsh faults; what every one of them must keep. Each failure names its seed. */
final class OracleLogSimTest {
    private static final int SEEDS = 150;

    /** One random run: proposals at whoever thinks it leads, crashes, restarts, and a calm end. */
    private static final class Run {
        private record Sent(PeerId by, String payload, CompletableFuture<ProposeReply> reply) {}

        private final Simulation simulation;
        private final OracleGroup group;
        private final List<Sent> sent = new ArrayList<>();
        private int number;
        private int unknownButApplied;
        private int refusedThenTaken;
        private int crashes;

        Run(long seed, Faults faults) {
            simulation = new Simulation(seed);
            group = new OracleGroup(simulation, faults);
            group.peers().forEach(group::start);
        }

        void storm() {
            for (int round = 0; round < 400; round++) {
                simulation.runFor(
                        Duration.ofMillis(simulation.random().nextInt(100)).toNanos());
                group.peers().stream().filter(this::mayPropose).forEach(this::proposeSome);
                for (PeerId peer : group.peers()) {
                    disturb(peer);
                }
            }
        }

        private boolean mayPropose(PeerId peer) {
            return group.runs(peer) && group.log(peer).role() == Role.LEADER;
        }

        private void proposeSome(PeerId peer) {
            for (int i = simulation.random().nextInt(4); i > 0; i--) {
                String payload = "payload " + number;
                sent.add(new Sent(
                        peer, payload, group.log(peer).propose(number, payload.getBytes(StandardCharsets.UTF_8))));
                number++;
            }
            if (simulation.chance(0.3)) {
                group.log(peer).nudge();
            }
        }

        private void disturb(PeerId peer) {
            if (!group.runs(peer)) {
                if (simulation.chance(0.05)) {
                    group.start(peer);
                }
            } else if (simulation.chance(0.01)) {
                crashes++;
                group.crash(peer);
            } else if (simulation.chance(0.02)) {
                group.machine(peer).persist();
            } else if (simulation.chance(0.01)) {
                group.log(peer).stepDown();
            }
        }

        void calm() {
            group.oracle().faults(Faults.none());
            group.heal();
            group.peers().stream().filter(peer -> !group.runs(peer)).forEach(group::start);
            // Isolations that are under way heal within this time.
            simulation.runFor(Duration.ofSeconds(20).toNanos());
            group.heal();
            simulation.runFor(Duration.ofSeconds(20).toNanos());
        }

        void check() {
            List<String> committed = group.oracle().committedPayloads().stream()
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .toList();
            assertThat(committed).doesNotHaveDuplicates();
            for (PeerId peer : group.peers()) {
                RecordingMachine machine = group.machine(peer);
                assertThat(machine.failure()).isNull();
                assertThat(machine.payloads()).as("applied by %s", peer).isEqualTo(committed);
                assertThat(machine.readyTerms()).isSorted().doesNotHaveDuplicates();
            }
            List<Applied> applied = group.machine(group.peers().getFirst()).applied();
            for (Sent each : sent) {
                assertThat(each.reply()).as("the reply for %s", each.payload()).isDone();
                switch (each.reply().join()) {
                    case ProposeReply.Committed reply ->
                        assertThat(applied).contains(new Applied(reply.position(), each.payload()));
                    case ProposeReply.Refused ignored -> {
                        assertThat(committed).doesNotContain(each.payload());
                        refusedThenTaken++;
                    }
                    case ProposeReply.Unknown ignored ->
                        unknownButApplied += committed.contains(each.payload()) ? 1 : 0;
                }
            }
        }
    }

    private static Run run(long seed) {
        Run run = new Run(seed, Faults.harsh());
        try {
            run.storm();
            run.calm();
            run.check();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
        return run;
    }

    @Test
    void shouldKeepItsPromisesWhenEverythingFails() {
        List<Run> runs =
                IntStream.range(0, SEEDS).mapToObj(OracleLogSimTest::run).toList();
        // The storms must really storm, or the promises mean nothing.
        assertThat(runs.stream().mapToInt(run -> run.unknownButApplied).sum()).isGreaterThan(SEEDS);
        assertThat(runs.stream().mapToInt(run -> run.refusedThenTaken).sum()).isGreaterThan(SEEDS);
        assertThat(runs.stream().mapToInt(run -> run.crashes).sum()).isGreaterThan(SEEDS);
        assertThat(runs.stream().filter(run -> run.number > 50).count()).isGreaterThan(SEEDS / 2);
        assertThat(runs.stream()
                        .mapToLong(run -> run.group.oracle().term())
                        .max()
                        .orElse(0))
                .isGreaterThan(5);
    }

    @Test
    void shouldRunTheSameWhenTheSeedIsTheSame() {
        assertThat(run(7).group.machine(new PeerId("node-1")).applied())
                .isEqualTo(run(7).group.machine(new PeerId("node-1")).applied());
    }

    @Test
    void shouldBeNoticedWhenSuccessIsFalse() {
        assertThatThrownBy(() -> {
                    for (int seed = 0; seed < 20; seed++) {
                        Run run = new Run(seed, Faults.harsh().withFalseSuccess(0.2));
                        run.storm();
                        run.calm();
                        run.check();
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldLoseWhatWasNotFsyncedWhenANodeCrashes() {
        Simulation simulation = new Simulation(11);
        OracleGroup group = new OracleGroup(simulation, Faults.none());
        List<PeerId> peers = group.peers();
        peers.forEach(group::start);
        PeerId leader = awaitLeader(group);
        CompletableFuture<ProposeReply> reply = group.log(leader).propose(1, new byte[] {1});
        // Nothing is on any disk yet: no event has run.
        peers.forEach(group::crash);
        peers.forEach(group::start);
        simulation.runFor(Duration.ofSeconds(20).toNanos());
        assertThat(reply).isDone();
        assertThat(reply.join()).isInstanceOf(ProposeReply.Unknown.class);
        assertThat(group.oracle().committedPayloads()).isEmpty();
    }

    @Test
    void shouldStopAndReportWhenAMachineThrows() {
        OracleGroup group = new OracleGroup(new Simulation(12), Faults.none());
        group.peers().forEach(group::start);
        PeerId leader = awaitLeader(group);
        group.machine(leader).veto(payload -> {
            throw new IllegalStateException("a defect of the fence");
        });
        CompletableFuture<ProposeReply> reply = group.log(leader).propose(1, new byte[] {1});
        group.await("the reply", reply::isDone);
        assertThat(reply.join()).isInstanceOf(ProposeReply.Refused.class);
        assertThat(group.machine(leader).failure()).hasMessage("a defect of the fence");
        assertThat(group.log(leader).role()).isEqualTo(Role.STOPPED);
    }

    @Test
    void shouldKeepPositionsOrderedByIndex() {
        assertThat(LogPosition.NONE).isLessThan(new LogPosition(0, 0));
        assertThat(new LogPosition(2, 3)).isGreaterThan(new LogPosition(1, 2));
    }

    private static PeerId awaitLeader(OracleGroup group) {
        List<PeerId> found = new ArrayList<>();
        group.await("a leader", () -> {
            found.clear();
            group.peers().stream()
                    .filter(peer -> group.machine(peer).leads() > 0)
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }
}
