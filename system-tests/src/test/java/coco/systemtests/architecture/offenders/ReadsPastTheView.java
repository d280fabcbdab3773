package coco.systemtests.architecture.offenders;

import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Store;
import coco.kv.Visibility;
import coco.ledgers.api.View;

/** A handler that keeps state it was not shown for the caller of the moment. */
final class ReadsPastTheView {
    private final Reader kept;

    ReadsPastTheView(View view) {
        this.kept = view.state();
    }

    long size() {
        return kept.size(new MapSpec("offender", Visibility.PRIVATE));
    }

    /** Another one: it goes to the store. */
    static final class AsksTheStore {
        private AsksTheStore() {}

        static long newest(Store store) {
            return store.head().number();
        }
    }
}
