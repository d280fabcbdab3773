package coco.cli.journal;

import coco.cli.member.MemberKeys;
import coco.client.recovery.MembersShare;
import coco.client.recovery.ProvenJournal;
import coco.journal.EpochShares;
import coco.journal.EpochShares.RecoveryKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose share, and the key that opens it. */
final class MembersKeyOptions {
    @Option(names = "--member", required = true, paramLabel = "ID", description = "Your id in the constitution.")
    private String member = "";

    @Option(
            names = "--recovery-key",
            required = true,
            paramLabel = "FILE",
            description = "Your recovery key, as coco member init made it. A password is taken from"
                    + " COCO_SIGNER_PASSWORD, or asked for.")
    private Path file = Path.of("");

    @Option(
            names = "--token",
            paramLabel = "URI",
            description = "The token whose RSA key wraps that file: pkcs11:token=LABEL;object=KEY?module-path=LIBRARY.")
    private @Nullable String token;

    private @Nullable RecoveryKey opened;

    String member() {
        return member;
    }

    Path file() {
        return file;
    }

    /** The member's share of a record; the key is opened once. */
    MembersShare of(ProvenJournal journal, EpochShares record) {
        RecoveryKey key = opened;
        if (key == null) {
            key = MemberKeys.recovery(file, token);
            opened = key;
        }
        return new MembersShare(journal.serviceId(), record, member, key);
    }
}
