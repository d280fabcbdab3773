package coco.cli.access.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Everything that a function of Solidity may answer, each with what was looked at before: the declarations that stand
 * in the answer itself and in the conditions that lead to it.
 */
final class Answers {
    private static final Set<String> GUARDS = Set.of("require", "assert");

    private final List<Answer> found = new ArrayList<>();
    /** What the value of a local variable came from. */
    private final Map<Long, Set<Long>> locals = new HashMap<>();

    private final Set<Long> results = new HashSet<>();

    /**
     * One answer.
     *
     * @param expression without {@code ||}: each side is an answer of its own
     * @param held declarations that stand in it, and in conditions that held
     * @param passed those that stand in conditions that did not hold, or the function had ended
     * @param isGuarded whether any condition had to hold
     */
    record Answer(JsonNode expression, Set<Long> held, Set<Long> passed, boolean isGuarded) {
        /** Whether it is the literal {@code true}. */
        boolean isTrue() {
            return isLiteral("true");
        }

        /** Whether it is the literal {@code false}. */
        boolean isFalse() {
            return isLiteral("false");
        }

        private boolean isLiteral(String value) {
            return SyntaxTree.is(expression, "Literal")
                    && SyntaxTree.text(expression, "value").equals(value);
        }

        /** Whether something was looked at on the way, however it turned out. */
        boolean minds(long declaration) {
            return held.contains(declaration) || passed.contains(declaration);
        }
    }

    /** What was looked at on the way to a statement. */
    private record Way(Set<Long> held, Set<Long> passed, boolean isGuarded) {
        Way held(Set<Long> more) {
            return new Way(union(held, more), passed, true);
        }

        Way passed(Set<Long> more) {
            return new Way(held, union(passed, more), isGuarded);
        }
    }

    private Answers(JsonNode function) {
        function.path("returnParameters")
                .path("parameters")
                .forEach(each -> results.add(each.path("id").asLong(-1)));
        statements(function.path("body").path("statements"), new Way(Set.of(), Set.of(), false));
    }

    /** The answers of a function with a body. */
    static List<Answer> of(JsonNode function) {
        return List.copyOf(new Answers(function).found);
    }

    private static Set<Long> union(Set<Long> one, Set<Long> other) {
        Set<Long> both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }

    /** Declarations that an expression refers to; of local variables, what they came from. */
    private Set<Long> references(JsonNode expression) {
        Set<Long> all = new HashSet<>();
        SyntaxTree.walk(expression, node -> {
            if (SyntaxTree.is(node, "Identifier")) {
                long id = node.path("referencedDeclaration").asLong(-1);
                all.add(id);
                all.addAll(locals.getOrDefault(id, Set.of()));
            }
        });
        return all;
    }

    private Way statements(JsonNode statements, Way from) {
        Way way = from;
        for (JsonNode statement : statements) {
            way = statement(statement, way);
        }
        return way;
    }

    private Way statement(JsonNode statement, Way way) {
        return switch (SyntaxTree.text(statement, "nodeType")) {
            case "Return" -> {
                answer(statement.path("expression"), way);
                yield way;
            }
            case "IfStatement" -> conditional(statement, way);
            case "Block", "UncheckedBlock" -> statements(statement.path("statements"), way);
            case "VariableDeclarationStatement" -> {
                Set<Long> from = references(statement.path("initialValue"));
                for (JsonNode declared : statement.path("declarations")) {
                    locals.merge(declared.path("id").asLong(-1), from, Answers::union);
                }
                yield way;
            }
            case "ExpressionStatement" -> expression(statement.path("expression"), way);
            case "ForStatement", "WhileStatement", "DoWhileStatement" -> {
                statement(statement.path("initializationExpression"), way);
                statement(statement.path("body"), way);
                yield way;
            }
            default -> way;
        };
    }

    private Way conditional(JsonNode statement, Way way) {
        Set<Long> condition = references(statement.path("condition"));
        JsonNode yes = statement.path("trueBody");
        statement(yes, way.held(condition));
        statement(statement.path("falseBody"), way.passed(condition));
        return ends(yes) ? way.passed(condition) : way;
    }

    private static boolean ends(JsonNode statement) {
        JsonNode last = statement;
        while (SyntaxTree.is(last, "Block")) {
            JsonNode inner = last.path("statements");
            last = inner.path(inner.size() - 1);
        }
        return Set.of("Return", "RevertStatement").contains(SyntaxTree.text(last, "nodeType"));
    }

    private Way expression(JsonNode expression, Way way) {
        if (SyntaxTree.is(expression, "Assignment")) {
            long target = expression
                    .path("leftHandSide")
                    .path("referencedDeclaration")
                    .asLong(-1);
            if (results.contains(target)) {
                answer(expression.path("rightHandSide"), way);
            }
            locals.merge(target, references(expression.path("rightHandSide")), Answers::union);
        }
        boolean isGuard = SyntaxTree.is(expression, "FunctionCall")
                && GUARDS.contains(SyntaxTree.text(expression.path("expression"), "name"));
        return isGuard ? way.held(references(expression.path("arguments"))) : way;
    }

    private void answer(JsonNode expression, Way way) {
        if (SyntaxTree.is(expression, "TupleExpression")
                && expression.path("components").size() == 1) {
            answer(expression.path("components").path(0), way);
        } else if (SyntaxTree.is(expression, "BinaryOperation")
                && SyntaxTree.text(expression, "operator").equals("||")) {
            answer(expression.path("leftExpression"), way);
            answer(expression.path("rightExpression"), way);
        } else if (SyntaxTree.is(expression, "Conditional")) {
            Set<Long> condition = references(expression.path("condition"));
            answer(expression.path("trueExpression"), way.held(condition));
            answer(expression.path("falseExpression"), way.passed(condition));
        } else {
            found.add(new Answer(expression, union(way.held(), references(expression)), way.passed(), way.isGuarded()));
        }
    }

    /** Whether any answer is like this. */
    static boolean any(JsonNode function, Predicate<Answer> like) {
        return of(function).stream().anyMatch(like);
    }
}
