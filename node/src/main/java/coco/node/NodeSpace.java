package coco.node;

import coco.consensus.PeerId;
import coco.core.Core;
import coco.node.channel.ChannelClient;
import coco.node.repair.DiskGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node as the guard of its disks sees it. */
record NodeSpace(
        NodeFolder folder, Core core, ChannelClient channel, Supplier<Set<PeerId>> voters, Consumer<Throwable> failed)
        implements DiskGuard.Desk {
    /** What is left for each folder that only grows; they may lie on disks of their own. */
    static List<DiskGuard.Space> of(NodeFolder folder) {
        List<DiskGuard.Space> spaces = new ArrayList<>();
        for (Path each : List.of(folder.journal(), folder.raft(), folder.index(), folder.snapshots())) {
            try {
                // One that was removed, such as an index to be made again, will lie where the others do.
                Path place = Files.isDirectory(each) ? each : folder.root();
                long bytes = Files.getFileStore(place).getUsableSpace();
                spaces.add(new DiskGuard.Space(each.getFileName().toString(), bytes));
            } catch (IOException failed) {
                throw new NodeException("cannot tell how much space is left for " + each, failed);
            }
        }
        return spaces;
    }

    /** What this folder's disk can still take before writes stop; nothing if nobody can tell. */
    static long room(Path folder, long reserveBytes) {
        try {
            return Files.getFileStore(folder).getUsableSpace() - reserveBytes;
        } catch (IOException failed) {
            return 0;
        }
    }

    @Override
    public List<DiskGuard.Space> spaces() {
        return of(folder);
    }

    @Override
    public void writes(@Nullable String stopped) {
        core.replica().writes(stopped);
    }

    @Override
    public boolean leads() {
        return core.replica().status().leading();
    }

    @Override
    public Set<PeerId> others() {
        return voters.get();
    }

    @Override
    public CompletableFuture<Boolean> hasSpace(PeerId node) {
        return channel.hasSpace(node);
    }

    @Override
    public CompletableFuture<Boolean> handOver(PeerId node) {
        return core.replica().transferLeadership(node);
    }

    @Override
    public void end(String why) {
        failed.accept(new NodeException(why));
    }
}
