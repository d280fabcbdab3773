package coco.systemtests.canary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Looks for canaries. Every form is cut into slices, and one slice is enough: a log that shows half of a secret shows
 * too much. Random bytes match a slice by chance once in 2^64 places at the very most.
 */
public final class CanarySearch {
    /** Half of a raw secret, a quarter of one in hexadecimal: 8 bytes of the secret at least. */
    private static final int SLICE = 16;

    private static final int FILTER_MASK = 0xffff;

    private final Map<Long, List<Slice>> slices = new HashMap<>();
    private final BitSet filter = new BitSet(FILTER_MASK + 1);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Slice(String canary, String form, byte[] bytes) {}

    /**
     * A canary where none may be.
     *
     * @param canary its name
     * @param form what it looked like
     * @param place the file or whatever else was searched
     */
    public record Finding(String canary, String form, String place, int offset) {}

    /** Prepares the search for all of these at once. */
    public CanarySearch(Collection<Canary> canaries) {
        for (Canary canary : canaries) {
            canary.forms().forEach((form, bytes) -> {
                for (int from = 0; from + SLICE <= bytes.length; from += SLICE) {
                    add(new Slice(canary.name(), form, Arrays.copyOfRange(bytes, from, from + SLICE)));
                }
                add(new Slice(canary.name(), form, Arrays.copyOfRange(bytes, bytes.length - SLICE, bytes.length)));
            });
        }
    }

    private void add(Slice slice) {
        long start = ByteBuffer.wrap(slice.bytes()).getLong();
        filter.set((int) start & FILTER_MASK);
        slices.computeIfAbsent(start, key -> new ArrayList<>()).add(slice);
    }

    /** Searches a text. */
    public List<Finding> in(String place, String text) {
        return in(place, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Searches bytes. */
    public List<Finding> in(String place, byte[] bytes) {
        List<Finding> findings = new ArrayList<>();
        long window = 0;
        for (int end = 1; end <= bytes.length; end++) {
            window = (window << 8) | (bytes[end - 1] & 0xff);
            if (end >= Long.BYTES && filter.get((int) window & FILTER_MASK)) {
                int start = end - Long.BYTES;
                for (Slice slice : slices.getOrDefault(window, List.of())) {
                    if (start + SLICE <= bytes.length
                            && Arrays.equals(bytes, start, start + SLICE, slice.bytes(), 0, SLICE)) {
                        findings.add(new Finding(slice.canary(), slice.form(), place, start));
                    }
                }
            }
        }
        return findings;
    }

    /**
     * Searches the names and the bytes of all files below a folder.
     *
     * @param searched gets the files, as paths relative to the folder, so that a test can say that there were some
     */
    public List<Finding> below(Path folder, Collection<String> searched) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        List<Finding> findings = new ArrayList<>();
        for (Path file : files) {
            String name = folder.relativize(file).toString();
            searched.add(name);
            findings.addAll(in("the name of " + name, name));
            findings.addAll(in(name, Files.readAllBytes(file)));
        }
        return findings;
    }
}
