package coco.cli.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coco.cli.console.CliException;
import coco.cli.console.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PortPlanTest {
    @Test
    void shouldGiveThePortsOfTheDocumentationWhenBaseIsTheDefault() {
        PortPlan plan = new PortPlan(PortPlan.DEFAULT_BASE);

        assertThat(plan.http(1)).isEqualTo(8545);
        assertThat(plan.http(3)).isEqualTo(8547);
        assertThat(plan.https(1)).isEqualTo(8555);
        assertThat(plan.administrative(2)).isEqualTo(8566);
        assertThat(plan.raft(3)).isEqualTo(8577);
    }

    @Test
    void shouldGiveNoPortTwiceWhenThereAreAsManyNodesAsAllowed() {
        Set<Integer> ports = new HashSet<>();

        for (PortPlan.Use use : new PortPlan(9_000).uses(PortPlan.NODES_MAX)) {
            assertThat(ports.add(use.port())).as(use.purpose()).isTrue();
        }
    }

    @Test
    void shouldNameThePortAndTheOptionWhenPortIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PortPlan plan = new PortPlan(other.getLocalPort());

            assertThatExceptionOfType(CliException.class)
                    .isThrownBy(() -> plan.requireFree(1))
                    .withMessageContaining("port " + other.getLocalPort() + " (HTTP of node 1) is taken")
                    .satisfies(e -> assertThat(e.remedy()).contains("--port "));
        }
    }

    @Test
    void shouldFindAnotherBaseEachTimeThoughNoNodeRunsYet() {
        Set<Integer> ports = new HashSet<>();
        for (int network = 0; network < 3; network++) {
            PortPlan found = new PortPlan(PortPlan.freeBase(PortPlan.NODES_MAX));

            assertThat(found.taken(PortPlan.NODES_MAX)).isEmpty();
            found.uses(PortPlan.NODES_MAX)
                    .forEach(use ->
                            assertThat(ports.add(use.port())).as(use.purpose()).isTrue());
        }
    }

    @Test
    void shouldRefuseAsUsageWhenBaseLeavesNoRoom() {
        for (int base : new int[] {-1, 0, 80, 65_530, 100_000}) {
            assertThatExceptionOfType(CliException.class)
                    .isThrownBy(() -> new PortPlan(base))
                    .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
        }
    }
}
