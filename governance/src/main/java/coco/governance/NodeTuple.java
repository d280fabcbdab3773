package coco.governance;

import coco.crypto.Certificates;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.MalformedCoseException;
import coco.governance.cose.SignerEntry;
import coco.governance.cose.Verification;
import coco.governance.document.CanonicalJson;
import coco.governance.document.Documents;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a node signs to say that it is its: who the owner is, where the node is reached, and the keys made
 * inside its TEE. Bytes: docs/specs/governance.md.
 */
public final class NodeTuple {
    /** Content type of the signed message. */
    public static final String CONTENT = "application/coco-node-tuple+json";

    private NodeTuple() {}

    /** The bytes to be signed for an entry of which everything but the signature is known. */
    public static byte[] payload(NodeEntry node, X509Certificate owner) {
        return CanonicalJson.write(
                        Documents.object()
                                .put("kind", "node")
                                .put("id", node.id())
                                .put("owner", node.owner())
                                .put(
                                        "ownerKey",
                                        Base64.getEncoder()
                                                .encodeToString(
                                                        owner.getPublicKey().getEncoded()))
                                .put("host", node.host())
                                .put("raftPort", node.raftPort())
                                .put("administrativePort", node.administrativePort())
                                .put("applicationPort", node.applicationPort())
                                .put("certificate", Certificates.toPem(node.certificate()))
                                .put("wrappingKey", Entries.base64(node.wrappingKey())),
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Checks the owner's signature of an entry that has an owner and a signature.
     *
     * @param at when: certificates of an organisation's chain have to be valid then
     * @return null if it holds, else what is wrong
     */
    static @Nullable String problem(NodeEntry node, List<Member> members, List<Participant> participants, Instant at) {
        SignerEntry owner = owner(Objects.requireNonNull(node.owner()), members, participants);
        if (owner == null) {
            return "no member or participant is called " + node.owner();
        }
        CoseSign1 message;
        try {
            message = CoseSign1.decode(Objects.requireNonNull(node.ownerSignature()));
        } catch (MalformedCoseException malformed) {
            return malformed.getMessage();
        }
        if (!message.contentType().equals(CONTENT)
                || !Arrays.equals(message.payload(), payload(node, owner.certificate()))) {
            return "the owner signed another entry";
        }
        return switch (message.verify(owner, externalAad(), at)) {
            case Verification.Valid valid -> null;
            case Verification.Refused refused -> refused.words();
        };
    }

    private static @Nullable SignerEntry owner(String id, List<Member> members, List<Participant> participants) {
        for (Member member : members) {
            if (member.id().equals(id)) {
                return new SignerEntry(member.certificate(), member.governanceUsage());
            }
        }
        for (Participant participant : participants) {
            if (participant.id().equals(id)) {
                return new SignerEntry(participant.certificate(), null);
            }
        }
        return null;
    }

    /**
     * What else the signature covers: a label alone, since a genesis document lists its nodes before there is a service
     * id.
     */
    public static byte[] externalAad() {
        return CoseSign1.externalAad("coco node tuple v1", new byte[0]);
    }
}
