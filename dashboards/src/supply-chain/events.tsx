import { count, DataTable, EmptyState, Loading, quantity, ShortHash } from "../kit";
import { INVENTORY, ORDER, roleNames } from "./contracts";
import type { Log } from "./ledger";

/** Events of a contract, as far as the party may see them. */
export function EventTable(props: { logs: Log[] | undefined; nameOf: (address: string) => string }) {
  if (props.logs === undefined) {
    return <Loading what="events" />;
  }
  return (
    <DataTable<Log & { index: number }>
      caption="Events"
      rows={props.logs.map((log, index) => ({ ...log, index }))}
      keyOf={(log) => String(log.index)}
      columns={[
        { head: "Block", cell: (log) => count(quantity(log.blockNumber)) },
        { head: "Event", cell: (log) => describe(log, props.nameOf) },
        { head: "Transaction", cell: (log) => <ShortHash hex={log.transactionHash} what="hash of the transaction" /> },
      ]}
      empty={<EmptyState title="No events" />}
    />
  );
}

function describe(log: Log, nameOf: (address: string) => string): string {
  const event = ORDER.abi.parseLog(log) ?? INVENTORY.abi.parseLog(log);
  if (event === null) {
    return log.topics[0] ?? "without a name";
  }
  const first = String(event.args[0]);
  switch (event.name) {
    case "Created":
      return `created by ${nameOf(first)}`;
    case "Assigned":
      return `assigned to ${nameOf(first)}`;
    case "Approved":
      return `approved by ${nameOf(first)}`;
    case "Fulfilled":
      return `fulfilled by ${nameOf(first)}`;
    case "Opened":
      return `opened by ${nameOf(first)}`;
    case "RolesChanged":
      return `roles of ${nameOf(first)}: ${roleNames(Number(event.args[1]))}`;
    case "Counted":
      return `${first}: ${String(event.args[1])} in stock`;
    default:
      return event.name;
  }
}
