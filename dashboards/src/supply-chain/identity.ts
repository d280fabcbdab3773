/** The parties, as URLs and stored keys name them, in the order in which they are shown. */
export const PARTIES = [
  { id: "northwind", name: "Northwind", role: "Retailer 1" },
  { id: "tray-research", name: "Tray Research", role: "Retailer 2" },
  { id: "contoso", name: "Contoso", role: "Supplier 1" },
  { id: "fabrikam", name: "Fabrikam", role: "Supplier 2" },
] as const;

export type Party = (typeof PARTIES)[number];
export type PartyId = Party["id"];

/** What a party acts with. Private keys are 64 hexadecimal digits. */
export interface Identity {
  /** Address of the contract that names parties and catalogue. */
  directory: string;
  account: string;
  /** Approves what a retailer orders. */
  approver?: string;
}

const STORE = "coco.supply-chain.";
const KEY = /^[0-9a-f]{64}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;

/** Where something of one party is kept: the frames of the guide share a tab, so names hold the party. */
export function storeName(party: PartyId, what: string): string {
  return `${STORE}${party}.${what}`;
}

export function partyOf(id: string | null): Party | undefined {
  return PARTIES.find((party) => party.id === id);
}

/**
 * Moves the keys that the fragment of the address holds into this tab's storage, and takes them out of the address bar
 * and the history. Another fragment is left alone: it says which view is shown.
 */
export function takeFromAddress(): void {
  const given = new URLSearchParams(location.hash.slice(1));
  const directory = given.get("directory");
  if (directory === null) {
    return;
  }
  history.replaceState(null, "", location.pathname + location.search);
  for (const party of PARTIES) {
    const [account, approver] = (given.get(party.id) ?? "").split(".");
    if (ADDRESS.test(directory) && KEY.test(account ?? "") && (approver === undefined || KEY.test(approver))) {
      keep(party.id, { directory, account: account ?? "", ...(approver === undefined ? {} : { approver }) });
    }
  }
}

/** Keys of another network come with all that belongs to them: what was kept of an older one is of no use. */
function keep(party: PartyId, identity: Identity): void {
  if (identityOf(party)?.account !== identity.account) {
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith(storeName(party, "")))
      .forEach((name) => sessionStorage.removeItem(name));
  }
  sessionStorage.setItem(storeName(party, "keys"), JSON.stringify(identity));
}

/** The keys of a party, if this tab has them. */
export function identityOf(party: PartyId): Identity | undefined {
  const kept = sessionStorage.getItem(storeName(party, "keys"));
  return kept === null ? undefined : (JSON.parse(kept) as Identity);
}
