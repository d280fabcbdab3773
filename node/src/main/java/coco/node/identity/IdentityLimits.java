package coco.node.identity;

import coco.node.http.RateLimit;
import java.time.Duration;

/** Bounds of signing in, each with its reason. */
final class IdentityLimits {
    /** A message, a token of an identity provider, a signature. */
    static final int BODY_BYTES = 32 << 10;

    /** A token of an identity provider: some kilobytes of claims at most. */
    static final int LOGIN_CHARACTERS = 16 << 10;

    /** Random bytes of a session's token. */
    static final int TOKEN_BYTES = 32;

    /** How long a nonce is good: as long as it takes a person to read what is to be signed. */
    static final Duration NONCE_LIFE = Duration.ofMinutes(10);

    /** Nonces that were used and are not over: more sign-ins in that time are refused. */
    static final int NONCES_USED = 100_000;

    /** By how much clocks of wallets and identity providers may be wrong. */
    static final Duration SKEW = Duration.ofSeconds(30);

    /** How old a login may be when it is shown, whatever its own expiry. */
    static final Duration LOGIN_AGE = Duration.ofHours(1);

    /**
     * Attempts to sign in, and failures to be known, of one client address. A proxy in front of an organisation's
     * people is one address.
     */
    static final RateLimit PER_ADDRESS = new RateLimit(10, 100);

    /** The same of all addresses: a hundred thousand of them shall not take the processors from who is signed in. */
    static final RateLimit IN_TOTAL = new RateLimit(200, 1_000);

    /** How long a request waits for a majority to confirm what this node knows. */
    static final Duration CONFIRMATION = Duration.ofSeconds(2);

    private IdentityLimits() {}
}
