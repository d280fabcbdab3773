/**
 * When a proposal passes: the ready-made rules, which are data, evaluated natively.
 *
 * <p><b>What.</b> A {@link coco.governance.rules.Rule} judges ballots against who may vote now. {@link
 * coco.governance.rules.VotingRules} is what a constitution holds: either ready-made rules (one by default, others per
 * action, and what an operator may do without a vote), or a JavaScript module, which {@code coco.governance.script}
 * runs.
 *
 * <p><b>Invariants.</b> A judgement depends on its arguments only. It comes as early as it is certain: accepted when
 * it holds whatever others vote, rejected when it can no longer pass. Only active members count, each once. Nobody
 * decides where nobody votes: with no member nothing passes. A proposal of several actions has to fulfil the rule of
 * each.
 *
 * <p><b>What it does not do.</b> It knows neither messages nor signatures, expiry nor withdrawal; who calls says which
 * ballots stand.
 */
@NullMarked
package coco.governance.rules;

import org.jspecify.annotations.NullMarked;
