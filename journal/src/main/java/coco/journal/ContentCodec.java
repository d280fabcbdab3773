package coco.journal;

import coco.crypto.Padme;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The plaintext of the private part: 4 bytes content length, content, zeros up to the Padmé length. Decoding is strict:
 * one encoding for each content, nothing left over.
 */
final class ContentCodec {
    private static final byte VERSION = 1;
    private static final int LENGTH_PREFIX = 4;

    private ContentCodec() {}

    static int paddedLength(BlockContent content) {
        return Padme.paddedLength(LENGTH_PREFIX + contentLength(content));
    }

    private static int contentLength(BlockContent content) {
        long length = 1L
                + Varint.length(content.timestampMillis())
                + Varint.length(content.sections().size());
        for (Section section : content.sections()) {
            length += prefixed(section.ledger().getBytes(StandardCharsets.UTF_8).length)
                    + prefixed(section.payload().length)
                    + prefixed(section.writes().length)
                    + Varint.length(section.entries().size());
            for (Entry entry : section.entries()) {
                length += 64 + prefixed(entry.payload().length) + prefixed(entry.writes().length);
            }
        }
        return Math.toIntExact(length);
    }

    private static long prefixed(int length) {
        return (long) Varint.length(length) + length;
    }

    static byte[] encode(BlockContent content) {
        int length = contentLength(content);
        byte[] out = new byte[Padme.paddedLength(LENGTH_PREFIX + length)];
        Bytes.putInt(out, 0, length);
        out[LENGTH_PREFIX] = VERSION;
        int at = Varint.put(out, LENGTH_PREFIX + 1, content.timestampMillis());
        at = Varint.put(out, at, content.sections().size());
        for (Section section : content.sections()) {
            at = putPrefixed(out, at, section.ledger().getBytes(StandardCharsets.UTF_8));
            at = putPrefixed(out, at, section.payload());
            at = putPrefixed(out, at, section.writes());
            at = Varint.put(out, at, section.entries().size());
            for (Entry entry : section.entries()) {
                System.arraycopy(entry.id(), 0, out, at, 32);
                System.arraycopy(entry.claims(), 0, out, at + 32, 32);
                at = putPrefixed(out, at + 64, entry.payload());
                at = putPrefixed(out, at, entry.writes());
            }
        }
        Invariant.check(at == LENGTH_PREFIX + length, "content length");
        return out;
    }

    private static int putPrefixed(byte[] out, int offset, byte[] value) {
        int at = Varint.put(out, offset, value.length);
        System.arraycopy(value, 0, out, at, value.length);
        return at + value.length;
    }

    static BlockContent decode(byte[] plaintext, JournalLimits limits) throws MalformedException {
        if (plaintext.length < LENGTH_PREFIX) {
            throw new MalformedException("private part of " + plaintext.length + " bytes has no length");
        }
        int length = Bytes.getInt(plaintext, 0);
        int end = LENGTH_PREFIX + length;
        if (length < 0
                || end < 0
                || end > plaintext.length
                || Padme.paddedLength(end) != plaintext.length
                || !Bytes.isZero(plaintext, end, plaintext.length)) {
            throw new MalformedException("private part is not padded as its length demands");
        }
        Reader reader = new Reader(plaintext, LENGTH_PREFIX, end);
        if (reader.take(1)[0] != VERSION) {
            throw new MalformedException("unknown version of the private part");
        }
        long timestampMillis = reader.number();
        int sectionCount = reader.count(limits.sections(), "sections");
        List<Section> sections = new ArrayList<>(sectionCount);
        int entriesLeft = limits.entries();
        for (int i = 0; i < sectionCount; i++) {
            Section section = section(reader, entriesLeft);
            entriesLeft -= section.entries().size();
            sections.add(section);
        }
        if (reader.at != end) {
            throw new MalformedException("bytes left over after the last section");
        }
        return new BlockContent(timestampMillis, sections);
    }

    private static Section section(Reader reader, int entriesLeft) throws MalformedException {
        String ledger = ledger(reader.prefixed());
        byte[] payload = reader.prefixed();
        byte[] writes = reader.prefixed();
        int entryCount = reader.count(entriesLeft, "transactions");
        List<Entry> entries = new ArrayList<>(Math.min(entryCount, 1 + (reader.end - reader.at) / 66));
        for (int i = 0; i < entryCount; i++) {
            entries.add(new Entry(reader.take(32), reader.take(32), reader.prefixed(), reader.prefixed()));
        }
        return new Section(ledger, entries, payload, writes);
    }

    private static String ledger(byte[] utf8) throws MalformedException {
        if (utf8.length == 0 || utf8.length > Section.MAX_LEDGER_BYTES) {
            throw new MalformedException("a ledger id of " + utf8.length + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("a ledger id that is not UTF-8");
        }
    }

    private static final class Reader {
        private final byte[] in;
        private final int end;
        private int at;

        Reader(byte[] in, int from, int end) {
            this.in = in;
            this.at = from;
            this.end = end;
        }

        byte[] take(int length) throws MalformedException {
            if (length > end - at) {
                throw new MalformedException(length + " bytes wanted at " + at + ", " + (end - at) + " left");
            }
            byte[] out = Bytes.slice(in, at, length);
            at += length;
            return out;
        }

        long number() throws MalformedException {
            long value = 0;
            for (int i = 0; i < Varint.MAX_LENGTH; i++) {
                if (at == end) {
                    throw new MalformedException("a number is cut off at " + at);
                }
                byte next = in[at++];
                value |= (long) (next & 0x7f) << (7 * i);
                if (next >= 0) {
                    if (next == 0 && i > 0) {
                        throw new MalformedException("a number not in its shortest form at " + at);
                    }
                    return value;
                }
            }
            throw new MalformedException("a number of more than 63 bits at " + at);
        }

        int count(int most, String what) throws MalformedException {
            long value = number();
            if (value > most) {
                throw new MalformedException(value + " " + what + ", at most " + most + " are allowed");
            }
            return (int) value;
        }

        byte[] prefixed() throws MalformedException {
            return take(count(end - at, "bytes"));
        }
    }
}
