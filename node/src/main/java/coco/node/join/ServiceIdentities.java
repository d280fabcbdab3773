package coco.node.join;

import coco.crypto.Certificates;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.journal.ServiceIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The service's identities as a node tells them ({@code GET /node/service}). They prove themselves: each is endorsed by
 * the one before, so whoever holds one of them may learn the newest from anybody.
 */
public final class ServiceIdentities {
    private static final Duration REPLY = Duration.ofSeconds(10);

    /** Some thousand generations, each of a kilobyte. */
    private static final int BYTES_MAX = 4 << 20;

    private ServiceIdentities() {}

    /**
     * What a node tells.
     *
     * @param serviceId as it says, 32 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Told(byte[] serviceId, List<ServiceIdentity> identities) {
        public Told {
            identities = List.copyOf(identities);
        }
    }

    /**
     * Reads a node's answer.
     *
     * @throws DocumentException if it is none
     */
    public static Told parse(byte[] json) {
        Fields fields = new Fields(Documents.json(json, ""), "");
        Told told = new Told(fields.hex("serviceId", 32, 32), fields.list("identities", ServiceIdentities::identity));
        fields.finish();
        return told;
    }

    private static ServiceIdentity identity(Fields each) {
        return new ServiceIdentity(
                each.integer("generation"),
                each.longInteger("height"),
                each.certificate("certificate"),
                each.hex("endorsement", 0, 64));
    }

    /**
     * The known identity and all that follow it, as long as each is endorsed by the one before.
     *
     * @return empty if the known one is not among them
     */
    public static List<X509Certificate> endorsed(byte[] serviceId, X509Certificate known, Told told) {
        List<X509Certificate> chain = new ArrayList<>();
        for (ServiceIdentity identity : told.identities()) {
            if (chain.isEmpty()) {
                if (Arrays.equals(Certificates.fingerprint(identity.certificate()), Certificates.fingerprint(known))) {
                    chain.add(identity.certificate());
                }
            } else if (identity.isEndorsedBy(serviceId, chain.getLast().getPublicKey())) {
                chain.add(identity.certificate());
            } else {
                break;
            }
        }
        return chain;
    }

    /** Asks a node; empty if it does not answer, or not with what follows the known identity. */
    public static List<X509Certificate> ask(HttpClient http, URI node, byte[] serviceId, X509Certificate known)
            throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.resolve("/node/service"))
                .timeout(REPLY)
                .build();
        try {
            HttpResponse<InputStream> reply = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream in = reply.body()) {
                byte[] body = in.readNBytes(BYTES_MAX);
                return reply.statusCode() == 200 ? endorsed(serviceId, known, parse(body)) : List.of();
            }
        } catch (IOException | DocumentException silent) {
            return List.of();
        }
    }
}
