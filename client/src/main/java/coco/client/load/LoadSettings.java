package coco.client.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to drive.
 *
 * @param endpoints the nodes; connection {@code c} talks to node {@code c mod size}
 * @param tls needed for https endpoints
 * @param connections each is a thread with one request outstanding
 * @param transactionsPerSecond the timetable of an open loop; 0 for a closed loop
 * @param batch transactions of one request, for the timetable
 * @param warmUp cut off from the results
 * @param measured the run ends so long after the warm-up, or when the first connection has nothing left to send
 * @param probeInterval between the transactions that are followed to all nodes
 */
public record LoadSettings(
        List<URI> endpoints,
        @Nullable SSLContext tls,
        int connections,
        double transactionsPerSecond,
        int batch,
        Duration warmUp,
        Duration measured,
        Duration probeInterval) {
    /** Checks what would make a run meaningless. */
    public LoadSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty() || connections < 1 || batch < 1 || transactionsPerSecond < 0) {
            throw new IllegalArgumentException("no endpoint, no connection, an empty batch or a negative rate");
        }
    }

    /** Whether there is no timetable. */
    public boolean closedLoop() {
        return transactionsPerSecond == 0;
    }
}
