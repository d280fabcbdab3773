package coco.consensus.ratis;

import coco.consensus.LogGroup;
import coco.consensus.ReplicatedLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract, by three Ratis servers. */
final class RatisLogContractTest extends ReplicatedLogContract {
    @TempDir
    static Path directory = Path.of("");

    @Override
    protected LogGroup newGroup() {
        return new RatisGroup(directory, 3);
    }
}
