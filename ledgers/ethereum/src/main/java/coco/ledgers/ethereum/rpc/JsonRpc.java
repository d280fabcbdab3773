package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.pool.Admission;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/** Answers HTTP bodies; see the package. Safe for any number of threads. */
public final class JsonRpc {
    private static final Logger LOG = LoggerFactory.getLogger(JsonRpc.class);

    /** Longest number in a document: ids may be long, but not so long that reading them takes time. */
    private static final int MAX_NUMBER_LENGTH = 100;

    /** Where geth stops answering the rest of a batch: a thousand calls may each ask for a whole block. */
    private static final int MAX_RESPONSE_BYTES = 25_000_000;

    /** Enough to find the place. */
    private static final int LOGGED_FRAMES = 12;

    private static final Answer TOO_LARGE = out -> {
        throw new RpcException(RpcException.RESPONSE_TOO_LARGE, "response too large");
    };

    private final LedgerContext context;
    private final JsonMapper mapper;
    private final Map<String, Method> methods = new HashMap<>();
    private final SubmitMethods submit;

    /**
     * Answers for one chain.
     *
     * @param clientVersion what web3_clientVersion answers
     */
    public JsonRpc(
            LedgerContext context, Genesis genesis, Admission admission, Simulator simulator, String clientVersion) {
        this.context = context;
        this.mapper = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(context.settings().maxNesting())
                                .maxNumberLength(MAX_NUMBER_LENGTH)
                                .build())
                        .build())
                // What follows a parameter is the rest of the request.
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // An id comes back as it was sent, whatever a double would make of it.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        this.submit = new SubmitMethods(context, admission);
        new ChainMethods(genesis.config().chainId(), clientVersion).register(methods);
        new StateMethods(context).register(methods);
        new FeeMethods(genesis.baseFee()).register(methods);
        new LogMethods(context).register(methods);
        new CallMethods(genesis, simulator).register(methods);
    }

    /** One request as it was sent; a fault makes it one that is answered with an error. */
    private record Call(
            @Nullable JsonNode id,
            String method,
            Params params,
            @Nullable RpcException fault) {
        boolean isNotification() {
            return id == null && fault == null;
        }
    }

    /** Answers one HTTP request. */
    public Endpoint.Reply handle(Endpoint.Request request) {
        Buffer out = new Buffer();
        try (Exchange exchange = new Exchange(context, request)) {
            answer(exchange, request.body(), out);
            String status = exchange.transactionStatus();
            Map<String, String> headers = status == null ? Map.of() : Map.of("Coco-Transaction-Status", status);
            return new Endpoint.Reply(200, "application/json", out.toByteArray(), headers);
        }
    }

    private void answer(Exchange exchange, byte[] body, Buffer out) {
        List<Call> calls = new ArrayList<>();
        boolean batch;
        try (JsonParser in = mapper.createParser(body)) {
            JsonToken first = in.nextToken();
            batch = first == JsonToken.START_ARRAY;
            if (batch) {
                readBatch(in, calls);
            } else if (first == JsonToken.START_OBJECT) {
                calls.add(read(in));
            } else {
                calls.add(invalid(null, first == null ? parseError() : invalidRequest()));
            }
            if (in.nextToken() != null) {
                throw parseError();
            }
        } catch (JacksonException e) {
            write(invalid(null, parseError()), Answer.NULL, out);
            return;
        } catch (RpcException e) {
            write(invalid(null, e), Answer.NULL, out);
            return;
        }
        respond(exchange, calls, batch, out);
    }

    private void readBatch(JsonParser in, List<Call> calls) throws RpcException {
        JsonToken token;
        while ((token = in.nextToken()) != JsonToken.END_ARRAY) {
            if (calls.size() == context.settings().maxBatch()) {
                throw new RpcException(RpcException.INVALID_REQUEST, "batch too large");
            }
            if (token == JsonToken.START_OBJECT) {
                calls.add(read(in));
            } else {
                in.skipChildren();
                calls.add(invalid(null, invalidRequest()));
            }
        }
        if (calls.isEmpty()) {
            throw new RpcException(RpcException.INVALID_REQUEST, "empty batch");
        }
    }

    private static RpcException parseError() {
        return new RpcException(RpcException.PARSE_ERROR, "parse error");
    }

    private static RpcException invalidRequest() {
        return new RpcException(RpcException.INVALID_REQUEST, "invalid request");
    }

    private static Call invalid(@Nullable JsonNode id, RpcException fault) {
        return new Call(id, "", new Params(List.of()), fault);
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
                case "id" -> id = wellFormed(mapper.readTree(in));
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
        boolean idFits = id == null || !id.isContainer();
        if (!version || method == null || !idFits) {
            return invalid(idFits ? id : null, invalidRequest());
        }
        if (params != null && !params.isArray() && !params.isNull()) {
            return invalid(id, new RpcException(RpcException.INVALID_PARAMS, "non-array args"));
        }
        List<JsonNode> values = new ArrayList<>();
        if (params != null) {
            params.forEach(values::add);
        }
        return new Call(id, method, new Params(values), null);
    }

    private static JsonNode wellFormed(JsonNode id) {
        return id.isString() ? StringNode.valueOf(wellFormed(id.stringValue())) : id;
    }

    /** JSON can name half of a surrogate pair, which no UTF-8 can hold; Go reads it as a replacement character. */
    private static String wellFormed(String text) {
        return text.codePoints()
                .map(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE ? 0xfffd : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private void respond(Exchange exchange, List<Call> calls, boolean batch, Buffer out) {
        Answer[] answers = new Answer[calls.size()];
        List<Integer> submissions = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            Call call = calls.get(i);
            if (call.fault() == null && SubmitMethods.handles(call.method())) {
                submissions.add(i);
            } else {
                answers[i] = answer -> prepare(exchange, call).write(answer);
            }
        }
        if (!submissions.isEmpty()) {
            if (submissions.size() < calls.size()) {
                exchange.look();
            }
            List<Answer> started = submit.submit(
                    exchange,
                    submissions.stream().map(i -> calls.get(i).method()).toList(),
                    submissions.stream().map(i -> calls.get(i).params()).toList());
            for (int i = 0; i < started.size(); i++) {
                answers[submissions.get(i)] = started.get(i);
            }
        }
        writeAll(calls, answers, batch, out);
    }

    private static void open(Buffer out, boolean batch, boolean first) {
        if (batch) {
            out.write(first ? '[' : ',');
        }
    }

    private void writeAll(List<Call> calls, Answer[] answers, boolean batch, Buffer out) {
        boolean first = true;
        for (int i = 0; i < answers.length; i++) {
            if (!calls.get(i).isNotification()) {
                Answer answer = out.size() > MAX_RESPONSE_BYTES ? TOO_LARGE : answers[i];
                open(out, batch, first);
                write(calls.get(i), answer, out);
                first = false;
            }
        }
        if (batch && !first) {
            out.write(']');
        }
    }

    /** Calls the method; what it throws becomes an answer that throws. */
    private Answer prepare(Exchange exchange, Call call) {
        if (call.fault() != null) {
            return Answer.NULL;
        }
        Method method = methods.get(call.method());
        try {
            if (method == null) {
                throw new RpcException(
                        RpcException.METHOD_NOT_FOUND,
                        "the method " + call.method() + " does not exist/is not available");
            }
            return method.call(exchange, call.params());
        } catch (RpcException e) {
            return out -> {
                throw e;
            };
        } catch (RuntimeException e) {
            RpcException hidden = hidden(call, e);
            return out -> {
                throw hidden;
            };
        }
    }

    private void write(Call call, Answer answer, Buffer out) {
        int mark = out.size();
        JsonGenerator generator = begin(call, out);
        RpcException error = call.fault();
        if (error == null) {
            try {
                generator.writeName("result");
                answer.write(generator);
                generator.writeEndObject();
                generator.close();
                return;
            } catch (RpcException e) {
                error = e;
            } catch (RuntimeException e) {
                error = hidden(call, e);
            }
            generator.close();
            out.truncate(mark);
            generator = begin(call, out);
        }
        generator.writeObjectPropertyStart("error");
        generator.writeNumberProperty("code", error.code());
        generator.writeStringProperty("message", wellFormed(String.valueOf(error.getMessage())));
        if (error.data() != null) {
            generator.writeStringProperty("data", error.data());
        }
        generator.writeEndObject().writeEndObject();
        generator.close();
    }

    private JsonGenerator begin(Call call, Buffer out) {
        JsonGenerator generator = mapper.createGenerator(out);
        generator.writeStartObject();
        generator.writeStringProperty("jsonrpc", "2.0");
        generator.writeName("id");
        if (call.id() == null) {
            generator.writeNull();
        } else {
            generator.writeTree(call.id());
        }
        return generator;
    }

    /** A fault of ours: the caller learns that there was one, the log what it was. */
    private static RpcException hidden(Call call, RuntimeException fault) {
        if (fault instanceof LedgerException known) {
            return RpcException.server(String.valueOf(known.getMessage()));
        }
        // Without its text, which may quote what the caller sent.
        LOG.error("the method {} failed: {}", call.method(), placesOf(fault));
        return new RpcException(RpcException.INTERNAL_ERROR, "method handler crashed");
    }

    private static String placesOf(Throwable fault) {
        return fault.getClass().getName()
                + Stream.of(fault.getStackTrace())
                        .limit(LOGGED_FRAMES)
                        .map(frame -> " < " + frame)
                        .collect(Collectors.joining());
    }

    /** A buffer of which the end can be taken back. */
    private static final class Buffer extends ByteArrayOutputStream {
        Buffer() {
            super(256);
        }

        void truncate(int size) {
            count = size;
        }
    }
}
