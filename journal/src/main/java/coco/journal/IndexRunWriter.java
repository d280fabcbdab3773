package coco.journal;

import java.nio.ByteBuffer;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes one run, entry by entry in order, under a temporary name that becomes the real one when it is whole and
 * forced.
 */
final class IndexRunWriter {
    static final String TEMPORARY_SUFFIX = ".tmp";
    private static final int BUFFERED_PAGES = 64;

    private final Storage storage;
    private final IndexRun.Header header;
    private final byte[] encodedHeader;
    private final SecretKeySpec key;
    private final Storage.File file;
    private final Gcm gcm = new Gcm();
    private final byte[] page = new byte[IndexRun.ENTRY * IndexRun.PAGE_ENTRIES];
    private final byte[] buffer = new byte[BUFFERED_PAGES * IndexRun.PAGE];
    private int entriesInPage;
    private int pagesInBuffer;
    private int pages;
    private long written;

    IndexRunWriter(Storage storage, IndexRun.Header header, byte[] indexKey) {
        this.storage = storage;
        this.header = header;
        this.encodedHeader = header.encode();
        this.key = IndexRun.runKey(indexKey, header);
        this.file = storage.open(header.fileName() + TEMPORARY_SUFFIX);
        file.truncate(0);
        file.write(ByteBuffer.wrap(encodedHeader), 0);
    }

    void add(long fingerprint, long position) {
        Bytes.putLong(page, IndexRun.ENTRY * entriesInPage, fingerprint);
        Bytes.putLong(page, IndexRun.ENTRY * entriesInPage + 8, position);
        entriesInPage++;
        written++;
        if (entriesInPage == IndexRun.PAGE_ENTRIES) {
            endPage();
        }
    }

    private void endPage() {
        byte[] aad = IndexRun.aad(encodedHeader, pages);
        gcm.seal(key, IndexRun.iv(pages), aad, aad.length, page, page.length, buffer, pagesInBuffer * IndexRun.PAGE);
        pages++;
        pagesInBuffer++;
        entriesInPage = 0;
        if (pagesInBuffer == BUFFERED_PAGES) {
            writeBuffer();
        }
    }

    private void writeBuffer() {
        int length = pagesInBuffer * IndexRun.PAGE;
        long end = IndexRun.HEADER_LENGTH + (long) pages * IndexRun.PAGE;
        file.write(ByteBuffer.wrap(buffer, 0, length), end - length);
        pagesInBuffer = 0;
    }

    /** The run is whole: forces it and gives it its name. The folder is forced by the caller. */
    void finish() {
        Invariant.check(written == header.count(), "a run of another length than its header says");
        if (entriesInPage > 0) {
            IndexRun.fill(page, entriesInPage);
            endPage();
        }
        if (pagesInBuffer > 0) {
            writeBuffer();
        }
        file.force();
        file.close();
        storage.rename(header.fileName() + TEMPORARY_SUFFIX, header.fileName());
    }

    /** The run will not be finished. */
    void abandon() {
        file.close();
        storage.delete(header.fileName() + TEMPORARY_SUFFIX);
    }
}
