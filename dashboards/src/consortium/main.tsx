import { useEffect, useState } from "preact/hooks";
import { ApiFailure, EmptyState, ErrorState, Loading, mount, nodeState, type Polled, Shell, usePoll } from "../kit";
import { type Governance, network } from "./api";
import { ConstitutionPart } from "./constitution";
import "./consortium.css";
import { HistoryPart } from "./history";
import { JournalPart } from "./journal";
import { useGovernance } from "./live";
import { MembersPart } from "./members";
import type { MemberKey } from "./message";
import { NetworkPart } from "./network";
import { ProposalsPart } from "./proposals";
import { useSending } from "./sending";

/** Parts of the page, by the fragment of its address, so that a reload and a link lead back. */
const PARTS = [
  { id: "network", name: "Network" },
  { id: "members", name: "Members" },
  { id: "constitution", name: "Constitution" },
  { id: "proposals", name: "Proposals" },
  { id: "journal", name: "Journal" },
  { id: "history", name: "History" },
] as const;

type PartId = (typeof PARTS)[number]["id"];

function partNow(): PartId {
  const wanted = location.hash.slice(1);
  return PARTS.find((part) => part.id === wanted)?.id ?? "network";
}

function Consortium() {
  const [part, setPart] = useState<PartId>(partNow);
  const [member, setMember] = useState<MemberKey>();
  const sending = useSending();
  const state = usePoll(nodeState, 1_000);
  const nodes = usePoll(network, 2_000);
  const governance = useGovernance();
  useEffect(() => {
    const follow = (): void => setPart(partNow());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const open = governance.data?.proposals.filter((proposal) => proposal.state === "open").length ?? 0;
  return (
    <Shell
      title="Consortium"
      lead="Who runs this network, what governs it, and what it does."
      page="/ui/"
      banner={state.data?.banner}
      account={member === undefined ? null : <span class="quiet-text">signing as {member.member}</span>}
    >
      <nav class="tabs" aria-label="Parts of this page">
        {PARTS.map(({ id, name }) => (
          <a key={id} href={`#${id}`} aria-current={id === part ? "true" : undefined}>
            {name}
            {id === "proposals" && open > 0 ? ` (${open} open)` : ""}
          </a>
        ))}
      </nav>
      {part === "network" ? <NetworkPart state={state.data} network={nodes} governance={governance.data} /> : null}
      {part === "journal" ? <JournalPart /> : null}
      {part === "history" ? <HistoryPart stamp={stampOf(governance.data)} /> : null}
      {part === "members" || part === "constitution" || part === "proposals" ? (
        <Governed polled={governance}>
          {(data) =>
            part === "members" ? (
              <MembersPart governance={data} />
            ) : part === "constitution" ? (
              <ConstitutionPart governance={data} />
            ) : (
              <ProposalsPart governance={data} member={member} sending={sending} onMember={setMember} refresh={governance.refresh} />
            )
          }
        </Governed>
      ) : null}
    </Shell>
  );
}

/** Another one when something was proposed, said or decided: the history has more then. */
function stampOf(data: Governance | undefined): string {
  return data === undefined ? "" : JSON.stringify([data.binding.constitution, data.proposals.map((each) => [each.id, each.state, each.ballots])]);
}

/** What needs governance, which a node does not serve everywhere. */
function Governed(props: { polled: Polled<Governance>; children: (data: Governance) => preact.JSX.Element }) {
  const { data, error, refresh } = props.polled;
  if (data !== undefined) {
    return props.children(data);
  }
  if (error instanceof ApiFailure && error.status === 404) {
    return (
      <EmptyState title="Governance is not shown on this port">
        Open /ui/ on the administrative port of a node, with a member’s certificate in this browser, or use coco gov.
      </EmptyState>
    );
  }
  return error === undefined ? (
    <Loading what="the constitution" />
  ) : (
    <ErrorState what="Governance could not be read." failure={error} onRetry={refresh} />
  );
}

mount(<Consortium />);
