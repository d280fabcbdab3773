package coco.node;

import coco.journal.ReadResult.Missing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ranges of the journal that were fetched before there were keys to judge them by, in a file of the data folder: what a
 * node that ends in between has fetched is judged by its next life. A line each: first height, last height.
 *
 * <p>The host may change the file like any other. What it takes out is still judged when it is read for somebody, as
 * every block is.
 */
final class UnjudgedRanges {
    private static final Logger LOG = LoggerFactory.getLogger(UnjudgedRanges.class);

    /** Some 20,000 ranges. */
    private static final int BYTES_MAX = 1 << 20;

    /** Up to wherever the journal goes. */
    static final long TO_THE_END = 999_999_999_999_999_999L;

    private final Path file;

    UnjudgedRanges(Path file) {
        this.file = file;
    }

    /** All of them; the whole journal if the file cannot be understood. */
    List<Missing> all() {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = new String(NodeFiles.read(file, BYTES_MAX, "node.dataDirectory"), StandardCharsets.US_ASCII);
        List<Missing> ranges = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (!line.matches("[0-9]{1,18} [0-9]{1,18}")) {
                return List.of(range(0, TO_THE_END));
            }
            String[] heights = line.split(" ", 2);
            ranges.add(range(Long.parseLong(heights[0]), Long.parseLong(heights[1])));
        }
        return ranges;
    }

    private static Missing range(long first, long last) {
        return new Missing(first, last, "was fetched at a start");
    }

    /**
     * Notes a range durably, before it is fetched.
     *
     * @throws NodeException if it cannot be written: then nothing may be fetched
     */
    void add(long firstHeight, long lastHeight) {
        List<Missing> ranges = new ArrayList<>(all());
        if (ranges.stream().anyMatch(each -> each.firstHeight() == firstHeight && each.lastHeight() == lastHeight)) {
            return;
        }
        ranges.add(range(firstHeight, lastHeight));
        StringBuilder text = new StringBuilder();
        ranges.forEach(each -> text.append(each.firstHeight())
                .append(' ')
                .append(each.lastHeight())
                .append('\n'));
        try {
            NodeFiles.replace(file, text.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failed) {
            throw new NodeException("cannot write " + file, failed);
        }
    }

    /** All were judged. */
    void clear() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            LOG.warn("{} is not deleted, and its ranges are judged again at the next start", file);
        }
    }
}
