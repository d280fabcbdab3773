import { CopyButton, DataTable, EmptyState, shortHex } from "../kit";
import { ActionButton, Failure, useAction } from "./action";
import type { Status } from "./contracts";
import { numberName, randomNumber, type Draft } from "./drafts";
import type { Order, Shared, World } from "./ledger";
import { isRetailer, memberOf, type Desk } from "./party";
import { go } from "./route";
import { amount, money } from "./values";
import { useState } from "preact/hooks";

/** What every view of a party shows from. */
export interface Seen {
  desk: Desk;
  world: World;
  shared: Shared;
  refresh: () => void;
}

export function StatusBadge(props: { status: Status }) {
  const variants = { Drafted: "neutral", Created: "brand", Approved: "warning", Fulfilled: "success" } as const;
  return <wa-badge variant={variants[props.status]}>{props.status}</wa-badge>;
}

export function totalOf(lines: { cents: number }[]): number {
  return lines.reduce((sum, line) => sum + line.cents, 0);
}

/** A new order: what can be known in advance is filled in. */
function newDraft(seen: Seen): Draft {
  const first = seen.world.products[0];
  return {
    number: randomNumber(),
    approver: memberOf(seen.desk, seen.world)?.approver ?? "",
    lines: [],
    typing: { upc: first?.upc ?? "", quantity: "1", subtotal: amount(first?.cents ?? 0) },
    saved: false,
  };
}

/** The orders that the party sees, and its drafts. */
export function OrdersView(seen: Seen) {
  const retailer = isRetailer(seen.desk);
  const start = (): void => {
    const draft = newDraft(seen);
    seen.desk.drafts.keep(draft);
    go(`draft/${draft.number}`);
  };
  return (
    <section class="panel" data-guide="orders">
      <div class="panel-head">
        <h2>Purchase orders</h2>
        {retailer ? (
          <button type="button" data-guide="new-order" onClick={start}>
            New order
          </button>
        ) : null}
      </div>
      {retailer ? <DraftList {...seen} /> : null}
      <DataTable<Order>
        caption="Purchase orders"
        rows={seen.shared.orders}
        keyOf={(order) => order.address}
        columns={[
          { head: "Order", cell: (order) => <a href={`#order/${order.address}`}>{numberName(order.number)}</a> },
          { head: "Status", cell: (order) => <StatusBadge status={order.status} /> },
          { head: "Buyer", cell: (order) => seen.world.nameOf(order.buyer) },
          { head: "Total", numeric: true, cell: (order) => money(totalOf(order.lines)) },
          { head: "Contract", cell: (order) => <ContractAddress address={order.address} /> },
        ]}
        empty={
          <EmptyState title="No purchase orders">
            {retailer
              ? "What you order is listed here."
              : "Orders appear here as soon as a retailer assigns them to you."}
          </EmptyState>
        }
      />
    </section>
  );
}

export function ContractAddress(props: { address: string }) {
  return (
    <span class="hash" data-address={props.address}>
      <code title={props.address}>{shortHex(props.address)}</code>
      <CopyButton text={props.address} what="address of the contract" />
    </span>
  );
}

function DraftList(seen: Seen) {
  const [drafts, setDrafts] = useState(() => seen.desk.drafts.all());
  const action = useAction();
  if (drafts.length === 0) {
    return null;
  }
  const discard = (draft: Draft): void => {
    seen.desk.drafts.remove(draft.number);
    setDrafts(seen.desk.drafts.all());
  };
  const create = async (draft: Draft): Promise<void> => {
    await seen.desk.ledger.create(draft);
    discard(draft);
    seen.refresh();
  };
  return (
    <div class="stack">
      <DataTable<Draft>
        caption="Drafts, kept in this tab"
        rows={drafts}
        keyOf={(draft) => draft.number}
        columns={[
          { head: "Draft", cell: (draft) => <a href={`#draft/${draft.number}`}>{numberName(draft.number)}</a> },
          { head: "Status", cell: () => <StatusBadge status="Drafted" /> },
          { head: "Products", numeric: true, cell: (draft) => draft.lines.length },
          { head: "Total", numeric: true, cell: (draft) => money(totalOf(draft.lines)) },
          {
            head: "Next",
            cell: (draft) => (
              <span class="row">
                {draft.saved ? (
                  <ActionButton action={action} guide="create-order" work={() => create(draft)}>
                    {action.busy ? "Creating…" : "Create order"}
                  </ActionButton>
                ) : (
                  <span>not saved</span>
                )}
                <button type="button" class="quiet" onClick={() => discard(draft)}>
                  Discard
                </button>
              </span>
            ),
          },
        ]}
      />
      <Failure action={action} />
    </div>
  );
}
