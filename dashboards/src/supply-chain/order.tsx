import { useState } from "preact/hooks";
import { DataTable, EmptyState, SelectField, usePoll } from "../kit";
import { ActionButton, Failure, useAction, type Action } from "./action";
import { ORDER, READER, roleNames, SUPPLIER } from "./contracts";
import { productName } from "./draft";
import { numberName } from "./drafts";
import { EventTable } from "./events";
import { mayAssign, type Member, type Order } from "./ledger";
import { ContractAddress, StatusBadge, totalOf, type Seen } from "./orders";
import { SharingForm } from "./sharing";
import { money } from "./values";

/** A party with the roles that it has in an order. */
export interface Access {
  member: Member;
  roles: number;
}

/** One order that the party sees. */
export function OrderView(props: Seen & { address: string }) {
  const { desk, world } = props;
  const order = props.shared.orders.find((one) => one.address === props.address);
  const roles = usePoll(
    () =>
      desk.ledger.roles(
        props.address,
        world.members.map((member) => member.account),
      ),
    1_000,
    props.address,
  );
  const events = usePoll(() => desk.ledger.events(props.address), 2_000, props.address);
  const action = useAction();
  if (order === undefined) {
    return (
      <EmptyState title="There is no such order">
        None that {desk.party.name} can see is at this address. <a href="#orders">Purchase orders</a>
      </EmptyState>
    );
  }
  const access = world.members.map((member, index) => ({ member, roles: roles.data?.[index] ?? 0 }));
  const own = access.find(({ member }) => member.account === desk.account.address)?.roles ?? 0;
  const refresh = (): void => {
    [roles, events].forEach((poll) => poll.refresh());
    props.refresh();
  };
  return (
    <section class="panel" data-guide="order">
      <div class="panel-head">
        <h2>{`Order ${numberName(order.number)}`}</h2>
        <StatusBadge status={order.status} />
      </div>
      <OrderFacts order={order} world={world} address />
      <Steps {...props} order={order} own={own} action={action} onDone={refresh} />
      <Failure action={action} />
      {mayAssign(own) ? (
        <>
          <AssignForm {...props} order={order} access={access} onDone={refresh} />
          <SharingForm {...props} order={order} access={access} onDone={refresh} />
        </>
      ) : null}
      <h3>What happened</h3>
      <EventTable logs={events.data} nameOf={world.nameOf} />
    </section>
  );
}

/** @param address whether the contract's address is among them */
export function OrderFacts(props: { order: Order; world: Seen["world"]; address: boolean }) {
  const { order, world } = props;
  return (
    <>
      <dl class="facts">
        {props.address ? (
          <>
            <dt>Contract</dt>
            <dd>
              <ContractAddress address={order.address} />
            </dd>
          </>
        ) : null}
        <dt>Buyer</dt>
        <dd>{world.nameOf(order.buyer)}</dd>
        <dt>Approver</dt>
        <dd>{world.nameOf(order.approver)}</dd>
        <dt>Fulfilled by</dt>
        <dd>{order.fulfiller === undefined ? "nobody yet" : world.nameOf(order.fulfiller)}</dd>
        <dt>Total</dt>
        <dd>{money(totalOf(order.lines))}</dd>
      </dl>
      <DataTable
        caption="Products of the order"
        rows={order.lines.map((line, index) => ({ ...line, index }))}
        keyOf={(line) => String(line.index)}
        columns={[
          { head: "UPC", cell: (line) => <code>{line.upc}</code> },
          { head: "Product", cell: (line) => productName(world, line.upc) },
          { head: "Quantity", numeric: true, cell: (line) => line.quantity.toLocaleString("en-US") },
          { head: "Subtotal", numeric: true, cell: (line) => money(line.cents) },
        ]}
      />
    </>
  );
}

/** What the party itself does next. */
function Steps(props: Seen & { order: Order; own: number; action: Action; onDone: () => void }) {
  const { desk, order, action } = props;
  const approver = desk.approver;
  const send = async (sender: typeof desk.account, name: "approve" | "fulfil"): Promise<void> => {
    await desk.ledger.transact(sender, order.address, ORDER.abi.encodeFunctionData(name));
    props.onDone();
  };
  const isSupplier = (props.own & SUPPLIER) !== 0;
  return (
    <div class="row">
      {approver !== undefined && approver.address === order.approver && order.status === "Created" ? (
        <ActionButton action={action} guide="approve" work={() => send(approver, "approve")}>
          Approve as admin
        </ActionButton>
      ) : null}
      {isSupplier && order.status !== "Fulfilled" ? (
        <ActionButton action={action} guide="fulfil" work={() => send(desk.account, "fulfil")}>
          Fulfil order
        </ActionButton>
      ) : null}
    </div>
  );
}

const ASSIGNABLE = [
  { value: String(SUPPLIER), name: "supplier: sees the order and fulfils it" },
  { value: String(READER), name: "reader: sees the order" },
];

/** Who is in, and letting one more in. */
function AssignForm(props: Seen & { order: Order; access: Access[]; onDone: () => void }) {
  const { desk, order } = props;
  const others = props.access.filter(({ member }) => member.account !== order.buyer);
  const [party, setParty] = useState("");
  const [role, setRole] = useState(String(SUPPLIER));
  const [error, setError] = useState<string>();
  const action = useAction();
  const run = async (data: string): Promise<void> => {
    await desk.ledger.transact(desk.account, order.address, data);
    props.onDone();
  };
  const assign = (event: Event): void => {
    event.preventDefault();
    setError(party === "" ? "Choose a party." : undefined);
    if (party !== "") {
      const data =
        role === String(SUPPLIER)
          ? ORDER.abi.encodeFunctionData("assign", [party])
          : ORDER.abi.encodeFunctionData("grant", [party, Number(role)]);
      action.run(() => run(data));
    }
  };
  return (
    <div class="stack">
      <h3>Roles</h3>
      <DataTable<Access>
        caption="Who sees this order, beside its buyer and its approver"
        rows={others.filter(({ roles }) => roles !== 0)}
        keyOf={({ member }) => member.account}
        columns={[
          { head: "Party", cell: ({ member }) => member.name },
          { head: "Role", cell: ({ roles }) => roleNames(roles) },
          {
            head: "Change",
            cell: ({ member, roles }) => (
              <ActionButton
                action={action}
                quiet
                guide="revoke"
                work={() => run(ORDER.abi.encodeFunctionData("revoke", [member.account, roles]))}
              >
                Revoke
              </ActionButton>
            ),
          },
        ]}
        empty={<EmptyState title="Nobody but buyer and approver finds this order" />}
      />
      <form class="line-form" noValidate onSubmit={assign} aria-label={`Assign a role, ${desk.party.name}`}>
        <div data-guide="assign-party">
          <SelectField
            label="Party"
            value={party}
            error={error}
            options={[
              { value: "", name: "choose" },
              ...others.map(({ member }) => ({ value: member.account, name: member.name })),
            ]}
            onInput={setParty}
          />
        </div>
        <div data-guide="assign-role">
          <SelectField label="Role" value={role} options={ASSIGNABLE} onInput={setRole} />
        </div>
        <button type="submit" disabled={action.busy} data-guide="assign">
          Assign role
        </button>
      </form>
      <Failure action={action} />
    </div>
  );
}
