package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import java.security.SecureRandom;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What every command that sends a signed message takes. */
final class SubmitOptions {
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
        try (ServiceConnection connection = service.connect()) {
            JsonNode inForce = connection.get("/gov/constitution");
            SignedMessages messages = new SignedMessages(inForce, expiresIn, signer, new SecureRandom());
            JsonNode answer = connection.post(path, message.apply(messages));
            boolean committed = answer.required("status").asString().equals("committed");
            if (service.json()) {
                console.result(ServiceConnection.pretty(answer));
            } else if (committed) {
                console.result(done.apply(answer));
                Texts.standing(answer.required("proposal")).forEach(console::result);
            } else {
                console.result("sent, and not known yet whether it is recorded: "
                        + answer.required("id").asString());
                console.note("See what became of it with: coco gov show");
            }
            return committed ? ExitCode.OK.code() : ExitCode.INCOMPLETE.code();
        }
    }
}
