package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.NodeJvm;
import coco.crypto.Hex;
import coco.systemtests.canary.StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys and IVs under which nodes encrypted, through all their lives: written down by a stand-in for the journal's
 * cipher. There is no hook for that in the product.
 */
final class IvRecord {
    private static final String FILE = "ivs.recorded";
    private static final int ENTRY_BYTES = 44;

    private IvRecord() {}

    /** A JVM whose nodes write down what they encrypt under. */
    static NodeJvm recording(NodeJvm jvm, Path scratch) throws IOException {
        List<Path> classPath = new ArrayList<>();
        classPath.add(StandIn.compile(Files.createDirectories(scratch), IvRecord.class, "Gcm.java.txt"));
        classPath.addAll(jvm.classPath());
        return jvm.withClassPath(classPath);
    }

    /** Fails if any node, or two of them, used an IV twice with a key; returns how many pairs there are. */
    static int assertUnique(List<Path> nodeFolders) throws IOException {
        Set<String> used = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (Path folder : nodeFolders) {
            byte[] record = Files.readAllBytes(folder.resolve(FILE));
            assertThat(record.length % ENTRY_BYTES)
                    .as("whole entries in %s", folder)
                    .isZero();
            for (int at = 0; at < record.length; at += ENTRY_BYTES) {
                String entry = Hex.encode(Arrays.copyOfRange(record, at, at + ENTRY_BYTES));
                if (!used.add(entry)) {
                    twice.add(folder.getFileName() + ": " + entry);
                }
            }
        }
        assertThat(twice).as("keys with an IV that was used twice").isEmpty();
        return used.size();
    }
}
