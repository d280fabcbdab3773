import { type Bytes, equal } from "./bytes";

/** Bytes that are no DER of the expected form. */
export class Malformed extends Error {}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;

/** A cursor over the items of one DER structure; lengths as short as possible, nothing after the end. */
class Reader {
  private at = 0;

  constructor(private readonly bytes: Bytes) {}

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  nextIs(tag: number): boolean {
    return this.bytes[this.at] === tag;
  }

  /** The next item whatever it is: all of it, and its content. */
  item(tag?: number): { whole: Bytes; content: Bytes } {
    const start = this.at;
    const found = this.byte();
    if (tag !== undefined && found !== tag) {
      throw new Malformed(`tag ${found} where ${tag} should be`);
    }
    const length = this.length();
    if (length > this.bytes.length - this.at) {
      throw new Malformed("an item that ends behind its structure");
    }
    const content = this.bytes.slice(this.at, this.at + length);
    this.at += length;
    return { whole: this.bytes.slice(start, this.at), content };
  }

  finish(): void {
    if (!this.atEnd) {
      throw new Malformed("bytes after the end");
    }
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) {
      throw new Malformed("the end where an item should be");
    }
    return byte;
  }

  private length(): number {
    const first = this.byte();
    if (first < 0x80) {
      return first;
    }
    const size = first & 0x7f;
    if (size === 0 || size > 3) {
      throw new Malformed("a length that is not used here");
    }
    let length = 0;
    for (let i = 0; i < size; i++) {
      length = length * 256 + this.byte();
    }
    if (length < 0x80 || length < 2 ** (8 * (size - 1))) {
      throw new Malformed("a length that is longer than needed");
    }
    return length;
  }
}

/** The curves of members' keys, by the object identifiers of RFC 5480. */
const CURVES = [
  { name: "P-256", oid: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], size: 32 },
  { name: "P-384", oid: [0x2b, 0x81, 0x04, 0x00, 0x22], size: 48 },
] as const;

export type Curve = (typeof CURVES)[number];

/** A certificate, as far as it is looked at here. */
export interface Certificate {
  der: Bytes;
  /** What its issuer has signed. */
  signed: Bytes;
  /** SubjectPublicKeyInfo, and of it curve and point (uncompressed). */
  publicKeyInfo: Bytes;
  curve: Curve;
  point: Bytes;
  issuer: Bytes;
  subject: Bytes;
  /** The issuer's signature, as DER. */
  signature: Bytes;
}

/** Reads an X.509 certificate (RFC 5280, 4.1) whose key is on P-256 or P-384. */
export function certificate(der: Bytes): Certificate {
  const outer = new Reader(der);
  const parts = new Reader(outer.item(SEQUENCE).content);
  outer.finish();
  const signed = parts.item(SEQUENCE);
  parts.item(SEQUENCE);
  const signature = bits(parts.item(BIT_STRING).content);
  parts.finish();
  const fields = new Reader(signed.content);
  if (fields.nextIs(0xa0)) {
    fields.item();
  }
  fields.item(INTEGER);
  fields.item(SEQUENCE);
  const issuer = fields.item(SEQUENCE).whole;
  fields.item(SEQUENCE);
  const subject = fields.item(SEQUENCE).whole;
  const info = fields.item(SEQUENCE);
  const key = new Reader(info.content);
  const curve = curveOf(key.item(SEQUENCE).content);
  const point = bits(key.item(BIT_STRING).content);
  key.finish();
  if (point.length !== 1 + 2 * curve.size || point[0] !== 4) {
    throw new Malformed("a public key in another form");
  }
  return { der, signed: signed.whole, publicKeyInfo: info.whole, curve, point, issuer, subject, signature };
}

/** The secret number and the curve of an unencrypted EC key in PKCS#8 (RFC 5208, RFC 5915). */
export function privateKey(pkcs8: Bytes): { curve: Curve; secret: Bytes } {
  const outer = new Reader(pkcs8);
  const parts = new Reader(outer.item(SEQUENCE).content);
  outer.finish();
  parts.item(INTEGER);
  const curve = curveOf(parts.item(SEQUENCE).content);
  const inner = new Reader(parts.item(OCTET_STRING).content);
  const key = new Reader(inner.item(SEQUENCE).content);
  key.item(INTEGER);
  const secret = key.item(OCTET_STRING).content;
  if (secret.length !== curve.size) {
    throw new Malformed("a private key of another length");
  }
  return { curve, secret };
}

/** r ‖ s of an ECDSA signature in DER, each of that many bytes. */
export function rawSignature(der: Bytes, size: number): Bytes {
  const outer = new Reader(der);
  const parts = new Reader(outer.item(SEQUENCE).content);
  outer.finish();
  const raw = new Uint8Array(2 * size);
  for (const end of [size, 2 * size]) {
    const number = parts.item(INTEGER).content;
    const digits = number[0] === 0 ? number.slice(1) : number;
    if (digits.length > size) {
      throw new Malformed("a signature of another curve");
    }
    raw.set(digits, end - digits.length);
  }
  parts.finish();
  return raw;
}

function curveOf(algorithm: Bytes): Curve {
  const parts = new Reader(algorithm);
  parts.item(OBJECT_IDENTIFIER);
  const oid = parts.item(OBJECT_IDENTIFIER).content;
  const curve = CURVES.find((each) => equal(oid, Uint8Array.from(each.oid)));
  if (curve === undefined) {
    throw new Malformed("a key of another curve than P-256 and P-384");
  }
  return curve;
}

function bits(content: Bytes): Bytes {
  if (content[0] !== 0) {
    throw new Malformed("a bit string that is not whole bytes");
  }
  return content.slice(1);
}
