const MONEY = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const QUANTITY_MAX = 1_000_000;
const CENTS_MAX = 100_000_000_000;

/** A typed value, or what is wrong with it. */
export type Checked<T> = { value: T; error?: undefined } | { value?: undefined; error: string };

/** $1,234.50 */
export function money(cents: number): string {
  return MONEY.format(cents / 100);
}

/** 1234.50, as it is typed. */
export function amount(cents: number): string {
  return (cents / 100).toFixed(2);
}

export function quantityOf(text: string, least: number = 1): Checked<number> {
  const typed = text.trim();
  if (!/^[0-9]{1,9}$/.test(typed)) {
    return { error: "Give a whole number, such as 12." };
  }
  const value = Number(typed);
  if (value < least || value > QUANTITY_MAX) {
    return { error: `Give a number from ${least} to ${QUANTITY_MAX.toLocaleString("en-US")}.` };
  }
  return { value };
}

export function centsOf(text: string): Checked<number> {
  const typed = text.trim().replace(/^\$/, "").replaceAll(",", "");
  if (!/^[0-9]{1,12}(\.[0-9]{1,2})?$/.test(typed)) {
    return { error: "Give an amount in dollars, such as 359.60." };
  }
  const value = Math.round(Number(typed) * 100);
  return value > CENTS_MAX ? { error: `Give at most ${money(CENTS_MAX)}.` } : { value };
}

export function addressOf(text: string): Checked<string> {
  const typed = text.trim();
  if (typed === "") {
    return { error: "Paste the address of a contract." };
  }
  return /^0x[0-9a-fA-F]{40}$/.test(typed)
    ? { value: typed.toLowerCase() }
    : { error: "An address is 0x and 40 hexadecimal digits." };
}
