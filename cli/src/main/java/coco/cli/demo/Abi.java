package coco.cli.demo;

import coco.evm.types.Word;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Arguments of contracts, encoded as Solidity's specification of its ABI has it: head and tail. */
sealed interface Abi {
    /** A number or an address: 32 bytes, big-endian. */
    record Static(Word value) implements Abi {}

    /** A string of UTF-8. */
    record Text(String value) implements Abi {}

    /** A struct or the arguments of a function. */
    record Tuple(List<Abi> fields) implements Abi {
        public Tuple {
            fields = List.copyOf(fields);
        }
    }

    /** An array of any length, of elements of one type. */
    record Array(List<Abi> elements) implements Abi {
        public Array {
            elements = List.copyOf(elements);
        }
    }

    /** The arguments of a function or constructor. */
    static byte[] arguments(Abi... values) {
        return sequence(List.of(values));
    }

    private boolean isDynamic() {
        return switch (this) {
            case Static _ -> false;
            case Text _, Array _ -> true;
            case Tuple tuple -> tuple.fields().stream().anyMatch(Abi::isDynamic);
        };
    }

    private byte[] encoded() {
        return switch (this) {
            case Static number -> number.value().toBytes32();
            case Text text -> {
                byte[] bytes = text.value().getBytes(StandardCharsets.UTF_8);
                byte[] padded = new byte[Math.ceilDiv(bytes.length, Word.SIZE) * Word.SIZE];
                System.arraycopy(bytes, 0, padded, 0, bytes.length);
                yield counted(bytes.length, padded);
            }
            case Tuple tuple -> sequence(tuple.fields());
            case Array array -> counted(array.elements().size(), sequence(array.elements()));
        };
    }

    private static byte[] counted(int count, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Word.of(count).toBytes32());
        all.writeBytes(content);
        return all.toByteArray();
    }

    /** What is dynamic lies behind all heads, and its head says where, counted from the first head. */
    private static byte[] sequence(List<Abi> values) {
        int heads = 0;
        for (Abi value : values) {
            heads += value.isDynamic() ? Word.SIZE : value.encoded().length;
        }
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        for (Abi value : values) {
            if (value.isDynamic()) {
                head.writeBytes(Word.of(heads + (long) tail.size()).toBytes32());
                tail.writeBytes(value.encoded());
            } else {
                head.writeBytes(value.encoded());
            }
        }
        head.writeBytes(tail.toByteArray());
        return head.toByteArray();
    }
}
