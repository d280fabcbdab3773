package coco.governance.rules;

import java.util.SortedMap;

/**
 * What an automatic approval of a node depends on, as the constitution in force says it.
 *
 * @param codeEndorsed whether the node's evidence is verified and its measurement is of endorsed code, not retired
 * @param owner the actor that owns the node and has signed its entry
 * @param nodesOfOwner how many nodes this owner has now
 * @param votersByOwner actor id to how many Raft voters it owns now; without the new one
 */
public record AdmissionFacts(
        boolean codeEndorsed, String owner, int nodesOfOwner, SortedMap<String, Integer> votersByOwner) {}
