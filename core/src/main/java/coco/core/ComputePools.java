package coco.core;

import java.util.concurrent.ExecutorService;

/**
 * The bounded pools of platform threads for handlers' work; both refuse what they cannot queue. Two, because admission
 * must not wait behind a scan that takes seconds.
 *
 * @param admission for work of milliseconds: decoding, signatures
 * @param reading for simulated calls and scans
 */
public record ComputePools(ExecutorService admission, ExecutorService reading) {}
