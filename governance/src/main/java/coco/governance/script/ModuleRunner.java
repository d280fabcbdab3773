package coco.governance.script;

import coco.governance.script.ScriptOutcome.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.ResourceLimits;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/** Runs one call in a fresh context: the language, the arguments, and nothing of the world. Child process only. */
final class ModuleRunner {
    private static final String LANGUAGE = "js";
    private static final String MODULE_TYPE = "application/javascript+module";

    /**
     * Taken away before the module is loaded: whatever could give two machines two results (time, chance, locales, the
     * collector) or block. The last line is the call; it keeps its own parser and printer.
     */
    private static final String PRELUDE = """
            'use strict';
            for (const name of ['Date', 'Intl', 'Temporal', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer',
                'Atomics', 'ShadowRealm', 'WebAssembly', 'load', 'loadWithNewGlobal', 'print', 'printErr', 'console',
                'quit', 'exit', 'read', 'readbuffer', 'readline', 'performance', 'Graal', 'Polyglot', 'Java',
                'Packages', 'java', 'javax', 'javafx', 'com', 'org', 'edu', 'importScriptEngineContext']) {
              delete globalThis[name];
            }
            delete Math.random;
            const parse = JSON.parse;
            const stringify = JSON.stringify;
            (function (f, text) { return stringify(f(...parse(text))); })""";

    private static final String WARM_UP = """
            export function validate(proposal) { return { valid: proposal.actions.length > 0, description: '' }; }
            export function resolve(proposal, ballots, members) { return 'open'; }
            export function apply(proposal) { return proposal.actions.map(action => ({ ...action })); }""";

    private final Engine engine;
    private final Source prelude =
            Source.newBuilder(LANGUAGE, PRELUDE, "prelude").buildLiteral();
    private final long statements;
    private final int outputBytes;

    ModuleRunner(long statements, int outputBytes) {
        this.statements = statements;
        this.outputBytes = outputBytes;
        this.engine = Engine.newBuilder(LANGUAGE)
                .sandbox(SandboxPolicy.CONSTRAINED)
                .in(InputStream.nullInputStream())
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .option("engine.WarnInterpreterOnly", "false")
                .build();
    }

    /** Loads the engine's classes, so that the first call is like any other. */
    void warmUp() {
        String arguments = "[{\"id\":\"\",\"proposer\":\"\",\"actions\":[{\"name\":\"a\",\"arguments\":{}}]}, {}, []]";
        for (ScriptCall.Function function : ScriptCall.Function.values()) {
            run(new ScriptCall(WARM_UP, function, arguments));
        }
    }

    ScriptOutcome<String> run(ScriptCall call) {
        try (Context context = context()) {
            return run(context, call);
        } catch (PolyglotException e) {
            return failure(e, Failure.CRASHED);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return ScriptOutcome.failed(Failure.CRASHED, "the engine: " + e.getMessage());
        }
    }

    private ScriptOutcome<String> run(Context context, ScriptCall call) {
        Value invoke = context.eval(prelude);
        Value function;
        try {
            Value module = context.eval(source(call.source()));
            function = module.hasMembers() ? module.getMember(call.function().export()) : null;
        } catch (PolyglotException e) {
            return failure(e, Failure.MODULE);
        }
        if (function == null || !function.canExecute()) {
            String words = "no exported function " + call.function().export();
            return ScriptOutcome.failed(Failure.MODULE, words);
        }
        try {
            Value result = invoke.execute(function, call.arguments());
            if (!result.isString()) {
                return ScriptOutcome.failed(Failure.RESULT, "nothing that is JSON was returned");
            }
            String text = result.asString();
            boolean fits = text.length() <= outputBytes && text.getBytes(StandardCharsets.UTF_8).length <= outputBytes;
            return fits
                    ? new ScriptOutcome.Done<>(text)
                    : ScriptOutcome.failed(Failure.RESULT, "more than " + outputBytes + " bytes were returned");
        } catch (PolyglotException e) {
            return failure(e, Failure.THREW);
        }
    }

    private Context context() {
        ResourceLimits limits =
                ResourceLimits.newBuilder().statementLimit(statements, null).build();
        return Context.newBuilder(LANGUAGE)
                .engine(engine)
                .sandbox(SandboxPolicy.CONSTRAINED)
                .allowHostAccess(HostAccess.CONSTRAINED)
                .allowIO(IOAccess.NONE)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowEnvironmentAccess(EnvironmentAccess.NONE)
                .resourceLimits(limits)
                .option("js.esm-eval-returns-exports", "true")
                .build();
    }

    private static Source source(String text) {
        try {
            return Source.newBuilder(LANGUAGE, text, "rules.mjs")
                    .mimeType(MODULE_TYPE)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ScriptOutcome<String> failure(PolyglotException e, Failure otherwise) {
        String message = String.valueOf(e.getMessage());
        if (e.isResourceExhausted()) {
            return message.startsWith("Statement count limit")
                    ? ScriptOutcome.failed(Failure.STATEMENTS, "more than " + statements + " statements")
                    : ScriptOutcome.failed(Failure.MEMORY, message);
        }
        if (e.isInternalError() || e.isHostException()) {
            return ScriptOutcome.failed(Failure.CRASHED, "the engine failed");
        }
        return ScriptOutcome.failed(e.isSyntaxError() ? Failure.MODULE : otherwise, message);
    }
}
