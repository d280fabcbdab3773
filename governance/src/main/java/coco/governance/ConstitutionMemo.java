package coco.governance;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The constitutions that were read last. Each block, message and request reads the one in force, whose certificates and
 * keys take milliseconds to parse. Reading is a function of the bytes, so nobody can tell that its outcome was kept.
 * The bytes are compared whole: that is faster than a digest, and as certain.
 */
final class ConstitutionMemo {
    /** The one in force, those before it that are asked for while blocks are in flight, and those of other tests. */
    private static final int KEPT = 8;

    private static final AtomicReference<List<Parsed>> LAST = new AtomicReference<>(List.of());

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Parsed(byte[] bytes, Constitution constitution) {}

    private ConstitutionMemo() {}

    /** As {@link Constitution#parse}. */
    static Constitution parse(byte[] bytes) {
        List<Parsed> last = Objects.requireNonNull(LAST.get());
        for (Parsed parsed : last) {
            if (Arrays.equals(parsed.bytes(), bytes)) {
                return parsed.constitution();
            }
        }
        Parsed parsed = new Parsed(bytes.clone(), Constitution.parse(bytes));
        LAST.set(Stream.concat(Stream.of(parsed), last.stream()).limit(KEPT).toList());
        return parsed.constitution();
    }
}
