package coco.client.signing;

import coco.client.ClientLimits;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.cose.SignerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Opens signing keys by their URI. */
public final class Signers {
    /** What is signed once to see whether a key belongs to its certificate; no message of Coco looks like it. */
    private static final byte[] TRIAL = "coco signer trial".getBytes(StandardCharsets.US_ASCII);

    private static final String FILE = "file:";

    private Signers() {}

    /**
     * Opens a signing key and signs once with it, to see that it belongs to the certificate.
     *
     * @param uri {@code file:PATH}; {@code pkcs11:token=LABEL?module-path=LIBRARY[&pin-source=file:PATH]} (RFC 7512);
     *     or {@code azurekeyvault:https://VAULT/keys/NAME/VERSION}
     * @param secrets passwords, PINs, and what the vault's login needs
     * @param limits how long a vault may take, and how much it may answer
     * @throws SignerException if it cannot be opened, naming why
     */
    public static OpenSigner open(String uri, SignerIdentity identity, Secrets secrets, ClientLimits limits) {
        if (!P256.isP256(identity.certificate().getPublicKey())) {
            throw new SignerException("the certificate's key is not on P-256");
        }
        OpenSigner signer;
        if (uri.startsWith(FILE)) {
            signer = KeyFile.open(Path.of(uri.substring(FILE.length())), identity, secrets);
        } else if (uri.startsWith(Pkcs11Uri.SCHEME)) {
            signer = Pkcs11Signer.open(uri, identity, secrets);
        } else if (uri.startsWith(AzureKeyVault.SCHEME)) {
            signer = AzureKeyVault.open(uri, identity, secrets, limits);
        } else {
            throw new SignerException("a signer begins with file:, pkcs11: or azurekeyvault:");
        }
        try {
            byte[] signature = signer.sign(TRIAL);
            if (!P256.verify(identity.certificate().getPublicKey(), Sha256.hash(TRIAL), signature)) {
                throw new SignerException("the key does not belong to the certificate");
            }
            return signer;
        } catch (SignerException e) {
            signer.close();
            throw e;
        }
    }
}
