package coco.node.join;

import coco.governance.NodeEntry;
import coco.node.tls.NodeIdentity;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node that was away learns the newest head from those who refuse it. Its own evidence is over a header that is
 * too old by now, so nobody talks to it as to a node; but whoever holds the key of an entry may knock ({@link
 * JoinDesk}), and the answer has the head. The answer is as good as the certificate under which it came: one that the
 * newest identity of the service has issued, which follows by endorsements from the newest that this node's own
 * journal has.
 */
public final class HeadInquiry {
    private static final Logger LOG = LoggerFactory.getLogger(HeadInquiry.class);

    private final Parts parts;

    /**
     * What it needs.
     *
     * @param service the newest identity of the service that this node knows
     * @param nodes the other nodes
     * @param self this node's entry
     * @param version of this software
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Parts(
            byte[] serviceId,
            Supplier<X509Certificate> service,
            Supplier<List<Listed>> nodes,
            NodeEntry self,
            NodeIdentity identity,
            InstantSource clock,
            String version) {}

    /**
     * Another node.
     *
     * @param address base address of its administrative listener
     * @param key of its entry
     */
    public record Listed(URI address, PublicKey key) {}

    /** An inquiry that may be made again and again. */
    public HeadInquiry(Parts parts) {
        this.parts = parts;
    }

    /**
     * Asks every node.
     *
     * @return the answer with the greatest height that a majority of the listed nodes that answered names or passes;
     *     empty if none of them answers
     * @throws JoinException if the nodes do not agree on who the service is
     */
    public Optional<JoinAnswer> ask() throws InterruptedException {
        List<Listed> listed = parts.nodes().get();
        NewestService service =
                new NewestService(parts.serviceId(), parts.service().get(), "");
        try (HttpClient anybody = NodeClients.client(parts.identity(), certificate -> true, parts.clock())) {
            service.ask(listed.stream().map(Listed::address).toList(), anybody);
        }
        List<JoinAnswer> answers = new ArrayList<>();
        for (Listed node : listed) {
            // Its own key, too: one node that answers at all addresses has one voice.
            try (HttpClient http = NodeClients.client(
                    parts.identity(),
                    shown -> service.hasIssued(shown) && shown.getPublicKey().equals(node.key()),
                    parts.clock())) {
                ask(http, node.address()).ifPresent(answers::add);
            }
        }
        return agreed(answers);
    }

    /** A single node that lies cannot name a height that no block has, as long as most are honest. */
    static Optional<JoinAnswer> agreed(List<JoinAnswer> answers) {
        return answers.stream()
                .sorted(Comparator.comparingLong(JoinAnswer::height).reversed())
                .skip(answers.size() / 2)
                .findFirst();
    }

    private Optional<JoinAnswer> ask(HttpClient http, URI node) throws InterruptedException {
        try {
            JoinAnswer answer = new Knocking(http, List.of(node), parts.self(), parts.version())
                    .knock(true)
                    .answer();
            return Arrays.equals(answer.serviceId(), parts.serviceId()) ? Optional.of(answer) : Optional.empty();
        } catch (JoinException silent) {
            LOG.debug("asking for the head: {}", silent.getMessage());
            return Optional.empty();
        }
    }
}
