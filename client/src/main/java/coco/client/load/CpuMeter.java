package coco.client.load;

import java.time.Duration;
import java.util.SequencedMap;

/** Reads the processor time that each process of interest has used so far, by name. */
@FunctionalInterface
public interface CpuMeter {
    /** Always the same names, in the same order. */
    SequencedMap<String, Duration> read();
}
