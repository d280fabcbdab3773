package coco.ledgers.ethereum.rpc;

import coco.evm.types.Header;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The error that a request is answered with. Carries no stack trace. */
final class RpcException extends Exception {
    private static final long serialVersionUID = 1L;

    static final int REVERTED = 3;
    static final int TIMED_OUT = 4;
    static final int NOT_READY = 5;
    static final int PARSE_ERROR = -32_700;
    static final int INVALID_REQUEST = -32_600;
    static final int METHOD_NOT_FOUND = -32_601;
    static final int INVALID_PARAMS = -32_602;
    static final int INTERNAL_ERROR = -32_603;
    static final int SERVER_ERROR = -32_000;
    static final int RESOURCE_NOT_FOUND = -32_001;
    static final int SIMULATION_TIMED_OUT = -32_016;
    static final int CLIENT_LIMIT_EXCEEDED = -38_026;
    static final int REQUEST_TIMED_OUT = -32_002;
    static final int RESPONSE_TOO_LARGE = -32_003;
    static final int LIMIT_EXCEEDED = -32_005;

    private final int code;
    private final @Nullable String data;

    RpcException(int code, String message) {
        this(code, message, null);
    }

    RpcException(int code, String message, @Nullable String data) {
        super(message, null, false, false);
        this.code = code;
        this.data = data;
    }

    static RpcException server(String message) {
        return new RpcException(SERVER_ERROR, message);
    }

    static RpcException invalidArgument(int index, String why) {
        return new RpcException(INVALID_PARAMS, "invalid argument " + index + ": " + why);
    }

    /** There is no such method, or none for this caller. */
    static RpcException noSuchMethod(String method) {
        return new RpcException(
                METHOD_NOT_FOUND, "the method " + Params.abbreviated(method) + " does not exist/is not available");
    }

    /** The time of the whole exchange is used up. */
    static RpcException requestTimedOut() {
        return new RpcException(REQUEST_TIMED_OUT, "request timed out");
    }

    static RpcException responseTooLarge() {
        return new RpcException(RESPONSE_TOO_LARGE, "response too large");
    }

    /** A bound on what one caller, or all, may have or do. */
    static RpcException limitExceeded(String what) {
        return new RpcException(LIMIT_EXCEEDED, what);
    }

    static RpcException headerNotFound() {
        return server("header not found");
    }

    /** Geth's words, by which clients know that an archive would have what they ask for. */
    static RpcException stateNotKept(Header header) {
        return server("historical state " + HexFormat.of().formatHex(header.stateRoot()) + " is not available");
    }

    int code() {
        return code;
    }

    @Nullable
    String data() {
        return data;
    }
}
