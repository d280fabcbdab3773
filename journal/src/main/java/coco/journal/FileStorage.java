package coco.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A folder on a real disk. */
public final class FileStorage implements Storage {
    private final Path folder;

    /** Makes the folder if it is not there. */
    public FileStorage(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new JournalException("cannot make the folder " + folder, e);
        }
    }

    @Override
    public List<String> list() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new JournalException("cannot list " + folder, e);
        }
    }

    @Override
    public File open(String name) {
        return new ChannelFile(folder.resolve(name), true);
    }

    @Override
    public File openForReading(String name) {
        return new ChannelFile(folder.resolve(name), false);
    }

    @Override
    public void rename(String from, String to) {
        try {
            Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new JournalException("cannot rename " + from + " to " + to, e);
        }
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw new JournalException("cannot delete " + name, e);
        }
    }

    @Override
    public void forceFolder() {
        boolean interrupted = false;
        while (true) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
                break;
            } catch (ClosedByInterruptException e) {
                interrupted |= Thread.interrupted();
            } catch (IOException e) {
                throw new JournalException("cannot force the folder " + folder, e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * One channel. The JDK closes a channel under the hands of everybody when one thread that uses it is interrupted.
     * An interrupt must not stop the journal, so a channel that was closed that way is opened again and the call
     * repeated, which is harmless as all reads and writes name their position.
     */
    private static final class ChannelFile implements File {
        private final Path path;
        private final boolean writable;
        private FileChannel channel;
        private boolean closed;

        ChannelFile(Path path, boolean writable) {
            this.path = path;
            this.writable = writable;
            try {
                if (writable && !Files.exists(path)) {
                    Files.createFile(path);
                }
                this.channel = open();
            } catch (IOException e) {
                throw failed("open", e);
            }
        }

        private FileChannel open() throws IOException {
            return writable
                    ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : FileChannel.open(path, StandardOpenOption.READ);
        }

        @Override
        public long size() {
            return repeat("read the size of", FileChannel::size);
        }

        @Override
        public void read(ByteBuffer target, long position) {
            int start = target.position();
            while (target.hasRemaining()) {
                long at = position + target.position() - start;
                if (repeat("read", open -> (long) open.read(target, at)) < 0) {
                    return;
                }
            }
        }

        @Override
        public void write(ByteBuffer source, long position) {
            int start = source.position();
            while (source.hasRemaining()) {
                long at = position + source.position() - start;
                repeat("write", open -> (long) open.write(source, at));
            }
        }

        @Override
        public void truncate(long size) {
            repeat("truncate", open -> open.truncate(size).size());
        }

        @Override
        public void force() {
            repeat("force", open -> {
                open.force(false);
                return 0;
            });
        }

        private interface Use {
            long of(FileChannel channel) throws IOException;
        }

        private long repeat(String what, Use use) {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return use.of(current());
                    } catch (ClosedChannelException e) {
                        interrupted |= Thread.interrupted();
                        reopen(e);
                    } catch (IOException e) {
                        throw failed(what, e);
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private synchronized FileChannel current() {
            return channel;
        }

        private synchronized void reopen(ClosedChannelException cause) {
            if (closed) {
                throw failed("use the closed file", cause);
            }
            if (!channel.isOpen()) {
                try {
                    channel = open();
                } catch (IOException e) {
                    throw failed("open again", e);
                }
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            try {
                channel.close();
            } catch (IOException e) {
                throw failed("close", e);
            }
        }

        private JournalException failed(String what, IOException cause) {
            return new JournalException("cannot " + what + " " + path, cause);
        }
    }
}
