package coco.governance;

import java.security.cert.X509Certificate;

/**
 * One who proposes and votes.
 *
 * @param id short name, unique among members
 * @param certificate whose key signs the member's proposals and ballots
 */
public record Member(String id, X509Certificate certificate) {}
