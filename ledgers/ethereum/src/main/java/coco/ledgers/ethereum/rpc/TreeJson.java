package coco.ledgers.ethereum.rpc;

import coco.evm.tracing.TraceJson;
import coco.evm.tracing.TraceResult;
import java.io.IOException;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Writes trees of traces into an answer: call trees are deeper than what the generator nests. */
final class TreeJson {
    private TreeJson() {}

    /** What a tracer found, or the error that it was too much. */
    static Map<String, Object> complete(TraceResult result) throws RpcException {
        return switch (result) {
            case TraceResult.Complete(Map<String, Object> json) -> json;
            case TraceResult.TooLarge(String message) ->
                throw new RpcException(RpcException.RESPONSE_TOO_LARGE, "response too large: " + message);
        };
    }

    /** Writes a tree of maps, lists, strings, numbers, truth values and nulls as one value. */
    static void write(JsonGenerator out, Object tree) {
        out.writeRawValue("");
        try {
            TraceJson.write(tree, new Raw(out));
        } catch (IOException e) {
            throw new IllegalStateException("a generator throws no such thing", e);
        }
    }

    private record Raw(JsonGenerator out) implements Appendable {
        @Override
        public Appendable append(CharSequence text) {
            out.writeRaw(text.toString());
            return this;
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) {
            out.writeRaw(text.toString(), start, end - start);
            return this;
        }

        @Override
        public Appendable append(char c) {
            out.writeRaw(c);
            return this;
        }
    }
}
