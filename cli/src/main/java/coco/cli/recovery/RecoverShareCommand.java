package coco.cli.recovery;

import coco.attestation.Collateral;
import coco.attestation.platforms.EvidenceVerifiers;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.member.MemberKeys;
import coco.client.recovery.MembersShare;
import coco.client.recovery.RecoveryException;
import coco.governance.ledger.RecoveryProposal;
import coco.journal.EpochShares;
import coco.journal.ShareAnswer;
import coco.node.recovery.RecoveryCheck;
import coco.node.recovery.RecoveryShares;
import coco.node.recovery.SurvivingJournal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco recover share}. */
@Command(
        name = "share",
        mixinStandardHelpOptions = true,
        description = "Gives your shares of all epochs to the node that recovers, encrypted to its attested key. The"
                + " proposal is checked first, as for a vote.")
final class RecoverShareCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Your copy of the journal.")
    private Path place = Path.of("");

    @Option(names = "--proposal", required = true, paramLabel = "FILE", description = "What is proposed.")
    private Path proposal = Path.of("");

    @Option(names = "--member", required = true, paramLabel = "ID", description = "Your id in the constitution.")
    private String member = "";

    @Option(
            names = "--recovery-key",
            required = true,
            paramLabel = "FILE",
            description = "Your recovery key, as coco member init made it.")
    private Path key = Path.of("");

    @Option(
            names = "--token",
            paramLabel = "URI",
            description = "The token whose RSA key wraps that file: pkcs11:token=LABEL;object=KEY?module-path=LIBRARY.")
    private @Nullable String token;

    @Option(names = "--collateral", paramLabel = "DIR", description = "The makers' statements, for hardware.")
    private @Nullable Path collateral;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the shares go.")
    private Path out = Path.of("");

    RecoverShareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SurvivingJournal copy = copies.copy(place, console);
        RecoveryProposal proposed = CopyOptions.proposal(proposal);
        Collateral known = collateral == null ? Collateral.EMPTY : Collateral.ofFolder(collateral);
        EvidenceVerifiers verifiers = new EvidenceVerifiers(InstantSource.system(), () -> known);
        for (RecoveryCheck.Finding finding : RecoveryCheck.check(
                copy, proposed, null, verifiers, InstantSource.system().instant())) {
            if (!finding.holds()) {
                throw new CliException(
                        finding.check() + ": " + finding.problem() + "; nothing was given away",
                        "See the whole of it: coco recover vote");
            }
        }
        EpochShares.RecoveryKey own = MemberKeys.recovery(key, token);
        List<ShareAnswer> answers = new ArrayList<>();
        try {
            for (EpochShares record : copy.sharesNeeded()) {
                answers.add(new MembersShare(copy.serviceId(), record, member, own)
                        .answer(proposed.node().wrappingKey(), new SecureRandom()));
            }
        } catch (RecoveryException none) {
            throw new CliException(String.valueOf(none.getMessage()), "Nothing was given away.", none);
        }
        CopyOptions.write(out, RecoveryShares.encode(answers));
        console.result("shares        " + answers.size() + " of " + member + ", for "
                + proposed.node().id() + " alone");
        console.result("file          " + out);
        console.note("Give it to who recovers.");
        return ExitCode.OK.code();
    }
}
