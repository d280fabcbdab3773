import { storeName, type PartyId } from "./identity";

/** A line as it is typed. */
export interface DraftLine {
  upc: string;
  quantity: string;
  subtotal: string;
}

/** An order that is not on the ledger yet. It is kept in this tab alone. */
export interface Draft {
  /** 16 random bytes in hexadecimal: the order's number. */
  number: string;
  approver: string;
  lines: { upc: string; quantity: number; cents: number }[];
  /** The line that is being typed. */
  typing: DraftLine;
  /** Whether it was saved; else it is still in the form. */
  saved: boolean;
}

export function randomNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The number as people say it. */
export function numberName(number: string): string {
  return `PO-${number.slice(2, 10).toUpperCase()}`;
}

/** The drafts of a party, newest first. */
export class Drafts {
  private readonly store: string;

  constructor(party: PartyId) {
    this.store = storeName(party, "drafts");
  }

  all(): Draft[] {
    return JSON.parse(sessionStorage.getItem(this.store) ?? "[]") as Draft[];
  }

  find(number: string): Draft | undefined {
    return this.all().find((draft) => draft.number === number);
  }

  keep(draft: Draft): void {
    const others = this.all().filter((other) => other.number !== draft.number);
    sessionStorage.setItem(this.store, JSON.stringify([draft, ...others]));
  }

  remove(number: string): void {
    const others = this.all().filter((other) => other.number !== number);
    sessionStorage.setItem(this.store, JSON.stringify(others));
  }
}
