import { useState } from "preact/hooks";
import { bytes, count, DataTable, ErrorState, Loading, quantity, ShortHash, TextField, usePoll } from "../kit";
import { INVENTORY, KNOWN, ORDER } from "./contracts";
import { EventTable } from "./events";
import { Stock } from "./inventory";
import type { Inventory, Log, Order } from "./ledger";
import { OrderFacts } from "./order";
import { StatusBadge, type Seen } from "./orders";
import { go } from "./route";
import { addressOf } from "./values";

/** Words of storage that are shown. */
const SLOTS = 8;

/** All that the party's node tells about an address. */
interface Found {
  address: string;
  code: string;
  logs: Log[];
  storage: string[];
  order: Order | undefined;
  inventory: Inventory | undefined;
}

/** The chain as the party sees it: smart contracts, by address. */
export function BlockchainView(props: Seen & { address: string | undefined }) {
  const [typed, setTyped] = useState(props.address ?? "");
  const [error, setError] = useState<string>();
  const search = (event: Event): void => {
    event.preventDefault();
    const checked = addressOf(typed);
    setError(checked.error);
    if (checked.value !== undefined) {
      go(`blockchain/${checked.value}`);
    }
  };
  return (
    <section class="panel" data-guide="blockchain">
      <div class="panel-head">
        <h2>Smart contracts</h2>
        <span class="quiet-text">{`${count(props.shared.height)} blocks`}</span>
      </div>
      <form
        class="line-form"
        role="search"
        aria-label={`Search of ${props.desk.party.name}`}
        noValidate
        onSubmit={search}
      >
        <div class="wide" data-guide="search-address">
          <TextField
            label="Address of a contract"
            type="search"
            value={typed}
            error={error}
            placeholder="0x…"
            onInput={setTyped}
          />
        </div>
        <button type="submit" data-guide="search">
          Search
        </button>
      </form>
      {props.address === undefined || addressOf(props.address).error !== undefined ? null : (
        <Result {...props} address={props.address} />
      )}
    </section>
  );
}

async function look(ledger: Seen["desk"]["ledger"], address: string): Promise<Found | "nothing"> {
  const [code, logs] = await Promise.all([ledger.code(address), ledger.events(address)]);
  if (code === "0x" && logs.length === 0) {
    return "nothing";
  }
  return {
    address,
    code,
    logs,
    storage: await ledger.storage(address, SLOTS),
    order: code === ORDER.runtime ? await ledger.order(address) : undefined,
    inventory: code === INVENTORY.runtime ? await ledger.inventory(address) : undefined,
  };
}

/** Follows what becomes visible or hidden while it is looked at. */
function Result(props: Seen & { address: string }) {
  const { ledger } = props.desk;
  const found = usePoll(() => look(ledger, props.address), 1_000, props.address);
  return (
    <div role="status" data-guide="search-result">
      {found.data === undefined ? (
        found.error ? (
          <ErrorState what="The search came to nothing." failure={found.error} onRetry={found.refresh} />
        ) : (
          <Loading what="the contract" />
        )
      ) : found.data === "nothing" ? (
        <p class="empty empty-title">No results found</p>
      ) : (
        <Contract {...props} found={found.data} />
      )}
    </div>
  );
}

function Contract(props: Seen & { found: Found }) {
  const { found, world } = props;
  const known = KNOWN.find(({ contract }) => contract.runtime === found.code);
  const transactions = [...new Map(found.logs.map((log) => [log.transactionHash, log])).values()];
  return (
    <div class="stack">
      <h3>{known?.name ?? "Contract"}</h3>
      <dl class="facts">
        <dt>Address</dt>
        <dd>
          <ShortHash hex={found.address} what="address" />
        </dd>
        <dt>Code</dt>
        <dd>
          {bytes(found.code.length / 2 - 1)}
          {known === undefined ? "" : `, exactly that of the sample's ${known.name.toLowerCase()}`}
        </dd>
        {found.order === undefined ? null : (
          <>
            <dt>Status</dt>
            <dd>
              <StatusBadge status={found.order.status} />
            </dd>
          </>
        )}
      </dl>
      {found.order === undefined ? null : <OrderFacts order={found.order} world={world} address={false} />}
      {found.inventory === undefined ? null : <Stock inventory={found.inventory} world={world} />}
      <h3>Transactions</h3>
      <DataTable<Log>
        caption="Transactions that left events here"
        rows={transactions}
        keyOf={(log) => log.transactionHash}
        columns={[
          { head: "Block", cell: (log) => count(quantity(log.blockNumber)) },
          {
            head: "Transaction",
            cell: (log) => <ShortHash hex={log.transactionHash} what="hash of the transaction" />,
          },
        ]}
        empty={<p>None that left an event.</p>}
      />
      <h3>Events</h3>
      <EventTable logs={found.logs} nameOf={world.nameOf} />
      <details>
        <summary>Code and storage</summary>
        <div class="stack">
          <pre class="code">{found.code}</pre>
          <pre class="code">{found.storage.map((word, slot) => `${slot}  ${word}`).join("\n")}</pre>
        </div>
      </details>
    </div>
  );
}
