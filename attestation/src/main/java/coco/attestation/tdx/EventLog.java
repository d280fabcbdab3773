package coco.attestation.tdx;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.CheckResult;
import coco.attestation.CheckResult.Outcome;
import coco.attestation.Claims;
import coco.attestation.Verdict.Check;
import coco.attestation.intel.MalformedException;
import coco.crypto.Hex;
import coco.crypto.Sha384;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The log of what was measured into a trust domain's registers: firmware settings, boot loader, kernel, command line.
 * It is the content of the ACPI table CCEL (UEFI 2.10, section 38.4.1), in the format of a TPM's log (TCG PC Client
 * Platform Firmware Profile, section 10.2.2, "crypto agile"), little-endian.
 *
 * <p>The log is the host's to forge; the registers are not. So a log is worth what {@link #check} says: computed again,
 * it must give the registers of a verified quote. Even then an event's <em>data</em> is only proven where its digest is
 * that of the data ({@link Event#provesData}); elsewhere the digest is of something the data merely names.
 */
public final class EventLog {
    /** The firmware reserves 64 to 256 KiB for it. */
    public static final int BYTES_MAX = 1024 * 1024;

    private static final int REGISTER_COUNT = 4;
    private static final int NO_ACTION = 3;
    private static final int SHA_384 = 0x0c;
    private static final int SHA_1_BYTES = 20;
    // The registry of the TCG has six digests.
    private static final int ALGORITHMS_MAX = 8;
    private static final int DIGEST_BYTES_MAX = 64;
    private static final int END_OF_LOG = 0xffffffff;
    private static final byte[] SPECIFICATION = "Spec ID Event03\0".getBytes(US_ASCII);
    private static final int SPECIFICATION_HEADER_BYTES = SPECIFICATION.length + 8;

    private final List<Event> events;

    /**
     * One measurement.
     *
     * @param register index of the RTMR, 0 to 3; -1 for MRTD, which no event extends
     * @param type of the event (TCG, table 27; EV_NO_ACTION is 3 and extends nothing)
     * @param digest 48 bytes, SHA-384
     * @param data what the measurer says of it
     */
    public record Event(int register, int type, byte[] digest, byte[] data) {
        /** Returns whether the digest is that of the data, so that a verified register proves the data. */
        public boolean provesData() {
            return Arrays.equals(Sha384.hash(data), digest);
        }
    }

    private EventLog(List<Event> events) {
        this.events = List.copyOf(events);
    }

    /**
     * Reads a log, up to its end mark, to unused space, or to the end of the bytes.
     *
     * @throws MalformedException if it is none, has no SHA-384 digests, or is longer than {@link #BYTES_MAX}
     */
    public static EventLog parse(byte[] bytes) throws MalformedException {
        if (bytes.length > BYTES_MAX) {
            throw new MalformedException("an event log of " + bytes.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Integer> digestBytes = specification(in);
        List<Event> events = new ArrayList<>();
        while (in.hasRemaining()) {
            need(in, 2 * Integer.BYTES, "event");
            int index = in.getInt();
            int type = in.getInt();
            if (index == END_OF_LOG || (index == 0 && type == 0)) {
                break;
            }
            if (index < 0 || index > REGISTER_COUNT) {
                throw new MalformedException("an event for register " + Integer.toUnsignedString(index));
            }
            byte[] digest = digest(in, digestBytes);
            events.add(new Event(index - 1, type, digest, sized(in, "event")));
        }
        return new EventLog(events);
    }

    /** The first event has the old format, and lists the digests of those that follow. */
    private static Map<Integer, Integer> specification(ByteBuffer in) throws MalformedException {
        need(in, 2 * Integer.BYTES + SHA_1_BYTES, "first event");
        in.getInt();
        int type = in.getInt();
        in.position(in.position() + SHA_1_BYTES);
        ByteBuffer data = ByteBuffer.wrap(sized(in, "first event")).order(ByteOrder.LITTLE_ENDIAN);
        need(data, SPECIFICATION_HEADER_BYTES + Integer.BYTES, "specification");
        byte[] signature = new byte[SPECIFICATION.length];
        data.get(signature);
        if (type != NO_ACTION || !Arrays.equals(signature, SPECIFICATION)) {
            throw new MalformedException("no event log of a crypto agile format");
        }
        data.position(SPECIFICATION_HEADER_BYTES);
        int count = data.getInt();
        if (count < 1 || count > ALGORITHMS_MAX) {
            throw new MalformedException("a log with " + Integer.toUnsignedString(count) + " digests for each event");
        }
        need(data, count * 2 * Short.BYTES, "list of digests");
        Map<Integer, Integer> digestBytes = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int algorithm = Short.toUnsignedInt(data.getShort());
            int size = Short.toUnsignedInt(data.getShort());
            if (size > DIGEST_BYTES_MAX) {
                throw new MalformedException("a digest of " + size + " bytes");
            }
            digestBytes.put(algorithm, size);
        }
        Integer size = digestBytes.get(SHA_384);
        if (size == null || size != Sha384.DIGEST_BYTES) {
            throw new MalformedException("a log without SHA-384");
        }
        return digestBytes;
    }

    private static byte[] digest(ByteBuffer in, Map<Integer, Integer> digestBytes) throws MalformedException {
        need(in, Integer.BYTES, "event");
        int count = in.getInt();
        if (count < 1 || count > ALGORITHMS_MAX) {
            throw new MalformedException("an event with " + Integer.toUnsignedString(count) + " digests");
        }
        byte[] digest = null;
        for (int i = 0; i < count; i++) {
            need(in, Short.BYTES, "digest");
            int algorithm = Short.toUnsignedInt(in.getShort());
            Integer size = digestBytes.get(algorithm);
            if (size == null) {
                throw new MalformedException("a digest of a kind not announced");
            }
            need(in, size, "digest");
            byte[] value = new byte[size];
            in.get(value);
            if (algorithm == SHA_384 && digest != null) {
                throw new MalformedException("an event with two SHA-384 digests");
            }
            digest = algorithm == SHA_384 ? value : digest;
        }
        if (digest == null) {
            throw new MalformedException("an event without SHA-384");
        }
        return digest;
    }

    private static byte[] sized(ByteBuffer in, String what) throws MalformedException {
        need(in, Integer.BYTES, what);
        int size = in.getInt();
        if (size < 0 || size > in.remaining()) {
            throw new MalformedException(
                    "an event of " + Integer.toUnsignedString(size) + " bytes in " + in.remaining() + " bytes");
        }
        byte[] data = new byte[size];
        in.get(data);
        return data;
    }

    private static void need(ByteBuffer in, int count, String what) throws MalformedException {
        if (in.remaining() < count) {
            throw new MalformedException(what + " cut off");
        }
    }

    /** Returns the events in order. */
    public List<Event> events() {
        return events;
    }

    /** Returns the four registers as this log makes them: each event's digest is hashed onto the register before it. */
    public List<byte[]> replay() {
        List<byte[]> registers = new ArrayList<>();
        for (int i = 0; i < REGISTER_COUNT; i++) {
            registers.add(new byte[Sha384.DIGEST_BYTES]);
        }
        for (Event event : events) {
            if (event.type() != NO_ACTION && event.register() >= 0) {
                registers.set(event.register(), Sha384.hash(registers.get(event.register()), event.digest()));
            }
        }
        return registers;
    }

    /**
     * Compares the registers this log makes with those of a quote, for {@link coco.attestation.Verdict#with}.
     *
     * @param claims of a trust domain
     */
    public CheckResult check(Claims claims) {
        List<byte[]> replayed = replay();
        for (int i = 0; i < REGISTER_COUNT; i++) {
            @Nullable String quoted = claims.details().get("rtmr" + i);
            String made = Hex.encode(replayed.get(i));
            if (!made.equals(quoted)) {
                return new CheckResult(
                        Check.MEASUREMENT,
                        Outcome.FAILED,
                        "the event log makes RTMR" + i + " " + made,
                        quoted == null ? "a trust domain's registers" : quoted);
            }
        }
        return new CheckResult(
                Check.MEASUREMENT,
                Outcome.PASSED,
                events.size() + " events make RTMR0 to RTMR3",
                "the quoted registers");
    }
}
