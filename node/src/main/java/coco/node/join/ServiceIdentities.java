package coco.node.join;

import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.ledger.RecoveryElectorate;
import coco.governance.ledger.RecoveryRecord;
import coco.journal.Electorate;
import coco.journal.ServiceIdentity;
import coco.node.channel.BoundedExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

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
    public record Told(byte[] serviceId, List<ServiceIdentity> identities, List<Recovery> recoveries) {
        public Told {
            identities = List.copyOf(identities);
            recoveries = List.copyOf(recoveries);
        }
    }

    /**
     * Why a generation is believed that the one before does not endorse: nobody was left who had its key.
     *
     * @param generation that began
     * @param record the proposal with its ballots: {@link RecoveryRecord}
     * @param electorate whose ballots count, by the word of the generation before
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Recovery(int generation, byte[] record, Electorate electorate) {
        private static Recovery read(Fields fields) {
            return new Recovery(
                    fields.integer("generation"),
                    fields.hex("record", 1, BYTES_MAX),
                    new Electorate(
                            fields.integer("before"),
                            fields.longInteger("height"),
                            fields.hex("electorate", 1, BYTES_MAX),
                            fields.hex("signature", 64, 64)));
        }

        /** The object that stands in a node's answer. */
        public ObjectNode toJson() {
            return Documents.object()
                    .put("generation", generation)
                    .put("record", Hex.encode(record))
                    .put("before", electorate.generation())
                    .put("height", electorate.height())
                    .put("electorate", Hex.encode(electorate.document()))
                    .put("signature", Hex.encode(electorate.signature()));
        }

        /** Whether enough members, named so by the generation before, decided to begin this one under this key. */
        private boolean begins(ServiceIdentity identity, ServiceIdentity before, byte[] serviceId) {
            if (generation != identity.generation()
                    || electorate.generation() != before.generation()
                    || !electorate.isBy(before.certificate().getPublicKey(), serviceId)) {
                return false;
            }
            try {
                RecoveryRecord decided = RecoveryRecord.parse(record);
                return decided.proposal().generation() == generation
                        && decided.proposal().height() == identity.height() - 1
                        && decided.proposal().serviceCertificate().equals(identity.certificate())
                        && RecoveryElectorate.parse(electorate.document())
                                .decided(decided, serviceId, before.generation());
            } catch (DocumentException malformed) {
                return false;
            }
        }
    }

    /**
     * Reads a node's answer.
     *
     * @throws DocumentException if it is none
     */
    public static Told parse(byte[] json) {
        Fields fields = new Fields(Documents.json(json, ""), "");
        Told told = new Told(
                fields.hex("serviceId", 32, 32),
                fields.list("identities", ServiceIdentities::identity),
                fields.listOrNone("recoveries", Recovery::read));
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
     * The known identity and all that follow it, as long as each is endorsed by the one before, or by those of whom the
     * one before said that they recover the service.
     *
     * @return empty if the known one is not among them
     */
    public static List<X509Certificate> endorsed(byte[] serviceId, X509Certificate known, Told told) {
        List<X509Certificate> chain = new ArrayList<>();
        ServiceIdentity before = null;
        for (ServiceIdentity identity : told.identities()) {
            if (before == null) {
                if (!Arrays.equals(Certificates.fingerprint(identity.certificate()), Certificates.fingerprint(known))) {
                    continue;
                }
            } else if (!follows(identity, before, serviceId, told.recoveries())) {
                break;
            }
            chain.add(identity.certificate());
            before = identity;
        }
        return chain;
    }

    private static boolean follows(
            ServiceIdentity identity, ServiceIdentity before, byte[] serviceId, List<Recovery> recoveries) {
        return identity.isByMembers()
                ? recoveries.stream().anyMatch(recovery -> recovery.begins(identity, before, serviceId))
                : identity.isEndorsedBy(serviceId, before.certificate().getPublicKey());
    }

    /** What several nodes tell, taken together. */
    public sealed interface Agreement {
        /**
         * Nobody contradicts anybody: who tells less is behind.
         *
         * @param chain from the known identity to the newest; empty if nobody knows that one
         */
        record Agreed(List<X509Certificate> chain) implements Agreement {}

        /**
         * Two different identities follow the same one: somebody who holds the key of an older generation, such as a
         * node that was removed, may have endorsed one of his own. Neither is to be believed.
         */
        record Diverging(X509Certificate one, X509Certificate other) implements Agreement {
            /** For people. */
            public String words() {
                return "the nodes do not agree on the service's identity: "
                        + Hex.encode(Certificates.fingerprint(one)) + " or "
                        + Hex.encode(Certificates.fingerprint(other));
            }
        }
    }

    /**
     * Compares what nodes tell, each beginning with the same known identity.
     *
     * @param told by {@link #endorsed}
     */
    public static Agreement agree(List<List<X509Certificate>> told) {
        List<X509Certificate> longest = List.of();
        for (List<X509Certificate> chain : told) {
            for (int i = 0; i < Math.min(chain.size(), longest.size()); i++) {
                if (!chain.get(i).getPublicKey().equals(longest.get(i).getPublicKey())) {
                    return new Agreement.Diverging(longest.get(i), chain.get(i));
                }
            }
            longest = chain.size() > longest.size() ? chain : longest;
        }
        return new Agreement.Agreed(List.copyOf(longest));
    }

    /** Asks a node; empty if it does not answer, or not with what follows the known identity. */
    public static List<X509Certificate> ask(HttpClient http, URI node, byte[] serviceId, X509Certificate known)
            throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(node.resolve("/node/service")).build();
        try {
            HttpResponse<byte[]> reply = BoundedExchange.send(http, request, BYTES_MAX, REPLY);
            return reply.statusCode() == 200 ? endorsed(serviceId, known, parse(reply.body())) : List.of();
        } catch (IOException | DocumentException silent) {
            return List.of();
        }
    }
}
