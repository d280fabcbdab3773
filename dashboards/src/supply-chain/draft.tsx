import { useState } from "preact/hooks";
import { DataTable, EmptyState, SelectField, TextField } from "../kit";
import { numberName, type Draft, type DraftLine } from "./drafts";
import { memberOf } from "./party";
import { totalOf, type Seen } from "./orders";
import { go } from "./route";
import { amount, centsOf, money, quantityOf } from "./values";

type Errors = Partial<Record<"approver" | "lines" | keyof DraftLine, string>>;

/** The form of an order. Every change is kept in this tab, so that nothing is lost on reload. */
export function DraftView(props: Seen & { number: string }) {
  const { desk, world } = props;
  const [draft, setDraft] = useState(() => desk.drafts.find(props.number));
  const [errors, setErrors] = useState<Errors>({});
  if (draft === undefined) {
    return (
      <EmptyState title="There is no such draft">
        It was created or discarded. <a href="#orders">Purchase orders</a>
      </EmptyState>
    );
  }
  const change = (changed: Partial<Draft>): void => {
    const next = { ...draft, saved: false, ...changed };
    desk.drafts.keep(next);
    setDraft(next);
  };
  const save = (): void => {
    const wrong: Errors = {};
    if (draft.approver === "") {
      wrong.approver = "Choose who approves the order.";
    }
    if (draft.lines.length === 0) {
      wrong.lines = "Add at least one product.";
    }
    setErrors(wrong);
    if (Object.keys(wrong).length === 0) {
      change({ saved: true });
      go("orders");
    }
  };
  const approver = memberOf(desk, world)?.approver;
  return (
    <section class="panel">
      <h2>{`New order ${numberName(draft.number)}`}</h2>
      <dl class="facts">
        <dt>Buyer</dt>
        <dd>{desk.party.name}</dd>
        <dt>Total</dt>
        <dd>{money(totalOf(draft.lines))}</dd>
      </dl>
      <div data-guide="approver">
        <SelectField
          label="Approver"
          value={draft.approver}
          error={errors.approver}
          options={[
            { value: "", name: "choose" },
            ...(approver === undefined ? [] : [{ value: approver, name: "admin" }]),
          ]}
          onInput={(chosen) => change({ approver: chosen })}
        />
      </div>
      <Lines
        draft={draft}
        world={props.world}
        onRemove={(index) => change({ lines: draft.lines.toSpliced(index, 1) })}
      />
      <LineForm
        party={desk.party.name}
        draft={draft}
        world={props.world}
        errors={errors}
        setErrors={setErrors}
        change={change}
      />
      {errors.lines === undefined ? null : (
        <p class="field-error" role="alert">
          {errors.lines}
        </p>
      )}
      <div class="row">
        <button type="button" data-guide="save-order" onClick={save}>
          Save purchase order
        </button>
        <a href="#orders">Back to the list</a>
      </div>
    </section>
  );
}

function Lines(props: { draft: Draft; world: Seen["world"]; onRemove: (index: number) => void }) {
  const rows = props.draft.lines.map((line, index) => ({ ...line, index }));
  return (
    <DataTable
      caption="Products of the order"
      rows={rows}
      keyOf={(line) => String(line.index)}
      columns={[
        { head: "UPC", cell: (line) => <code>{line.upc}</code> },
        { head: "Product", cell: (line) => productName(props.world, line.upc) },
        { head: "Quantity", numeric: true, cell: (line) => line.quantity.toLocaleString("en-US") },
        { head: "Subtotal", numeric: true, cell: (line) => money(line.cents) },
        {
          head: "Change",
          cell: (line) => (
            <button
              type="button"
              class="quiet"
              aria-label={`Remove ${line.upc}`}
              onClick={() => props.onRemove(line.index)}
            >
              Remove
            </button>
          ),
        },
      ]}
      empty={<EmptyState title="No products yet" />}
    />
  );
}

export function productName(world: Seen["world"], upc: string): string {
  return world.products.find((product) => product.upc === upc)?.name ?? "unknown product";
}

/** One more product. The subtotal follows price and quantity until it is typed over. */
function LineForm(props: {
  draft: Draft;
  party: string;
  world: Seen["world"];
  errors: Errors;
  setErrors: (errors: Errors) => void;
  change: (changed: Partial<Draft>) => void;
}) {
  const { typing } = props.draft;
  const type = (changed: Partial<DraftLine>): void => {
    const next = { ...typing, ...changed };
    const price = props.world.products.find((product) => product.upc === next.upc)?.cents ?? 0;
    const quantity = quantityOf(next.quantity);
    if (changed.subtotal === undefined && quantity.value !== undefined) {
      next.subtotal = amount(price * quantity.value);
    }
    props.change({ typing: next });
  };
  const add = (event: Event): void => {
    event.preventDefault();
    const [quantity, cents] = [quantityOf(typing.quantity), centsOf(typing.subtotal)];
    const wrong: Errors = {
      ...(quantity.error === undefined ? {} : { quantity: quantity.error }),
      ...(cents.error === undefined ? {} : { subtotal: cents.error }),
    };
    props.setErrors(wrong);
    if (quantity.value !== undefined && cents.value !== undefined) {
      props.change({
        lines: [...props.draft.lines, { upc: typing.upc, quantity: quantity.value, cents: cents.value }],
      });
    }
  };
  return (
    <form class="line-form" onSubmit={add} noValidate aria-label={`Add a product, ${props.party}`}>
      <div data-guide="upc">
        <SelectField
          label="UPC"
          value={typing.upc}
          options={props.world.products.map((product) => ({
            value: product.upc,
            name: `${product.upc} ${product.name}`,
          }))}
          onInput={(upc) => type({ upc })}
        />
      </div>
      <div data-guide="quantity">
        <TextField
          label="Number of items"
          value={typing.quantity}
          error={props.errors.quantity}
          inputMode="numeric"
          onInput={(quantity) => type({ quantity })}
        />
      </div>
      <div data-guide="subtotal">
        <TextField
          label="Subtotal, $"
          value={typing.subtotal}
          error={props.errors.subtotal}
          inputMode="decimal"
          onInput={(subtotal) => type({ subtotal })}
        />
      </div>
      <button type="submit" class="secondary" data-guide="add-product">
        Add product
      </button>
    </form>
  );
}
