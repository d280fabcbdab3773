package coco.governance;

import java.security.cert.X509Certificate;

/**
 * One who transacts and has no vote.
 *
 * @param id short name, unique among members and participants
 * @param certificate by which the participant is known over mutual TLS: its own, or an intermediate authority's
 */
public record Participant(String id, X509Certificate certificate) {}
