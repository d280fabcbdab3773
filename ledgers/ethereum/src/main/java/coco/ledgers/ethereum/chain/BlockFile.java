package coco.ledgers.ethereum.chain;

import coco.ledgers.api.LedgerException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of blocks as geth exports them: the RLP of one after the other, perhaps compressed with gzip. Only one is in
 * memory at a time. One thread.
 */
public final class BlockFile {
    /** Several times what EIP-7934 allows, and what the gas of any block before it could have paid for. */
    private static final int BLOCK_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LIST = 0xc0;
    private static final int LONG_LIST = 0xf7;

    private final InputStream in;
    private long blocks;

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read
     */
    public BlockFile(InputStream file) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(file, BUFFER_BYTES);
        buffered.mark(2);
        boolean zipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        this.in = zipped ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER_BYTES)) : buffered;
    }

    /**
     * The next block's RLP.
     *
     * @return null at the end
     * @throws LedgerException if what follows is no block
     */
    public byte @Nullable [] next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        if (first < LIST) {
            throw fault("is not the RLP of a block");
        }
        int sizeBytes = Math.max(0, first - LONG_LIST);
        byte[] size = in.readNBytes(sizeBytes);
        long length = sizeBytes == 0 ? first - LIST : length(size);
        if (length > BLOCK_BYTES_MAX) {
            throw fault("has more than " + BLOCK_BYTES_MAX + " bytes");
        }
        byte[] body = in.readNBytes((int) length);
        if (size.length < sizeBytes || body.length < length) {
            throw fault("is cut off by the end of the file");
        }
        byte[] block = new byte[1 + sizeBytes + body.length];
        block[0] = (byte) first;
        System.arraycopy(size, 0, block, 1, sizeBytes);
        System.arraycopy(body, 0, block, 1 + sizeBytes, body.length);
        blocks++;
        return block;
    }

    private static long length(byte[] bigEndian) {
        long length = 0;
        for (byte each : bigEndian) {
            length = length > BLOCK_BYTES_MAX ? length : length << 8 | (each & 0xff);
        }
        return length;
    }

    private LedgerException fault(String what) {
        return new LedgerException("item " + (blocks + 1) + " of the file of blocks " + what);
    }
}
