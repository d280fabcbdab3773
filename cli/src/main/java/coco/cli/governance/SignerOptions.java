package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.member.MemberSigners;
import coco.cli.network.NetworkFolder;
import coco.governance.cose.Signer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose key signs. */
public final class SignerOptions {
    @Option(
            names = "--signer",
            paramLabel = "URI",
            description =
                    "The member's key: file:KEY, pkcs11:... (RFC 7512), or azurekeyvault:https://.../keys/NAME/VERSION."
                            + " Without it, the member that coco up made with the network in --dir.")
    private @Nullable String uri;

    @Option(
            names = "--certificate-file",
            paramLabel = "FILE",
            description = "Certificate of that key, and what leads from it to the member's entry (default: the key's"
                    + " file with .pem in place of .key).")
    private @Nullable Path certificate;

    @Option(
            names = "--chain",
            description = "The member's entry is an authority of its organisation: messages carry the certificates that"
                    + " lead to it.")
    private boolean chain;

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    private @Nullable Signer opened;

    /**
     * Opens the key.
     *
     * @throws CliException it cannot be used, or none was named
     */
    public Signer open(NetworkFolder folder) {
        Signer signer = openIfAny(folder);
        if (signer == null) {
            throw CliException.usage("who signs? Give --signer", "Make a key with: coco member init");
        }
        return signer;
    }

    /**
     * The same; null if none was named and there is none to assume. A key is opened once for a command: whoever has to
     * type a PIN types it once.
     */
    @Nullable
    public Signer openIfAny(NetworkFolder folder) {
        if (opened != null) {
            return opened;
        }
        Path developer = folder.members().resolve(NetworkFolder.DEVELOPER + ".key");
        if (uri == null && !Files.exists(developer)) {
            return null;
        }
        opened = uri == null
                ? MemberSigners.open("file:" + developer, null, true, null)
                : MemberSigners.open(uri, certificate, !chain, passphrase.read());
        return opened;
    }
}
