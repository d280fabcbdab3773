package coco.governance.rules;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ballots of active members, counted.
 *
 * @param members ids of who may vote
 * @param ballots ballots of those and nobody else
 * @param accepting how many accept
 * @param rejecting how many reject
 */
record Tally(Set<String> members, Map<String, Choice> ballots, int accepting, int rejecting) {
    static Tally of(Set<String> members, Map<String, Choice> ballots) {
        int accepting = 0;
        int rejecting = 0;
        for (String member : members) {
            Choice choice = ballots.get(member);
            accepting += choice == Choice.ACCEPT ? 1 : 0;
            rejecting += choice == Choice.REJECT ? 1 : 0;
        }
        return new Tally(members, ballots, accepting, rejecting);
    }

    Judgement judge(Rule rule) {
        return switch (rule) {
            case Rule.Unanimous _ -> count("unanimous", members.size());
            case Rule.Majority _ -> count("majority", members.size() / 2 + 1);
            case Rule.Threshold threshold -> count("threshold", threshold.votes());
            case Rule.One _ -> count("one", 1);
            case Rule.Veto veto -> judgeVeto(veto);
        };
    }

    /** With no member every rule needs somebody: at least one vote is asked for. */
    private Judgement count(String rule, int needed) {
        int votes = Math.max(needed, 1);
        Decision decision = Decision.OPEN;
        if (accepting >= votes) {
            decision = Decision.ACCEPTED;
        } else if (members.size() - rejecting < votes) {
            decision = Decision.REJECTED;
        }
        String words = rule + ": " + accepting + " of " + members.size() + " accept, " + rejecting + " reject, " + votes
                + " needed";
        return new Judgement(decision, false, words);
    }

    private Judgement judgeVeto(Rule.Veto veto) {
        Set<String> silent = new TreeSet<>();
        for (String holder : veto.members()) {
            if (members.contains(holder) && ballots.get(holder) == Choice.REJECT) {
                return new Judgement(Decision.REJECTED, false, "veto: " + holder + " objects");
            }
            if (members.contains(holder) && !ballots.containsKey(holder)) {
                silent.add(holder);
            }
        }
        Judgement judgement = judge(veto.then());
        if (judgement.decision() == Decision.ACCEPTED && !silent.isEmpty()) {
            String words = "veto: may still object: " + String.join(", ", silent);
            return new Judgement(Decision.OPEN, false, words);
        }
        return judgement;
    }
}
