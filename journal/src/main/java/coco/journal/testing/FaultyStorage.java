package coco.journal.testing;

import coco.journal.JournalException;
import coco.journal.Storage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory with the worst manners that a real one may have: after {@link #crash} each 512-byte sector written
 * since the last force is there or not, in any combination; the last write may end anywhere; names made, changed or
 * removed since the last {@link #forceFolder} may be as before. What was forced is always there. {@link #kill} is the
 * other kind of end: the process dies and the page cache lives.
 *
 * <p>Handles from before a crash or a kill throw. Everything follows from the random source. Any thread may use it.
 */
public final class FaultyStorage implements Storage {
    private static final int SECTOR = 512;

    private sealed interface Change {
        record Write(long position, byte[] bytes) implements Change {}

        record Truncate(long size) implements Change {}
    }

    /** Bytes that grow. */
    private static final class Image {
        private byte[] bytes = new byte[0];
        private int size;

        void apply(Change change) {
            switch (change) {
                case Change.Truncate truncate -> truncate((int) Math.min(size, truncate.size));
                case Change.Write write -> write((int) write.position, write.bytes, 0, write.bytes.length);
            }
        }

        void write(int position, byte[] source, int from, int length) {
            int end = position + length;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
            }
            System.arraycopy(source, from, bytes, position, length);
            size = Math.max(size, end);
        }

        void truncate(int newSize) {
            Arrays.fill(bytes, newSize, size, (byte) 0);
            size = newSize;
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, size);
        }
    }

    private static final class Content {
        private Image durable = new Image();
        private final Image current = new Image();
        private final List<Change> unforced = new ArrayList<>();

        void change(Change change) {
            current.apply(change);
            unforced.add(change);
        }

        void force() {
            unforced.forEach(durable::apply);
            unforced.clear();
        }

        /** What is durable is all there is. */
        void settle() {
            unforced.clear();
            current.truncate(0);
            current.write(0, durable.bytes, 0, durable.size);
        }
    }

    private final RandomGenerator random;
    private final TreeMap<String, Content> files = new TreeMap<>();
    private TreeMap<String, Content> durableNames = new TreeMap<>();
    private int life;
    private int failAfterWrites = -1;
    private long forces;

    /** @param random decides what a crash takes */
    public FaultyStorage(RandomGenerator random) {
        this.random = random;
    }

    /** Power loss. */
    public synchronized void crash() {
        life++;
        failAfterWrites = -1;
        TreeMap<String, Content> survivors = new TreeMap<>();
        if (random.nextBoolean()) {
            survivors.putAll(files);
        } else {
            survivors.putAll(durableNames);
        }
        for (Content content : List.copyOf(survivors.values())) {
            lose(content);
        }
        files.clear();
        files.putAll(survivors);
        durableNames = new TreeMap<>(survivors);
    }

    /** The process dies; what it wrote stays, whole, up to a last write that may be cut off anywhere. */
    public synchronized void kill() {
        life++;
        failAfterWrites = -1;
        for (Content content : files.values()) {
            if (!content.unforced.isEmpty()
                    && content.unforced.getLast() instanceof Change.Write write
                    && random.nextInt(4) == 0) {
                content.unforced.removeLast();
                content.unforced.add(new Change.Write(
                        write.position, Arrays.copyOf(write.bytes, random.nextInt(write.bytes.length + 1))));
            }
            content.force();
            content.settle();
        }
        durableNames = new TreeMap<>(files);
    }

    private void lose(Content content) {
        int mood = random.nextInt(3);
        for (Change change : content.unforced) {
            switch (change) {
                case Change.Truncate truncate -> {
                    if (mood != 0) {
                        content.durable.apply(truncate);
                    }
                }
                case Change.Write write -> loseSectors(content.durable, write, mood);
            }
        }
        content.settle();
    }

    private void loseSectors(Image image, Change.Write write, int mood) {
        int from = 0;
        while (from < write.bytes.length) {
            long position = write.position + from;
            int to = (int) Math.min(write.bytes.length, from + SECTOR - position % SECTOR);
            if (mood == 1 || (mood == 2 && random.nextBoolean())) {
                image.write((int) position, write.bytes, from, to - from);
            }
            from = to;
        }
    }

    /** From now on this many writes succeed, then every write and force fails, as on a full or broken disk. */
    public synchronized void failAfter(int writes) {
        failAfterWrites = writes;
    }

    /** How many times a file was forced. */
    public synchronized long forces() {
        return forces;
    }

    /** The bytes of a file as a reader sees them. */
    public synchronized byte[] bytes(String name) {
        return content(name).current.copy();
    }

    /** Puts a file there, durably: what tests of damage use. */
    public synchronized void put(String name, byte[] bytes) {
        Content content = new Content();
        content.durable.write(0, bytes, 0, bytes.length);
        content.settle();
        files.put(name, content);
        durableNames.put(name, content);
    }

    /** Flips one bit of a file. */
    public synchronized void flip(String name, long offset, int bit) {
        Content content = content(name);
        content.force();
        content.durable.bytes[(int) offset] ^= (byte) (1 << bit);
        content.settle();
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized File open(String name) {
        return new Handle(files.computeIfAbsent(name, made -> new Content()), name);
    }

    @Override
    public synchronized File openForReading(String name) {
        return new Handle(content(name), name);
    }

    private Content content(String name) {
        Content content = files.get(name);
        if (content == null) {
            throw new JournalException("no file " + name);
        }
        return content;
    }

    @Override
    public synchronized void rename(String from, String to) {
        files.put(to, content(from));
        files.remove(from);
    }

    @Override
    public synchronized void delete(String name) {
        files.remove(name);
    }

    @Override
    public synchronized void forceFolder() {
        durableNames = new TreeMap<>(files);
    }

    /** Everything as a map of names to bytes, for comparing two disks. */
    public synchronized Map<String, byte[]> contents() {
        TreeMap<String, byte[]> out = new TreeMap<>();
        files.forEach((name, content) -> out.put(name, content.current.copy()));
        return out;
    }

    private final class Handle implements File {
        private final Content content;
        private final String name;
        private final int born;
        private boolean closed;

        Handle(Content content, String name) {
            this.content = content;
            this.name = name;
            this.born = life;
        }

        private void requireAlive() {
            if (closed || born != life) {
                throw new JournalException(name + " is closed");
            }
        }

        private void mayFail() {
            requireAlive();
            if (failAfterWrites == 0) {
                throw new JournalException("no space left for " + name);
            }
            if (failAfterWrites > 0) {
                failAfterWrites--;
            }
        }

        @Override
        public long size() {
            synchronized (FaultyStorage.this) {
                requireAlive();
                return content.current.size;
            }
        }

        @Override
        public void read(ByteBuffer target, long position) {
            synchronized (FaultyStorage.this) {
                requireAlive();
                int length = (int) Math.min(target.remaining(), content.current.size - position);
                if (length > 0) {
                    target.put(content.current.bytes, (int) position, length);
                }
            }
        }

        @Override
        public void write(ByteBuffer source, long position) {
            synchronized (FaultyStorage.this) {
                mayFail();
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                content.change(new Change.Write(position, bytes));
            }
        }

        @Override
        public void truncate(long size) {
            synchronized (FaultyStorage.this) {
                mayFail();
                content.change(new Change.Truncate(size));
            }
        }

        @Override
        public void force() {
            synchronized (FaultyStorage.this) {
                mayFail();
                forces++;
                content.force();
            }
        }

        @Override
        public void close() {
            synchronized (FaultyStorage.this) {
                closed = true;
            }
        }
    }
}
