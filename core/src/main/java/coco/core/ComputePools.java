package coco.core;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * The bounded pools of platform threads for handlers' work; both refuse what they cannot queue. Two, because admission
 * must not wait behind a scan that takes seconds. And threads for the few tasks that ledgers have of their own.
 *
 * @param admission for work of milliseconds: decoding, signatures
 * @param reading for simulated calls and scans
 * @param tasks a thread for each ledger's task that is under way; refuses nothing
 */
public record ComputePools(ExecutorService admission, ExecutorService reading, Executor tasks) {}
