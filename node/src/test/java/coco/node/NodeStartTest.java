package coco.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.SealerChange;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NodeStartTest {
    @Test
    void shouldRefuseAJournalThatEndsWithinTheHistoryThatTheNetworkBeganWith() {
        PublicFacts genesis = new PublicFacts(new byte[0], List.of(new SealerChange.Removed(new byte[32], 5)));

        assertThatThrownBy(() -> NodeStart.requireHistory(genesis, 4))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("ends at height 4")
                .hasMessageContaining("up to height 5");
        assertThatCode(() -> NodeStart.requireHistory(genesis, 5)).doesNotThrowAnyException();
    }
}
