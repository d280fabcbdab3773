package coco.governance;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.Constitution.Application;
import coco.governance.Constitution.Situation;
import coco.governance.document.Documents;
import coco.governance.rules.Choice;
import coco.governance.rules.Decision;
import coco.governance.rules.ProposalInput;
import coco.governance.rules.ProposalInput.RequestedAction;
import coco.governance.rules.Rule;
import coco.governance.rules.Voter;
import coco.governance.rules.VotingRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever is voted, alone or together: the service can still decide, recover, and agree on blocks. */
final class AmendmentPropertyTest {
    private static final List<String> NAMES = List.of("alice", "bob", "carol", "dora", "emil");
    private static final List<String> MEASUREMENTS = List.of(Consortium.MEASUREMENT, "cd".repeat(32), "ef".repeat(32));
    private static final int SEQUENCES = 60;
    private static final int STEPS = 40;

    private final Consortium consortium = new Consortium();
    private final Map<ActionKind, Integer> applied = new EnumMap<>(ActionKind.class);
    private final Map<String, NodeEntry> entries = new TreeMap<>();
    private int pairs;
    private int pairsOfGoodOnesRefused;

    /** A service: its constitution, who is in consensus, and what each node runs. */
    private static final class World {
        Constitution constitution;
        final Set<String> raft = new TreeSet<>();
        final Map<String, String> running = new TreeMap<>();
        long height = 1;

        World(Constitution constitution) {
            this.constitution = constitution;
            constitution.nodes().nodes().forEach(node -> {
                raft.add(node.id());
                running.put(node.id(), Consortium.MEASUREMENT);
            });
        }

        Situation situation() {
            Set<String> ids = Set.copyOf(raft);
            return new Situation(height, 1_800_000_000L, new RaftNodes() {
                @Override
                public Set<String> ids() {
                    return ids;
                }

                @Override
                public Set<String> admitted(Constitution candidate, long at) {
                    return World.this.admitted(candidate, at);
                }
            });
        }

        Set<String> admitted(Constitution by, long at) {
            Set<String> admitted = new HashSet<>();
            for (String node : raft) {
                if (by.admitsCode(PlatformEntry.SIMULATED, running.getOrDefault(node, ""), at)) {
                    admitted.add(node);
                }
            }
            return admitted;
        }

        /** One step of whoever brings consensus' configuration after the list. */
        void reconcile(Random random) {
            List<Runnable> steps = new ArrayList<>();
            Set<String> listed = new TreeSet<>();
            constitution.nodes().nodes().forEach(node -> listed.add(node.id()));
            raft.stream()
                    .filter(node -> !listed.contains(node))
                    .findFirst()
                    .ifPresent(node -> steps.add(() -> {
                        raft.remove(node);
                    }));
            listed.stream()
                    .filter(node -> !raft.contains(node))
                    .findFirst()
                    .ifPresent(node -> steps.add(() -> {
                        for (String measurement : MEASUREMENTS) {
                            if (constitution.admitsNewcomer(PlatformEntry.SIMULATED, measurement)) {
                                raft.add(node);
                                running.put(node, measurement);
                                return;
                            }
                        }
                    }));
            if (!steps.isEmpty()) {
                steps.get(random.nextInt(steps.size())).run();
            }
        }
    }

    @Test
    @Tag("N21")
    void shouldNeverLeaveAServiceThatCannotDecideRecoverOrAgreeWhenAnythingIsVoted() {
        long seed = 20_261_126L;
        int refused = 0;
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            Random random = new Random(seed + sequence);
            World world = new World(consortium.of("alice", "bob", "carol"));
            for (int step = 0; step < STEPS; step++) {
                String where = "seed " + (seed + sequence) + " step " + step;
                refused += vote(world, random) ? 0 : 1;
                world.height += 1 + random.nextInt(3);
                Long due = world.constitution.nextRetirement();
                if (due != null && due <= world.height) {
                    world.constitution = world.constitution.withoutRetired(world.situation());
                }
                assertSound(world, where);
                if (random.nextBoolean()) {
                    world.reconcile(random);
                }
                assertSound(world, where + " reconciled");
            }
        }
        System.out.println("applied " + applied + ", refused " + refused + ", pairs " + pairs
                + ", pairs refused of two that pass alone " + pairsOfGoodOnesRefused);
        assertThat(applied.keySet()).contains(ActionKind.REMOVE_NODE, ActionKind.REMOVE_MEMBER, ActionKind.RETIRE_CODE);
        assertThat(refused).isPositive();
        assertThat(pairsOfGoodOnesRefused).as("pairs that only fail together").isPositive();
    }

    private boolean vote(World world, Random random) {
        List<Action> actions = new ArrayList<>(List.of(action(world, random)));
        if (random.nextInt(3) == 0) {
            actions.add(action(world, random));
        }
        Application together = world.constitution.apply(actions, world.situation());
        if (actions.size() == 2) {
            pairs++;
            boolean alone = actions.stream()
                    .allMatch(each ->
                            world.constitution.apply(List.of(each), world.situation()) instanceof Application.Applied);
            pairsOfGoodOnesRefused += alone && together instanceof Application.Failed ? 1 : 0;
        }
        if (together instanceof Application.Applied(Constitution after, var consequences)) {
            world.constitution = after;
            actions.forEach(action -> applied.merge(action.kind(), 1, Integer::sum));
            return true;
        }
        return false;
    }

    private Action action(World world, Random random) {
        Constitution c = world.constitution;
        String name = NAMES.get(random.nextInt(NAMES.size()));
        String measurement = MEASUREMENTS.get(random.nextInt(MEASUREMENTS.size()));
        List<NodeEntry> nodes = c.nodes().nodes();
        String node = nodes.get(random.nextInt(nodes.size())).id();
        return switch (random.nextInt(12)) {
            case 0, 1 -> new Action.RemoveNode(node);
            case 2, 3 -> new Action.RemoveMember(name);
            case 4 -> new Action.AddMember(consortium.member(name));
            case 5 -> new Action.AdmitNode(entry(name, random.nextInt(12)));
            case 6 -> new Action.ReplaceNode(node, entry(name, random.nextInt(12)));
            case 7 -> new Action.SetRecoveryThreshold(random.nextInt(5));
            case 8 ->
                new Action.SetRules(
                        new VotingRules.ReadyMade(new Rule.Threshold(1 + random.nextInt(4)), new TreeMap<>(), null));
            case 9 -> new Action.AddCode(PlatformEntry.SIMULATED, measurement, "release");
            case 10 -> new Action.RetireCode(PlatformEntry.SIMULATED, measurement, 1 + random.nextInt(5));
            default ->
                random.nextBoolean()
                        ? new Action.RetirePlatform(PlatformEntry.SIMULATED)
                        : new Action.RenewMember(name, null, null, null, Set.of(Role.OPERATOR));
        };
    }

    private NodeEntry entry(String owner, int number) {
        String id = owner + "-" + number;
        return entries.computeIfAbsent(
                id, absent -> consortium.node(id, owner, 10_000 + 100 * NAMES.indexOf(owner) * 12 + 3 * number));
    }

    private static void assertSound(World world, String where) {
        Constitution c = world.constitution;
        assertThat(decidable(c)).as(where + ": every action can still pass").isTrue();
        long holders = c.members().stream().filter(m -> m.recoveryKey() != null).count();
        assertThat(c.recoveryThreshold()).as(where + ": recovery").isBetween(1, (int) holders);
        Set<String> listed = new HashSet<>();
        c.nodes().nodes().forEach(node -> listed.add(node.id()));
        Set<String> live = world.admitted(c, world.height + 1);
        live.retainAll(listed);
        assertThat(2 * live.size())
                .as(where + ": " + live + " of " + world.raft)
                .isGreaterThan(world.raft.size());
    }

    /** By trying: everybody votes for it, for each action there is. */
    private static boolean decidable(Constitution c) {
        Map<String, Choice> all = new TreeMap<>();
        List<Voter> voters = new ArrayList<>();
        c.members().forEach(member -> {
            all.put(member.id(), Choice.ACCEPT);
            voters.add(new Voter(member.id(), new TreeSet<>()));
        });
        for (ActionKind kind : ActionKind.values()) {
            RequestedAction action = new RequestedAction(kind.word(), Documents.object());
            ProposalInput proposal =
                    new ProposalInput("00", c.members().getFirst().id(), List.of(action), null);
            if (!(c.rules() instanceof VotingRules.ReadyMade rules)
                    || rules.decide(proposal, voters, all).decision() != Decision.ACCEPTED) {
                return false;
            }
        }
        return true;
    }
}
