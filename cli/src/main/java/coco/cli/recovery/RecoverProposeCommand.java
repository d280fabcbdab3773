package coco.cli.recovery;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.governance.SignerOptions;
import coco.cli.network.NodePlace;
import coco.crypto.Certificates;
import coco.governance.ledger.RecoveryProposal;
import coco.governance.ledger.RecoveryProposal.KeptHead;
import coco.node.Newcomer;
import coco.node.NodeException;
import coco.node.Recovering;
import coco.node.recovery.SurvivingJournal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco recover propose}. */
@Command(
        name = "propose",
        mixinStandardHelpOptions = true,
        description = "Prepares the node with which the service goes on: makes its keys, takes a copy of the journal"
                + " over without opening it, and writes what members are to vote for.",
        footer = {"", "May be repeated: what was proposed once stays what it is."})
final class RecoverProposeCommand implements Callable<Integer> {
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

    private final Console console;

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Mixin
    private PlaceOptions place = new PlaceOptions();

    @Mixin
    private SignerOptions signer = new SignerOptions();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "DIR",
            description = "The copy that coco recover survey named.")
    private Path from = Path.of("");

    @Option(
            names = "--owner",
            required = true,
            paramLabel = "ID",
            description = "Whose node it is, and whose key signs.")
    private String owner = "";

    @Option(
            names = "--kept",
            paramLabel = "FILE",
            description = "A head that a member keeps; may be given several times.")
    private List<Path> kept = List.of();

    @Option(
            names = "--rollback",
            description = "Propose to give up what follows the heads that this copy lacks. Members have to agree to"
                    + " exactly that.")
    private boolean rollback;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the proposal goes.")
    private Path out = Path.of("");

    RecoverProposeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SurvivingJournal copy = copies.copy(from, console);
        List<KeptHead> heads = kept.stream().map(CopyOptions::kept).toList();
        try {
            Recovering.LastBlocks last =
                    copy.problem() == null ? Recovering.logged(from, copy) : Recovering.LastBlocks.NONE;
            NodePlace node = place.place(Certificates.toPem(copies.service()).getBytes(StandardCharsets.US_ASCII));
            Newcomer.prepare(
                    node.seat(),
                    owner,
                    signer.open(place.folder()),
                    CERTIFICATE_LIFE,
                    InstantSource.system(),
                    new SecureRandom());
            node.configure(List.of(), "");
            RecoveryProposal proposal = PlaceOptions.open(node).propose(copy, last, heads, rollback);
            CopyOptions.write(out, proposal.bytes());
            tell(proposal);
        } catch (NodeException refused) {
            throw new CliException(
                    "nothing is proposed: " + refused.getMessage(),
                    "See coco recover survey for other copies.",
                    refused);
        }
        return ExitCode.OK.code();
    }

    private void tell(RecoveryProposal proposal) {
        console.result("proposal    " + out);
        console.result("recovery    " + proposal.digest());
        console.result(
                "node        " + proposal.node().id() + " of " + proposal.node().owner());
        console.result("journal     up to height " + proposal.height() + ", hash " + proposal.head());
        console.result("generation  " + proposal.generation());
        if (proposal.firstWithoutEvidence() >= 0) {
            console.result("last blocks " + proposal.firstWithoutEvidence() + " to " + proposal.height()
                    + " were found in a Raft log alone");
        }
        proposal.rollback().forEach(head -> console.result("GIVES UP    block " + head.height() + " " + head.hash()));
        console.note("Give it to all members, with a copy of the journal for those who have none.");
        console.note("Members: coco recover vote, then coco recover share. Then here: coco recover finish");
    }
}
