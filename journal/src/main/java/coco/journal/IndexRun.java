package coco.journal;

import coco.crypto.Hkdf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongPredicate;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One sorted run on disk: a header and encrypted pages of 255 entries, each a fingerprint and a position. See
 * docs/specs/journal.md, "History index". Immutable; any thread reads.
 */
final class IndexRun {
    static final String SUFFIX = ".run";
    static final int PAGE = 4096;
    static final int ENTRY = 16;
    static final int PAGE_ENTRIES = (PAGE - Gcm.TAG_LENGTH) / ENTRY;
    static final int HEADER_LENGTH = 64;
    static final int RUN_ID_LENGTH = 16;
    private static final byte[] MAGIC = "COCOINDX".getBytes(StandardCharsets.US_ASCII);
    /** 1 had no logs of Ethereum: an index that lacks a kind would answer wrongly, so it is made again. */
    private static final int VERSION = 2;

    private static final byte FILLER = (byte) 0xff;

    /** A page that is not what was written. */
    static final class DamagedPage extends Exception {
        private static final long serialVersionUID = 1L;

        DamagedPage(String words) {
            super(words);
        }
    }

    /**
     * What the header says.
     *
     * @param runId drawn at random: no two runs share a key
     * @param firstHeight covered
     * @param lastHeight covered, inclusive
     * @param count of entries
     */
    record Header(byte[] runId, long firstHeight, long lastHeight, long count) {
        byte[] encode() {
            byte[] out = new byte[HEADER_LENGTH];
            System.arraycopy(MAGIC, 0, out, 0, MAGIC.length);
            Bytes.putInt(out, 8, VERSION);
            System.arraycopy(runId, 0, out, 16, RUN_ID_LENGTH);
            Bytes.putLong(out, 32, firstHeight);
            Bytes.putLong(out, 40, lastHeight);
            Bytes.putLong(out, 48, count);
            Bytes.putInt(out, 60, ChunkFormat.checksum(out, 0, 60));
            return out;
        }

        static @Nullable Header decode(byte[] in) {
            Header header = new Header(
                    Bytes.slice(in, 16, RUN_ID_LENGTH),
                    Bytes.getLong(in, 32),
                    Bytes.getLong(in, 40),
                    Bytes.getLong(in, 48));
            return Arrays.equals(header.encode(), in) && header.firstHeight <= header.lastHeight ? header : null;
        }

        String fileName() {
            return String.format("%020d-%020d", firstHeight, lastHeight) + SUFFIX;
        }

        long pages() {
            return (count + PAGE_ENTRIES - 1) / PAGE_ENTRIES;
        }
    }

    private final Header header;
    private final byte[] encodedHeader;
    private final SecretKeySpec key;
    private final ReadFiles files;
    private final PageCache cache;

    IndexRun(Header header, byte[] indexKey, ReadFiles files, PageCache cache) {
        this.header = header;
        this.encodedHeader = header.encode();
        this.key = runKey(indexKey, header);
        this.files = files;
        this.cache = cache;
    }

    /** The run in this file, or null if it is not whole or not encrypted under this key. */
    static @Nullable IndexRun open(Storage storage, String name, byte[] indexKey, ReadFiles files, PageCache cache) {
        byte[] bytes = new byte[HEADER_LENGTH];
        long size;
        try (Storage.File file = storage.openForReading(name)) {
            file.read(ByteBuffer.wrap(bytes), 0);
            size = file.size();
        }
        Header header = Header.decode(bytes);
        if (header == null
                || header.count < 0
                || header.pages() > Integer.MAX_VALUE
                || size != HEADER_LENGTH + PAGE * header.pages()
                || !header.fileName().equals(name)) {
            return null;
        }
        IndexRun run = new IndexRun(header, indexKey, files, cache);
        try {
            if (header.count > 0) {
                run.page(0);
            }
            return run;
        } catch (DamagedPage e) {
            return null;
        }
    }

    static SecretKeySpec runKey(byte[] indexKey, Header header) {
        return Gcm.key(Hkdf.derive(new byte[0], indexKey, Bytes.concat(Labels.INDEX_RUN, header.runId), 32));
    }

    Header header() {
        return header;
    }

    String fileName() {
        return header.fileName();
    }

    /**
     * Gives the positions of this fingerprint, from {@code fromPosition} on and in order, to {@code visitor} until it
     * wants no more.
     */
    void find(long fingerprint, long fromPosition, LongPredicate visitor) throws DamagedPage {
        if (header.count == 0) {
            return;
        }
        for (int page = pageBefore(fingerprint, fromPosition); page < header.pages(); page++) {
            byte[] entries = page(page);
            int count = entriesOf(page);
            for (int i = 0; i < count; i++) {
                int order = compare(entries, i, fingerprint, fromPosition);
                if (order < 0) {
                    continue;
                }
                if (fingerprint(entries, i) != fingerprint || !visitor.test(position(entries, i))) {
                    return;
                }
            }
        }
    }

    /**
     * The last page that begins before this entry, or the first. Fingerprints are uniform, so interpolation mostly
     * finds it in two or three reads; a key with very many entries bends the distribution, so every second step halves.
     */
    private int pageBefore(long fingerprint, long position) throws DamagedPage {
        int low = 0;
        int high = (int) header.pages();
        double lowKey = 0;
        double highKey = 0x1p64;
        for (int step = 0; high - low > 1; step++) {
            int guess = (low + high) >>> 1;
            if (step % 2 == 0) {
                double share = (unsigned(fingerprint) - lowKey) / Math.max(1, highKey - lowKey);
                guess = Math.clamp(low + (long) (share * (high - low)), low + 1, high - 1);
            }
            byte[] entries = page(guess);
            if (compare(entries, 0, fingerprint, position) < 0) {
                low = guess;
                lowKey = unsigned(fingerprint(entries, 0));
            } else {
                high = guess;
                highKey = unsigned(fingerprint(entries, 0));
            }
        }
        return low;
    }

    private static double unsigned(long value) {
        return (value >>> 1) * 2.0 + (value & 1);
    }

    private static int compare(byte[] entries, int index, long fingerprint, long position) {
        int order = Long.compareUnsigned(fingerprint(entries, index), fingerprint);
        return order != 0 ? order : Long.compare(position(entries, index), position);
    }

    static long fingerprint(byte[] entries, int index) {
        return Bytes.getLong(entries, ENTRY * index);
    }

    static long position(byte[] entries, int index) {
        return Bytes.getLong(entries, ENTRY * index + 8);
    }

    int entriesOf(int page) {
        return (int) Math.min(PAGE_ENTRIES, header.count - (long) page * PAGE_ENTRIES);
    }

    private byte[] page(int number) throws DamagedPage {
        byte[] cached = cache.get(header.runId, number);
        if (cached == null) {
            cached = readPage(number);
            cache.put(header.runId, number, cached);
        }
        return cached;
    }

    /** Reads and decrypts a page past the cache. */
    byte[] readPage(int number) throws DamagedPage {
        byte[] sealed = new byte[PAGE];
        try (ReadFiles.Lease lease = files.lease(fileName())) {
            lease.file().read(ByteBuffer.wrap(sealed), HEADER_LENGTH + (long) PAGE * number);
        } catch (JournalException e) {
            throw new DamagedPage("page " + number + " of " + fileName() + " cannot be read: " + e.getMessage());
        }
        byte[] aad = aad(encodedHeader, number);
        byte[] page = new Gcm().open(key, iv(number), aad, aad.length, sealed, 0, PAGE);
        if (page == null) {
            throw new DamagedPage("page " + number + " of " + fileName() + " is not authentic");
        }
        return page;
    }

    /** Whether every page can be read: a pass over the whole file as it is on disk now, past the cache. */
    boolean isWhole() {
        files.retire(fileName());
        try {
            for (int page = 0; page < header.pages(); page++) {
                readPage(page);
            }
            return true;
        } catch (DamagedPage e) {
            return false;
        }
    }

    static byte[] iv(int page) {
        byte[] iv = new byte[12];
        Bytes.putInt(iv, 8, page);
        return iv;
    }

    static byte[] aad(byte[] header, int page) {
        byte[] aad = Arrays.copyOf(header, HEADER_LENGTH + Integer.BYTES);
        Bytes.putInt(aad, HEADER_LENGTH, page);
        return aad;
    }

    static void fill(byte[] page, int fromEntry) {
        Arrays.fill(page, ENTRY * fromEntry, ENTRY * PAGE_ENTRIES, FILLER);
    }
}
