import { count, duration, measured } from "../kit";
import { BarChart, Gauge, LineChart } from "../kit/charts";
import type { Lane } from "./api";

export interface PanelProps {
  name: string;
  lane: Lane;
  /** How many transactions there are. */
  total: number;
  /** Of both gauges, so that they can be compared, in transactions a second. */
  gaugeMax: number;
  binsMillis: number[];
  /** Which colour of the charts. */
  series: number;
}

/** One network: gauge and curve of throughput, distribution of latency, and the numbers. */
export function Panel(props: PanelProps) {
  const { lane } = props;
  const done = lane.done ?? 0;
  const rate = lane.perSecond ?? 0;
  const curve = lane.curve ?? [];
  const shown = bars(lane.bins ?? [], props.binsMillis);
  const begun = curve.length > 0;
  return (
    <section class="panel compare-panel" aria-label={props.name} data-testid={props.series === 0 ? "coco" : "baseline"}>
      <h2>{props.name}</h2>
      <p class="quiet-text compare-label">{lane.label}</p>
      <Gauge
        value={rate}
        max={props.gaugeMax}
        text={measured(rate, "tx/s")}
        label="Throughput so far"
        series={props.series}
      />
      <dl class="figures">
        <div>
          <dt>Done</dt>
          <dd data-testid="done">
            {count(done)} of {count(props.total)}
          </dd>
        </div>
        <div>
          <dt>Latency p50</dt>
          <dd>{begun && lane.latencyMillis ? duration(lane.latencyMillis.p50) : "–"}</dd>
        </div>
        <div>
          <dt>Latency p95</dt>
          <dd>{begun && lane.latencyMillis ? duration(lane.latencyMillis.p95) : "–"}</dd>
        </div>
        <div>
          <dt>Blocks</dt>
          <dd>{count(lane.blocks ?? 0)}</dd>
        </div>
      </dl>
      {(lane.refused ?? 0) > 0 ? <p class="quiet-text">{count(lane.refused ?? 0)} were refused.</p> : null}
      <h3>Throughput</h3>
      <LineChart
        series={[{ name: props.name, points: curve.map(([x, y]) => ({ x, y })) }]}
        xTitle="seconds since the first was sent"
        yTitle="transactions/s"
        colour={props.series}
        alternative={
          begun
            ? `Throughput of ${props.name}: ${measured(rate, "transactions a second")} over ${measured(lane.seconds ?? 0, "seconds")}.`
            : `Throughput of ${props.name}: no block yet.`
        }
      />
      <h3>Latency</h3>
      <BarChart
        labels={shown.map((bar) => bar.label)}
        series={[{ name: props.name, values: shown.map((bar) => bar.share) }]}
        xTitle="from sent to done on all nodes"
        yTitle="% of transactions"
        colour={props.series}
        alternative={
          begun && lane.latencyMillis
            ? `Latency of ${props.name}: half within ${duration(lane.latencyMillis.p50)}, 95 % within ${duration(lane.latencyMillis.p95)}.`
            : `Latency of ${props.name}: nothing done yet.`
        }
      />
    </section>
  );
}

interface Bar {
  label: string;
  share: number;
}

/** The bins from the first to the last that hold something. */
function bars(bins: number[], upperMillis: number[]): Bar[] {
  const all = bins.reduce((sum, value) => sum + value, 0);
  const first = bins.findIndex((value) => value > 0);
  const last = bins.findLastIndex((value) => value > 0);
  if (first < 0) {
    return [];
  }
  return bins.slice(first, last + 1).map((value, index) => {
    const upper = upperMillis[first + index];
    const lower = upperMillis[first + index - 1] ?? 0;
    return { label: upper === undefined ? `> ${short(lower)}` : `< ${short(upper)}`, share: (100 * value) / all };
  });
}

function short(millis: number): string {
  return millis < 1_000 ? `${millis} ms` : `${millis / 1_000} s`;
}
