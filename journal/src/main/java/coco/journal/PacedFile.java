package coco.journal;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * A file that is read in no hurry.
 *
 * @param onRead told how many bytes are about to be read
 */
record PacedFile(Storage.File file, LongConsumer onRead) implements Storage.File {
    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void read(ByteBuffer target, long position) {
        onRead.accept(target.remaining());
        file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) {
        throw new UnsupportedOperationException("a file that is only read");
    }

    @Override
    public void truncate(long size) {
        throw new UnsupportedOperationException("a file that is only read");
    }

    @Override
    public void force() {
        throw new UnsupportedOperationException("a file that is only read");
    }

    @Override
    public void close() {
        file.close();
    }
}
