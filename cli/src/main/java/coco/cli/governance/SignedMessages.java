package coco.cli.governance;

import coco.governance.Action;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.governance.ledger.Message;
import coco.governance.rules.Choice;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Makes the messages that members sign, for the constitution that a node has said is in force. */
final class SignedMessages {
    private static final HexFormat HEX = HexFormat.of();
    private static final int NONCE_BYTES = 16;

    private final JsonNode inForce;
    private final long blocks;
    private final Signer signer;
    private final SecureRandom random;

    /**
     * @param inForce answer of {@code /gov/constitution}
     * @param blocks for how many blocks a message counts
     */
    SignedMessages(JsonNode inForce, long blocks, Signer signer, SecureRandom random) {
        this.inForce = inForce;
        this.blocks = blocks;
        this.signer = signer;
        this.random = random;
    }

    CoseSign1 proposal(List<Action> actions, String summary) {
        return sign(new Message.Propose(binding(), text("constitution"), actions, summary));
    }

    CoseSign1 ballot(String proposal, Choice choice) {
        return sign(new Message.Vote(binding(), text("electorate"), proposal, choice));
    }

    CoseSign1 withdrawal(String proposal, Message.Subject subject) {
        return sign(new Message.Withdraw(binding(), text("electorate"), proposal, subject));
    }

    /** What a message is known by, in hex. */
    String id(CoseSign1 message) {
        return HEX.formatHex(message.contentDigest(externalAad()));
    }

    private byte[] externalAad() {
        return CoseSign1.externalAad(HEX.parseHex(text("service")));
    }

    private CoseSign1 sign(Message message) {
        return CoseSign1.sign(signer, externalAad(), CoseSign1.GOVERNANCE_CONTENT, message.payload());
    }

    private Message.Binding binding() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        long height = inForce.required("height").asLong();
        return new Message.Binding(
                text("service"), inForce.required("generation").asInt(), height + blocks, HEX.formatHex(nonce));
    }

    private String text(String name) {
        return inForce.required(name).asString();
    }
}
