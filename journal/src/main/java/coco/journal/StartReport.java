package coco.journal;

import java.util.List;

/**
 * What the check at start found, and what it did about it.
 *
 * @param chunks number of chunk files that are in order, the open one included
 * @param firstHeight lowest height kept, -1 if there is none
 * @param lastHeight highest height kept, -1 if there is none
 * @param notes everything out of the ordinary, in order of height; empty after an orderly stop
 */
public record StartReport(int chunks, long firstHeight, long lastHeight, List<Note> notes) {
    /** Copies the list. */
    public StartReport {
        notes = List.copyOf(notes);
    }

    /** One thing found. */
    public sealed interface Note {
        /** For people. */
        String words();
    }

    /**
     * A write that a crash had torn was cut off the open chunk: nothing that was forced.
     *
     * @param file in which it was
     * @param offset from which on the file was cut
     * @param bytes how many bytes other than zeros were cut away
     */
    public record TornTailCut(String file, long offset, long bytes) implements Note {
        @Override
        public String words() {
            return file + ": a torn write of " + bytes + " bytes at offset " + offset
                    + " was cut off, nothing that was forced";
        }
    }

    /**
     * The footer of the last chunk was cut off or wrong, as after a crash while closing it; all its entries are in
     * order, and the footer is written again when the chunk is closed again.
     *
     * @param file in which it was
     * @param offset of the footer
     */
    public record FooterCut(String file, long offset) implements Note {
        @Override
        public String words() {
            return file + ": a wrong footer at offset " + offset + " was cut off; the entries are in order";
        }
    }

    /** The crash came while a chunk was being created; the empty file was removed. */
    public record EmptyFileRemoved(String file) implements Note {
        @Override
        public String words() {
            return file + ": a chunk without any entry was removed";
        }
    }

    /**
     * A file is damaged and was put aside.
     *
     * @param file its name before
     * @param firstHeight first height it should hold, -1 if not even that is known
     * @param lastHeight last height it should hold, -1 if that is not known
     * @param why what is wrong with it
     */
    public record Quarantined(String file, long firstHeight, long lastHeight, String why) implements Note {
        @Override
        public String words() {
            String range = firstHeight < 0
                    ? ""
                    : " (heights " + firstHeight + " to " + (lastHeight < 0 ? "?" : Long.toString(lastHeight)) + ")";
            return file + range + ": " + why + "; renamed to " + file + ChunkFormat.QUARANTINED_SUFFIX
                    + "; the same file from another node can take its place";
        }
    }

    /**
     * Heights between two good chunks of which there is no file.
     *
     * @param firstHeight of the gap
     * @param lastHeight of the gap, inclusive
     */
    public record Gap(long firstHeight, long lastHeight) implements Note {
        @Override
        public String words() {
            return "heights " + firstHeight + " to " + lastHeight
                    + " are missing; the chunk files that hold them can be copied from another node";
        }
    }
}
