package coco.evm.reference;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Byte code in pieces that can be left out one by one: jumps name labels, not positions. */
record Program(List<Piece> pieces) {
    static final Program EMPTY = new Program(List.of());

    Program {
        pieces = List.copyOf(pieces);
    }

    /** A part of the code. */
    sealed interface Piece {
        /** How many bytes it has. */
        int size();
    }

    /** One opcode without argument. */
    record Op(int octet) implements Piece {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public String toString() {
            return Opcode.nameOf(octet);
        }
    }

    /** PUSH1 to PUSH32. */
    record Push(int length, BigInteger value) implements Piece {
        @Override
        public int size() {
            return 1 + length;
        }

        @Override
        public String toString() {
            return "PUSH" + length + " 0x" + value.toString(16);
        }
    }

    /** A JUMPDEST that jumps can name. */
    record Label(int number) implements Piece {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public String toString() {
            return "JUMPDEST :" + number;
        }
    }

    /** A PUSH of a label's position; of the largest number it can push where the label is not there. */
    record PushLabel(int length, int number) implements Piece {
        @Override
        public int size() {
            return 1 + length;
        }

        @Override
        public String toString() {
            return "PUSH" + length + " :" + number;
        }
    }

    /** Bytes that may be anything. */
    record Raw(byte[] bytes) implements Piece {
        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public String toString() {
            return "bytes " + HexFormat.of().formatHex(bytes);
        }
    }

    byte[] bytes() {
        Map<Integer, Integer> positions = new HashMap<>();
        int position = 0;
        for (Piece piece : pieces) {
            if (piece instanceof Label label) {
                positions.put(label.number(), position);
            }
            position += piece.size();
        }
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        for (Piece piece : pieces) {
            switch (piece) {
                case Op op -> code.write(op.octet());
                case Push push -> push(code, push.length(), push.value());
                case Label _ -> code.write(Opcode.JUMPDEST.value);
                case PushLabel push -> push(code, push.length(), position(positions, push));
                case Raw raw -> code.writeBytes(raw.bytes());
            }
        }
        return code.toByteArray();
    }

    private static BigInteger position(Map<Integer, Integer> positions, PushLabel push) {
        BigInteger largest = BigInteger.TWO.pow(8 * push.length()).subtract(BigInteger.ONE);
        Integer position = positions.get(push.number());
        return position == null ? largest : largest.min(BigInteger.valueOf(position));
    }

    private static void push(ByteArrayOutputStream code, int length, BigInteger value) {
        code.write(Opcode.PUSH.value + length - 1);
        byte[] bytes = value.toByteArray();
        for (int i = length; i > 0; i--) {
            code.write(i > bytes.length ? 0 : bytes[bytes.length - i]);
        }
    }

    /** One piece a line. */
    String assembly() {
        return pieces.stream().map(piece -> "    " + piece).collect(Collectors.joining("\n"));
    }

    /** Without the pieces from {@code from} to {@code to}. */
    Program without(int from, int to) {
        List<Piece> rest = new ArrayList<>(pieces.subList(0, from));
        rest.addAll(pieces.subList(to, pieces.size()));
        return new Program(rest);
    }

    /** Code that is not taken apart. */
    static Program of(byte[] code) {
        return new Program(List.of(new Raw(Arrays.copyOf(code, code.length))));
    }
}
