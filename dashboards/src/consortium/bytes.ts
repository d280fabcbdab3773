/** Bytes as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const ASCII = new TextEncoder();

export function ascii(text: string): Bytes {
  return ASCII.encode(text);
}

export function concat(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Lower-case hexadecimal of that many bytes, or of any; undefined if it is not that. */
export function fromHex(text: string, length?: number): Bytes | undefined {
  if (!/^([0-9a-f]{2})*$/.test(text) || (length !== undefined && text.length !== 2 * length)) {
    return undefined;
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Big-endian, of 4 or 8 bytes. */
export function unsigned(value: number | bigint, size: 4 | 8): Bytes {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (size === 4) {
    view.setUint32(0, Number(value));
  } else {
    view.setBigUint64(0, BigInt(value));
  }
  return bytes;
}

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

/** The DER of every block of that kind in a PEM text; others are passed over. */
export function pemBlocks(text: string, kind: string): Bytes[] {
  const blocks = text.matchAll(new RegExp(`-----BEGIN ${kind}-----([A-Za-z0-9+/=\\s]+)-----END ${kind}-----`, "g"));
  return [...blocks].map((block) => fromBase64(block[1] ?? "")).filter((der) => der !== undefined);
}

export function fromBase64(text: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(text.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
