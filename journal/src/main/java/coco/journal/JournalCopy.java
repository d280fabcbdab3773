package coco.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies a journal, also one that a running node writes to: closed chunks whole, and of the open one the entries that
 * are whole when it is read. Nothing of it is locked and nothing is asked of the node: closed chunks never change,
 * and what precedes the end of the open one's last entry does not either. Every byte is checked on the way. What the
 * copy has already is left as it is, so that the next copy into the same folder takes what is new.
 *
 * <p>An entry of a journal is committed, whether or not this node has forced it yet, so a copy holds nothing that could
 * be lost.
 */
public final class JournalCopy {
    private static final String UNFINISHED_SUFFIX = ".copying";
    private static final int WINDOW = 1 << 20;

    /**
     * What came of it.
     *
     * @param lastHeight up to which the copy goes; -1 if it is empty
     * @param copied files that were written
     * @param kept files that were there before
     * @param damaged files that were not copied, each with the reason
     */
    public record Copied(long lastHeight, int copied, int kept, List<String> damaged) {
        public Copied {
            damaged = List.copyOf(damaged);
        }
    }

    private final Storage from;
    private final Storage to;
    private final JournalLimits limits;
    private final List<String> damaged = new ArrayList<>();
    private long lastHeight = -1;
    private int copied;
    private int kept;

    /** @param to a folder of its own; must not be {@code from} */
    public JournalCopy(Storage from, Storage to, JournalLimits limits) {
        this.from = from;
        this.to = to;
        this.limits = limits;
    }

    /**
     * Copies, and returns when the copy is durable.
     *
     * @throws JournalException if one of the folders cannot be read or written
     */
    public Copied run() {
        List<String> names = from.list().stream()
                .filter(name -> ChunkFormat.firstHeight(name) >= 0)
                .toList();
        byte[] service = null;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            try (Storage.File file = from.openForReading(name)) {
                byte[] header = new byte[ChunkFormat.HEADER_LENGTH];
                ByteBuffer target = ByteBuffer.wrap(header);
                file.read(target, 0);
                boolean isGood = ChunkFormat.readHeader(header, target.position(), service)
                                instanceof ChunkFormat.Header.Good(long first)
                        && first == ChunkFormat.firstHeight(name);
                if (isGood) {
                    service = ChunkFormat.serviceId(header);
                    copy(name, file, i == names.size() - 1);
                } else {
                    damaged.add(name + ": its header is wrong");
                }
            }
        }
        to.forceFolder();
        return new Copied(lastHeight, copied, kept, damaged);
    }

    private void copy(String name, Storage.File file, boolean isLast) {
        long size = file.size();
        ChunkScan scan = new ChunkScan(file, size, ChunkFormat.firstHeight(name), limits);
        ChunkScan.End end = scan.run((buffer, offset, length) -> null);
        // The end of the last chunk may be half written at this moment; that is for the next copy.
        if (end != ChunkScan.End.CLOSED && !isLast) {
            damaged.add(name + ": " + (scan.words().isEmpty() ? "it was never closed" : scan.words()));
            return;
        }
        long length = end == ChunkScan.End.CLOSED ? size : scan.position();
        lastHeight = Math.max(lastHeight, scan.last().height());
        if (isThere(name, length, end == ChunkScan.End.CLOSED ? scan.wholeDigest() : null)) {
            kept++;
            return;
        }
        to.delete(name + UNFINISHED_SUFFIX);
        try (Storage.File target = to.open(name + UNFINISHED_SUFFIX)) {
            byte[] window = new byte[(int) Math.min(WINDOW, Math.max(1, length))];
            for (long at = 0; at < length; ) {
                ByteBuffer part = ByteBuffer.wrap(window, 0, (int) Math.min(window.length, length - at));
                file.read(part, at);
                part.flip();
                int read = part.remaining();
                if (read == 0) {
                    throw new JournalException(name + " became shorter while it was copied");
                }
                target.write(part, at);
                at += read;
            }
            target.force();
        }
        to.rename(name + UNFINISHED_SUFFIX, name);
        copied++;
    }

    /** Whether the copy has this closed chunk, every byte of it. */
    private boolean isThere(String name, long length, byte @Nullable [] digest) {
        if (digest == null || !to.list().contains(name)) {
            return false;
        }
        try (Storage.File file = to.openForReading(name)) {
            if (file.size() != length) {
                return false;
            }
            ChunkScan scan = new ChunkScan(file, length, ChunkFormat.firstHeight(name), limits);
            return scan.run((buffer, offset, bodyLength) -> null) == ChunkScan.End.CLOSED
                    && Arrays.equals(scan.wholeDigest(), digest);
        }
    }
}
