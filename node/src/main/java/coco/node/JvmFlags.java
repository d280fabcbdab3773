package coco.node;

import coco.consensus.SerialFilter;
import java.util.List;

/**
 * The flags that every node's JVM runs with, whoever starts it. Nothing may look into the process from outside or carry
 * its memory out: no attaching, no performance data files, no dumps. Java deserialisation, which replication does from
 * the network, is filtered.
 */
public final class JvmFlags {
    /** Part of what is measured; heap sizes and collectors are for the launcher to choose. */
    public static final List<String> FIXED = List.of(
            "-XX:+DisableAttachMechanism",
            "-XX:-UsePerfData",
            "-XX:-HeapDumpOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:ErrorFile=/dev/null",
            "-D" + SerialFilter.PROPERTY + "=" + SerialFilter.VALUE,
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private JvmFlags() {}
}
