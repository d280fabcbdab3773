package coco.cli.governance;

import coco.cli.console.Console;
import coco.governance.ledger.Message;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coco gov withdraw}. */
@Command(
        name = "withdraw",
        mixinStandardHelpOptions = true,
        description = "Takes back a proposal of one's own, or one's ballot.")
final class WithdrawCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "The proposal: its id, or the beginning of it.")
    private String proposal = "";

    @Option(names = "--ballot", description = "Takes back the ballot on it, not the proposal.")
    private boolean ballot;

    @Mixin
    private SubmitOptions submit = new SubmitOptions();

    WithdrawCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String id = ProposalIds.whole(submit.service(), proposal);
        return submit.submit(
                console,
                "/gov/withdrawals",
                messages -> messages.withdrawal(id, ballot ? Message.Subject.BALLOT : Message.Subject.PROPOSAL),
                answer -> "withdrawn" + Texts.atHeight(answer));
    }
}
