package coco.ledgers.ethereum.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes texts that match a pattern of the simple kind that schemas of hexadecimal texts have: characters, classes,
 * groups of alternatives, and how often each of them comes.
 */
final class PatternText {
    /** How often something comes at most where the pattern names no limit. */
    private static final int MOST = 70;

    private final String pattern;
    private final Random random;
    private int at;

    PatternText(String pattern, Random random) {
        this.pattern = pattern;
        this.random = random;
    }

    String text() {
        at = 0;
        return alternatives();
    }

    /** Reads alternatives up to a closing parenthesis or the end, and gives the text of one. */
    private String alternatives() {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != ')') {
            char next = pattern.charAt(at);
            if (next == '|') {
                texts.add(text.toString());
                text.setLength(0);
                at++;
            } else if (next == '^' || next == '$') {
                at++;
            } else {
                repeated(text);
            }
        }
        texts.add(text.toString());
        at++;
        return texts.get(random.nextInt(texts.size()));
    }

    private void repeated(StringBuilder into) {
        int begin = at;
        String first = one();
        int count = count();
        int end = at;
        for (int i = 0; i < count; i++) {
            at = begin;
            into.append(i == 0 ? first : one());
        }
        at = end;
    }

    private String one() {
        char next = pattern.charAt(at++);
        return switch (next) {
            case '(' -> alternatives();
            case '[' -> {
                StringBuilder members = new StringBuilder();
                for (; pattern.charAt(at) != ']'; at++) {
                    if (pattern.charAt(at + 1) == '-') {
                        for (char each = pattern.charAt(at); each <= pattern.charAt(at + 2); each++) {
                            members.append(each);
                        }
                        at += 2;
                    } else {
                        members.append(pattern.charAt(at));
                    }
                }
                at++;
                yield String.valueOf(members.charAt(random.nextInt(members.length())));
            }
            case '.' -> String.valueOf((char) ('a' + random.nextInt(26)));
            default -> String.valueOf(next);
        };
    }

    private int count() {
        if (at == pattern.length()) {
            return 1;
        }
        return switch (pattern.charAt(at)) {
            case '*' -> {
                at++;
                yield random.nextInt(MOST);
            }
            case '?' -> {
                at++;
                yield random.nextInt(2);
            }
            case '+' -> {
                at++;
                yield 1 + random.nextInt(MOST);
            }
            case '{' -> {
                int close = pattern.indexOf('}', at);
                String[] bounds = pattern.substring(at + 1, close).split(",", -1);
                at = close + 1;
                int least = Integer.parseInt(bounds[0]);
                int most = Integer.parseInt(bounds[bounds.length - 1]);
                yield least + random.nextInt(most - least + 1);
            }
            default -> 1;
        };
    }
}
