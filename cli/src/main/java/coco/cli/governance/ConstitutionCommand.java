package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code coco gov constitution}. */
@Command(
        name = "constitution",
        mixinStandardHelpOptions = true,
        description = "Prints the constitution in force, and its digest, to be compared with other members'.")
final class ConstitutionCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--height", paramLabel = "H", description = "The one after this block, where it is still kept.")
    private @Nullable Long height;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    ConstitutionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (ServiceConnection connection = service.connect()) {
            JsonNode answer = connection.get("/gov/constitution" + (height == null ? "" : "?height=" + height));
            if (service.json()) {
                console.result(ServiceConnection.pretty(answer));
            } else {
                console.result(ServiceConnection.pretty(answer.required("document")));
                console.note("digest " + answer.required("constitution").asString() + " at height "
                        + answer.required("height").asLong());
            }
            return ExitCode.OK.code();
        }
    }
}
