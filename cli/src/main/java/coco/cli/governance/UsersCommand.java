package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.Documents;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code coco access users}. */
@Command(
        name = "users",
        mixinStandardHelpOptions = true,
        description = "Lists the accounts that your organisation has made users, with their quotas.")
public final class UsersCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    UsersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ArrayNode users = Documents.object().putArray("users");
        try (ServiceConnection connection = service.connect()) {
            String next = "";
            do {
                JsonNode page = connection.get("/access/enrolments" + (next.isEmpty() ? "" : "?after=" + next));
                page.required("users").forEach(users::add);
                next = page.required("next").stringValue();
            } while (!next.isEmpty());
        }
        if (service.json()) {
            console.result(ServiceConnection.pretty(users));
        } else {
            users.forEach(each -> console.result(each.required("address").stringValue() + "  "
                    + quota(each, "transactionsPerSecond", "tx/s") + ", " + quota(each, "gasPerSecond", "gas/s") + ", "
                    + quota(each, "poolSlots", "waiting")));
        }
        return ExitCode.OK.code();
    }

    private static String quota(JsonNode user, String name, String unit) {
        long most = user.required(name).asLong();
        return most == 0 ? "any " + unit : most + " " + unit;
    }
}
