package coco.node.channel;

import coco.core.NodeChannel.Verdicts;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The messages of the channel. Integers are big-endian; see {@code docs/specs/channel.md}. Decoding anything that is
 * not exactly one message throws {@link Malformed}.
 */
final class ChannelCodec {
    static final byte VERSION = 1;
    private static final int OFFER_OVERHEAD_BYTES = 1 + 32 + 4;
    private static final byte ACCEPTED = 0;
    private static final byte QUEUED = 1;
    private static final byte REJECTED = 2;

    private ChannelCodec() {}

    /** Bytes that are no message. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** Offers on their way to the leader. */
    record Offers(List<Offer> offers, boolean again) {}

    /** A question on its way to the leader. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Question(String ledger, byte[] question) {}

    /** What one offer takes in a message. */
    static int size(Offer offer) {
        return OFFER_OVERHEAD_BYTES + offer.ledger().length() + offer.payload().length;
    }

    static byte[] encodeOffers(List<Offer> offers, boolean again) {
        int size = 1 + 1 + 4 + offers.stream().mapToInt(ChannelCodec::size).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION).put((byte) (again ? 1 : 0)).putInt(offers.size());
        for (Offer offer : offers) {
            putLedger(out, offer.ledger());
            out.put(offer.id()).putInt(offer.payload().length).put(offer.payload());
        }
        return out.array();
    }

    static Offers decodeOffers(byte[] message, ChannelLimits limits) throws Malformed {
        return decode(message, in -> {
            boolean again = flag(in);
            int count = count(in, limits.offersMax());
            List<Offer> offers = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                String ledger = ledger(in);
                byte[] id = bytes(in, 32);
                offers.add(new Offer(ledger, id, bytes(in, in.getInt())));
            }
            return new Offers(offers, again);
        });
    }

    static byte[] encodeVerdicts(Verdicts verdicts) {
        ByteArrayOutputStream out =
                new ByteArrayOutputStream(1 + 8 + 4 + verdicts.verdicts().size());
        out.writeBytes(ByteBuffer.allocate(13)
                .put(VERSION)
                .putLong(verdicts.height())
                .putInt(verdicts.verdicts().size())
                .array());
        for (Verdict verdict : verdicts.verdicts()) {
            switch (verdict) {
                case Verdict.Accepted() -> out.write(ACCEPTED);
                case Verdict.Queued() -> out.write(QUEUED);
                case Verdict.Rejected(Rejection reason) -> {
                    byte[] text = reason.message().getBytes(StandardCharsets.UTF_8);
                    int length = Math.min(text.length, ChannelLimits.REJECTION_BYTES_MAX);
                    out.write(REJECTED);
                    out.writeBytes(ByteBuffer.allocate(6)
                            .putInt(reason.code())
                            .putShort((short) length)
                            .array());
                    out.write(text, 0, length);
                }
            }
        }
        return out.toByteArray();
    }

    static Verdicts decodeVerdicts(byte[] message, ChannelLimits limits) throws Malformed {
        return decode(message, in -> {
            long height = in.getLong();
            int count = count(in, limits.offersMax());
            List<Verdict> verdicts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                verdicts.add(verdict(in));
            }
            return new Verdicts(height, verdicts);
        });
    }

    private static Verdict verdict(ByteBuffer in) throws Malformed {
        byte kind = in.get();
        return switch (kind) {
            case ACCEPTED -> Verdict.ACCEPTED;
            case QUEUED -> Verdict.QUEUED;
            case REJECTED -> {
                int code = in.getInt();
                int length = Short.toUnsignedInt(in.getShort());
                if (length > ChannelLimits.REJECTION_BYTES_MAX) {
                    throw new Malformed("a rejection of " + length + " bytes is too long");
                }
                byte[] text = bytes(in, length);
                yield Verdict.rejected(code, new String(text, StandardCharsets.UTF_8));
            }
            default -> throw new Malformed("no verdict is " + kind);
        };
    }

    static byte[] encodeQuestion(String ledger, byte[] question) {
        ByteBuffer out = ByteBuffer.allocate(1 + 1 + ledger.length() + question.length);
        out.put(VERSION);
        putLedger(out, ledger);
        return out.put(question).array();
    }

    static Question decodeQuestion(byte[] message) throws Malformed {
        return decode(message, in -> new Question(ledger(in), bytes(in, in.remaining())));
    }

    /** Asks what the other's clock shows: a message that is a version and nothing else. */
    static byte[] encodeClockQuestion() {
        return new byte[] {VERSION};
    }

    static void decodeClockQuestion(byte[] message) throws Malformed {
        decode(message, in -> true);
    }

    static byte[] encodeClock(long millis) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(VERSION).putLong(millis).array();
    }

    static long decodeClock(byte[] message) throws Malformed {
        return decode(message, ByteBuffer::getLong);
    }

    static byte[] encodeSpace(boolean hasSpace) {
        return new byte[] {VERSION, (byte) (hasSpace ? 1 : 0)};
    }

    static boolean decodeSpace(byte[] message) throws Malformed {
        return decode(message, in -> {
            byte answer = in.get();
            if (answer != 0 && answer != 1) {
                throw new Malformed("neither yes nor no");
            }
            return answer == 1;
        });
    }

    @FunctionalInterface
    interface Body<T> {
        T read(ByteBuffer in) throws Malformed;
    }

    /** Reads one whole message of this version. */
    static <T> T decode(byte[] message, Body<T> body) throws Malformed {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw new Malformed("version " + version + " of the channel is not spoken here");
            }
            T value = body.read(in);
            if (in.hasRemaining()) {
                throw new Malformed(in.remaining() + " bytes too many");
            }
            return value;
        } catch (BufferUnderflowException _) {
            throw new Malformed("cut off");
        }
    }

    private static boolean flag(ByteBuffer in) throws Malformed {
        byte value = in.get();
        if (value != 0 && value != 1) {
            throw new Malformed("a flag is 0 or 1");
        }
        return value == 1;
    }

    static int count(ByteBuffer in, int max) throws Malformed {
        int count = in.getInt();
        if (count < 0 || count > max) {
            throw new Malformed("a count of " + count + " is out of range");
        }
        return count;
    }

    static byte[] bytes(ByteBuffer in, int length) throws Malformed {
        if (length < 0 || length > in.remaining()) {
            throw new Malformed("a length of " + length + " is out of range");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static void putLedger(ByteBuffer out, String ledger) {
        out.put((byte) ledger.length()).put(ledger.getBytes(StandardCharsets.US_ASCII));
    }

    private static String ledger(ByteBuffer in) throws Malformed {
        int length = Byte.toUnsignedInt(in.get());
        if (length > ChannelLimits.LEDGER_ID_BYTES_MAX) {
            throw new Malformed("a ledger's id is too long");
        }
        byte[] bytes = bytes(in, length);
        String id = new String(bytes, StandardCharsets.US_ASCII);
        if (!Arrays.equals(id.getBytes(StandardCharsets.US_ASCII), bytes)) {
            throw new Malformed("a ledger's id is ASCII");
        }
        return id;
    }
}
