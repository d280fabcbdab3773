package coco.attestation.tsm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file operations on configfs. A folder there gets its files from the kernel when it is made. */
interface TsmFiles {
    /** Those of this machine. */
    TsmFiles REAL = new TsmFiles() {
        @Override
        public void create(Path folder) throws IOException {
            Files.createDirectory(folder);
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
            // One call of the kernel, and no truncation: it takes the content when the file is closed.
            Files.write(file, content, StandardOpenOption.WRITE);
        }

        @Override
        public byte[] read(Path file, int bytesMax) throws IOException {
            // The kernel says the size of such a file is 0, or what it could become.
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(bytesMax);
            }
        }

        @Override
        public boolean exists(Path file) {
            return Files.exists(file);
        }

        @Override
        public void remove(Path folder) throws IOException {
            Files.delete(folder);
        }
    };

    void create(Path folder) throws IOException;

    void write(Path file, byte[] content) throws IOException;

    byte[] read(Path file, int bytesMax) throws IOException;

    boolean exists(Path file);

    /** Removes the folder; its files go with it. */
    void remove(Path folder) throws IOException;
}
