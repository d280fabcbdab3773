import { useState } from "preact/hooks";
import { SelectField } from "../kit";
import { Failure, useAction } from "./action";
import { ORDER, READER, SUPPLIER } from "./contracts";
import type { Order } from "./ledger";
import type { Access } from "./order";
import type { Seen } from "./orders";

/** Who beside buyer and approver sees an order: the models of the talk. */
const MODELS = [
  { id: "nobody", name: "Nobody else" },
  { id: "one-supplier", name: "One supplier" },
  { id: "both-suppliers", name: "Both suppliers" },
  { id: "both-retailers", name: "Both retailers" },
] as const;

type ModelId = (typeof MODELS)[number]["id"];

/** The role that a model gives to a party; 0 for none. */
function roleIn(model: ModelId, access: Access, chosen: string): number {
  switch (model) {
    case "one-supplier":
      return access.member.account === chosen ? SUPPLIER : 0;
    case "both-suppliers":
      return access.member.retailer ? 0 : SUPPLIER;
    case "both-retailers":
      return access.member.retailer ? READER : 0;
    default:
      return 0;
  }
}

/** Which model an order has now; undefined for a mixture. */
function modelOf(others: Access[]): ModelId | undefined {
  const suppliers = others.filter(({ member }) => !member.retailer);
  return MODELS.map(({ id }) => id).find((id) =>
    suppliers.some((supplier) => others.every((one) => one.roles === roleIn(id, one, supplier.member.account))),
  );
}

/** What has to be sent to get from the roles there are to those of a model: first those that take away. */
function changes(others: Access[], model: ModelId, chosen: string): string[] {
  const wanted = others.map((access) => ({ ...access, role: roleIn(model, access, chosen) }));
  const gone = wanted.filter(({ roles, role }) => (roles & ~role) !== 0);
  const come = wanted.filter(({ roles, role }) => (role & ~roles) !== 0);
  return [
    ...gone.map(({ member, roles, role }) => ORDER.abi.encodeFunctionData("revoke", [member.account, roles & ~role])),
    ...come.map(({ member, role }) =>
      role === SUPPLIER
        ? ORDER.abi.encodeFunctionData("assign", [member.account])
        : ORDER.abi.encodeFunctionData("grant", [member.account, role]),
    ),
  ];
}

/** Switches the confidentiality model of an order. */
export function SharingForm(props: Seen & { order: Order; access: Access[]; onDone: () => void }) {
  const { desk, order } = props;
  const others = props.access.filter(({ member }) => member.account !== order.buyer);
  const suppliers = others.filter(({ member }) => !member.retailer);
  const [model, setModel] = useState<ModelId>("one-supplier");
  const [chosen, setChosen] = useState(suppliers[0]?.member.account ?? "");
  const action = useAction();
  const now = modelOf(others);
  const apply = async (): Promise<void> => {
    for (const data of changes(others, model, chosen)) {
      await desk.ledger.transact(desk.account, order.address, data);
    }
    props.onDone();
  };
  return (
    <form
      class="stack"
      aria-label={`Confidentiality model, ${desk.party.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        action.run(apply);
      }}
    >
      <h3>Confidentiality model</h3>
      <p data-guide="model-now">
        Beside buyer and approver, the order is seen by:{" "}
        <strong>{MODELS.find(({ id }) => id === now)?.name.toLowerCase() ?? "a mixture"}</strong>
      </p>
      <fieldset class="models">
        <legend class="wa-visually-hidden">Who else sees the order</legend>
        {MODELS.map(({ id, name }) => (
          <label key={id}>
            <input
              type="radio"
              name="model"
              value={id}
              checked={model === id}
              data-guide={`model-${id}`}
              onInput={() => setModel(id)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      {model === "one-supplier" ? (
        <SelectField
          label="Supplier"
          value={chosen}
          options={suppliers.map(({ member }) => ({ value: member.account, name: member.name }))}
          onInput={setChosen}
        />
      ) : null}
      <div class="row">
        <button type="submit" class="secondary" disabled={action.busy} data-guide="model-apply">
          {action.busy ? "Switching…" : "Switch model"}
        </button>
      </div>
      <Failure action={action} />
    </form>
  );
}
