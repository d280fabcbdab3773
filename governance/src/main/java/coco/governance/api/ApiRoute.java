package coco.governance.api;

import coco.ledgers.api.Endpoint;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One route with all that the OpenAPI document says of it.
 *
 * @param method upper case
 * @param path absolute; {@code {id}} at its end stands for any rest
 * @param name of the operation, in camelCase
 * @param summary one sentence
 * @param parameters of the query
 * @param body what the request carries; null for none
 * @param answers status to the name of a schema
 * @param handler gives the answer
 */
record ApiRoute(
        String method,
        String path,
        String name,
        String summary,
        List<Parameter> parameters,
        @Nullable Body body,
        SortedMap<Integer, String> answers,
        Handler handler) {
    private static final String ID = "{id}";

    /**
     * A query parameter; none is required.
     *
     * @param type of JSON Schema
     */
    record Parameter(String name, String type, String description) {}

    /**
     * What a request carries.
     *
     * @param schema name of its schema; null for bytes
     */
    record Body(String mediaType, @Nullable String schema) {}

    /** Answers a request. */
    @FunctionalInterface
    interface Handler {
        ApiReply handle(Endpoint.Request request) throws Exception;
    }

    boolean takesId() {
        return path.endsWith(ID);
    }

    Endpoint endpoint() {
        String served = takesId() ? path.substring(0, path.length() - ID.length()) + "*" : path;
        return new Endpoint(method, served, request -> handler.handle(request).toHttp());
    }
}
