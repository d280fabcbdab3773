/**
 * Where members keep their signing keys: implementations of {@link coco.governance.cose.Signer}.
 *
 * <p><b>What.</b> {@link coco.client.signing.Signers} opens a key by its URI: {@code file:} for PKCS #8 in PEM, {@code
 * pkcs11:} (RFC 7512) for tokens, {@code azurekeyvault:} for Azure Key Vault. The certificate always comes beside it,
 * from {@link coco.client.signing.SignerIdentity}, because that is what the constitution names.
 *
 * <p><b>Invariants.</b> A private key is never written anywhere, and leaves a token or vault never. Passwords, PINs and
 * bearer tokens appear in no message and no command line: they come by prompt, from a file, or from the environment. A
 * signer that opened has a key that belongs to its certificate. What fails is a {@link
 * coco.governance.cose.SignerException} that names the place and the reason.
 *
 * <p><b>What it does not do.</b> It makes no keys and retries nothing. It does not know what is being signed.
 */
@NullMarked
package coco.client.signing;

import org.jspecify.annotations.NullMarked;
