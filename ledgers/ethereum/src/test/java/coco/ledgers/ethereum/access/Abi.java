package coco.ledgers.ethereum.access;

import coco.crypto.Keccak256;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Calls as Solidity encodes them: arguments are addresses, numbers, words, strings of bytes and lists of addresses. */
final class Abi {
    private Abi() {}

    /** A call of the function with this signature. */
    static byte[] call(String signature, Object... arguments) {
        byte[] hash = Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII));
        return concat(Arrays.copyOf(hash, 4), arguments(arguments));
    }

    /** Arguments alone, as a constructor has them. */
    static byte[] arguments(Object... arguments) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        for (Object argument : arguments) {
            switch (argument) {
                case Address address -> head.writeBytes(Word.of(address).toBytes32());
                case Integer number -> head.writeBytes(Word.of(number).toBytes32());
                case Word word -> head.writeBytes(word.toBytes32());
                case List<?> addresses -> {
                    head.writeBytes(
                            Word.of(32L * arguments.length + tail.size()).toBytes32());
                    tail.writeBytes(Word.of(addresses.size()).toBytes32());
                    addresses.forEach(
                            each -> tail.writeBytes(Word.of((Address) each).toBytes32()));
                }
                case byte[] bytes -> {
                    head.writeBytes(
                            Word.of(32L * arguments.length + tail.size()).toBytes32());
                    tail.writeBytes(Word.of(bytes.length).toBytes32());
                    tail.writeBytes(Arrays.copyOf(bytes, (bytes.length + 31) / 32 * 32));
                }
                default -> throw new IllegalArgumentException("no encoding of " + argument.getClass());
            }
        }
        return concat(head.toByteArray(), tail.toByteArray());
    }

    static byte[] concat(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }
}
