package coco.cli.recovery;

import coco.attestation.Collateral;
import coco.attestation.platforms.EvidenceVerifiers;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.governance.SignerOptions;
import coco.cli.network.NetworkFolder;
import coco.governance.GovernanceLimits;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.Signer;
import coco.governance.ledger.Message;
import coco.governance.ledger.RecoveryProposal;
import coco.governance.ledger.RecoveryProposal.KeptHead;
import coco.node.recovery.RecoveryCheck;
import coco.node.recovery.SurvivingJournal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco recover vote}. */
@Command(
        name = "vote",
        mixinStandardHelpOptions = true,
        description =
                "Checks a proposal to recover against your own copy of the journal and the head that you keep, and"
                        + " signs a ballot. Without --signer it only checks.",
        footer = {"", "Exit code 0 if all of it holds, else 1: then nothing is signed."})
final class RecoverVoteCommand implements Callable<Integer> {
    private static final int NONCE_BYTES = 16;

    private final Console console;

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Mixin
    private SignerOptions signer = new SignerOptions();

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Your copy of the journal.")
    private Path place = Path.of("");

    @Option(names = "--proposal", required = true, paramLabel = "FILE", description = "What is proposed.")
    private Path proposal = Path.of("");

    @Option(
            names = "--kept",
            paramLabel = "FILE",
            description = "The newest head that you keep, as coco member head wrote it.")
    private @Nullable Path kept;

    @Option(
            names = "--rollback",
            description = "You agree that the blocks are lost which the proposal says it gives up.")
    private boolean rollback;

    @Option(names = "--collateral", paramLabel = "DIR", description = "The makers' statements, for hardware.")
    private @Nullable Path collateral;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the ballot goes.")
    private @Nullable Path out;

    RecoverVoteCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SurvivingJournal copy = copies.copy(place, console);
        RecoveryProposal proposed = CopyOptions.proposal(proposal);
        KeptHead head = kept == null ? null : CopyOptions.kept(kept);
        Collateral known = collateral == null ? Collateral.EMPTY : Collateral.ofFolder(collateral);
        List<RecoveryCheck.Finding> findings = RecoveryCheck.check(
                copy,
                proposed,
                head,
                new EvidenceVerifiers(InstantSource.system(), () -> known),
                InstantSource.system().instant());
        boolean holds = true;
        for (RecoveryCheck.Finding finding : findings) {
            console.result(String.format(
                    Locale.ROOT,
                    "%-13s %s  %s",
                    finding.check(),
                    finding.holds() ? "ok" : "NO: " + finding.problem(),
                    finding.words()));
            holds &= finding.holds();
        }
        if (!holds) {
            throw new CliException("this proposal does not hold: nothing was signed", "Tell the other members.");
        }
        if (rollback == proposed.rollback().isEmpty()) {
            throw rollback
                    ? CliException.usage("this proposal gives nothing up", "Vote without --rollback.")
                    : CliException.usage(
                            "this proposal gives up blocks that were committed",
                            "Vote with --rollback if you agree to that.");
        }
        Signer signs = signer.openIfAny(new NetworkFolder(Path.of(NetworkFolder.DEFAULT)));
        if (signs != null) {
            sign(copy, proposed, head, signs);
        }
        return ExitCode.OK.code();
    }

    private void sign(SurvivingJournal copy, RecoveryProposal proposed, @Nullable KeptHead head, Signer signs) {
        Path file = out;
        if (file == null) {
            throw CliException.usage("where does the ballot go?", "Name a file with --out.");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        Message.Binding binding = new Message.Binding(
                proposed.service(),
                proposed.generation() - 1,
                proposed.height() + GovernanceLimits.MESSAGE_BLOCKS,
                HexFormat.of().formatHex(nonce));
        Message ballot = new Message.Recover(binding, proposed.digest(), head, rollback);
        CoseSign1 signed = CoseSign1.sign(
                signs, CoseSign1.externalAad(copy.serviceId()), CoseSign1.GOVERNANCE_CONTENT, ballot.payload());
        CopyOptions.write(file, signed.bytes());
        console.result("recovery      " + proposed.digest());
        console.result("ballot        " + file);
        console.note("Give it to who recovers. Next, if you hold shares: coco recover share");
    }
}
