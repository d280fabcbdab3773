package coco.crypto;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * A cursor over DER (ITU-T X.690), for the extensions and signatures that no library knows. It goes down only where its
 * caller does, so nesting in the input costs nothing. For one thread.
 *
 * <p>Strict where leniency would let two encodings mean the same: lengths are definite and minimal, tags are of one
 * byte, integers and object identifiers minimal.
 */
public final class DerReader {
    /** The tag of an INTEGER. */
    public static final int INTEGER = 0x02;

    /** The tag of a BIT STRING. */
    public static final int BIT_STRING = 0x03;

    /** The tag of an OCTET STRING. */
    public static final int OCTET_STRING = 0x04;

    /** The tag of an OBJECT IDENTIFIER. */
    public static final int OBJECT_IDENTIFIER = 0x06;

    /** The tag of a SEQUENCE. */
    public static final int SEQUENCE = 0x30;

    private static final int MULTI_BYTE_TAG = 0x1f;
    private static final int LONG_LENGTH = 0x80;
    private static final int LENGTH_BYTES_MAX = 3;

    private final byte[] der;
    private final int end;
    private int position;

    /** Reads these bytes, which must not change meanwhile. */
    public DerReader(byte[] der) {
        this(der, 0, der.length);
    }

    private DerReader(byte[] der, int position, int end) {
        this.der = der;
        this.position = position;
        this.end = end;
    }

    /** Returns whether something is left at this level. */
    public boolean hasNext() {
        return position < end;
    }

    /**
     * Returns the tag of the next value, without reading it.
     *
     * @throws CryptoException with the code MALFORMED, if there is none
     */
    public int peekTag() {
        if (position >= end) {
            throw CryptoException.malformed("DER ends too early");
        }
        return der[position] & 0xff;
    }

    /**
     * Steps over a constructed value and returns a reader of what is inside.
     *
     * @param tag the one expected
     * @throws CryptoException with the code MALFORMED, if the next value has another tag or does not fit
     */
    public DerReader enter(int tag) {
        int length = header(tag);
        int start = position;
        position += length;
        return new DerReader(der, start, position);
    }

    /**
     * Reads a primitive value.
     *
     * @param tag the one expected
     * @return a copy of its content
     * @throws CryptoException with the code MALFORMED, if the next value has another tag or does not fit
     */
    public byte[] content(int tag) {
        int length = header(tag);
        int start = position;
        position += length;
        return Arrays.copyOfRange(der, start, position);
    }

    /**
     * Reads an INTEGER that is not negative.
     *
     * @throws CryptoException with the code MALFORMED, if the next value is none
     */
    public BigInteger unsigned() {
        byte[] content = content(INTEGER);
        boolean padded = content.length > 1 && content[0] == 0 && content[1] >= 0;
        if (content.length == 0 || content[0] < 0 || padded) {
            throw CryptoException.malformed("not a positive integer in its shortest form");
        }
        return new BigInteger(content);
    }

    /**
     * Reads an OBJECT IDENTIFIER.
     *
     * @return dotted decimals
     * @throws CryptoException with the code MALFORMED, if the next value is none, or has an arc of more than 28 bits
     */
    public String objectIdentifier() {
        byte[] content = content(OBJECT_IDENTIFIER);
        StringBuilder out = new StringBuilder();
        int arc = 0;
        boolean open = false;
        for (byte next : content) {
            if (arc >>> 21 != 0 || (!open && next == (byte) 0x80)) {
                throw CryptoException.malformed("an object identifier with an arc too long");
            }
            arc = (arc << 7) | (next & 0x7f);
            open = next < 0;
            if (!open) {
                if (out.isEmpty()) {
                    int root = Math.min(arc / 40, 2);
                    out.append(root).append('.').append(arc - 40 * root);
                } else {
                    out.append('.').append(arc);
                }
                arc = 0;
            }
        }
        if (open || out.isEmpty()) {
            throw CryptoException.malformed("an object identifier without an end");
        }
        return out.toString();
    }

    /**
     * Steps over the next value, whatever it is.
     *
     * @return a copy of all of it, tag and length included
     * @throws CryptoException with the code MALFORMED, if there is none, or it does not fit
     */
    public byte[] whole() {
        int start = position;
        int length = header(peekTag());
        position += length;
        return Arrays.copyOfRange(der, start, position);
    }

    /**
     * Checks that this level ends here.
     *
     * @throws CryptoException with the code MALFORMED, if it does not
     */
    public void finish() {
        if (hasNext()) {
            throw CryptoException.malformed("DER goes on where it should end");
        }
    }

    private int header(int tag) {
        if (peekTag() != tag || (tag & MULTI_BYTE_TAG) == MULTI_BYTE_TAG) {
            throw CryptoException.malformed("another DER tag than expected");
        }
        position++;
        int length = peekTag();
        position++;
        if (length >= LONG_LENGTH) {
            int bytes = length - LONG_LENGTH;
            if (bytes == 0 || bytes > LENGTH_BYTES_MAX || bytes > end - position) {
                throw CryptoException.malformed("a DER length that is indefinite or too long");
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | (der[position++] & 0xff);
            }
            if (length < LONG_LENGTH || length >>> (8 * (bytes - 1)) == 0) {
                throw CryptoException.malformed("a DER length that is not the shortest");
            }
        }
        if (length > end - position) {
            throw CryptoException.malformed("a DER value longer than what holds it");
        }
        return length;
    }
}
