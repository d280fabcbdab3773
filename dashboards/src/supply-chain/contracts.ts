import { Interface, type InterfaceAbi } from "ethers";
import compiled from "../../../samples/supply-chain/contracts.json";

/** A contract of the sample as the compiler made it. */
interface Compiled {
  abi: Interface;
  creation: string;
  /** The code that lies on the ledger. The contracts have no immutables, so that it is the same for each. */
  runtime: string;
}

function contract(of: { abi: unknown; creation: string; runtime: string }): Compiled {
  return { abi: new Interface(of.abi as InterfaceAbi), creation: of.creation, runtime: of.runtime };
}

export const ORDER = contract(compiled.PurchaseOrder);
export const INVENTORY = contract(compiled.Inventory);
export const CATALOGUE = contract(compiled.Catalogue);
export const DIRECTORY = contract(compiled.Directory);

/** Contracts that a page can name by their code. */
export const KNOWN = [
  { name: "Purchase order", contract: ORDER },
  { name: "Inventory", contract: INVENTORY },
  { name: "Catalogue of products", contract: CATALOGUE },
  { name: "Directory of parties", contract: DIRECTORY },
] as const;

/** Roles of members, bits as in the contracts. */
export const READER = 1;
export const ADMINISTRATOR = 2;
export const SUPPLIER = 4;
export const APPROVER = 8;

const ROLE_NAMES: [number, string][] = [
  [ADMINISTRATOR, "owner"],
  [APPROVER, "approver"],
  [SUPPLIER, "supplier"],
  [READER, "reader"],
];

/** The names of roles, for people; none: "none". */
export function roleNames(roles: number): string {
  const names = ROLE_NAMES.filter(([bit]) => (roles & bit) !== 0).map(([, name]) => name);
  return names.length === 0 ? "none" : names.join(", ");
}

/** How far an order is. The first never reaches the ledger. */
export const STATUSES = ["Drafted", "Created", "Approved", "Fulfilled"] as const;
export type Status = (typeof STATUSES)[number];

export function statusOf(index: bigint | number): Status {
  return STATUSES[Number(index)] ?? "Created";
}
