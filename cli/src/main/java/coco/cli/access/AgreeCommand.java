package coco.cli.access;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.users.Agreement;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code coco access agree}. */
@Command(
        name = "agree",
        mixinStandardHelpOptions = true,
        description = "Signs that an organisation may make the account its user; give it the line that is printed.")
public final class AgreeCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private AccountOption account = new AccountOption();

    @Mixin
    private SessionOptions session = new SessionOptions();

    @Option(names = "--actor", paramLabel = "ID", required = true, description = "The member or participant.")
    private String actor = "";

    AgreeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        AccountOption.Account signer = account.open();
        JsonNode nonce = session.ask("GET", "/access/nonce", false, null);
        byte[] service = HexFormat.of().parseHex(nonce.required("serviceId").stringValue());
        console.result("coco access enrol " + signer.name() + " --signature "
                + signer.sign(Agreement.enrolment(service, actor, "ethereum", signer.address())));
        return ExitCode.OK.code();
    }
}
