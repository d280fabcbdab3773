package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.governance.Action;
import coco.governance.ActionKind;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.node.ObjectNode;

/** Gives {@code coco gov propose} a command for each action of the catalogue. */
final class ActionCommands implements IModelTransformer {
    private final Console console;

    ActionCommands(Console console) {
        this.console = console;
    }

    @Override
    public CommandSpec transform(CommandSpec propose) {
        for (ActionKind kind : ActionKind.values()) {
            propose.addSubcommand(ActionArguments.command(kind), command(kind));
        }
        return propose;
    }

    private CommandSpec command(ActionKind kind) {
        ProposalOptions options = new ProposalOptions();
        ActionCommand action = new ActionCommand(kind, options);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(action);
        action.spec = spec;
        spec.name(ActionArguments.command(kind)).mixinStandardHelpOptions(true);
        spec.usageMessage().description(kind.effect());
        for (ActionArguments.Argument argument : ActionArguments.of(kind)) {
            spec.addOption(OptionSpec.builder(argument.option())
                    .paramLabel(argument.form().label())
                    .type(String.class)
                    .required(!argument.optional())
                    .description("The action's " + argument.name() + ".")
                    .build());
        }
        spec.addMixin("proposal", CommandSpec.forAnnotatedObject(options));
        return spec;
    }

    /** Proposes one action. */
    private final class ActionCommand implements Callable<Integer> {
        private final ActionKind kind;
        private final ProposalOptions options;
        private CommandSpec spec = CommandSpec.create();

        ActionCommand(ActionKind kind, ProposalOptions options) {
            this.kind = kind;
            this.options = options;
        }

        @Override
        public Integer call() {
            ObjectNode json = Documents.object().put("name", kind.word());
            ObjectNode arguments = json.putObject("arguments");
            for (ActionArguments.Argument argument : ActionArguments.of(kind)) {
                String text = spec.commandLine().getParseResult().matchedOptionValue(argument.option(), "");
                if (!text.isEmpty()) {
                    ActionArguments.put(arguments, argument, text);
                }
            }
            try {
                return options.propose(console, List.of(Action.read(new Fields(json, ""))), "");
            } catch (DocumentException malformed) {
                throw CliException.usage(
                        String.valueOf(malformed.getMessage()),
                        "See: coco gov propose " + ActionArguments.command(kind) + " --help");
            }
        }
    }
}
