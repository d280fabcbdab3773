import { AbiCoder, zeroPadValue, ZeroAddress } from "ethers";
import { RpcError, type Json, type Rpc } from "../kit";
import type { Account, Receipt } from "./account";
import { ADMINISTRATOR, CATALOGUE, DIRECTORY, INVENTORY, ORDER, statusOf, type Status } from "./contracts";
import { reasonOf, revertData } from "./refusal";

export interface Member {
  name: string;
  retailer: boolean;
  account: string;
  /** undefined for suppliers */
  approver: string | undefined;
}

export interface Product {
  upc: string;
  name: string;
  cents: number;
}

/** What everybody in the network reads, and nobody changes. */
export interface World {
  catalogue: string;
  members: Member[];
  products: Product[];
  nameOf: (address: string) => string;
}

export interface Line {
  upc: string;
  quantity: number;
  cents: number;
}

export interface Order {
  address: string;
  number: string;
  buyer: string;
  approver: string;
  fulfiller: string | undefined;
  status: Status;
  lines: Line[];
}

export interface Inventory {
  address: string;
  supplier: string;
  items: { upc: string; quantity: number }[];
}

/** What the account may see at the height. */
export interface Shared {
  height: number;
  orders: Order[];
  inventories: Inventory[];
}

export interface Log {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  transactionHash: string;
}

/** Blocks that one search for events may go through, as nodes have it by default. */
const BLOCKS_MAX = 10_000;
const ROLES_CHANGED = ORDER.abi.getEvent("RolesChanged")?.topicHash ?? "";

/** The ledger as one account sees it, through the node that served this page. */
export class Ledger {
  private readonly kinds = new Map<string, "order" | "inventory" | "other">();
  private scanned = -1;
  private known: World | undefined;

  constructor(
    readonly account: Account,
    private readonly directory: string,
  ) {}

  /** Parties and products. */
  async world(): Promise<World> {
    this.known ??= await this.account.ask((rpc) => this.readWorld(rpc));
    return this.known;
  }

  private async readWorld(rpc: Rpc): Promise<World> {
    const [[members], [catalogue]] = await Promise.all([
      readFunction(rpc, this.directory, DIRECTORY.abi, "parties"),
      readFunction(rpc, this.directory, DIRECTORY.abi, "catalogue"),
    ]);
    const [products] = await readFunction(rpc, catalogue as string, CATALOGUE.abi, "products");
    const list = (members as [string, bigint, string, string][]).map(([name, kind, account, approver]) => ({
      name,
      retailer: kind === 0n,
      account,
      approver: approver === ZeroAddress ? undefined : approver,
    }));
    return {
      catalogue: catalogue as string,
      members: list,
      products: (products as [string, string, bigint][]).map(([upc, name, cents]) => ({
        upc,
        name,
        cents: Number(cents),
      })),
      nameOf: (address) => nameIn(list, address),
    };
  }

  /**
   * All orders and inventories that the account may see now. They are found by the events that gave it a role, which
   * the node shows to readers alone; and what is no exact copy of the sample's code is left out, whatever it says.
   */
  async shared(): Promise<Shared> {
    return this.account.ask(async (rpc) => {
      const height = Number(await rpc.read<string>("eth_blockNumber"));
      const topics = [ROLES_CHANGED, zeroPadValue(this.account.address, 32)];
      for (const log of await logs(rpc, { topics }, this.scanned + 1, height)) {
        if (!this.kinds.has(log.address)) {
          const code = await rpc.read<string>("eth_getCode", [log.address, "latest"]);
          if (code !== "0x") {
            this.kinds.set(log.address, kindOf(code));
          }
        }
      }
      this.scanned = height;
      const of = (kind: string): string[] =>
        [...this.kinds].filter(([, known]) => known === kind).map(([address]) => address);
      const [orders, inventories] = await Promise.all([
        readOrders(rpc, of("order")),
        readInventories(rpc, of("inventory")),
      ]);
      return { height, orders: orders.reverse(), inventories };
    });
  }

  /** The roles of addresses in a contract of the sample, 0 for none. */
  async roles(contract: string, addresses: string[]): Promise<number[]> {
    const calls = addresses.map((address) => call(contract, ORDER.abi.encodeFunctionData("rolesOf", [address])));
    const answers = await this.account.ask((rpc) => rpc.readAll<string>(calls));
    return answers.map((answer) => (typeof answer === "string" && answer !== "0x" ? Number(answer) : 0));
  }

  /** All events of a contract that the account may see. */
  async events(address: string): Promise<Log[]> {
    return this.account.ask(async (rpc) => {
      const height = Number(await rpc.read<string>("eth_blockNumber"));
      return logs(rpc, { address }, 0, height);
    });
  }

  /** A contract's code; "0x" where there is none, or none for this account. */
  async code(address: string): Promise<string> {
    return this.account.ask((rpc) => rpc.read<string>("eth_getCode", [address, "latest"]));
  }

  /** The first words of a contract's storage. */
  async storage(address: string, count: number): Promise<string[]> {
    const calls = Array.from({ length: count }, (_, slot) => ({
      method: "eth_getStorageAt",
      params: [address, `0x${slot.toString(16)}`, "latest"] as Json[],
    }));
    return (await this.account.ask((rpc) => rpc.readAll<string>(calls))).map(String);
  }

  async order(address: string): Promise<Order | undefined> {
    return (await this.account.ask((rpc) => readOrders(rpc, [address])))[0];
  }

  async inventory(address: string): Promise<Inventory | undefined> {
    return (await this.account.ask((rpc) => readInventories(rpc, [address])))[0];
  }

  /**
   * Sends a transaction of an account.
   *
   * @throws Refused with the contract's reason
   */
  async transact(sender: Account, to: string | null, data: string): Promise<Receipt> {
    const { nameOf } = await this.world();
    try {
      return await sender.send(to, data);
    } catch (failure) {
      const revert = revertData(failure);
      throw revert === undefined ? failure : reasonOf(revert, nameOf);
    }
  }

  /** Deploys an order. Returns its address. */
  async create(draft: { number: string; approver: string; lines: Line[] }): Promise<string> {
    const { catalogue } = await this.world();
    const lines = draft.lines.map((line) => [line.upc, line.quantity, line.cents]);
    const data = ORDER.creation + ORDER.abi.encodeDeploy([catalogue, draft.number, draft.approver, lines]).slice(2);
    const receipt = await this.transact(this.account, null, data);
    return receipt.contractAddress ?? "";
  }
}

/** An order's owner lets others in; nobody else's attempt is sent. */
export function mayAssign(roles: number): boolean {
  return (roles & ADMINISTRATOR) !== 0;
}

function nameIn(members: Member[], address: string): string {
  for (const member of members) {
    if (member.account.toLowerCase() === address.toLowerCase()) {
      return member.name;
    }
    if (member.approver?.toLowerCase() === address.toLowerCase()) {
      return `admin of ${member.name}`;
    }
  }
  return `${address.slice(0, 8)}…${address.slice(-4)}`;
}

function kindOf(code: string): "order" | "inventory" | "other" {
  if (code === ORDER.runtime) {
    return "order";
  }
  return code === INVENTORY.runtime ? "inventory" : "other";
}

function call(to: string, data: string): { method: string; params: Json[] } {
  return { method: "eth_call", params: [{ to, data }, "latest"] };
}

async function readFunction(rpc: Rpc, to: string, abi: typeof ORDER.abi, name: string): Promise<unknown[]> {
  const { method, params } = call(to, abi.encodeFunctionData(name));
  const answer = await rpc.read<string>(method, params);
  if (answer === "0x") {
    throw new RpcError(0, "The directory of the supply chain is not on this network. Was the network made anew?");
  }
  return abi.decodeFunctionResult(name, answer).toArray();
}

/** Those of the orders that are there for the account. */
async function readOrders(rpc: Rpc, addresses: string[]): Promise<Order[]> {
  const answers = await rpc.readAll<string>(
    addresses.map((address) => call(address, ORDER.abi.encodeFunctionData("order"))),
  );
  return addresses.flatMap((address, index) => {
    const answer = answers[index];
    return typeof answer === "string" && answer !== "0x" ? [orderOf(address, answer)] : [];
  });
}

function orderOf(address: string, answer: string): Order {
  const [buyer, approver, fulfiller, number, status, lines] = ORDER.abi.decodeFunctionResult("order", answer);
  return {
    address,
    buyer: buyer as string,
    approver: approver as string,
    fulfiller: fulfiller === ZeroAddress ? undefined : (fulfiller as string),
    number: number as string,
    status: statusOf(status as bigint),
    lines: (lines as [string, bigint, bigint][]).map(([upc, quantity, cents]) => ({
      upc,
      quantity: Number(quantity),
      cents: Number(cents),
    })),
  };
}

/** Those of the inventories that are there for the account. */
async function readInventories(rpc: Rpc, addresses: string[]): Promise<Inventory[]> {
  const calls = addresses.flatMap((address) => [
    call(address, INVENTORY.abi.encodeFunctionData("supplier")),
    call(address, INVENTORY.abi.encodeFunctionData("items")),
  ]);
  const answers = await rpc.readAll<string>(calls);
  return addresses.flatMap((address, index) => {
    const [supplier, items] = [answers[2 * index], answers[2 * index + 1]];
    if (typeof supplier !== "string" || typeof items !== "string" || supplier === "0x" || items === "0x") {
      return [];
    }
    const [list] = INVENTORY.abi.decodeFunctionResult("items", items);
    const [owner] = AbiCoder.defaultAbiCoder().decode(["address"], supplier);
    return [
      {
        address,
        supplier: owner as string,
        items: (list as [string, bigint][]).map(([upc, quantity]) => ({ upc, quantity: Number(quantity) })),
      },
    ];
  });
}

/** Events that the account may see, oldest first. */
async function logs(rpc: Rpc, filter: { [name: string]: Json }, from: number, to: number): Promise<Log[]> {
  const found: Log[] = [];
  for (let start = from; start <= to; start += BLOCKS_MAX) {
    const range = { fromBlock: hex(start), toBlock: hex(Math.min(to, start + BLOCKS_MAX - 1)) };
    found.push(...(await rpc.read<Log[]>("eth_getLogs", [{ ...filter, ...range }])));
  }
  return found;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
