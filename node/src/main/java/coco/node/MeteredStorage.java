package coco.node;

import coco.journal.Storage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A folder whose forces are timed: how long the disk takes is the first question when commits are slow.
 *
 * @param onForced told how many nanoseconds a force took
 */
record MeteredStorage(Storage storage, LongConsumer onForced) implements Storage {
    @Override
    public List<String> list() {
        return storage.list();
    }

    @Override
    public File open(String name) {
        return new MeteredFile(storage.open(name), onForced);
    }

    @Override
    public File openForReading(String name) {
        return storage.openForReading(name);
    }

    @Override
    public void rename(String from, String to) {
        storage.rename(from, to);
    }

    @Override
    public void delete(String name) {
        storage.delete(name);
    }

    @Override
    public void forceFolder() {
        storage.forceFolder();
    }

    private record MeteredFile(File file, LongConsumer onForced) implements File {
        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void read(ByteBuffer target, long position) {
            file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            file.write(source, position);
        }

        @Override
        public void truncate(long size) {
            file.truncate(size);
        }

        @Override
        public void force() {
            long start = System.nanoTime();
            file.force();
            onForced.accept(System.nanoTime() - start);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
