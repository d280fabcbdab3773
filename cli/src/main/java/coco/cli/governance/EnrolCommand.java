package coco.cli.governance;

import coco.cli.access.AccountOption;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.Documents;
import coco.governance.users.Agreement;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coco access enrol}. */
@Command(
        name = "enrol",
        mixinStandardHelpOptions = true,
        description = "Makes an account a user of your organisation, or changes its quota. The account has to agree:"
                + " with coco access agree, or with its key given here.")
public final class EnrolCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ADDRESS", arity = "0..1", description = "The account (or its key, see below).")
    private @Nullable String address;

    @Option(names = "--signature", paramLabel = "HEX", description = "What coco access agree printed.")
    private @Nullable String signature;

    @Option(names = "--tx-per-second", paramLabel = "N", description = "Transactions it may send; 0: no bound.")
    private int transactions;

    @Option(names = "--gas-per-second", paramLabel = "N", description = "Gas that these may ask for; 0: no bound.")
    private long gas;

    @Option(names = "--pool-slots", paramLabel = "N", description = "Transactions that may wait; 0: no bound.")
    private int slots;

    @Mixin
    private AccountOption account = new AccountOption();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    EnrolCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (ServiceConnection connection = service.connect()) {
            JsonNode actor = connection.get("/access/actor");
            String name = actor.required("actor").stringValue();
            ObjectNode body = Documents.object()
                    .put("ledger", "ethereum")
                    .put("transactionsPerSecond", transactions)
                    .put("gasPerSecond", gas)
                    .put("poolSlots", slots);
            String enrolled;
            if (account.isGiven()) {
                AccountOption.Account signer = account.open();
                byte[] id = HexFormat.of().parseHex(actor.required("serviceId").stringValue());
                enrolled = HexFormat.of().formatHex(signer.address());
                body.put("signature", signer.sign(Agreement.enrolment(id, name, "ethereum", signer.address())));
            } else {
                enrolled = Addresses.of(address);
                if (signature != null) {
                    body.put("signature", signature);
                }
            }
            connection.post("/access/enrolments", body.put("address", enrolled));
            console.result("0x" + enrolled + " is a user of " + name);
            return ExitCode.OK.code();
        }
    }

    /** Addresses on a command line. */
    static final class Addresses {
        private Addresses() {}

        static String of(@Nullable String text) {
            if (text == null || !text.matches("0x[0-9a-fA-F]{40}")) {
                throw CliException.usage("which account? Give its ADDRESS", "It is 0x and 40 hexadecimal digits.");
            }
            return text.substring(2).toLowerCase(Locale.ROOT);
        }
    }
}
