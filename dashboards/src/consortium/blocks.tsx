import { useRef } from "preact/hooks";
import { ApiFailure, count, DataTable, EmptyState, ErrorState, Loading, measured, quantity, Rpc, RpcError, time, usePoll } from "../kit";
import { LineChart } from "../kit/charts";

/** How much of the past the curve shows, in seconds, and how many blocks the table. */
const WINDOW_S = 120;
const ROWS = 8;

/** Blocks that one look counts: more came in a second only if this page was not looked at. */
const COUNTED_MAX = 200;

interface Block {
  number: number;
  transactions: number;
  gasUsed: number;
  timestamp: number;
}

interface Sample {
  at: number;
  perSecond: number;
}

interface Seen {
  head: number;
  at: number;
  samples: Sample[];
  blocks: Block[];
}

const rpc = new Rpc();

async function block(number: number): Promise<Block> {
  const found = await rpc.call<{ transactions: string[]; gasUsed: string; timestamp: string }>("eth_getBlockByNumber", [
    `0x${number.toString(16)}`,
    false,
  ]);
  return {
    number,
    transactions: found.transactions.length,
    gasUsed: quantity(found.gasUsed),
    timestamp: quantity(found.timestamp),
  };
}

/** Looks at what is new since the last look, and how long that took. */
async function look(before: Seen | undefined): Promise<Seen> {
  const head = quantity(await rpc.call<string>("eth_blockNumber"));
  const at = performance.now();
  const firstShown = Math.max(before === undefined ? 0 : before.head + 1, head - ROWS + 1);
  const numbers = Array.from({ length: Math.max(0, head - firstShown + 1) }, (_, index) => firstShown + index);
  const fresh = await Promise.all(numbers.map(block));
  const blocks = [...fresh.reverse(), ...(before?.blocks ?? [])].slice(0, ROWS);
  if (before === undefined || head < before.head) {
    return { head, at, blocks, samples: [] };
  }
  const perSecond = (await transactionsIn(before.head + 1, head, fresh)) / ((at - before.at) / 1_000);
  const samples = [...before.samples, { at, perSecond }].filter((sample) => at - sample.at <= WINDOW_S * 1_000);
  return { head, at, blocks, samples };
}

async function transactionsIn(from: number, to: number, known: Block[]): Promise<number> {
  const counts = new Map(known.map((each) => [each.number, each.transactions]));
  const others = Array.from({ length: Math.min(COUNTED_MAX, Math.max(0, to - from + 1)) }, (_, index) => to - index).filter(
    (number) => !counts.has(number),
  );
  const answers = await rpc.readAll<string>(
    others.map((number) => ({ method: "eth_getBlockTransactionCountByNumber", params: [`0x${number.toString(16)}`] })),
  );
  const rest = answers.reduce((sum, answer) => sum + (answer instanceof RpcError ? 0 : quantity(answer)), 0);
  return rest + [...counts.values()].reduce((sum, each) => sum + each, 0);
}

/** The Ethereum ledger's blocks as they come, and the throughput that this page measures. */
export function Blocks() {
  const seen = useRef<Seen>(undefined);
  const polled = usePoll(async () => {
    seen.current = await look(seen.current);
    return seen.current;
  }, 1_000);
  return (
    <section class="panel" aria-labelledby="blocks">
      <h2 id="blocks">Blocks and throughput</h2>
      <BlocksBody data={polled.data} error={polled.error} refresh={polled.refresh} />
    </section>
  );
}

function BlocksBody(props: { data: Seen | undefined; error: Error | undefined; refresh: () => void }) {
  const { data, error } = props;
  if (data === undefined) {
    if (error instanceof ApiFailure && error.kind === "refused" && error.status !== 403) {
      return (
        <EmptyState title="No Ethereum ledger answers on this port">
          A node’s administrative port takes no transactions and shows none: open /ui/ on its application port. If that has none either, this network
          is without an Ethereum ledger.
        </EmptyState>
      );
    }
    return error === undefined ? (
      <Loading what="the newest blocks" />
    ) : (
      <ErrorState what="Blocks could not be read." failure={error} onRetry={props.refresh} />
    );
  }
  const newest = data.samples.at(-1);
  const rate = newest === undefined ? "measuring" : measured(newest.perSecond, "tx/s");
  return (
    <>
      <dl class="figures">
        <div>
          <dt>Newest block</dt>
          <dd>{count(data.head)}</dd>
        </div>
        <div>
          <dt>Throughput, last look</dt>
          <dd>{rate}</dd>
        </div>
      </dl>
      <LineChart
        series={[
          {
            name: "throughput",
            points: data.samples.map((sample) => ({ x: (sample.at - data.at) / 1_000, y: sample.perSecond })),
          },
        ]}
        xTitle="seconds before now"
        yTitle="transactions per second"
        xMin={-WINDOW_S}
        xMax={0}
        xStep={20}
        alternative={`Throughput over the last ${WINDOW_S} seconds; now ${rate}`}
      />
      <DataTable
        caption="Newest blocks"
        rows={data.blocks}
        keyOf={(each) => String(each.number)}
        empty={<EmptyState title="No block yet">The first transaction makes one.</EmptyState>}
        columns={[
          { head: "Block", cell: (each) => count(each.number) },
          { head: "Transactions", numeric: true, cell: (each) => count(each.transactions) },
          { head: "Gas used", numeric: true, cell: (each) => measured(each.gasUsed, "gas") },
          { head: "Time", cell: (each) => time(each.timestamp * 1_000) },
        ]}
      />
    </>
  );
}
