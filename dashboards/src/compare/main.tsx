import { count, counted, DataTable, EmptyState, Loading, mount, nodeState, Shell, usePoll } from "../kit";
import { type State, useCompareState } from "./api";
import { Controls } from "./controls";
import { Panel } from "./panel";
import { ResultsTable } from "./results";
import "./compare.css";

/** Of the gauges, in transactions a second, unless Coco does more. */
const GAUGE_LEAST = 2_500;

const HEAD = {
  title: "Compare",
  page: "/ui/compare/",
  lead: "The same transactions, sent to stock Ethereum and to Ethereum on Coco at the same time, on this machine.",
} as const;

function Compare() {
  const state = useCompareState();
  if (state === "absent") {
    return <Absent />;
  }
  return (
    <Shell {...HEAD} alone={state !== undefined} banner={state === undefined ? undefined : "Simulated TEE: nothing here is protected by hardware"}>
      {state === undefined ? <Loading what="the comparison" /> : <Comparison state={state} />}
    </Shell>
  );
}

/** On a node, which runs no comparison. */
function Absent() {
  const node = usePoll(nodeState, 5_000);
  return (
    <Shell {...HEAD} banner={node.data?.banner}>
      <EmptyState title="No comparison runs here">
        Start one with <code>coco demo compare</code> and open the address that it prints: it starts both networks, on the machine where it runs.
      </EmptyState>
    </Shell>
  );
}

function Comparison({ state }: { state: State }) {
  const total = state.transactions.count ?? state.settings.count;
  const gaugeMax = Math.max(GAUGE_LEAST, state.coco.perSecond ?? 0);
  const common = { total, gaugeMax, binsMillis: state.latencyBinsMillis };
  return (
    <div class="stack">
      <Sources state={state} />
      <Controls state={state} />
      <Progress state={state} />
      <div class="compare-panels">
        <Panel name="Stock Ethereum" lane={state.baseline} series={1} {...common} />
        <Panel name="Ethereum on Coco" lane={state.coco} series={0} {...common} />
      </div>
      <ResultsTable state={state} />
    </div>
  );
}

/** What is sent: where it comes from, and what was left out. */
function Sources({ state }: { state: State }) {
  const { transactions, settings } = state;
  if (transactions.origin === undefined) {
    return null;
  }
  const left = transactions.leftOutBecause ?? [];
  return (
    <section class="panel" aria-label="Transactions">
      <p data-testid="origin">
        <strong>{transactions.origin}.</strong>{" "}
        {settings.warmUp > 0
          ? `Before anything was measured both networks got synthetic ones for the same time, as a Java process that has just begun is slow: Coco executed ${count(settings.warmUp)}, the other ${count(settings.baselineWarmUp)}.`
          : ""}
      </p>
      {left.length === 0 ? null : (
        <details>
          <summary>Left out of these blocks: {counted(transactions.leftOut ?? 0, "transaction")}</summary>
          <DataTable
            caption="Transactions that were left out"
            columns={[
              { head: "Reason", cell: (row: { reason: string; count: number }) => row.reason },
              { head: "Transactions", cell: (row) => count(row.count), numeric: true },
            ]}
            rows={left}
            keyOf={(row) => row.reason}
          />
        </details>
      )}
    </section>
  );
}

/** What the process is doing, in words; or what went wrong. */
function Progress({ state }: { state: State }) {
  const busy = state.phase === "preparing" || state.phase === "running" || state.phase === "comparing";
  return (
    <div class="compare-progress" role="status" data-testid="phase" data-phase={state.phase}>
      {state.phase === "failed" ? (
        <wa-callout variant="danger">
          <p>
            <strong>The comparison failed.</strong> {state.message}
          </p>
        </wa-callout>
      ) : (
        <p>
          {busy ? <wa-spinner /> : null} {words(state)}
        </p>
      )}
      {state.complaints.map((complaint) => (
        <p key={complaint} class="quiet-text">
          {complaint}
        </p>
      ))}
    </div>
  );
}

function words(state: State): string {
  switch (state.phase) {
    case "preparing":
      return `Preparing: ${state.message}. This takes some tens of seconds.`;
    case "ready":
      return "Both networks are ready. Press Compare.";
    case "running":
      return "Running. Stock Ethereum needs minutes where Coco needs seconds; it can be stopped at any time.";
    case "comparing":
      return "Comparing every receipt of both networks.";
    case "done":
      return state.message === "stopped" ? "Stopped; what was measured until then stays." : "Done.";
    case "failed":
      return state.message;
  }
}

mount(<Compare />);
