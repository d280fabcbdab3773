package coco.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a copy of a journal from its files alone, by whoever was opened an epoch. Nothing is written, and nothing
 * here proves anything but what a seal root opens: verify the copy first ({@link JournalVerifier}). What is read was
 * sealed under that root, and that it committed says the verifier; there is no key here by which a receipt or another
 * block could be made.
 */
public final class JournalReader {
    private final Storage storage;
    private final JournalLimits limits;

    /** @param storage folder of the chunk files */
    public JournalReader(Storage storage, JournalLimits limits) {
        this.storage = storage;
        this.limits = limits;
    }

    /**
     * Visits all entries in order.
     *
     * @throws MalformedException at the first chunk that is damaged, naming the file; what comes before was visited
     */
    public void forEach(Consumer<JournalEntry> visitor) throws MalformedException {
        List<String> names = storage.list().stream()
                .filter(name -> ChunkFormat.firstHeight(name) >= 0)
                .toList();
        for (String name : names) {
            try (Storage.File file = storage.openForReading(name)) {
                chunk(name, file, visitor);
            }
        }
    }

    private void chunk(String name, Storage.File file, Consumer<JournalEntry> visitor) throws MalformedException {
        byte[] header = new byte[ChunkFormat.HEADER_LENGTH];
        ByteBuffer target = ByteBuffer.wrap(header);
        file.read(target, 0);
        if (!(ChunkFormat.readHeader(header, target.position(), null) instanceof ChunkFormat.Header.Good(long first))) {
            throw new MalformedException(name + ": not the beginning of a chunk");
        }
        ChunkScan scan = new ChunkScan(file, file.size(), first, limits);
        ChunkScan.End end = scan.run((buffer, offset, length) -> {
            try {
                visitor.accept(ChunkFormat.entry(buffer, offset, length));
                return null;
            } catch (MalformedException e) {
                return String.valueOf(e.getMessage());
            }
        });
        if (end == ChunkScan.End.BAD_ENTRY || end == ChunkScan.End.BAD_FOOTER) {
            throw new MalformedException(name + ": " + scan.words());
        }
    }

    /**
     * Opens a block. Hashes, the commitment to the key, authenticity, time and leaf root are recomputed; signature and
     * place in the chain are the verifier's.
     */
    public OpenResult open(SealedBlock block, SealRoot root) {
        OpenResult.Refusal refusal = BlockOpener.refuseHashes(block);
        return refusal != null ? refusal : BlockOpener.decrypt(block, root, limits);
    }
}
