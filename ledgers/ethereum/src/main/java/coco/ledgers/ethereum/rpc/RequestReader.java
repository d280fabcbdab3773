package coco.ledgers.ethereum.rpc;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of one HTTP request as a stream: one request or a batch, within the limits. Any thread. */
final class RequestReader {
    private final JsonMapper mapper;
    private final int maxBatch;

    RequestReader(JsonMapper mapper, int maxBatch) {
        this.mapper = mapper;
        this.maxBatch = maxBatch;
    }

    /** What a body held. */
    record Requests(List<Call> calls, boolean batch) {}

    /**
     * Reads a body.
     *
     * @throws RpcException if the whole of it is answered with one error
     */
    Requests read(byte[] body) throws RpcException {
        List<Call> calls = new ArrayList<>();
        boolean batch;
        if (!isUtf8(body)) {
            throw parseError();
        }
        try (JsonParser in = mapper.createParser(body)) {
            JsonToken first = in.nextToken();
            batch = first == JsonToken.START_ARRAY;
            if (batch) {
                readBatch(in, calls);
            } else if (first == JsonToken.START_OBJECT) {
                calls.add(read(in));
            } else {
                calls.add(Call.invalid(null, first == null ? parseError() : invalidRequest()));
            }
            if (in.nextToken() != null) {
                throw parseError();
            }
        } catch (JacksonException | NumberFormatException e) {
            // The second for an exponent beyond what a decimal number can have, which Jackson lets through.
            throw parseError();
        }
        return new Requests(calls, batch);
    }

    /**
     * Whether bytes are UTF-8 to the letter. Jackson also reads letters that are written longer than they need be, and
     * whoever filters requests by method in front of a node would not recognise them.
     */
    private static boolean isUtf8(byte[] body) {
        int bits = 0;
        for (byte each : body) {
            bits |= each;
        }
        if (bits >= 0) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private void readBatch(JsonParser in, List<Call> calls) throws RpcException {
        JsonToken token;
        while ((token = in.nextToken()) != JsonToken.END_ARRAY) {
            if (calls.size() == maxBatch) {
                throw new RpcException(RpcException.INVALID_REQUEST, "batch too large");
            }
            if (token == JsonToken.START_OBJECT) {
                calls.add(read(in));
            } else {
                in.skipChildren();
                calls.add(Call.invalid(null, invalidRequest()));
            }
        }
        if (calls.isEmpty()) {
            throw new RpcException(RpcException.INVALID_REQUEST, "empty batch");
        }
    }

    /** Reads one request object, whose start was read. */
    private Call read(JsonParser in) {
        JsonNode id = null;
        JsonNode params = null;
        String method = null;
        boolean version = false;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            switch (name) {
                case "jsonrpc" -> version = value == JsonToken.VALUE_STRING && "2.0".equals(in.getString());
                case "method" -> method = value == JsonToken.VALUE_STRING ? in.getString() : null;
                case "id" -> id = WellFormed.id(mapper.readTree(in));
                case "params" -> params = mapper.readTree(in);
                default -> {
                    in.skipChildren();
                    continue;
                }
            }
            if (value.isStructStart() && !name.equals("id") && !name.equals("params")) {
                in.skipChildren();
            }
        }
        return call(id, params, method, version);
    }

    private static Call call(
            @Nullable JsonNode id, @Nullable JsonNode params, @Nullable String method, boolean version) {
        boolean idFits = id == null || !id.isContainer();
        if (!version || method == null || !idFits) {
            return Call.invalid(idFits ? id : null, invalidRequest());
        }
        if (params != null && !params.isArray() && !params.isNull()) {
            return Call.invalid(id, new RpcException(RpcException.INVALID_PARAMS, "non-array args"));
        }
        List<JsonNode> values = new ArrayList<>();
        if (params != null) {
            params.forEach(values::add);
        }
        return new Call(id, method, new Params(values), null);
    }

    private static RpcException parseError() {
        return new RpcException(RpcException.PARSE_ERROR, "parse error");
    }

    private static RpcException invalidRequest() {
        return new RpcException(RpcException.INVALID_REQUEST, "invalid request");
    }
}
