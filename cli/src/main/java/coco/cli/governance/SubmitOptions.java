package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.console.Pause;
import coco.client.NodeClient;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.governance.document.DocumentException;
import coco.governance.ledger.Message;
import java.security.SecureRandom;
import java.util.OptionalLong;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What every command that sends a signed message takes. */
final class SubmitOptions {
    private static final long BETWEEN_ATTEMPTS_MILLIS = 1_000;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(
            names = "--expires-in",
            paramLabel = "BLOCKS",
            description = "For how many blocks the message counts (default: ${DEFAULT-VALUE}).")
    private long expiresIn = 100_000;

    ServiceOptions service() {
        return service;
    }

    /**
     * Signs for the constitution in force, sends, and says what became of it.
     *
     * @param done the first words for people, of an answer that the message is recorded
     */
    int submit(
            Console console,
            String path,
            Function<SignedMessages, CoseSign1> message,
            Function<JsonNode, String> done) {
        Signer signer = service.signer();
        CoseSign1 signed;
        String id;
        long height;
        try (ServiceConnection connection = service.connect()) {
            JsonNode inForce = connection.get("/gov/constitution");
            SignedMessages messages = new SignedMessages(inForce, expiresIn, signer, new SecureRandom());
            signed = message.apply(messages);
            id = messages.id(signed);
            height = inForce.required("height").asLong();
        }
        JsonNode answer = new Delivery(() -> Pause.millis(BETWEEN_ATTEMPTS_MILLIS))
                .deliver(() -> send(path, signed), id, () -> recordedAbove(height, id));
        boolean committed = answer.required("status").asString().equals("committed");
        if (committed && answer.required("proposal").isNull()) {
            answer = withProposal(answer, signed);
        }
        if (service.json()) {
            console.result(ServiceConnection.pretty(answer));
        } else if (committed) {
            console.result(done.apply(answer));
            Texts.standing(answer.required("proposal")).forEach(console::result);
        } else {
            console.result("sent, and not known yet whether it is recorded: " + id);
            console.note("See what became of it with: coco gov show");
        }
        return committed ? ExitCode.OK.code() : ExitCode.INCOMPLETE.code();
    }

    private NodeClient.Page send(String path, CoseSign1 message) {
        try (ServiceConnection connection = service.connect()) {
            return connection.send(path, message);
        }
    }

    /** Where the history has a message that was signed at some height. */
    private OptionalLong recordedAbove(long height, String id) {
        try (ServiceConnection connection = service.connect()) {
            JsonNode entries = connection
                    .getAllSettled("/gov/history", "entries", "from", Long.toString(height))
                    .required("entries");
            for (JsonNode entry : entries) {
                if (entry.required("outcome").path("message").asString("").equals(id)) {
                    return OptionalLong.of(entry.required("height").asLong());
                }
            }
            return OptionalLong.empty();
        }
    }

    /** What an answer lacks that says no more than that the message is recorded. */
    private JsonNode withProposal(JsonNode answer, CoseSign1 signed) {
        String proposal = proposalOf(signed);
        try (ServiceConnection connection = service.connect()) {
            JsonNode standing = connection.get("/gov/proposals/" + (proposal.isEmpty() ? id(answer) : proposal));
            return ((ObjectNode) answer).set("proposal", standing.required("proposal"));
        }
    }

    private static String id(JsonNode answer) {
        return answer.required("id").asString();
    }

    /** The proposal that a message is about; nothing if it makes one. */
    private static String proposalOf(CoseSign1 signed) {
        try {
            return switch (Message.parse(signed.payload())) {
                case Message.Vote vote -> vote.proposal();
                case Message.Withdraw withdrawal -> withdrawal.proposal();
                case Message.Propose _, Message.Recover _ -> "";
            };
        } catch (DocumentException notOurs) {
            throw new IllegalStateException("this command has just made it", notOurs);
        }
    }
}
