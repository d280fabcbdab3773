package coco.node.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request: exact paths first, then the longest wildcard. Immutable. */
final class RouteTable {
    private final Map<String, Map<String, Route>> exact = new HashMap<>();
    private final List<Prefix> prefixes = new ArrayList<>();

    private record Prefix(String start, Map<String, Route> byMethod) {}

    /** What was found. */
    sealed interface Match {
        /** A route, and what stood for its wildcard. */
        record Found(Route route, String rest) implements Match {}

        /** The path exists, the method does not; {@code allowed} is the value of the Allow header. */
        record WrongMethod(String allowed) implements Match {}

        /** No such path. */
        record Missing() implements Match {}
    }

    RouteTable(List<Route> routes) {
        Map<String, Map<String, Route>> wild = new HashMap<>();
        for (Route route : routes) {
            String path = route.path();
            String key = route.wildcard() ? path.substring(0, path.length() - 1) : path;
            Map<String, Route> methods =
                    (route.wildcard() ? wild : exact).computeIfAbsent(key, ignored -> new HashMap<>());
            if (methods.putIfAbsent(route.method(), route) != null) {
                throw new IllegalArgumentException("two routes for " + route.method() + " " + path);
            }
        }
        wild.forEach((start, methods) -> prefixes.add(new Prefix(start, methods)));
        prefixes.sort((a, b) -> Integer.compare(b.start().length(), a.start().length()));
    }

    Match find(String method, String path) {
        @Nullable Map<String, Route> methods = exact.get(path);
        if (methods != null) {
            return pick(methods, method, "");
        }
        for (Prefix prefix : prefixes) {
            if (path.startsWith(prefix.start())) {
                return pick(
                        prefix.byMethod(), method, path.substring(prefix.start().length()));
            }
        }
        return new Match.Missing();
    }

    private static Match pick(Map<String, Route> methods, String method, String rest) {
        @Nullable Route route = methods.get(method);
        return route == null
                ? new Match.WrongMethod(String.join(", ", new TreeSet<>(methods.keySet())))
                : new Match.Found(route, rest);
    }
}
