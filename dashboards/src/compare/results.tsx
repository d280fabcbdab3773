import { count, DataTable, duration, EmptyState, measured, ShortHash } from "../kit";
import type { Lane, State } from "./api";

interface Row {
  name: string;
  coco: string;
  baseline: string;
}

/** Both networks beside each other, in numbers, once something was done on both. */
export function ResultsTable({ state }: { state: State }) {
  if ((state.coco.done ?? 0) === 0) {
    return (
      <EmptyState title="Nothing was measured yet">
        The numbers of both networks, the ratio and a download of every transaction appear here.
      </EmptyState>
    );
  }
  return (
    <section class="panel" aria-label="Result" data-testid="result">
      <h2>Result</h2>
      <Ratio state={state} />
      <DataTable<Row>
        caption="Both networks in numbers"
        columns={[
          { head: "Measured", cell: (row) => row.name },
          { head: "Ethereum on Coco", cell: (row) => row.coco, numeric: true },
          { head: "Stock Ethereum", cell: (row) => row.baseline, numeric: true },
        ]}
        rows={rows(state.coco, state.baseline)}
        keyOf={(row) => row.name}
      />
      <div class="row">
        <a href="/compare/result.csv" download="compare.csv" data-testid="csv">
          Download every transaction (CSV)
        </a>
      </div>
      <Agreement state={state} />
    </section>
  );
}

function Ratio({ state }: { state: State }) {
  if (state.ratio === undefined) {
    return <p>Stock Ethereum has made no block yet, so there is no ratio.</p>;
  }
  const partial = (state.baseline.done ?? 0) < (state.transactions.count ?? 0);
  const blocks = state.baseline.blocks ?? 0;
  return (
    <p class="compare-ratio" data-testid="ratio">
      <strong>{measured(state.ratio, "×")}</strong> the throughput of stock Ethereum, measured over {count(blocks)} of its{" "}
      {blocks === 1 ? "block" : "blocks"}
      {partial ? ", so far" : ""}.
    </p>
  );
}

function Agreement({ state }: { state: State }) {
  const results = state.results;
  if (results === undefined) {
    return null;
  }
  return (
    <div class="stack">
      <h3>The same results</h3>
      <p data-testid="agreement">
        Both networks agree on status and gas of {count(results.agree)} of {count(results.onBoth)} transactions.
      </p>
      {results.recorded === 0 ? null : (
        <>
          <p>
            Status and gas are those that the public network recorded for {count(results.equalToRecorded)} of{" "}
            {count(results.recorded)} ({measured((100 * results.equalToRecorded) / results.recorded, "%")}){results.differencesFromRecorded.length === 0 ? "." : ". The others differ by:"}
          </p>
          <DataTable
            caption="Differences from what was recorded"
            columns={[
              { head: "Reason", cell: (row: { kind: string; count: number }) => row.kind },
              { head: "Transactions", cell: (row) => count(row.count), numeric: true },
            ]}
            rows={results.differencesFromRecorded}
            keyOf={(row) => row.kind}
            empty={<></>}
          />
        </>
      )}
      {results.networksDiffer.length === 0 ? null : (
        <DataTable
          caption="Transactions on which the networks differ"
          columns={[
            { head: "Transaction", cell: (row: { hash: string; coco: string; baseline: string }) => (
              <ShortHash hex={row.hash} what="transaction" />
            ) },
            { head: "Coco", cell: (row) => row.coco },
            { head: "Stock Ethereum", cell: (row) => row.baseline },
          ]}
          rows={results.networksDiffer}
          keyOf={(row) => row.hash}
        />
      )}
    </div>
  );
}

function rows(coco: Lane, baseline: Lane): Row[] {
  const both = (name: string, text: (lane: Lane) => string): Row => ({ name, coco: text(coco), baseline: text(baseline) });
  const some = (lane: Lane, text: string): string => ((lane.done ?? 0) > 0 ? text : "–");
  return [
    both("Transactions done", (lane) => count(lane.done ?? 0)),
    both("Refused", (lane) => count(lane.refused ?? 0)),
    both("Blocks", (lane) => count(lane.blocks ?? 0)),
    both("Time", (lane) => some(lane, duration((lane.seconds ?? 0) * 1_000))),
    both("Throughput", (lane) => some(lane, measured(lane.perSecond ?? 0, "tx/s"))),
    both("Latency p50", (lane) => some(lane, duration(lane.latencyMillis?.p50 ?? 0))),
    both("Latency p95", (lane) => some(lane, duration(lane.latencyMillis?.p95 ?? 0))),
    both("Latency p99", (lane) => some(lane, duration(lane.latencyMillis?.p99 ?? 0))),
    both("Longest", (lane) => some(lane, duration(lane.latencyMillis?.max ?? 0))),
  ];
}
