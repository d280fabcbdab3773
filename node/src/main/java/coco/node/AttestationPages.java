package coco.node;

import coco.attestation.Attester;
import coco.attestation.CertificateEvidence;
import coco.attestation.Evidence;
import coco.attestation.ReportData;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.journal.ServiceIdentity;
import coco.ledgers.api.Endpoint.Reply;
import coco.node.admission.Refusals;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import coco.node.join.ServiceIdentities;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * By what anybody may check which node and network this is: its evidence ({@code /node/attestation}) and the service's
 * identities, each endorsed by the one before ({@code /node/service}). And, for members and nodes, who was refused and
 * why ({@code /node/refusals}). Strangers learn nothing of the constitution here.
 */
final class AttestationPages {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A nonce of a client: shorter than what a node answers to another, so that neither passes for the other. */
    private static final String NONCE = "([0-9a-fA-F]{2}){8,32}";

    private final Attester attester;
    private final byte[] serviceId;
    private final Supplier<X509Certificate> certificate;
    private final PublicKey wrappingKey;
    private final Refusals refusals;
    private final Supplier<List<ServiceIdentity>> identities;
    private final Supplier<List<ServiceIdentities.Recovery>> recoveries;

    AttestationPages(
            Attester attester,
            byte[] serviceId,
            Supplier<X509Certificate> certificate,
            PublicKey wrappingKey,
            Refusals refusals,
            Supplier<List<ServiceIdentity>> identities,
            Supplier<List<ServiceIdentities.Recovery>> recoveries) {
        this.identities = identities;
        this.recoveries = recoveries;
        this.attester = attester;
        this.serviceId = serviceId.clone();
        this.certificate = certificate;
        this.wrappingKey = wrappingKey;
        this.refusals = refusals;
    }

    /** For anybody, on every listener. */
    List<Route> open() {
        return List.of(
                new Route("GET", "/node/attestation", this::attestation),
                new Route("GET", "/node/service", request -> service()));
    }

    /** @param operators who may see refusals */
    Route refusals(Route.Access operators) {
        return new Route("GET", "/node/refusals", operators, request -> refusals());
    }

    private Reply service() {
        ObjectNode json = JSON.createObjectNode().put("serviceId", Hex.encode(serviceId));
        ArrayNode list = json.putArray("identities");
        for (ServiceIdentity identity : identities.get()) {
            list.addObject()
                    .put("generation", identity.generation())
                    .put("height", identity.height())
                    .put("certificate", Certificates.toPem(identity.certificate()))
                    .put("endorsement", Hex.encode(identity.endorsement()));
        }
        ArrayNode decided = json.putArray("recoveries");
        recoveries.get().forEach(recovery -> decided.add(recovery.toJson()));
        return json(200, json);
    }

    private Reply attestation(HttpRequest request) {
        String nonce = request.query().get("nonce");
        if (nonce != null) {
            return nonce.matches(NONCE)
                    ? json(200, challenged(Hex.decode(nonce)))
                    : json(400, JSON.createObjectNode().put("error", "nonce must be 8 to 32 bytes in hexadecimal"));
        }
        CertificateEvidence carried = CertificateEvidence.of(certificate.get());
        if (carried == null) {
            return json(503, JSON.createObjectNode().put("error", "this node has no evidence yet"));
        }
        byte[] freshness = CertificateEvidence.freshness(carried.height(), carried.freshness(), carried.incarnation());
        ObjectNode json = parts("certificate", freshness, carried.evidence());
        return json(200, json.put("height", carried.height()).put("hash", Hex.encode(carried.freshness())));
    }

    private ObjectNode challenged(byte[] nonce) {
        byte[] reportData = ReportData.of(
                ReportData.Purpose.CHALLENGE, serviceId, certificate.get().getPublicKey(), wrappingKey, nonce);
        return parts("challenge", nonce, attester.attest(reportData));
    }

    private ObjectNode parts(String purpose, byte[] freshness, Evidence evidence) {
        return JSON.createObjectNode()
                .put("platform", evidence.platform().label())
                .put("evidence", Base64.getEncoder().encodeToString(evidence.encode()))
                .put("purpose", purpose)
                .put("serviceId", Hex.encode(serviceId))
                .put("tlsKey", Hex.encode(P256.encode(certificate.get().getPublicKey())))
                .put("wrappingKey", Hex.encode(P256.encode(wrappingKey)))
                .put("freshness", Hex.encode(freshness));
    }

    private Reply refusals() {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode list = json.putArray("refusals");
        for (Refusals.Refusal refusal : refusals.all()) {
            list.addObject()
                    .put("who", refusal.who())
                    .put("check", refusal.why().check())
                    .put("seen", refusal.why().seen())
                    .put("allowed", refusal.why().allowed())
                    .put("first", refusal.first().toString())
                    .put("last", refusal.last().toString())
                    .put("count", refusal.count());
        }
        return json(200, json);
    }

    private static Reply json(int status, ObjectNode body) {
        return new Reply(status, "application/json", JSON.writeValueAsBytes(body), Map.of());
    }
}
