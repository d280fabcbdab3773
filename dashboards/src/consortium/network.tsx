import { count, counted, DataTable, ErrorState, Loading, type NodeState, type Polled, ShortHash } from "../kit";
import type { Check, Governance, Network, NetworkNode } from "./api";
import { Blocks } from "./blocks";

/** Nodes, and what they make. */
export function NetworkPart(props: { state: NodeState | undefined; network: Polled<Network>; governance: Governance | undefined }) {
  const { state, network, governance } = props;
  return (
    <>
      <section class="panel" aria-labelledby="service">
        <h2 id="service">{state?.service ?? "Service"}</h2>
        <dl class="figures">
          <Figure name="Height" value={state === undefined ? "–" : counted(state.height, "block")} />
          <Figure name="Leader" value={state === undefined ? "–" : (state.leader ?? "none")} />
          <Figure name="Term" value={state === undefined ? "–" : count(state.term)} />
          <Figure name="Epoch" value={governance === undefined ? "–" : count(governance.service.epoch)} />
          <Figure name="Generation" value={governance === undefined ? "–" : count(governance.service.generation)} />
          <Figure name="Status" value={governance?.service.status ?? "–"} />
          <Figure name="Served by" value={state?.node ?? "–"} />
        </dl>
        {state === undefined ? null : (
          <dl class="facts">
            <dt>Service id</dt>
            <dd>
              <ShortHash hex={state.serviceId} what="service id" />
            </dd>
            <dt>Newest header</dt>
            <dd>
              <ShortHash hex={state.hash} what="hash of the newest header" />
            </dd>
          </dl>
        )}
      </section>
      <section class="panel" aria-labelledby="nodes">
        <h2 id="nodes">Nodes</h2>
        <Nodes network={network} />
      </section>
      <Blocks />
    </>
  );
}

function Figure(props: { name: string; value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

function Nodes(props: { network: Polled<Network> }) {
  const { data, error, refresh } = props.network;
  if (data === undefined) {
    return error === undefined ? (
      <Loading what="the nodes" />
    ) : (
      <ErrorState what="The nodes could not be read." failure={error} onRetry={refresh} />
    );
  }
  return (
    <DataTable
      caption="Nodes of the network"
      rows={data.nodes}
      keyOf={(node) => node.id}
      columns={[
        {
          head: "Node",
          cell: (node) => (
            <>
              <strong>{node.id}</strong>
              {node.id === data.node ? <span class="quiet-text"> serves this page</span> : null}
            </>
          ),
        },
        { head: "Owner", cell: (node) => node.owner ?? "–" },
        { head: "Role", cell: (node) => <Role node={node} leader={data.leader} /> },
        { head: "Height", numeric: true, cell: (node) => (node.height === null ? "–" : count(node.height)) },
        { head: "Lag", numeric: true, cell: (node) => (node.lag === null ? "–" : counted(node.lag, "block")) },
        { head: "Evidence", cell: (node) => <Evidence node={node} /> },
      ]}
    />
  );
}

function Role(props: { node: NetworkNode; leader: string | null }) {
  if (props.node.role === null) {
    return <wa-badge variant="danger">no answer</wa-badge>;
  }
  const leads = props.node.role === "leader";
  return <wa-badge variant={leads ? "brand" : "neutral"}>{props.node.role}</wa-badge>;
}

const VERDICTS = {
  verified: { variant: "success", words: "verified" },
  refused: { variant: "danger", words: "refused" },
  unknown: { variant: "neutral", words: "not heard yet" },
} as const;

function Evidence(props: { node: NetworkNode }) {
  const { verdict, platform, checks } = props.node.evidence;
  const { variant, words } = VERDICTS[verdict];
  const failed = checks.find((check) => !check.passed);
  return (
    <div class="stack tight">
      <span>
        <wa-badge variant={variant}>{words}</wa-badge> {platform === null ? "" : platform}
      </span>
      {failed === undefined ? null : <CheckLine check={failed} />}
      {checks.length === 0 ? null : (
        <details class="plain">
          <summary>{counted(checks.length, "check")}</summary>
          <ul class="checks">
            {checks.map((check) => (
              <li key={check.check}>
                <CheckLine check={check} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function CheckLine(props: { check: Check }) {
  const { check, passed, seen, allowed } = props.check;
  return (
    <span class="check">
      <strong>
        {passed ? "✓" : "✗"} {check.replaceAll("_", " ")}
      </strong>
      : {passed ? seen : `seen ${seen}, allowed ${allowed}`}
    </span>
  );
}
