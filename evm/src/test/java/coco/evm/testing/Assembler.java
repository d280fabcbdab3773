package coco.evm.testing;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Writes byte code for tests: opcodes, the shortest PUSH of a number, and jumps to labels. */
public final class Assembler {
    private static final int PUSH0 = 0x5F;
    private static final int PUSH2 = 0x61;
    private static final int JUMPDEST = 0x5B;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, String> references = new HashMap<>();

    /** Adds bytes as they are. */
    public Assembler op(int... bytes) {
        for (int b : bytes) {
            code.write(b);
        }
        return this;
    }

    /** Pushes a number; zero as PUSH1, which every fork has. */
    public Assembler push(Word value) {
        byte[] bytes = value.isZero() ? new byte[1] : value.toMinimalBytes();
        code.write(PUSH0 + bytes.length);
        code.writeBytes(bytes);
        return this;
    }

    public Assembler push(long value) {
        return push(Word.of(value));
    }

    public Assembler push(Address address) {
        return push(Word.of(address));
    }

    /** Pushes where a label is, known yet or not. */
    public Assembler pushLabel(String label) {
        code.write(PUSH2);
        references.put(code.size(), label);
        code.write(0);
        code.write(0);
        return this;
    }

    /** A JUMPDEST with a name. */
    public Assembler label(String label) {
        labels.put(label, code.size());
        code.write(JUMPDEST);
        return this;
    }

    public byte[] bytes() {
        byte[] bytes = code.toByteArray();
        references.forEach((at, label) -> {
            Integer target = labels.get(label);
            if (target == null) {
                throw new IllegalArgumentException("no label " + label);
            }
            bytes[at] = (byte) (target >>> 8);
            bytes[at + 1] = (byte) (int) target;
        });
        return bytes;
    }

    /** Init code that deploys {@code runtime}: copies it behind itself to memory and returns it. */
    public static byte[] deploying(byte[] runtime) {
        byte[] prefix = {
            0x61,
            (byte) (runtime.length >>> 8),
            (byte) runtime.length,
            (byte) 0x80,
            0x60,
            0x0C,
            0x60,
            0,
            0x39,
            0x60,
            0,
            (byte) 0xF3
        };
        byte[] init = Arrays.copyOf(prefix, prefix.length + runtime.length);
        System.arraycopy(runtime, 0, init, prefix.length, runtime.length);
        return init;
    }
}
