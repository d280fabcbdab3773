package coco.systemtests.processes;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One system call, as strace writes it with the options of {@link Strace}.
 *
 * @param name as in the manual
 * @param arguments as they stand there, text still quoted
 * @param result what it returned; negative if it failed
 * @param startMicros before the system began with it
 * @param endMicros after the system was done with it
 */
record SystemCall(String name, List<String> arguments, long result, long startMicros, long endMicros) {
    private static final Pattern RESULT =
            Pattern.compile("\\) += (-?\\d+|0x[0-9a-f]+)(<.*>)?( .*)? <(\\d+)\\.(\\d{6})>$");
    private static final int MICROS_DIGITS = 6;

    SystemCall {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads a call, without process number and time.
     *
     * @param line the whole call; if strace split it in two, both parts joined
     * @return empty for what is no call, or did not return because the process ended
     */
    static Optional<SystemCall> parse(String line, long startMicros) {
        int open = line.indexOf('(');
        if (open < 1 || !Character.isLetter(line.charAt(0))) {
            return Optional.empty();
        }
        List<String> arguments = new ArrayList<>();
        int close = split(line, open + 1, arguments);
        Matcher result = RESULT.matcher(line).region(close, line.length());
        if (!result.matches()) {
            return Optional.empty();
        }
        long tookMicros = Long.parseLong(result.group(4)) * 1_000_000 + Long.parseLong(result.group(5));
        long value = Long.decode(result.group(1));
        return Optional.of(
                new SystemCall(line.substring(0, open), arguments, value, startMicros, startMicros + tookMicros));
    }

    /** Seconds with six decimals, as microseconds. */
    static long micros(String seconds) {
        int point = seconds.length() - MICROS_DIGITS - 1;
        return Long.parseLong(seconds.substring(0, point)) * 1_000_000 + Long.parseLong(seconds.substring(point + 1));
    }

    /** Cuts the arguments apart and returns where their closing parenthesis is. */
    private static int split(String line, int from, List<String> arguments) {
        int depth = 0;
        int start = from;
        int at = from;
        while (at < line.length()) {
            char next = line.charAt(at);
            if (next == '"') {
                at = endOfText(line, at);
            } else if (next == '<') {
                at = line.indexOf('>', at);
            } else if (next == '[' || next == '{' || next == '(') {
                depth++;
            } else if (depth > 0 && (next == ']' || next == '}' || next == ')')) {
                depth--;
            } else if (next == ')' || (next == ',' && depth == 0)) {
                arguments.add(line.substring(start, at).strip());
                start = at + 1;
                if (next == ')') {
                    return at;
                }
            }
            at++;
        }
        return at;
    }

    private static int endOfText(String line, int quote) {
        int at = quote + 1;
        while (line.charAt(at) != '"') {
            at += line.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }

    /** What a file descriptor among the arguments stands for: a path, or another kind of thing with its number. */
    String target(int argument) {
        String word = arguments.get(argument);
        int open = word.indexOf('<');
        return open < 0 ? "" : word.substring(open + 1, word.lastIndexOf('>'));
    }

    /** The number of a file descriptor, or any other number. */
    long number(int argument) {
        String word = arguments.get(argument);
        int open = word.indexOf('<');
        return Long.decode(open < 0 ? word : word.substring(0, open));
    }

    String text(int argument) {
        return new String(bytes(argument), StandardCharsets.UTF_8);
    }

    /** All bytes that stand in an argument in quotes, one text after the other. */
    byte[] bytes(int argument) {
        String word = arguments.get(argument);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(word.length());
        int at = word.indexOf('"');
        while (at >= 0) {
            int end = endOfText(word, at);
            if (word.startsWith("...", end + 1)) {
                throw new IllegalStateException(name + " of " + arguments.getFirst() + " was recorded in part only");
            }
            unescape(word, at + 1, end, bytes);
            at = word.indexOf('"', end + 1);
        }
        return bytes.toByteArray();
    }

    private static void unescape(String word, int from, int to, ByteArrayOutputStream bytes) {
        int at = from;
        while (at < to) {
            char next = word.charAt(at++);
            if (next != '\\') {
                bytes.write(next);
                continue;
            }
            char kind = word.charAt(at++);
            switch (kind) {
                case 'n' -> bytes.write('\n');
                case 't' -> bytes.write('\t');
                case 'r' -> bytes.write('\r');
                case 'f' -> bytes.write('\f');
                case 'v' -> bytes.write(0x0b);
                case '"', '\\' -> bytes.write(kind);
                default -> {
                    int value = kind - '0';
                    for (int digits = 1; digits < 3 && at < to && isOctal(word.charAt(at)); digits++) {
                        value = 8 * value + word.charAt(at++) - '0';
                    }
                    bytes.write(value);
                }
            }
        }
    }

    private static boolean isOctal(char digit) {
        return digit >= '0' && digit <= '7';
    }
}
