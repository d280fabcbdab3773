import { useState } from "preact/hooks";
import { DataTable, EmptyState, SelectField, TextField, usePoll } from "../kit";
import { ActionButton, Failure, useAction } from "./action";
import { INVENTORY, READER } from "./contracts";
import { productName } from "./draft";
import type { Inventory } from "./ledger";
import { ContractAddress, type Seen } from "./orders";
import { isRetailer } from "./party";
import { quantityOf } from "./values";

/** The party's own inventory, or those that suppliers share with it. */
export function InventoryView(seen: Seen) {
  const { desk, world } = seen;
  const retailer = isRetailer(desk);
  return (
    <section class="panel" data-guide="inventories">
      <h2>{retailer ? "Inventories shared with me" : "Inventory"}</h2>
      {seen.shared.inventories.length === 0 ? (
        <EmptyState title="No inventories">
          {retailer
            ? "A supplier's inventory appears here when it lets you see it."
            : "Your inventory is not on this network."}
        </EmptyState>
      ) : null}
      {seen.shared.inventories.map((inventory) => (
        <div class="stack" key={inventory.address} data-guide={`inventory-${world.nameOf(inventory.supplier)}`}>
          <div class="panel-head">
            <h3>{world.nameOf(inventory.supplier)}</h3>
            <ContractAddress address={inventory.address} />
          </div>
          <Stock inventory={inventory} world={world} />
          {inventory.supplier === desk.account.address ? (
            <>
              <CountForm {...seen} inventory={inventory} />
              <ReaderForm {...seen} inventory={inventory} />
            </>
          ) : null}
        </div>
      ))}
    </section>
  );
}

export function Stock(props: { inventory: Inventory; world: Seen["world"] }) {
  return (
    <DataTable
      caption="Stock"
      rows={props.inventory.items}
      keyOf={(item) => item.upc}
      columns={[
        { head: "UPC", cell: (item) => <code>{item.upc}</code> },
        { head: "Product", cell: (item) => productName(props.world, item.upc) },
        { head: "Items in stock", numeric: true, cell: (item) => item.quantity.toLocaleString("en-US") },
      ]}
      empty={<EmptyState title="Nothing was counted yet" />}
    />
  );
}

/** Counts a product anew. */
function CountForm(props: Seen & { inventory: Inventory }) {
  const { desk, world, inventory } = props;
  const [upc, setUpc] = useState(world.products[0]?.upc ?? "");
  const [quantity, setQuantity] = useState("0");
  const [error, setError] = useState<string>();
  const action = useAction();
  const count = (event: Event): void => {
    event.preventDefault();
    const checked = quantityOf(quantity, 0);
    setError(checked.error);
    if (checked.value !== undefined) {
      const data = INVENTORY.abi.encodeFunctionData("count", [upc, checked.value]);
      action.run(async () => {
        await desk.ledger.transact(desk.account, inventory.address, data);
        props.refresh();
      });
    }
  };
  return (
    <form class="line-form" noValidate onSubmit={count} aria-label={`Count a product of ${desk.party.name}`}>
      <div data-guide="count-upc">
        <SelectField
          label="UPC"
          value={upc}
          options={world.products.map((product) => ({ value: product.upc, name: `${product.upc} ${product.name}` }))}
          onInput={setUpc}
        />
      </div>
      <div data-guide="count-quantity">
        <TextField label="Items in stock" value={quantity} error={error} inputMode="numeric" onInput={setQuantity} />
      </div>
      <button type="submit" class="secondary" disabled={action.busy} data-guide="count">
        Set
      </button>
      <Failure action={action} />
    </form>
  );
}

/** Which retailers see the inventory. */
function ReaderForm(props: Seen & { inventory: Inventory }) {
  const { desk, world, inventory } = props;
  const retailers = world.members.filter((member) => member.retailer);
  const roles = usePoll(
    () =>
      desk.ledger.roles(
        inventory.address,
        retailers.map((member) => member.account),
      ),
    1_000,
    inventory.address,
  );
  const action = useAction();
  const change = async (account: string, reads: boolean): Promise<void> => {
    const data = INVENTORY.abi.encodeFunctionData(reads ? "revoke" : "grant", [account, READER]);
    await desk.ledger.transact(desk.account, inventory.address, data);
    roles.refresh();
  };
  return (
    <div class="stack">
      <h3>Who sees it</h3>
      <DataTable
        caption="Retailers and whether they see the inventory"
        rows={retailers.map((member, index) => ({ member, reads: ((roles.data?.[index] ?? 0) & READER) !== 0 }))}
        keyOf={({ member }) => member.account}
        columns={[
          { head: "Retailer", cell: ({ member }) => member.name },
          { head: "Sees it", cell: ({ reads }) => (reads ? "yes" : "no") },
          {
            head: "Change",
            cell: ({ member, reads }) => (
              <ActionButton
                action={action}
                quiet
                guide={`share-${member.name}`}
                work={() => change(member.account, reads)}
              >
                {reads ? "Hide" : "Show"}
              </ActionButton>
            ),
          },
        ]}
      />
      <Failure action={action} />
    </div>
  );
}
