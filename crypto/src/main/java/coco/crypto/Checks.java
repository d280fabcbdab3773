package coco.crypto;

/** Argument checks whose messages name the parameter and its size, never its bytes. */
final class Checks {
    private Checks() {}

    static void length(String name, byte[] value, int expectedBytes) {
        if (value.length != expectedBytes) {
            throw new IllegalArgumentException(name + " must have " + expectedBytes + " bytes, not " + value.length);
        }
    }
}
