const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** Between a number and its unit, which belong on one line. */
const NARROW = "\u202f";

/** 12,345 */
export function count(value: number | bigint): string {
  return WHOLE.format(value);
}

/** "1 block", "2 blocks": a count with its noun. */
export function counted(value: number | bigint, noun: string, plural: string = noun + "s"): string {
  return `${count(value)} ${Number(value) === 1 ? noun : plural}`;
}

/** A measured number with its unit: tenths below 100, whole above. */
export function measured(value: number, unit: string): string {
  return (Math.abs(value) < 100 && value !== 0 ? TENTHS : WHOLE).format(value) + NARROW + unit;
}

/** Milliseconds as ms, s, min or h. */
export function duration(ms: number): string {
  if (ms < 1_000) {
    return measured(ms, "ms");
  }
  if (ms < 120_000) {
    return measured(ms / 1_000, "s");
  }
  return ms < 7_200_000 ? measured(ms / 60_000, "min") : measured(ms / 3_600_000, "h");
}

/** Bytes by 1024, as B, KiB, MiB or GiB. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let power = 0;
  let scaled = value;
  for (; scaled >= 1024 && power < units.length - 1; power++) {
    scaled /= 1024;
  }
  return power === 0 ? count(value) + NARROW + "B" : measured(scaled, units[power] ?? "");
}

/** A point in time, in this browser's zone; seconds included. */
export function time(value: Date | string | number): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value) : date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/** Hexadecimal with its middle left out. */
export function shortHex(hex: string, lead: number = 10, tail: number = 4): string {
  return hex.length <= lead + tail + 1 ? hex : `${hex.slice(0, lead)}…${hex.slice(-tail)}`;
}

/** A quantity of JSON-RPC. */
export function quantity(hex: string): number {
  return Number(BigInt(hex));
}
