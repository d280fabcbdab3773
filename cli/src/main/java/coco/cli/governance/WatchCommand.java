package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.console.Pause;
import coco.client.ClientException;
import coco.client.ServerEvent;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco gov watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Prints what happens as it happens: proposals, ballots, decisions, nodes, generations, epochs.",
        footer = {"", "Goes on at another node when one goes away. Ends with Ctrl-C, or after --count events."})
final class WatchCommand implements Callable<Integer> {
    /** Between a stream that broke and the next: long enough for a node to be noticed gone. */
    private static final long PAUSE_MILLIS = 500;

    private final Console console;

    @Option(names = "--count", paramLabel = "N", description = "Ends after so many events (default: never).")
    private long count = Long.MAX_VALUE;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    private @Nullable String lastId;
    private long seen;

    WatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        while (seen < count) {
            try (ServiceConnection connection = service.connect()) {
                console.note("listening to " + connection.node());
                connection.listen(lastId, this::show);
            } catch (ClientException broken) {
                console.note(String.valueOf(broken.getMessage()));
                Pause.millis(PAUSE_MILLIS);
            }
        }
        return ExitCode.OK.code();
    }

    private boolean show(ServerEvent event) {
        boolean again = lastId != null;
        lastId = event.id();
        if (!event.type().equals("opened")) {
            console.result(service.json() ? event.data() : event.type() + "  " + event.data());
            seen++;
        } else if (again && !event.data().contains("\"resumed\":true")) {
            console.note("some events may have been missed; see: coco gov history");
        }
        return seen < count;
    }
}
