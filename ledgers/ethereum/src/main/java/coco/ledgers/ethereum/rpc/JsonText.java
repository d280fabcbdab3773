package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;

/**
 * One JSON value of hexadecimal strings, written straight into bytes and then into a generator's output as it is: for
 * what answers hold by the hundred. Each value ends with a comma, which the bracket after the last one replaces. No
 * character ever needs an escape, since names are constants. One thread.
 */
final class JsonText {
    /**
     * The name of a field, with all that stands around it.
     *
     * @param before from its first quotation mark to the start of its value
     */
    @SuppressWarnings("ArrayRecordComponent") // A constant.
    record Name(byte[] before) {
        /** Of a field whose value is a string of hexadecimal digits. */
        static Name ofDigits(String name) {
            return new Name(ascii("\"" + name + "\":\"0x"));
        }

        /** Of a field whose value is an array. */
        static Name ofArray(String name) {
            return new Name(ascii("\"" + name + "\":["));
        }

        /** Of fields whose values are null. */
        static Name ofNulls(String... names) {
            return new Name(ascii("\"" + String.join("\":null,\"", names) + "\":null,"));
        }
    }

    private static final Name ELEMENT = new Name(ascii("\"0x"));
    private static final int FIRST_BYTES = 1_024;
    private static final VarHandle PAIR = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    /** Both digits of each byte. */
    private static final short[] PAIRS = new short[256];

    static {
        for (int i = 0; i < PAIRS.length; i++) {
            PAIRS[i] = (short) (Character.forDigit(i >>> 4, 16) << 8 | Character.forDigit(i & 0xF, 16));
        }
    }

    private byte[] text = new byte[FIRST_BYTES];
    private int length;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** How much is written, in bytes. */
    int length() {
        return length;
    }

    /** Forgets what was written after so many bytes. */
    void cut(int bytes) {
        length = bytes;
    }

    JsonText beginObject() {
        return add('{');
    }

    JsonText endObject() {
        return end('}');
    }

    JsonText beginArray() {
        return add('[');
    }

    JsonText beginArray(Name name) {
        return add(name.before);
    }

    JsonText endArray() {
        return end(']');
    }

    JsonText nothing(Name name) {
        return add(name.before);
    }

    JsonText data(Name name, byte[] value) {
        room(name.before.length + 2 * value.length + 2);
        add(name.before);
        for (byte each : value) {
            pair(each);
        }
        return endString();
    }

    /** An array's element. */
    JsonText data(byte[] value) {
        return data(ELEMENT, value);
    }

    JsonText address(Name name, Address value) {
        room(name.before.length + 2 * Address.SIZE + 2);
        add(name.before);
        digits(value.high(), 8);
        digits(value.middle(), 16);
        digits(value.low(), 16);
        return endString();
    }

    JsonText quantity(Name name, long unsigned) {
        room(name.before.length + 16 + 2);
        add(name.before);
        significant(unsigned);
        return endString();
    }

    JsonText quantity(Name name, Word value) {
        room(name.before.length + 2 * Word.SIZE + 2);
        add(name.before);
        long[] limbs = {value.l3(), value.l2(), value.l1(), value.l0()};
        int first = 0;
        while (first < limbs.length - 1 && limbs[first] == 0) {
            first++;
        }
        significant(limbs[first]);
        for (int i = first + 1; i < limbs.length; i++) {
            digits(limbs[i], 16);
        }
        return endString();
    }

    /** Writes the value, which must be complete, as the generator's next. */
    void writeTo(JsonGenerator out) {
        // Nothing but what stands between this value and the one before; a text of the generator's would be encoded.
        out.writeRawValue("");
        out.flush();
        if (!(out.streamWriteOutputTarget() instanceof OutputStream stream)) {
            throw new IllegalStateException("answers are written into streams");
        }
        try {
            stream.write(text, 0, length - 1);
        } catch (IOException e) {
            throw JacksonIOException.construct(e, out);
        }
    }

    private void significant(long unsigned) {
        digits(unsigned, Math.max(1, (67 - Long.numberOfLeadingZeros(unsigned)) >>> 2));
    }

    private void digits(long value, int count) {
        int shift = count << 2;
        if ((count & 1) != 0) {
            shift -= 4;
            text[length++] = (byte) PAIRS[(int) (value >>> shift) & 0xF];
        }
        while (shift > 0) {
            shift -= 8;
            pair((byte) (value >>> shift));
        }
    }

    private void pair(byte value) {
        PAIR.set(text, length, PAIRS[value & 0xFF]);
        length += 2;
    }

    private JsonText endString() {
        text[length++] = '"';
        text[length++] = ',';
        return this;
    }

    private JsonText end(char bracket) {
        if (text[length - 1] == ',') {
            length--;
        }
        return add(bracket).add(',');
    }

    private JsonText add(char ascii) {
        room(1);
        text[length++] = (byte) ascii;
        return this;
    }

    private JsonText add(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, text, length, bytes.length);
        length += bytes.length;
        return this;
    }

    private void room(int bytes) {
        if (bytes > text.length - length) {
            text = Arrays.copyOf(text, Math.max(length + bytes, 2 * text.length));
        }
    }
}
