package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.governance.Action;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco gov propose}: several actions from a file, or one by its own command. */
@Command(
        name = "propose",
        mixinStandardHelpOptions = true,
        description = "Makes a proposal: one action by its command, or several from a file.",
        synopsisSubcommandLabel = "[ACTION]",
        modelTransformer = ActionCommands.class,
        footer = {
            "",
            "A file holds JSON or YAML: actions, a list of {name, arguments}, and a summary if you like.",
            "To propose is not to vote: cast your own ballot with coco gov vote."
        })
final class ProposeCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ProposalOptions options = new ProposalOptions();

    @Option(names = "--file", paramLabel = "FILE", description = "The proposal, as JSON or YAML.")
    private @Nullable Path file;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ProposeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "which action? Or give --file");
        }
        Fields fields = read(file);
        try {
            List<Action> actions = fields.list("actions", Action::read);
            String summary = fields.optional("summary") == null ? "" : fields.text("summary");
            fields.finish();
            return options.propose(console, actions, summary);
        } catch (DocumentException malformed) {
            throw CliException.usage(file + ": " + malformed.getMessage(), "See: coco gov propose --help");
        }
    }

    private static Fields read(Path file) {
        try {
            return new Fields(Documents.jsonOrYaml(Files.readAllBytes(file)), "");
        } catch (IOException e) {
            throw new CliException(file + " cannot be read: " + e.getMessage(), "Name a file with --file.", e);
        } catch (DocumentException malformed) {
            throw CliException.usage(file + ": " + malformed.getMessage(), "See: coco gov propose --help");
        }
    }
}
