package coco.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the canonical bytes of a write set. Maps must be given in order of their names, changes in order of their keys.
 */
final class WriteSetWriter {
    private static final byte[] NO_KEY = {};

    private final List<WriteSet.Section> sections = new ArrayList<>();
    private byte[] body = new byte[256];
    private int size;
    private byte[] previousKey = NO_KEY;
    private int changesLeft;

    /** {@code count} changes, at least one, must follow. */
    void beginMap(MapSpec map, int count) {
        Invariant.check(changesLeft == 0 && count > 0, "a map in a write set has the changes it announced");
        Invariant.check(
                sections.isEmpty() || sections.getLast().map().name().compareTo(map.name()) < 0,
                "maps in a write set come in order of their names, each once");
        int start = size;
        byte[] name = map.name().getBytes(StandardCharsets.US_ASCII);
        varint(name.length);
        bytes(name, 0, name.length);
        varint(count);
        sections.add(new WriteSet.Section(map, start, size, count));
        changesLeft = count;
        previousKey = NO_KEY;
    }

    /** A null value is a removal. The key array is kept until the next change. */
    void change(byte[] key, WriteSet.Slice value) {
        changesLeft--;
        int shared = Arrays.mismatch(previousKey, key);
        Invariant.check(shared >= 0, "a key comes twice in a write set");
        varint(shared);
        varint(key.length - shared);
        bytes(key, shared, key.length - shared);
        if (value.isRemoval()) {
            varint(0);
        } else {
            varint(value.length() + 1);
            bytes(value.buffer(), value.offset(), value.length());
        }
        previousKey = key;
    }

    /** Takes a section of another write set as it is. */
    void section(byte[] source, WriteSet.Section section, int end) {
        int start = size;
        bytes(source, section.start(), end - section.start());
        int changesStart = start + section.changesStart() - section.start();
        sections.add(new WriteSet.Section(section.map(), start, changesStart, section.count()));
    }

    WriteSet finish() {
        Invariant.check(changesLeft == 0, "a map in a write set has the changes it announced");
        byte[] written = body;
        int length = size;
        body = new byte[length + 6];
        size = 0;
        body[size++] = WriteSet.FORMAT;
        varint(sections.size());
        int shift = size;
        bytes(written, 0, length);
        List<WriteSet.Section> shifted = new ArrayList<>(sections.size());
        for (WriteSet.Section section : sections) {
            shifted.add(new WriteSet.Section(
                    section.map(), section.start() + shift, section.changesStart() + shift, section.count()));
        }
        return new WriteSet(Arrays.copyOf(body, size), shifted);
    }

    private void varint(int value) {
        ensure(5);
        int left = value;
        while (left > 0x7f) {
            body[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        body[size++] = (byte) left;
    }

    private void bytes(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, body, size, length);
        size += length;
    }

    private void ensure(int more) {
        if (body.length - size < more) {
            body = Arrays.copyOf(body, Math.max(Math.addExact(size, more), body.length + (body.length >> 1)));
        }
    }
}
