package coco.governance;

/**
 * An issuer of identity tokens (OpenID Connect) for users of one organisation.
 *
 * @param issuer the {@code iss} claim, an https URL
 * @param actor the member or participant whose users it names
 * @param audience the {@code aud} claim that a token must carry
 * @param keys a JSON Web Key Set (RFC 7517) in canonical JSON: public keys only, each with its algorithm
 */
public record OidcIssuer(String issuer, String actor, String audience, String keys) {}
