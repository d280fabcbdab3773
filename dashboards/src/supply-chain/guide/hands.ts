import type { PartyId } from "../identity";

/** How long something may take to appear in a window, in milliseconds. */
const APPEAR_MS = 20_000;
const LOOK_AGAIN_MS = 50;

/** What a step remembers for later ones. */
export interface Memory {
  /** Address of the order's contract. */
  order?: string;
}

/**
 * Does in the parties' windows what a user would do: presses what can be pressed, types, chooses. The windows are of
 * this page's own origin. What a step works with is named by `data-guide` in the views.
 */
export class Hands {
  constructor(
    private readonly windowOf: (party: PartyId) => Window,
    readonly memory: Memory,
  ) {}

  /** Goes to a view of a party. */
  show(party: PartyId, fragment: string): void {
    this.windowOf(party).location.hash = fragment;
  }

  async press(party: PartyId, guide: string): Promise<void> {
    const button = await this.await(`"${guide}" can be pressed`, () => {
      const found = this.find(party, guide);
      return found instanceof this.kindOf(party).HTMLButtonElement && !found.disabled ? found : undefined;
    });
    button.click();
  }

  async tick(party: PartyId, guide: string): Promise<void> {
    const radio = await this.await(`"${guide}" is there`, () => this.find(party, guide));
    radio.click();
  }

  async type(party: PartyId, guide: string, text: string): Promise<void> {
    const field = await this.await(
      `the field "${guide}" is there`,
      () => this.find(party, guide)?.querySelector("input") ?? undefined,
    );
    field.value = text;
    this.tellInput(party, field);
  }

  /** @param nth option, from 0; or the beginning of its text */
  async choose(party: PartyId, guide: string, which: number | string): Promise<void> {
    const [select, option] = await this.await(`"${guide}" offers ${which}`, () => {
      const select = this.find(party, guide)?.querySelector("select");
      const options = [...(select?.options ?? [])];
      const option = typeof which === "number" ? options[which] : options.find((one) => one.text.startsWith(which));
      return select && option ? ([select, option] as const) : undefined;
    });
    select.value = option.value;
    this.tellInput(party, select);
  }

  /** Waits until a place shows a text. */
  async see(party: PartyId, guide: string, text: string): Promise<void> {
    await this.await(`"${text}" is seen`, () => this.find(party, guide)?.textContent?.includes(text) || undefined);
  }

  /** Searches for a contract. */
  async search(party: PartyId, address: string): Promise<void> {
    this.show(party, "blockchain");
    await this.type(party, "search-address", address);
    await this.press(party, "search");
  }

  /** The address of the newest order in a party's list. */
  async newestOrder(party: PartyId): Promise<string> {
    this.show(party, "orders");
    return this.await("an order is listed", () => {
      const listed = this.find(party, "orders")?.querySelector<HTMLElement>("[data-address]");
      return listed?.dataset["address"];
    });
  }

  /** The order that earlier steps were about; without them the newest there is. */
  async order(): Promise<string> {
    this.memory.order ??= await this.newestOrder("tray-research");
    return this.memory.order;
  }

  private find(party: PartyId, guide: string): HTMLElement | undefined {
    return this.windowOf(party).document.querySelector<HTMLElement>(`[data-guide="${guide}"]`) ?? undefined;
  }

  /** Elements of a frame are of its own window's classes. */
  private kindOf(party: PartyId): typeof globalThis {
    return this.windowOf(party) as unknown as typeof globalThis;
  }

  private tellInput(party: PartyId, element: HTMLElement): void {
    element.dispatchEvent(new (this.kindOf(party).Event)("input", { bubbles: true }));
  }

  private async await<T>(what: string, look: () => T | undefined): Promise<T> {
    for (const end = Date.now() + APPEAR_MS; Date.now() < end; ) {
      const found = look();
      if (found !== undefined) {
        return found;
      }
      await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
    }
    throw new Error(`This step has waited in vain until ${what}. Do the steps before it first.`);
  }
}
