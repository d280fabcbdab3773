package coco.journal;

import java.nio.ByteBuffer;
import java.util.List;

/** A folder on which the process ends before its n-th operation that changes anything: write, rename, fsync. */
final class CountedStorage implements Storage {
    /** The process has ended. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Storage storage;
    private int left;

    CountedStorage(Storage storage, int operations) {
        this.storage = storage;
        this.left = operations;
    }

    private void operation() {
        if (left == 0) {
            throw new Stopped();
        }
        left--;
    }

    @Override
    public List<String> list() {
        return storage.list();
    }

    @Override
    public File open(String name) {
        operation();
        return new CountedFile(storage.open(name));
    }

    @Override
    public File openForReading(String name) {
        return storage.openForReading(name);
    }

    @Override
    public void rename(String from, String to) {
        operation();
        storage.rename(from, to);
    }

    @Override
    public void delete(String name) {
        operation();
        storage.delete(name);
    }

    @Override
    public void forceFolder() {
        operation();
        storage.forceFolder();
    }

    private final class CountedFile implements File {
        private final File file;

        CountedFile(File file) {
            this.file = file;
        }

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
            operation();
            file.write(source, position);
        }

        @Override
        public void truncate(long size) {
            operation();
            file.truncate(size);
        }

        @Override
        public void force() {
            operation();
            file.force();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
