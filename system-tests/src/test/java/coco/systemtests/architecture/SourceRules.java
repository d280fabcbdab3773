package coco.systemtests.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Reads sources with the compiler's own parser. */
final class SourceRules {
    /** STYLE.md. */
    static final int METHOD_LINES_MAX = 70;

    private static final int COLUMNS_MAX = 120;

    private SourceRules() {}

    /** The methods of some files that are longer than allowed, from the first line of the declaration to the last. */
    static List<Method> longMethods(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            Lengths lengths = new Lengths(Trees.instance(task).getSourcePositions());
            for (CompilationUnitTree unit : task.parse()) {
                lengths.scan(unit, unit);
            }
            return lengths.found;
        }
    }

    /** The numbers, from 1, of comment lines that are too wide. Code is the formatter's business. */
    static List<Integer> wideComments(List<String> lines) {
        List<Integer> wide = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).strip();
            boolean comment = text.startsWith("//") || text.startsWith("/*") || text.startsWith("*");
            if (comment && lines.get(i).length() > COLUMNS_MAX) {
                wide.add(i + 1);
            }
        }
        return wide;
    }

    /** A method and how many lines it has; the name is that of the class around it and its own. */
    record Method(String name, long lines) {}

    private static final class Lengths extends TreeScanner<@Nullable Void, CompilationUnitTree> {
        private final SourcePositions positions;
        private final Deque<String> around = new ArrayDeque<>();
        private final List<Method> found = new ArrayList<>();

        Lengths(SourcePositions positions) {
            this.positions = positions;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, CompilationUnitTree unit) {
            String name = type.getSimpleName().toString();
            around.push(name.isEmpty() ? String.valueOf(around.peek()) : name);
            super.visitClass(type, unit);
            around.pop();
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, CompilationUnitTree unit) {
            long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
            long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
            if (last - first + 1 > METHOD_LINES_MAX) {
                found.add(new Method(around.peek() + "." + method.getName(), last - first + 1));
            }
            return super.visitMethod(method, unit);
        }
    }
}
