import { count, EmptyState, type Json, ShortHash } from "../kit";
import type { Governance, Kind, Proposal } from "./api";
import type { MemberKey } from "./message";
import { Propose } from "./propose";
import { inBlock, type Sending, SendingNote } from "./sending";
import { CommandLine, KeyPanel } from "./signing";
import { actionWords } from "./words";

/** Proposals, open ones first, and the way to make one. */
export function ProposalsPart(props: {
  governance: Governance;
  member: MemberKey | undefined;
  sending: Sending;
  onMember: (member: MemberKey | undefined) => void;
  refresh: () => void;
}) {
  const { governance, member, sending, refresh } = props;
  const open = governance.proposals.filter((proposal) => proposal.state === "open");
  const closed = governance.proposals.filter((proposal) => proposal.state !== "open");
  return (
    <>
      <KeyPanel member={member} onMember={props.onMember} constitution={governance.constitution} />
      <Propose governance={governance} member={member} sending={sending} onSettled={refresh} />
      <section class="panel" aria-labelledby="open">
        <h2 id="open">Open proposals</h2>
        {open.length === 0 ? <EmptyState title="Nothing is open">What members propose stands here until it is decided.</EmptyState> : null}
        {open.map((proposal) => (
          <OneProposal key={proposal.id} proposal={proposal} governance={governance} member={member} sending={sending} refresh={refresh} />
        ))}
      </section>
      <section class="panel" aria-labelledby="decided">
        <h2 id="decided">Decided</h2>
        {closed.length === 0 ? <EmptyState title="Nothing was decided yet" /> : null}
        {closed.map((proposal) => (
          <OneProposal key={proposal.id} proposal={proposal} governance={governance} member={member} sending={sending} refresh={refresh} />
        ))}
      </section>
    </>
  );
}

const STATES: { [state: string]: "brand" | "success" | "danger" | "neutral" } = {
  open: "brand",
  accepted: "success",
  rejected: "danger",
  failed: "danger",
};

interface One {
  proposal: Proposal;
  governance: Governance;
  member: MemberKey | undefined;
  sending: Sending;
  refresh: () => void;
}

function OneProposal(props: One) {
  const { proposal, sending, refresh } = props;
  return (
    <article class="proposal" aria-label={proposal.summary || actionNames(proposal)} data-state={proposal.state}>
      <div class="panel-head">
        <h3>{proposal.summary || actionNames(proposal)}</h3>
        <wa-badge variant={STATES[proposal.state] ?? "neutral"}>{proposal.state}</wa-badge>
      </div>
      <ul class="actions">
        {proposal.actions.map((action, index) => (
          <li key={index}>
            <code>{actionWords(action)}</code>
          </li>
        ))}
      </ul>
      <dl class="facts">
        <dt>Id</dt>
        <dd>
          <ShortHash hex={proposal.id} what="id of the proposal" />
        </dd>
        <dt>Proposed by</dt>
        <dd>
          {proposal.proposer}, in block {count(proposal.openedAt)}
        </dd>
        {proposal.decidedAt === null ? (
          <>
            <dt>Ends at</dt>
            <dd>height {count(proposal.expiresAt)}</dd>
          </>
        ) : (
          <>
            <dt>Decided</dt>
            <dd>in block {count(proposal.decidedAt)}</dd>
          </>
        )}
        {proposal.reason ? (
          <>
            <dt>{proposal.state === "open" ? "So far" : "Because"}</dt>
            <dd>{proposal.reason}</dd>
          </>
        ) : null}
        <dt>Ballots</dt>
        <dd>
          <ul class="ballots">
            {proposal.ballots.map((ballot) => (
              <li key={ballot.member}>
                <wa-badge variant={ballot.choice === "accept" ? "success" : "danger"}>{ballot.choice}</wa-badge> {ballot.member}
              </li>
            ))}
            {proposal.state !== "open"
              ? null
              : proposal.waitingFor.map((member) => (
                  <li key={member}>
                    <wa-badge variant="neutral">missing</wa-badge> {member}
                  </li>
                ))}
            {proposal.ballots.length === 0 && proposal.state !== "open" ? <li>none</li> : null}
          </ul>
        </dd>
      </dl>
      {proposal.state === "open" ? <Say {...props} /> : null}
      <SendingNote sending={sending} place={proposal.id} recorded={(height) => `Your message is ${inBlock(height)}.`} onSettled={refresh} />
    </article>
  );
}

function actionNames(proposal: Proposal): string {
  return proposal.actions.map((action) => action.name).join(", ");
}

/** What a member can say to an open proposal. */
function Say(props: One) {
  const { proposal, governance, member, sending, refresh } = props;
  const { busy } = sending;
  const own = member === undefined ? undefined : proposal.ballots.find((ballot) => ballot.member === member.member);
  const say = async (kind: Kind, content: { [name: string]: Json }): Promise<void> => {
    if (member !== undefined) {
      const whole = { ...content, electorate: governance.binding.electorate, proposal: proposal.id };
      await sending.say(proposal.id, member, governance.binding, kind, whole);
      refresh();
    }
  };
  const ballot = (choice: "accept" | "reject"): void => void say("ballots", { kind: "ballot", choice });
  const withdraw = (of: "proposal" | "ballot"): void => void say("withdrawals", { kind: "withdrawal", of });
  const short = proposal.id.slice(0, 8);
  return (
    <div class="stack">
      {member === undefined ? (
        <p class="quiet-text">Choose a member’s key above to vote here.</p>
      ) : (
        <div class="row">
          <button type="button" class="wa-success" disabled={busy || own?.choice === "accept"} onClick={() => ballot("accept")}>
            Accept
          </button>
          <button type="button" class="wa-danger" disabled={busy || own?.choice === "reject"} onClick={() => ballot("reject")}>
            Reject
          </button>
          {own === undefined ? null : (
            <button type="button" disabled={busy} onClick={() => withdraw("ballot")}>
              Withdraw my ballot
            </button>
          )}
          {proposal.proposer === member.member ? (
            <button type="button" disabled={busy} onClick={() => withdraw("proposal")}>
              Withdraw the proposal
            </button>
          ) : null}
        </div>
      )}
      <details class="plain">
        <summary>By the command line</summary>
        <CommandLine
          what="vote"
          line={[`coco gov vote ${short} --accept`, `coco gov vote ${short} --reject`, `coco gov withdraw ${short} --ballot`, `coco gov withdraw ${short}`].join("\n")}
        />
      </details>
    </div>
  );
}
