package coco.cli.member;

import coco.cli.console.CliException;
import coco.client.signing.RecoveryKeys;
import coco.governance.cose.SignerException;
import coco.journal.EpochShares.RecoveryKey;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Opens recovery keys as the command line names them. */
public final class MemberKeys {
    private MemberKeys() {}

    /**
     * Opens a recovery key.
     *
     * @param token see {@link RecoveryKeys#open}
     * @throws CliException it cannot be used
     */
    public static RecoveryKey recovery(Path file, @Nullable String token) {
        try {
            return RecoveryKeys.open(file, token, MemberSigners.secrets(null));
        } catch (SignerException failed) {
            throw new CliException(
                    "the recovery key cannot be used: " + failed.getMessage(), "See that it is yours.", failed);
        }
    }

    /**
     * A recovery key, wrapped.
     *
     * @param wrapping public part of a token's RSA key
     * @throws CliException it cannot be used
     */
    public static String wrapped(Path file, PublicKey wrapping) {
        try {
            return RecoveryKeys.wrap(file, wrapping, MemberSigners.secrets(null), new SecureRandom());
        } catch (SignerException failed) {
            throw new CliException(
                    "the recovery key cannot be wrapped: " + failed.getMessage(), "See that it is yours.", failed);
        }
    }
}
