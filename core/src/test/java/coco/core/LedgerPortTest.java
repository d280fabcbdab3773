package coco.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.Visibility;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.View;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LedgerPortTest {
    private static final MapSpec MAP = new MapSpec("map", Visibility.PUBLIC);

    private final Store store = new Store(List.of(MAP), StoreLimits.DEFAULT);
    private final Heads heads = new Heads();
    private final StateHistory states = new StateHistory(CoreLimits.DEFAULTS);

    @Test
    @SuppressWarnings("NullAway") // What only other calls ask is not there.
    void shouldLeaseNoStateWhenTheViewIsClosed() {
        Version first = store.leaseHead();
        states.keep(0, first, store.statistics());
        Draft draft = store.draft(store.head());
        draft.put(MAP, new byte[] {1}, new byte[] {2});
        Version second = draft.seal();
        states.keep(1, second, store.statistics());
        heads.publish(1, new byte[32], second, AccessSettings.OPEN);
        LedgerPort port = new LedgerPort(
                "ledger", 0, new byte[0], null, InstantSource.system(), null, heads, states, Administration.NONE);
        port.connect(null, null);

        View view = port.view(Caller.ANONYMOUS);
        assertThat(view.state(0)).isSameAs(first);
        view.close();

        assertThatThrownBy(() -> view.state(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.state(1)).isInstanceOf(IllegalStateException.class);
    }
}
