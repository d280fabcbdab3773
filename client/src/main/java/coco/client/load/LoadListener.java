package coco.client.load;

import java.time.Duration;

/** Hears how a run goes, a few times a second. */
@FunctionalInterface
public interface LoadListener {
    /**
     * The state of the run.
     *
     * @param elapsed since its start
     * @param warmingUp whether what is counted now will be cut off
     * @param committed transactions answered as committed since the start
     */
    void progress(Duration elapsed, boolean warmingUp, long committed);
}
