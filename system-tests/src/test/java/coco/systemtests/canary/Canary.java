package coco.systemtests.canary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A planted secret.
 *
 * @param name where it was planted
 * @param bytes 32 of them, random
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Canary(String name, byte[] bytes) {
    private static final int SIZE = 32;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** Any bytes; the first is never zero, because numbers lose their leading zeros on the way. */
    public static Canary bytes(String name, RandomGenerator random) {
        byte[] bytes = new byte[SIZE];
        random.nextBytes(bytes);
        bytes[0] |= 1;
        return new Canary(name, bytes);
    }

    /** Letters, for places that take text only. */
    public static Canary text(String name, RandomGenerator random) {
        byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
        }
        return new Canary(name, bytes);
    }

    /** The secret as text, if {@link #text} made it. */
    public String asText() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** The secret as JSON-RPC writes it. */
    public String asHex() {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    /** Everything it could look like, by the name of the form. */
    Map<String, byte[]> forms() {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        Map<String, byte[]> orders = new LinkedHashMap<>();
        orders.put("", bytes);
        orders.put(", reversed", swapped(bytes, SIZE));
        orders.put(", words of 8 reversed", swapped(bytes, 8));
        orders.put(", words of 4 reversed", swapped(bytes, 4));
        orders.forEach((order, value) -> {
            forms.put("raw" + order, value);
            forms.put("hex" + order, ascii(HexFormat.of().formatHex(value)));
            forms.put("HEX" + order, ascii(HexFormat.of().withUpperCase().formatHex(value)));
            for (int phase = 0; phase < 3; phase++) {
                forms.put("base64/" + phase + order, base64(Base64.getEncoder(), value, phase));
                forms.put("base64url/" + phase + order, base64(Base64.getUrlEncoder(), value, phase));
            }
        });
        forms.put("decimals", ascii(decimals()));
        forms.put("UTF-16", new String(bytes, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_16BE));
        return forms;
    }

    /** What is the same whatever stands around the value: base64 looks different at each of three positions. */
    private static byte[] base64(Base64.Encoder encoder, byte[] value, int phase) {
        byte[] shifted = new byte[phase + value.length];
        System.arraycopy(value, 0, shifted, phase, value.length);
        byte[] encoded = encoder.withoutPadding().encode(shifted);
        int from = phase == 0 ? 0 : phase + 1;
        int to = shifted.length / 3 * 4;
        return Arrays.copyOfRange(encoded, from, to);
    }

    private static byte[] swapped(byte[] value, int word) {
        byte[] swapped = new byte[value.length];
        for (int i = 0; i < value.length; i++) {
            int start = i - i % word;
            swapped[start + word - 1 - i % word] = value[i];
        }
        return swapped;
    }

    /** As {@code Arrays.toString} writes it. */
    private String decimals() {
        List<String> numbers = new ArrayList<>();
        for (byte octet : bytes) {
            numbers.add(Byte.toString(octet));
        }
        return String.join(", ", numbers);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return name;
    }
}
