package coco.node;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.node.channel.BoundedExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Azure's metadata service, which has Intel's quote made of a TDREPORT: {@code POST /acc/tdquote} with
 * {@code {"report": BASE64URL}} answers {@code {"quote": BASE64URL}}. It is the host's word and trusted for nothing:
 * the quote proves itself.
 *
 * @param patience until the last byte of the answer
 */
record AzureMetadata(URI service, Duration patience) {
    static final URI SERVICE = URI.create("http://169.254.169.254/");

    /** Patience of a node: a quote takes a second or two. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A quote is some five kilobytes. */
    private static final int ANSWER_BYTES_MAX = 128 * 1024;

    /**
     * The quote of a report.
     *
     * @throws AttestationException with the code PLATFORM, if the service gives none
     */
    byte[] quote(byte[] report) {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(report);
        HttpRequest request = HttpRequest.newBuilder(service.resolve("acc/tdquote"))
                .timeout(patience)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(
                        JSON.createObjectNode().put("report", encoded).toString()))
                .build();
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(patience).build()) {
            HttpResponse<byte[]> answer = BoundedExchange.send(http, request, ANSWER_BYTES_MAX, patience);
            if (answer.statusCode() != 200) {
                throw failed("status " + answer.statusCode(), null);
            }
            JsonNode quote = JSON.readTree(answer.body()).get("quote");
            if (quote == null || !quote.isString()) {
                throw failed("an answer without a quote", null);
            }
            return Base64.getUrlDecoder().decode(quote.asString());
        } catch (IOException | JacksonException | IllegalArgumentException malformed) {
            throw failed(malformed.getClass().getSimpleName(), malformed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", stopped);
        }
    }

    private AttestationException failed(String how, @Nullable Throwable cause) {
        return new AttestationException(Code.PLATFORM, service + " gave no quote: " + how, cause);
    }
}
