package coco.systemtests.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files below one folder, as they follow from what they were before and the system calls since: once as the running
 * system shows them, and once as a disk is sure to hold them when the power goes.
 *
 * <p>Sure is: a file's bytes that were written before an fsync of that file began which is done; the names in a folder,
 * if the folder was synced since they changed, or a file of it that had a new name, as file systems with a journal do
 * not put one change of names before an earlier one. Everything else is taken to be lost, which is the worst that such
 * a file system may do: bytes written, lengths, new files, renames and removals.
 */
final class TracedDisk {
    /** A change of a file's bytes that nobody has synced yet. */
    private record Change(long endMicros, long offset, byte[] bytes, long length) {
        static final long NO_LENGTH = -1;

        void applyTo(Content content) {
            if (length == NO_LENGTH) {
                content.write(offset, bytes);
            } else {
                content.resize((int) length);
            }
        }
    }

    /** Bytes that grow. */
    private static final class Content {
        private byte[] bytes;
        private int length;

        Content(byte[] bytes) {
            this.bytes = bytes;
            this.length = bytes.length;
        }

        void write(long offset, byte[] source) {
            int end = (int) offset + source.length;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
            }
            System.arraycopy(source, 0, bytes, (int) offset, source.length);
            length = Math.max(length, end);
        }

        void resize(int newLength) {
            if (newLength < length) {
                Arrays.fill(bytes, newLength, length, (byte) 0);
            } else if (newLength > bytes.length) {
                bytes = Arrays.copyOf(bytes, newLength);
            }
            length = newLength;
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, length);
        }
    }

    private static final class TracedFile {
        private final Content shown;
        private final Content sure;
        private final List<Change> pending = new ArrayList<>();

        TracedFile(byte[] bytes) {
            shown = new Content(bytes.clone());
            sure = new Content(bytes.clone());
        }

        void change(Change change) {
            change.applyTo(shown);
            pending.add(change);
        }

        void sync(long startMicros) {
            pending.stream()
                    .filter(change -> change.endMicros() <= startMicros)
                    .forEach(change -> change.applyTo(sure));
            pending.removeIf(change -> change.endMicros() <= startMicros);
        }
    }

    private static final byte[] NOTHING = {};

    private final Path root;
    private final Map<Path, TracedFile> shownNames = new TreeMap<>();
    private final Map<Path, TracedFile> sureNames = new TreeMap<>();
    private final Set<Path> folders = new HashSet<>();
    /** Of open files, by their descriptors. */
    private final Map<Long, Long> positions = new HashMap<>();

    private final Set<Long> syncing = new HashSet<>();

    /**
     * @param root the folder as the node knows it
     * @param before a copy of it from before the first call, all of which counts as sure
     */
    TracedDisk(Path root, Path before) throws IOException {
        this.root = root;
        try (Stream<Path> walk = Files.walk(before)) {
            for (Path path : walk.toList()) {
                Path known = root.resolve(before.relativize(path));
                if (Files.isDirectory(path)) {
                    folders.add(known);
                } else {
                    TracedFile file = new TracedFile(Files.readAllBytes(path));
                    shownNames.put(known, file);
                    sureNames.put(known, file);
                }
            }
        }
    }

    /** Takes over one call; calls come in the order in which they were done. */
    void apply(SystemCall call) {
        if (call.result() < 0) {
            return;
        }
        switch (call.name()) {
            case "openat" -> open(call);
            case "write" -> write(call, 1, position(call), true);
            case "pwrite64" -> write(call, 1, call.number(3), false);
            case "writev" -> write(call, 1, position(call), true);
            case "pwritev" -> write(call, 1, call.number(3), false);
            case "lseek" -> positions.put(call.number(0), call.result());
            case "fsync", "fdatasync" -> sync(call);
            case "ftruncate" -> resize(call);
            case "rename" -> rename(path(call.text(0)), path(call.text(1)));
            case "renameat", "renameat2" -> rename(path(call.text(1)), path(call.text(3)));
            case "unlink" -> shownNames.remove(path(call.text(0)));
            case "unlinkat" -> shownNames.remove(path(call.text(1)));
            case "mkdir" -> folders.add(path(call.text(0)));
            case "mkdirat" -> folders.add(path(call.text(1)));
            case "sendto", "sendmsg" -> {}
            case "io_submit", "io_uring_setup" -> throw new IllegalStateException("not modelled: " + call.name());
            default -> refuse(call);
        }
    }

    /** What this class does not model must not touch what it models. */
    private void refuse(SystemCall call) {
        if (call.arguments().stream().anyMatch(argument -> argument.contains(root.toString()))) {
            throw new IllegalStateException("not modelled: " + call.name() + call.arguments());
        }
    }

    private Path path(String name) {
        return root.resolve(name).normalize();
    }

    private boolean isOurs(Path path) {
        return path.startsWith(root);
    }

    private void open(SystemCall call) {
        Path path = path(call.text(1));
        String flags = call.arguments().get(2);
        positions.put(call.result(), 0L);
        // O_SYNC or O_DSYNC: each write is synced before it returns.
        if (flags.contains("SYNC")) {
            syncing.add(call.result());
        } else {
            syncing.remove(call.result());
        }
        if (!isOurs(path) || flags.contains("O_DIRECTORY") || folders.contains(path)) {
            return;
        }
        TracedFile file = shownNames.get(path);
        if (file == null) {
            file = new TracedFile(new byte[0]);
            shownNames.put(path, file);
        } else if (flags.contains("O_TRUNC")) {
            file.change(new Change(call.endMicros(), 0, new byte[0], 0));
        }
        if (flags.contains("O_APPEND")) {
            positions.put(call.result(), (long) file.shown.length);
        }
    }

    private long position(SystemCall call) {
        return positions.getOrDefault(call.number(0), 0L);
    }

    private void write(SystemCall call, int text, long offset, boolean moves) {
        TracedFile file = shownNames.get(path(call.target(0)));
        if (file == null) {
            return;
        }
        byte[] bytes = Arrays.copyOf(call.bytes(text), (int) call.result());
        file.change(new Change(call.endMicros(), offset, bytes, Change.NO_LENGTH));
        if (moves) {
            positions.put(call.number(0), offset + bytes.length);
        }
        if (syncing.contains(call.number(0))) {
            sync(path(call.target(0)), file, call.endMicros());
        }
    }

    private void resize(SystemCall call) {
        TracedFile file = shownNames.get(path(call.target(0)));
        if (file != null) {
            file.change(new Change(call.endMicros(), 0, new byte[0], call.number(1)));
        }
    }

    private void sync(SystemCall call) {
        Path path = path(call.target(0));
        TracedFile file = shownNames.get(path);
        if (file != null) {
            sync(path, file, call.startMicros());
        } else if (folders.contains(path)) {
            syncNames(path);
        }
    }

    private void sync(Path path, TracedFile file, long startMicros) {
        file.sync(startMicros);
        if (!file.equals(sureNames.get(path))) {
            syncNames(path.resolve("..").normalize());
        }
    }

    private void syncNames(Path folder) {
        sureNames.keySet().removeIf(name -> folder.equals(name.getParent()));
        shownNames.forEach((name, file) -> {
            if (folder.equals(name.getParent())) {
                sureNames.put(name, file);
            }
        });
    }

    private void rename(Path from, Path to) {
        TracedFile file = shownNames.remove(from);
        if (file != null) {
            shownNames.put(to, file);
        }
    }

    /**
     * What the disk surely holds of a file now, perhaps with zeros behind it; nothing if not even its name is sure. Not
     * to be changed, and good until the next call only.
     */
    byte[] sure(Path path) {
        TracedFile file = sureNames.get(path);
        return file == null ? NOTHING : file.sure.bytes;
    }

    /** The files whose names are sure. */
    Set<Path> sureFiles() {
        return Collections.unmodifiableSet(sureNames.keySet());
    }

    /** The files as the running system shows them. */
    Map<Path, byte[]> shown() {
        Map<Path, byte[]> files = new TreeMap<>();
        shownNames.forEach((path, file) -> files.put(path, file.shown.copy()));
        return files;
    }

    /** Writes what is sure into an empty folder. */
    void writeSure(Path target) {
        try {
            for (Path folder : folders) {
                Files.createDirectories(target.resolve(root.relativize(folder)));
            }
            for (Map.Entry<Path, TracedFile> file : sureNames.entrySet()) {
                Path path = target.resolve(root.relativize(file.getKey()));
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue().sure.copy());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
