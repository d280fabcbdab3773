package coco.cli.access;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.Documents;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code coco access explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Says which rule decides whether an account sees a contract or a transaction, and why.",
        footer = {
            "",
            "A session is told of its own account. A session of an auditor whose grant is for the whole state is told"
                    + " of any, and that is recorded. Nobody is told whether what an account does not see is there.",
            "Exit code 0 the account sees all that was asked about, 1 not all of it."
        })
public final class ExplainCommand implements Callable<Integer> {
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final Pattern HASH = Pattern.compile("0x[0-9a-fA-F]{64}");
    private static final Pattern SELECTOR = Pattern.compile("0x[0-9a-fA-F]{8}");

    private final Console console;

    @Option(names = "--contract", required = true, paramLabel = "ADDRESS", description = "The contract.")
    private String contract = "";

    @Option(names = "--user", paramLabel = "ADDRESS", description = "The account (default: the session's own).")
    private @Nullable String user;

    @Option(names = "--transaction", paramLabel = "HASH", description = "Also whether it sees this transaction.")
    private @Nullable String transaction;

    @Option(
            names = "--call",
            paramLabel = "SELECTOR",
            description = "Whether it may call this function (default: ${DEFAULT-VALUE}).")
    private String selector = "0x00000000";

    @Option(names = "--nobody", description = "Asks as somebody who gives no identity.")
    private boolean nobody;

    @Mixin
    private SessionOptions session = new SessionOptions();

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String query = "?contract=" + checked(ADDRESS, "--contract", contract) + "&selector="
                + checked(SELECTOR, "--call", selector)
                + (user == null ? "" : "&user=" + checked(ADDRESS, "--user", user))
                + (transaction == null ? "" : "&transaction=" + checked(HASH, "--transaction", transaction));
        JsonNode told = session.ask("GET", "/access/explain" + query, !nobody, null);
        if (session.json()) {
            console.result(Documents.pretty(told).strip());
        } else {
            print(told);
        }
        boolean seesAll = told.path("sees").asBoolean(false)
                && told.path("transaction").path("sees").asBoolean(transaction == null);
        return (seesAll ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private static String checked(Pattern pattern, String option, String value) {
        if (!pattern.matcher(value).matches()) {
            throw CliException.usage(option + " " + value + " cannot be", "It has the form " + pattern + ".");
        }
        return value.toLowerCase(Locale.ROOT);
    }

    private void print(JsonNode told) {
        String who = told.path("user").asString("nobody in particular");
        console.result(who + (told.path("sees").asBoolean(false) ? " sees " : " does not see ")
                + told.required("contract").stringValue() + " (block "
                + told.required("block").asLong() + ", "
                + told.required("time").stringValue() + ")");
        console.result("decides      " + told.required("decides").stringValue());
        for (JsonNode reason : told.required("reasons")) {
            console.result("%-12s %-3s  %s"
                    .formatted(
                            reason.required("rule").stringValue(),
                            reason.required("allows").asBoolean() ? "yes" : "no",
                            reason.required("words").stringValue()));
        }
        JsonNode about = told.path("transaction");
        if (about.isObject()) {
            console.result("transaction  " + (about.path("sees").asBoolean(false) ? "seen" : "not seen")
                    + (about.has("words") ? ": " + about.required("words").stringValue() : ""));
            for (JsonNode touched : about.path("touched")) {
                console.result("  touched    " + touched.required("contract").stringValue()
                        + (touched.required("reads").asBoolean() ? ", readable" : ", not readable")
                        + (touched.required("denied").asBoolean() ? ", let it not in" : ""));
            }
        }
    }
}
