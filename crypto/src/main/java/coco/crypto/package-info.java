/**
 * The primitives everything above is built from: hashes, authenticated encryption, key derivation, signatures on two
 * curves, public-key encryption and X.509 certificates.
 *
 * <p><b>Why a package of its own.</b> Every choice of algorithm, encoding and provider is made here once. No other
 * module names a JCA algorithm, a BouncyCastle class or the native secp256k1 library, so a provider can be exchanged,
 * and was measured, in one place (docs/design/crypto.md). Keys in tokens are the exception: there the token is the
 * provider (coco.client.signing).
 *
 * <p><b>Shape.</b> Static functions over byte arrays, because that is what the callers have: no key objects to carry
 * round, no streams, no builders. All integers are big-endian and of fixed width; a signature is always 64 bytes r ‖ s,
 * a secp256k1 public key 64 bytes x ‖ y. DER exists only inside certificates.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>No I/O, no clock, and no randomness except from the {@link java.security.SecureRandom} a caller hands in.
 *       Signing is deterministic (RFC 6979), so one seed replays a whole cluster and a bad random source cannot leak a
 *       key.
 *   <li>Input that comes from elsewhere (ciphertext, signature, public point, PEM text) gives {@code null}, {@code
 *       false} or a {@link coco.crypto.CryptoException} with the code {@code MALFORMED}; never another exception, never
 *       a partial result.
 *   <li>Lengths a caller fixes himself (a key of 32 bytes, an IV of 12) are its contract: a wrong one is an {@link
 *       java.lang.IllegalArgumentException}.
 *   <li>No message of any exception contains key material, plaintext or ciphertext.
 *   <li>Everything may be called from any thread. Scratch objects are kept per thread and hold no result after the
 *   call.
 * </ul>
 *
 * <p><b>What it does not do.</b> It does not manage keys, look at a clock (whoever asks about a chain says when) or
 * find the certificates of a chain. Secret-dependent timing is that of the libraries underneath: the native secp256k1
 * library signs in constant time, BouncyCastle and BigInteger do not promise it.
 */
@NullMarked
package coco.crypto;

import org.jspecify.annotations.NullMarked;
