package coco.governance;

import java.security.cert.X509Certificate;

/**
 * One who transacts and has no vote.
 *
 * @param id short name, unique among participants
 * @param certificate by which the participant is known over mutual TLS
 */
public record Participant(String id, X509Certificate certificate) {}
