package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.Faults;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the responses of one exchange, one after the other. A result that fails while it is written, or finds no room,
 * is taken back and replaced by the error.
 */
final class ReplyWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyWriter.class);

    private final JsonMapper mapper;
    private final ReplyBuffer out;
    private final boolean batch;
    private boolean begun;
    private boolean exhausted;

    ReplyWriter(JsonMapper mapper, ReplyBuffer out, boolean batch) {
        this.mapper = mapper;
        this.out = out;
        this.batch = batch;
    }

    /** Whether a result was too large already, so that no further one is to be computed. */
    boolean exhausted() {
        return exhausted;
    }

    /** Writes one response, whose result finds no room if it is too large. */
    void write(Call call, Answer answer) {
        write(call, answer, true);
    }

    /** Writes one response whose result is small and must be told whatever else was asked for. */
    void writeAlways(Call call, Answer answer) {
        write(call, answer, false);
    }

    private void write(Call call, Answer answer, boolean bounded) {
        if (batch) {
            out.write(begun ? ',' : '[');
        }
        begun = true;
        RpcException error = call.fault();
        if (error == null) {
            error = result(call, answer, bounded);
        }
        if (error != null) {
            error(call, error);
        }
    }

    /** To be called after the last response. */
    void end() {
        if (batch && begun) {
            out.write(']');
        }
    }

    private @Nullable RpcException result(Call call, Answer answer, boolean bounded) {
        int mark = out.size();
        JsonGenerator generator = begin(call);
        RpcException error;
        out.bounded(bounded);
        try {
            generator.writeName("result");
            answer.write(generator);
            generator.flush();
            // Whoever wrote a result that found room may rely on it: so the brace after it does too.
            out.bounded(false);
            generator.writeEndObject();
            generator.close();
            return null;
        } catch (RpcException e) {
            error = e;
        } catch (ReplyBuffer.NoRoomException e) {
            error = e.error();
            exhausted |= error.code() == RpcException.RESPONSE_TOO_LARGE;
        } catch (RuntimeException e) {
            error = hidden(call, e);
        }
        discard(generator);
        out.truncate(mark);
        out.bounded(false);
        return error;
    }

    /** Closes the generator, whose last bytes may find no room either. */
    private static void discard(JsonGenerator generator) {
        try {
            generator.close();
        } catch (ReplyBuffer.NoRoomException alreadyKnown) {
            return;
        }
    }

    private void error(Call call, RpcException error) {
        JsonGenerator generator = begin(call);
        generator.writeObjectPropertyStart("error");
        generator.writeNumberProperty("code", error.code());
        generator.writeStringProperty("message", WellFormed.text(String.valueOf(error.getMessage())));
        if (error.data() != null) {
            generator.writeStringProperty("data", error.data());
        }
        generator.writeEndObject().writeEndObject();
        generator.close();
    }

    private JsonGenerator begin(Call call) {
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

    /** A fault of ours: the caller learns that there was one, the log its kind and place. */
    private static RpcException hidden(Call call, RuntimeException fault) {
        if (fault instanceof UnavailableException known) {
            return new RpcException(Rejection.UNAVAILABLE, String.valueOf(known.getMessage()));
        }
        if (fault instanceof LedgerException known) {
            return RpcException.server(String.valueOf(known.getMessage()));
        }
        LOG.error("the method {} failed: {}", call.method(), Faults.withoutText(fault));
        return new RpcException(RpcException.INTERNAL_ERROR, "method handler crashed");
    }
}
