import { PARTIES, type PartyId } from "../identity";
import type { Hands } from "./hands";

export interface Step {
  id: string;
  title: string;
  /** What is done, and by whom. */
  text: string;
  /** What is to be seen in which window afterwards. */
  look: Partial<Record<PartyId, string>>;
  perform: (hands: Hands) => Promise<void>;
}

const BUYER = "tray-research";

async function searchAll(hands: Hands, finders: PartyId[], others: PartyId[]): Promise<void> {
  const order = await hands.order();
  for (const party of [...finders, ...others]) {
    await hands.search(party, order);
  }
  for (const party of finders) {
    await hands.see(party, "search-result", "Purchase order");
  }
  for (const party of others) {
    await hands.see(party, "search-result", "No results found");
  }
}

async function switchModel(hands: Hands, model: string, name: string): Promise<void> {
  hands.show(BUYER, `order/${await hands.order()}`);
  await hands.tick(BUYER, `model-${model}`);
  await hands.press(BUYER, "model-apply");
  await hands.see(BUYER, "model-now", name);
}

async function addProduct(hands: Hands, nth: number, quantity: string): Promise<void> {
  await hands.choose(BUYER, "upc", nth);
  await hands.type(BUYER, "quantity", quantity);
  await hands.press(BUYER, "add-product");
}

/** The steps of the talk, in its order, and what it says can be varied. */
export const STEPS: Step[] = [
  {
    id: "DA0",
    title: "Four parties, one network",
    text:
      "Two retailers and two suppliers share a ledger. Each window is signed in as its own party, and shows what the " +
      "network lets that party see. No supplier sees another's orders or inventory, and no retailer another's orders.",
    look: Object.fromEntries(PARTIES.map((party) => [party.id, party.role])),
    perform: async (hands) => {
      for (const party of PARTIES) {
        hands.show(party.id, "orders");
        await hands.see(party.id, "orders", "Purchase orders");
      }
    },
  },
  {
    id: "DA1",
    title: "Tray Research starts an order",
    text: "In Purchase orders, press New order. What can be known in advance is filled in.",
    look: { [BUYER]: "the form of a new order" },
    perform: async (hands) => {
      hands.show(BUYER, "orders");
      await hands.press(BUYER, "new-order");
      await hands.see(BUYER, "approver", "admin");
    },
  },
  {
    id: "DA2",
    title: "It chooses the approver",
    text: "Choose admin: a second account of Tray Research, which alone can approve the order.",
    look: { [BUYER]: "Approver: admin" },
    perform: (hands) => hands.choose(BUYER, "approver", "admin"),
  },
  {
    id: "DA3",
    title: "It adds products",
    text: "Pick the second UPC of the system's list, a number of items and a subtotal; then another product.",
    look: { [BUYER]: "two lines and the total" },
    perform: async (hands) => {
      await addProduct(hands, 1, "40");
      await addProduct(hands, 2, "12");
    },
  },
  {
    id: "DA4",
    title: "It saves the order, and creates it",
    text: "Save keeps a draft in this tab. Create deploys a contract of its own for the order, by a transaction.",
    look: { [BUYER]: "the order, created, with its contract" },
    perform: async (hands) => {
      await hands.press(BUYER, "save-order");
      await hands.press(BUYER, "create-order");
      await hands.see(BUYER, "orders", "Created");
    },
  },
  {
    id: "DA5",
    title: "It copies the order's address",
    text: "The address of the contract is the order's identifier. Copy it from the list.",
    look: { [BUYER]: "copy, beside the address" },
    perform: async (hands) => {
      hands.memory.order = await hands.newestOrder(BUYER);
    },
  },
  {
    id: "DA6",
    title: "The other retailer searches for it",
    text: "In Northwind's Blockchain view, search the smart contracts for the address.",
    look: { northwind: "No results found" },
    perform: (hands) => searchAll(hands, [], ["northwind"]),
  },
  {
    id: "DA7",
    title: "Tray Research searches for it",
    text: "The same search, by the buyer: code, state, transactions and events.",
    look: { [BUYER]: "the contract" },
    perform: (hands) => searchAll(hands, [BUYER], []),
  },
  {
    id: "DA8",
    title: "The suppliers search for it",
    text: "Neither was assigned to the order. What is hidden and what does not exist look alike, to the byte.",
    look: { contoso: "No results found", fabrikam: "No results found" },
    perform: (hands) => searchAll(hands, [], ["contoso", "fabrikam"]),
  },
  {
    id: "DA9",
    title: "Tray Research assigns Contoso",
    text: "Open the order, pick a supplier and assign it a role. The contract is changed by a transaction.",
    look: { [BUYER]: "Contoso in the list of roles" },
    perform: async (hands) => {
      hands.show(BUYER, `order/${await hands.order()}`);
      await hands.choose(BUYER, "assign-party", "Contoso");
      await hands.press(BUYER, "assign");
      await hands.see(BUYER, "order", "assigned to Contoso");
    },
  },
  {
    id: "DA10",
    title: "Everybody searches again",
    text: "Contoso finds the order now, with its whole history. For Fabrikam and Northwind there is still nothing.",
    look: { northwind: "No results found", contoso: "the contract", fabrikam: "No results found" },
    perform: (hands) => searchAll(hands, ["contoso"], ["northwind", "fabrikam"]),
  },
  {
    id: "Approval",
    title: "Tray Research approves, Contoso fulfils",
    text: "The approver's own account signs the approval. Then the assigned supplier can fulfil the order.",
    look: { [BUYER]: "Fulfilled", contoso: "Fulfilled" },
    perform: async (hands) => {
      const order = await hands.order();
      hands.show(BUYER, `order/${order}`);
      hands.show("contoso", `order/${order}`);
      await hands.press(BUYER, "approve");
      await hands.see(BUYER, "order", "approved by");
      await hands.see("contoso", "order", "Approved");
      await hands.press("contoso", "fulfil");
      await hands.see("contoso", "order", "fulfilled by Contoso");
    },
  },
  {
    id: "Both suppliers",
    title: "Another model: the other supplier is let in",
    text: "Who sees an order is the order's own affair. Its buyer switches the model, and both suppliers find it.",
    look: { northwind: "No results found", contoso: "the contract", fabrikam: "the contract" },
    perform: async (hands) => {
      await switchModel(hands, "both-suppliers", "both suppliers");
      await searchAll(hands, ["contoso", "fabrikam"], ["northwind"]);
    },
  },
  {
    id: "Both retailers",
    title: "Another model: retailers among themselves",
    text: "The other retailer may read the order; the suppliers are out again and find nothing any more.",
    look: { northwind: "the contract", contoso: "No results found", fabrikam: "No results found" },
    perform: async (hands) => {
      await switchModel(hands, "both-retailers", "both retailers");
      await searchAll(hands, ["northwind"], ["contoso", "fabrikam"]);
    },
  },
  {
    id: "Inventories",
    title: "Contoso shows its inventory to Tray Research",
    text: "A supplier's inventory is a contract, too. Its owner decides which retailers see it.",
    look: {
      northwind: "no inventory",
      [BUYER]: "Contoso's inventory",
      contoso: "its own alone",
      fabrikam: "its own alone",
    },
    perform: async (hands) => {
      PARTIES.forEach((party) => hands.show(party.id, "inventory"));
      await hands.see("contoso", "share-Tray Research", "Show");
      await hands.press("contoso", "share-Tray Research");
      await hands.see(BUYER, "inventories", "Contoso");
    },
  },
];
