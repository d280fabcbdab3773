package coco.node.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.Sealing;
import coco.attestation.simulated.SimulatedPlatform;
import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VoterGuardTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private final List<String> halts = new ArrayList<>();
    private Set<PeerId> listed = ids("1 2 3");
    private Set<PeerId> justRemoved = Set.of();

    @ParameterizedTest
    @CsvSource({
        "1 2 3, 1 2 3, 1 2 3, ''",
        "1 2 3, 1 2 3 4, 1 2 3 4, ''",
        "1 2 3, 1 2, 1 2, ''",
        "1 2 3, 1 2 3, 1 2 3 4, has the voter 4",
        "1 2 3, 1 2 3, 1 2, lacks the voter 3",
        "1 2 3, 1 2 3, 1, in one step",
        "1 2 3, 1 2 4, 1 2 4, in one step",
        "1 2 3, 1 2 3 4 5, 1 2 3 4 5, in one step",
    })
    void shouldHaltUnlessOnePeerChangesAsTheConstitutionSays(
            String before, String constitution, String after, String why) {
        VoterGuard guard = guard(ids(before), store());
        listed = ids(constitution);

        guard.configured(new LogPosition(1, 10), peers(after));

        assertThat(halts).hasSize(why.isEmpty() ? 0 : 1).allMatch(words -> words.contains(why));
    }

    @ParameterizedTest
    @CsvSource({
        "1 2 3, 1 2 3, 1 2 3, 0",
        "1 2 3, 1 2 3 4, 1 2 3, 1",
        "1 2 3, 1 2 3 4, 1 2 3 4, 0",
        "1 2 3, 1 2, 1 2, 0",
        "1 2 3, 1 2, 1 2 3, 1",
        "1 2 3, 1, 1 2 3, 1",
        "1 2 3, 1 2 4, 1 2 4, 1",
        "1 2 3, '', 1 2 3, 0",
    })
    void shouldHaltAtAStartWhenTheRaftFilesWereEdited(String known, String found, String constitution, int halted) {
        VoterGuard guard = guard(ids(known), store());
        guard.started(peers(found), -1);
        listed = ids(constitution);
        guard.confirmed(peers(found));

        assertThat(halts).hasSize(halted);
    }

    @Test
    void shouldGoOnWhenANodeIsAddedThatMembersHaveJustRemovedAgain() {
        VoterGuard guard = guard(ids("1 2 3"), store());
        justRemoved = ids("4");
        guard.configured(new LogPosition(1, 10), peers("1 2 3 4"));
        guard.configured(new LogPosition(1, 12), peers("1 2 3"));
        assertThat(halts).isEmpty();
        justRemoved = Set.of();
        guard.configured(new LogPosition(1, 14), peers("1 2 3 4"));

        assertThat(halts).singleElement().asString().contains("has the voter 4");
    }

    @ParameterizedTest
    @CsvSource({
        "1 2 3 4 5, 1 2 3 4 5, ''",
        "1 4 5, 1 4 5, ''",
        "1 2 3 4 5, 1 2 3, ''",
        "1 2 3 4 5, 1 2, no majority",
        "1 2 3, 1, no majority",
        "1 2 3, 1 2 3 9, ''",
        "1 2 3, 1 2 3 7, does not list",
    })
    void shouldTakeAMajorityOfTheNodesAfterAGapInTheLog(String constitution, String after, String why) {
        for (boolean isConfirmed : new boolean[] {true, false}) {
            halts.clear();
            VoterGuard.Store store = store();
            VoterGuard guard = guard(ids("1 2 3"), store);
            listed = ids(constitution);
            justRemoved = ids("9");
            guard.skipped(30_000);
            if (isConfirmed) {
                guard.confirmed(peers(after));
            } else {
                guard.configured(new LogPosition(4, 30_002), peers(after));
            }
            assertThat(halts).hasSize(why.isEmpty() ? 0 : 1).allMatch(words -> words.contains(why));
            if (why.isEmpty() && !ids(after).equals(ids("1 2 3"))) {
                assertThat(store.load().orElseThrow().peers()).isEqualTo(ids(after));
            }
            guard.configured(new LogPosition(4, 30_010), peers("1 2 3 4 5 6"));
            assertThat(halts).as("one step only, once the gap is passed").hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1 4 5, 1 4 5, ''",
        "1 2 3 4 5, 1 2 3, ''",
        "1 2 3 4 5, 1 2, no majority",
        "1 2 3, 1 2 7, does not list",
    })
    void shouldRememberAGapOverARestartAtAnyMoment(String constitution, String after, String why) {
        for (boolean isFinished : new boolean[] {true, false}) {
            halts.clear();
            VoterGuard.Store store = store();
            VoterGuard before = guard(ids("1 2 3"), store);
            before.skipping();
            if (isFinished) {
                before.skipped(30_000);
            }
            listed = ids(constitution);
            VoterGuard again = guard(ids("1 2 3"), store);
            again.started(peers("1 2 3"), 30_000);
            assertThat(halts).isEmpty();
            again.configured(new LogPosition(4, 30_002), peers(after));
            assertThat(halts).hasSize(why.isEmpty() ? 0 : 1).allMatch(words -> words.contains(why));
            again.configured(new LogPosition(4, 30_010), peers("1 2 3 4 5 6"));
            assertThat(halts).as("one step only, once the gap is passed").hasSize(1);
        }
    }

    @Test
    void shouldTakeAConfigurationOnDiskFromBehindTheGap() {
        VoterGuard.Store store = store();
        guard(ids("1 2 3"), store).skipping();
        listed = ids("1 4 5");
        guard(ids("1 2 3"), store).started(peers("1 4 5"), 30_000);
        assertThat(halts).isEmpty();
        guard(ids("1 2 3"), store).started(peers("7 8 9"), 30_000);
        assertThat(halts).hasSize(1);
    }

    @Test
    void shouldHaltOnceWhenANodeThatNeverTookPartHasVoters() {
        VoterGuard guard = guard(Set.of(), store());
        guard.started(List.of(), -1);
        assertThat(halts).isEmpty();
        guard.started(peers("1 2 3"), -1);
        guard.started(peers("1 2 3"), -1);

        assertThat(halts).singleElement().asString().contains("never took part");
    }

    @Test
    void shouldRefuseFirstVotersOfWhomNoneIsListed() {
        VoterGuard guard = guard(Set.of(), store());
        guard.configured(new LogPosition(1, 5), peers("7 8"));

        assertThat(halts).singleElement().asString().contains("none of which is listed");
    }

    @Test
    void shouldPassOverListsThatAReplayTellsAgain() {
        VoterGuard.Store store = store();
        VoterGuard first = guard(ids("1 2 3"), store);
        listed = ids("1 2 3 4");
        first.configured(new LogPosition(2, 20), peers("1 2 3 4"));

        VoterGuard again = guard(ids("1 2 3"), store);
        again.started(peers("1 2 3 4"), -1);
        again.configured(new LogPosition(1, 12), peers("1 2 3"));
        again.configured(new LogPosition(2, 20), peers("1 2 3 4"));
        again.confirmed(peers("1 2 3 4"));

        assertThat(halts).isEmpty();
    }

    @Test
    void shouldKeepListsSoThatOnlyThisNodeReadsThem() throws IOException {
        Sealing sealing = platform();
        Path file = folder.resolve("voters.sealed");
        VoterFile store = new VoterFile(file, sealing, "node-1");
        assertThat(store.load()).isEmpty();
        VoterGuard.Voters voters = new VoterGuard.Voters(42, ids("node-1 node-2"));
        store.save(new VoterGuard.Voters(7, ids("node-1")));
        store.save(voters);

        assertThat(store.load()).contains(voters);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("node-2");
        for (int at = 0; at < bytes.length; at++) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 1;
            Files.write(file, flipped);
            assertThatThrownBy(store::load).as("bit at %d", at).hasMessageContaining("was not written by this node");
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(store::load).isInstanceOf(IllegalStateException.class);
        Files.write(file, bytes);
        assertThatThrownBy(() -> new VoterFile(file, sealing, "node-2").load())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new VoterFile(file, platform(), "node-1").load())
                .isInstanceOf(IllegalStateException.class);
    }

    private VoterGuard guard(Set<PeerId> founders, VoterGuard.Store store) {
        return new VoterGuard(founders, () -> listed, () -> justRemoved, store, halts::add);
    }

    private static VoterGuard.Store store() {
        return new VoterGuard.Store() {
            private Optional<VoterGuard.Voters> kept = Optional.empty();

            @Override
            public Optional<VoterGuard.Voters> load() {
                return kept;
            }

            @Override
            public void save(VoterGuard.Voters voters) {
                kept = Optional.of(voters);
            }
        };
    }

    private static Sealing platform() {
        byte[] secret = new byte[SimulatedPlatform.SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new SimulatedPlatform(secret, new byte[32], RANDOM).sealing();
    }

    private static Set<PeerId> ids(String words) {
        return words.isBlank()
                ? Set.of()
                : Arrays.stream(words.split(" ")).map(PeerId::new).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Peer> peers(String words) {
        return ids(words).stream().map(id -> new Peer(id, "host-" + id, 1)).toList();
    }
}
