package coco.governance.api;

import coco.governance.document.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI 3.1 document: routes from the table that serves them, schemas from a resource, so that a route that is
 * not described is not served.
 */
final class OpenApi {
    /** Name of the schema of everything that is refused. */
    static final String ERROR = "Error";

    private static final String SCHEMAS = "schemas.json";

    private OpenApi() {}

    static String document(List<ApiRoute> routes) {
        ObjectNode root = Documents.object().put("openapi", "3.1.0");
        root.putObject("info")
                .put("title", "Governance of a Coco service")
                .put("version", "1")
                .put(
                        "description",
                        "Served on the administrative listener. Reading needs a certificate that the service knows, and"
                                + " is refused in plain text without one (403); signed messages speak for themselves."
                                + " Every other refusal is an Error.");
        ObjectNode paths = root.putObject("paths");
        for (ApiRoute route : routes) {
            JsonNode path = paths.get(route.path());
            ObjectNode methods = path == null ? paths.putObject(route.path()) : (ObjectNode) path;
            methods.set(Words.lower(route.method()), operation(route));
        }
        paths.putObject(GovernanceApi.EVENTS).set("get", events());
        root.putObject("components").set("schemas", schemas());
        return Documents.pretty(root);
    }

    private static ObjectNode operation(ApiRoute route) {
        ObjectNode operation =
                Documents.object().put("operationId", route.name()).put("summary", route.summary());
        if (route.takesId() || !route.parameters().isEmpty()) {
            operation.putArray("parameters");
        }
        if (route.takesId()) {
            ObjectNode id = operation.withArray("parameters").addObject();
            id.put("name", "id").put("in", "path").put("required", true);
            id.putObject("schema").put("type", "string");
        }
        for (ApiRoute.Parameter parameter : route.parameters()) {
            ObjectNode entry = operation.withArray("parameters").addObject();
            entry.put("name", parameter.name()).put("in", "query").put("description", parameter.description());
            entry.putObject("schema").put("type", parameter.type());
        }
        ApiRoute.Body body = route.body();
        if (body != null) {
            ObjectNode request = operation.putObject("requestBody").put("required", true);
            ObjectNode media = request.putObject("content").putObject(body.mediaType());
            if (body.schema() != null) {
                media.set("schema", reference(body.schema()));
            }
        }
        ObjectNode responses = operation.putObject("responses");
        route.answers()
                .forEach((status, schema) -> responses
                        .putObject(Integer.toString(status))
                        .put("description", status < 300 ? "Answered." : "Refused.")
                        .putObject("content")
                        .putObject("application/json")
                        .set("schema", reference(schema)));
        return operation;
    }

    private static ObjectNode events() {
        ObjectNode operation = Documents.object()
                .put("operationId", "listen")
                .put(
                        "summary",
                        "Server-sent events. Each has an id to come back with (Last-Event-ID), a type, and data of"
                                + " schema Event; the first is opened, and says whether the stream was resumed.");
        ObjectNode header = operation.putArray("parameters").addObject();
        header.put("name", "Last-Event-ID").put("in", "header");
        header.putObject("schema").put("type", "string");
        operation
                .putObject("responses")
                .putObject("200")
                .put("description", "A stream that lasts.")
                .putObject("content")
                .putObject("text/event-stream");
        return operation;
    }

    private static ObjectNode reference(String schema) {
        return Documents.object().put("$ref", "#/components/schemas/" + schema);
    }

    private static JsonNode schemas() {
        try (InputStream in = Objects.requireNonNull(OpenApi.class.getResourceAsStream(SCHEMAS), SCHEMAS)) {
            return Documents.json(in.readAllBytes(), SCHEMAS);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a resource of this jar", impossible);
        }
    }
}
