package coco.journal;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One folder of files: the only way to a disk in this module, so that tests and the simulator can lose and damage what
 * was written. Every method throws {@link JournalException} if the environment fails.
 */
public interface Storage {
    /** Names of all files, in lexical order. */
    List<String> list();

    /** Opens a file to read and write, making it if it is not there. */
    File open(String name);

    /** Opens a file that is only read. */
    File openForReading(String name);

    /** Renames a file, replacing what has the new name. Survives a crash only after {@link #forceFolder}. */
    void rename(String from, String to);

    /** Deletes a file, if it is there. */
    void delete(String name);

    /** Makes the creation, renaming and deletion of files durable. */
    void forceFolder();

    /** An open file. One from {@link #open} is for one thread; one from {@link #openForReading} for any number. */
    interface File extends AutoCloseable {
        /** Length in bytes. */
        long size();

        /** Reads from this position until the buffer is full or the file ends. Not affected by interrupts. */
        void read(ByteBuffer target, long position);

        /** Writes the whole buffer at this position, extending the file if needed. */
        void write(ByteBuffer source, long position);

        /** Cuts the file to this length. */
        void truncate(long size);

        /** Returns when everything written so far is on the device (fdatasync). */
        void force();

        @Override
        void close();
    }
}
