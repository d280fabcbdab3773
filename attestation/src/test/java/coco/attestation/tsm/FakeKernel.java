package coco.attestation.tsm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Does to a real folder what the kernel does to its own. */
public final class FakeKernel implements TsmFiles {
    private final String provider;
    private final UnaryOperator<byte[]> processor;
    private final byte[] auxblob;
    int interruptions;
    int requests;

    FakeKernel(String provider, UnaryOperator<byte[]> processor, byte[] auxblob) {
        this.provider = provider;
        this.processor = processor;
        this.auxblob = auxblob.clone();
    }

    /**
     * An interface below this folder.
     *
     * @param processor makes outblob of inblob
     */
    public static ConfigfsTsm tsm(Path folder, String provider, UnaryOperator<byte[]> processor, byte[] auxblob) {
        return new ConfigfsTsm(folder, new FakeKernel(provider, processor, auxblob), () -> "request");
    }

    @Override
    public void create(Path folder) throws IOException {
        requests++;
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("generation"), "0\n");
        Files.writeString(folder.resolve("provider"), provider + "\n");
        Files.write(folder.resolve("inblob"), new byte[0]);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        REAL.write(file, content);
        Path folder = file.resolveSibling("");
        Files.write(folder.resolve("outblob"), processor.apply(content));
        if (auxblob.length > 0) {
            Files.write(folder.resolve("auxblob"), auxblob);
        }
        int writes = interruptions-- > 0 ? 2 : 1;
        Files.writeString(folder.resolve("generation"), writes + "\n");
    }

    @Override
    public byte[] read(Path file, int bytesMax) throws IOException {
        return REAL.read(file, bytesMax);
    }

    @Override
    public boolean exists(Path file) {
        return REAL.exists(file);
    }

    @Override
    public void remove(Path folder) throws IOException {
        for (String name : new String[] {"generation", "provider", "inblob", "outblob", "auxblob"}) {
            Files.deleteIfExists(folder.resolve(name));
        }
        REAL.remove(folder);
    }
}
