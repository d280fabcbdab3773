package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.governance.ledger.Message;
import coco.governance.rules.Choice;
import coco.node.tls.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;

/** A member at work: signs proposals and ballots and brings them to a node's administrative listener. */
record Governors(TestIdentity member, byte[] serviceId) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The member's key as a signer. */
    static Signer signer(TestIdentity identity) {
        return new Signer() {
            @Override
            public X509Certificate certificate() {
                return identity.certificate();
            }

            @Override
            public byte[] sign(byte[] toBeSigned) {
                return P256.sign(identity.keys().getPrivate(), Sha256.hash(toBeSigned));
            }
        };
    }

    /** Proposes and votes for it: with one member that decides. */
    void pass(HttpClient http, URI node, Constitution now, long height, Action action)
            throws IOException, InterruptedException {
        Message proposal =
                new Message.Propose(binding(now, height), Hex.encode(now.digest()), List.of(action), "as agreed");
        CoseSign1 signed = sign(proposal);
        post(http, node.resolve("/gov/proposals"), signed);
        String id = Hex.encode(signed.contentDigest(CoseSign1.externalAad(serviceId)));
        Message ballot = new Message.Vote(binding(now, height), Hex.encode(now.electorateDigest()), id, Choice.ACCEPT);
        post(http, node.resolve("/gov/ballots"), sign(ballot));
    }

    private Message.Binding binding(Constitution now, long height) {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        return new Message.Binding(Hex.encode(serviceId), now.generation(), height + 1000, Hex.encode(nonce));
    }

    private CoseSign1 sign(Message message) {
        return CoseSign1.sign(
                signer(member), CoseSign1.externalAad(serviceId), CoseSign1.GOVERNANCE_CONTENT, message.payload());
    }

    private static void post(HttpClient http, URI where, CoseSign1 message) throws IOException, InterruptedException {
        HttpResponse<String> reply = http.send(
                HttpRequest.newBuilder(where)
                        .header("content-type", "application/cose")
                        .POST(BodyPublishers.ofByteArray(message.bytes()))
                        .build(),
                BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(reply.body()).isBetween(200, 299);
    }
}
