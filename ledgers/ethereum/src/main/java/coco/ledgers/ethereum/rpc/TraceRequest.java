package coco.ledgers.ethereum.rpc;

import coco.evm.Tracer;
import coco.evm.tracing.CallTracer;
import coco.evm.tracing.CallTracerOptions;
import coco.evm.tracing.FourByteTracer;
import coco.evm.tracing.PrestateOptions;
import coco.evm.tracing.PrestateTracer;
import coco.evm.tracing.StructLogOptions;
import coco.evm.tracing.StructLogTracer;
import coco.evm.tracing.TraceLimits;
import coco.evm.tracing.TraceResult;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** What the object behind debug_trace* asks for: a tracer with its options, and for how long. Names are geth's. */
final class TraceRequest {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12}(?:\\.\\d{0,9})?)(ns|us|µs|ms|s|m|h)");

    private final Kind kind;
    private final long timeoutMillis;

    private TraceRequest(Kind kind, long timeoutMillis) {
        this.kind = kind;
        this.timeoutMillis = timeoutMillis;
    }

    private sealed interface Kind {
        record StructLogs(StructLogOptions options) implements Kind {}

        record Calls(CallTracerOptions options) implements Kind {}

        record Prestate(PrestateOptions options) implements Kind {}

        record FourByte() implements Kind {}
    }

    /** A tracer at work. */
    interface Watch {
        /** Who watches the execution. */
        Tracer tracer();

        /** Writes what is not written yet, so that one value has been written. */
        void end() throws RpcException;
    }

    /**
     * Reads the object.
     *
     * @param config null for struct logs as usual
     * @param index of the parameter, for errors
     * @param mostMillis the time of one call
     */
    static TraceRequest parse(@Nullable JsonNode config, int index, long mostMillis) throws RpcException {
        if (config == null) {
            return new TraceRequest(new Kind.StructLogs(StructLogOptions.DEFAULT), mostMillis);
        }
        Options options = new Options(object(config, index), "TraceConfig", index);
        String timeout = options.text("timeout");
        long millis = timeout == null ? mostMillis : Math.min(mostMillis, millis(timeout));
        StructLogOptions logs = new StructLogOptions(
                options.flag("enableMemory"),
                options.flag("disableStack"),
                options.flag("disableStorage"),
                options.flag("enableReturnData"),
                options.count("limit"));
        JsonNode own = Params.present(config, "tracerConfig");
        JsonNode ownObject = own == null ? null : object(own, index);
        String name = options.text("tracer");
        Kind kind = name == null ? new Kind.StructLogs(logs) : kind(name, new Options(ownObject, name, index));
        return new TraceRequest(kind, millis);
    }

    private static Kind kind(String name, Options options) throws RpcException {
        return switch (name) {
            case "callTracer" ->
                new Kind.Calls(new CallTracerOptions(options.flag("onlyTopCall"), options.flag("withLog")));
            case "prestateTracer" -> {
                PrestateOptions wanted = new PrestateOptions(
                        options.flag("diffMode"),
                        options.flag("disableCode"),
                        options.flag("disableStorage"),
                        options.flag("includeEmpty"));
                if (wanted.diffMode() && wanted.includeEmpty()) {
                    throw RpcException.server("cannot use diffMode with includeEmpty");
                }
                yield new Kind.Prestate(wanted);
            }
            case "4byteTracer" -> new Kind.FourByte();
            default -> throw RpcException.server("tracer not found");
        };
    }

    private static JsonNode object(JsonNode node, int index) throws RpcException {
        if (!node.isObject()) {
            throw RpcException.invalidArgument(
                    index, "json: cannot unmarshal non-object into Go value of type tracers.TraceConfig");
        }
        return node;
    }

    /** The fields of one of the objects. */
    private record Options(@Nullable JsonNode node, String owner, int index) {
        boolean flag(String name) throws RpcException {
            JsonNode value = field(name);
            if (value != null && !value.isBoolean()) {
                throw mistyped(name, "bool");
            }
            return value != null && value.booleanValue();
        }

        int count(String name) throws RpcException {
            JsonNode value = field(name);
            if (value != null && !(value.isIntegralNumber() && value.canConvertToInt())) {
                throw mistyped(name, "int");
            }
            return value == null ? 0 : Math.max(0, value.intValue());
        }

        @Nullable
        String text(String name) throws RpcException {
            JsonNode value = field(name);
            if (value != null && !value.isString()) {
                throw mistyped(name, "string");
            }
            return value == null ? null : value.stringValue();
        }

        private @Nullable JsonNode field(String name) {
            return node == null ? null : Params.present(node, name);
        }

        private RpcException mistyped(String name, String type) {
            return RpcException.invalidArgument(
                    index, "json: cannot unmarshal into Go struct field " + owner + "." + name + " of type " + type);
        }
    }

    /** A time as Go reads it: 5s, 1m30s, 250ms. */
    private static long millis(String text) throws RpcException {
        Matcher parts = DURATION.matcher(text);
        double millis = 0;
        int end = 0;
        while (end < text.length() && parts.find() && parts.start() == end) {
            double unit = switch (parts.group(2)) {
                case "h" -> 3_600_000;
                case "m" -> 60_000;
                case "s" -> 1_000;
                case "ms" -> 1;
                case "ns" -> 1e-6;
                default -> 1e-3;
            };
            millis += Double.parseDouble(parts.group(1)) * unit;
            end = parts.end();
        }
        if (end == 0 || end < text.length()) {
            throw RpcException.server("time: invalid duration \"" + Params.abbreviated(text) + "\"");
        }
        return (long) millis;
    }

    /** How long one transaction may take. */
    long timeoutMillis() {
        return timeoutMillis;
    }

    /**
     * Begins to watch a transaction. Struct logs are written while it executes, so that nothing but the answer holds
     * them; the other traces when it is over.
     *
     * @param maxBytes most bytes of a trace that is kept
     * @param logsBefore how many logs the transactions before it in its block have
     */
    Watch start(JsonGenerator out, long maxBytes, int logsBefore) {
        TraceLimits limits = TraceLimits.DEFAULT.withBytes(maxBytes);
        return switch (kind) {
            case Kind.StructLogs(StructLogOptions options) -> structLogs(out, options);
            case Kind.Calls(CallTracerOptions options) -> {
                CallTracer tracer = new CallTracer(options, limits, logsBefore);
                yield kept(out, tracer, tracer::result);
            }
            case Kind.Prestate(PrestateOptions options) -> {
                PrestateTracer tracer = new PrestateTracer(options, limits);
                yield kept(out, tracer, tracer::result);
            }
            case Kind.FourByte _ -> {
                FourByteTracer tracer = new FourByteTracer(limits);
                yield kept(out, tracer, tracer::result);
            }
        };
    }

    private static Watch kept(JsonGenerator out, Tracer tracer, Supplier<TraceResult> result) {
        return new Watch() {
            @Override
            public Tracer tracer() {
                return tracer;
            }

            @Override
            public void end() throws RpcException {
                TreeJson.write(out, TreeJson.complete(result.get()));
            }
        };
    }

    private static Watch structLogs(JsonGenerator out, StructLogOptions options) {
        out.writeStartObject();
        out.writeArrayPropertyStart("structLogs");
        StructLogTracer tracer = new StructLogTracer(options, entry -> TreeJson.write(out, entry));
        return new Watch() {
            @Override
            public Tracer tracer() {
                return tracer;
            }

            @Override
            public void end() throws RpcException {
                out.writeEndArray();
                TreeJson.complete(tracer.result()).forEach((name, value) -> {
                    out.writeName(name);
                    TreeJson.write(out, value);
                });
                out.writeEndObject();
            }
        };
    }
}
