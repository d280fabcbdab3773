import type { Json } from "../kit";
import { ascii, type Bytes, concat, fromBase64, hex, pemBlocks, sha256 } from "./bytes";
import { certificate, type Certificate, Malformed, privateKey } from "./der";

/** Signed messages of governance: COSE_Sign1 in the one form of docs/specs/cose.md. */
const CONTENT_TYPE = "application/coco-governance+json";
const LABEL = "coco governance message v1";
export const MEDIA_TYPE = 'application/cose; cose-type="cose-sign1"';

/** At most so many certificates stand in a message, the signer's own included. */
const CHAIN_MAX = 4;

/** A member's key, in the memory of this tab alone: it cannot be read back, and a reload forgets it. */
export interface MemberKey {
  key: CryptoKey;
  own: Certificate;
  /** Hexadecimal SHA-256 of the signer's certificate. */
  fingerprint: string;
  /** Where the constitution lists an intermediate: the signer's certificate, then those below the entry. */
  chain: Certificate[];
  /** The member as the constitution has it. */
  member: string;
}

/** What a key file or a certificate file has that cannot be used. */
export class Unusable extends Error {
  constructor(
    readonly file: "key" | "certificate",
    message: string,
  ) {
    super(message);
  }
}

/**
 * Opens a member's key.
 *
 * @param keyPem PKCS#8, not encrypted
 * @param certificatePem the member's certificate; behind it intermediates, where the constitution lists one
 * @param members of the constitution: id and certificate
 * @throws Unusable if they do not belong together, or to no member
 */
export async function openKey(
  keyPem: string,
  certificatePem: string,
  members: { id: string; certificate: string }[],
): Promise<MemberKey> {
  const [own, ...others] = certificates(certificatePem);
  if (own === undefined) {
    throw new Unusable("certificate", "There is no certificate in this file (PEM).");
  }
  const key = await signingKey(keyPem, own);
  const listed = members.map((member) => ({ id: member.id, der: pemBlocks(member.certificate, "CERTIFICATE")[0] }));
  const find = (one: Certificate) => listed.find((member) => member.der !== undefined && hex(member.der) === hex(one.der));
  const fingerprint = hex(await sha256(own.der));
  const itself = find(own);
  if (itself !== undefined) {
    return { key, own, fingerprint, chain: [], member: itself.id };
  }
  const entry = others.findIndex((each) => find(each) !== undefined);
  const chain = [own, ...(entry < 0 ? others : others.slice(0, entry))];
  const issued = listed.find((member) => member.der !== undefined && hex(certificate(member.der).subject) === hex(chain.at(-1)?.issuer ?? own.issuer));
  if (issued === undefined || chain.length > CHAIN_MAX) {
    throw new Unusable("certificate", "No member of this network has this certificate, and none has issued it.");
  }
  return { key, own, fingerprint, chain, member: issued.id };
}

function certificates(pem: string): Certificate[] {
  try {
    return pemBlocks(pem, "CERTIFICATE").map(certificate);
  } catch (failure) {
    if (failure instanceof Malformed) {
      throw new Unusable("certificate", `This certificate cannot be used here: ${failure.message}.`);
    }
    throw failure;
  }
}

async function signingKey(pem: string, own: Certificate): Promise<CryptoKey> {
  if (pem.includes("BEGIN ENCRYPTED PRIVATE KEY")) {
    throw new Unusable("key", "This key is encrypted. Use the command line, which asks for its passphrase.");
  }
  const [der] = pemBlocks(pem, "PRIVATE KEY");
  if (der === undefined) {
    throw new Unusable("key", "There is no private key in this file (PKCS#8, PEM).");
  }
  try {
    const { curve, secret } = privateKey(der);
    if (curve !== own.curve) {
      throw new Unusable("key", "Key and certificate are of different curves.");
    }
    // As a JWK with the certificate's point: some browsers refuse a PKCS#8 that lacks the public half.
    const jwk = {
      kty: "EC",
      crv: curve.name,
      d: base64Url(secret),
      x: base64Url(own.point.slice(1, 1 + curve.size)),
      y: base64Url(own.point.slice(1 + curve.size)),
    };
    const key = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: curve.name }, false, ["sign"]);
    await belongTogether(key, own);
    return key;
  } catch (failure) {
    if (failure instanceof Unusable) {
      throw failure;
    }
    throw new Unusable("key", failure instanceof Malformed ? `This key cannot be used here: ${failure.message}.` : NOT_ITS_KEY);
  }
}

const NOT_ITS_KEY = "This is not the key of that certificate.";

async function belongTogether(key: CryptoKey, own: Certificate): Promise<void> {
  const probe = ascii("coco");
  const algorithm = ecdsa(own);
  const publicKey = await crypto.subtle.importKey("spki", own.publicKeyInfo, { name: "ECDSA", namedCurve: own.curve.name }, false, ["verify"]);
  const signature = await crypto.subtle.sign(algorithm, key, probe);
  if (!(await crypto.subtle.verify(algorithm, publicKey, signature, probe))) {
    throw new Unusable("key", NOT_ITS_KEY);
  }
}

function ecdsa(own: Certificate): EcdsaParams {
  return { name: "ECDSA", hash: own.curve.name === "P-256" ? "SHA-256" : "SHA-384" };
}

function base64Url(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Signs a message.
 *
 * @param service the service id, 32 bytes in hexadecimal: a message of one service is none of another
 * @returns the body of the request, and the message's id: the SHA-256 of what was signed, in hexadecimal
 */
export async function sign(member: MemberKey, service: string, payload: Json): Promise<{ bytes: Bytes; id: string }> {
  const headers = protectedHeaders(member);
  const external = concat(ascii(LABEL), new Uint8Array(1), bytesOf(service));
  const content = new TextEncoder().encode(canonical(payload));
  const toBeSigned = concat(Uint8Array.of(0x84), text("Signature1"), bstr(headers), bstr(external), bstr(content));
  const signature = new Uint8Array(await crypto.subtle.sign(ecdsa(member.own), member.key, toBeSigned));
  const bytes = concat(Uint8Array.of(0xd2, 0x84), bstr(headers), Uint8Array.of(0xa0), bstr(content), bstr(signature));
  return { bytes, id: hex(await sha256(toBeSigned)) };
}

function bytesOf(hexadecimal: string): Bytes {
  return Uint8Array.from(hexadecimal.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function protectedHeaders(member: MemberKey): Bytes {
  const algorithm = member.own.curve.name === "P-256" ? Uint8Array.of(0x26) : Uint8Array.of(0x38, 0x22);
  const parts = [
    concat(Uint8Array.of(0x01), algorithm),
    concat(Uint8Array.of(0x03), text(CONTENT_TYPE)),
    concat(Uint8Array.of(0x04), bstr(bytesOf(member.fingerprint))),
  ];
  if (member.chain.length > 0) {
    const list = member.chain.map((each) => bstr(each.der));
    const value = list.length === 1 ? list : [head(4, list.length), ...list];
    parts.push(concat(Uint8Array.of(0x18, 33), ...value));
  }
  return concat(head(5, parts.length), ...parts);
}

/** The head of an item of deterministic CBOR (RFC 8949, 4.2.1): its kind, and its length as short as possible. */
function head(kind: number, length: number): Bytes {
  const first = kind << 5;
  if (length < 24) {
    return Uint8Array.of(first | length);
  }
  if (length < 0x100) {
    return Uint8Array.of(first | 24, length);
  }
  return length < 0x10000
    ? Uint8Array.of(first | 25, length >> 8, length & 0xff)
    : Uint8Array.of(first | 26, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
}

function bstr(bytes: Uint8Array): Bytes {
  return concat(head(2, bytes.length), bytes);
}

function text(words: string): Bytes {
  const bytes = new TextEncoder().encode(words);
  return concat(head(3, bytes.length), bytes);
}

/**
 * Canonical JSON (RFC 8785) of whole numbers.
 *
 * @throws RangeError at a number that is none, or that this language cannot hold exactly
 */
export function canonical(value: Json): string {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) {
      throw new RangeError(`${value} is not a whole number that can be written exactly`);
    }
    return String(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  if (value !== null && typeof value === "object") {
    // Sorting of strings is by UTF-16 code units, as RFC 8785 has it.
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** What a signed message of the history says; null if it is none that can be read here. */
export function payloadOf(base64: string): Json {
  const content = fromBase64(base64);
  if (content === undefined) {
    return null;
  }
  const bytes = content;
  // Entries of the history have a byte before the message: 01 for a signed one.
  let at = bytes[0] === 0x01 ? 1 : 0;
  if (bytes[at] !== 0xd2 || bytes[at + 1] !== 0x84) {
    return null;
  }
  at += 2;
  const skipOrRead = (): Bytes | null => {
    const first = bytes[at] ?? 0;
    const info = first & 0x1f;
    let length = info;
    let size = 1;
    if (info >= 24 && info <= 26) {
      size += 2 ** (info - 24);
      length = bytes.slice(at + 1, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
    }
    if (first >> 5 !== 2) {
      at += size;
      return null;
    }
    const value = bytes.slice(at + size, at + size + length);
    at += size + length;
    return value;
  };
  skipOrRead();
  skipOrRead();
  const payload = skipOrRead();
  try {
    return payload === null ? null : (JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)) as Json);
  } catch {
    return null;
  }
}
