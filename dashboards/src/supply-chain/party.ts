import { Account } from "./account";
import type { Identity, Party } from "./identity";
import { Drafts } from "./drafts";
import { Ledger, type Member, type World } from "./ledger";

/** All that a party's page works with. */
export interface Desk {
  party: Party;
  account: Account;
  /** A retailer's second account, which approves. */
  approver: Account | undefined;
  ledger: Ledger;
  drafts: Drafts;
}

export function deskOf(party: Party, identity: Identity): Desk {
  const account = new Account(party.id, identity.account);
  return {
    party,
    account,
    approver: identity.approver === undefined ? undefined : new Account(party.id, identity.approver),
    ledger: new Ledger(account, identity.directory),
    drafts: new Drafts(party.id),
  };
}

export function memberOf(desk: Desk, world: World): Member | undefined {
  return world.members.find((member) => member.account === desk.account.address);
}

export function isRetailer(desk: Desk): boolean {
  return desk.approver !== undefined;
}
