package coco.node.http;

import coco.ledgers.api.Quota;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole request.
 *
 * @param rest what stood in place of the route's {@code *}, decoded; empty without one
 * @param query decoded parameters, the first of each name
 * @param body empty if there was none
 * @param forReading whether the client takes HTML, as a browser does where somebody opens an address
 * @param linearizable whether {@code Coco-Consistency: linearizable} was demanded
 * @param peer the certificate whose key the client has proven to hold; null if it showed none. Says nothing of
 *     membership
 * @param quota for calls beyond the first, which is taken
 * @param credentials what it says of who sent it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpRequest(
        String rest,
        Map<String, String> query,
        byte[] body,
        boolean forReading,
        boolean linearizable,
        @Nullable X509Certificate peer,
        Quota quota,
        Credentials credentials) {}
