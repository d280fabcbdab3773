import type { Json } from "../kit";
import { ascii, type Bytes, concat, equal, fromHex, hex, pemBlocks, sha256, unsigned } from "./bytes";
import { certificate, type Certificate, Malformed, rawSignature } from "./der";

/** Verifying a receipt as docs/specs/receipt.md, section 2, says; names of checks are those of that page. */
export interface Step {
  check: "service identities" | "sealer" | "signature" | "commit evidence" | "leaf" | "generation";
  passed: boolean;
  words: string;
}

export interface Verdict {
  valid: boolean;
  /** In order, up to the first that fails. */
  steps: Step[];
  height: number;
  transaction: string;
}

interface Header {
  bytes: Bytes;
  service: Bytes;
  generation: number;
  height: bigint;
  term: bigint;
  sealer: Bytes;
  leafRoot: Bytes;
  logRoot: Bytes;
  evidence: Bytes;
}

interface Endorsement {
  generation: number;
  height: bigint;
  signature: Bytes;
}

interface Head {
  header: Header;
  signature: Bytes;
  nonce: Bytes;
  sealer: Certificate;
  endorsement: Endorsement | null;
}

interface Path {
  index: bigint;
  size: bigint;
  hashes: Bytes[];
}

interface Identity {
  generation: number;
  height: bigint;
  certificate: Certificate;
  endorsement: Bytes;
}

interface Receipt {
  head: Head;
  leaf: { salt: Bytes; id: Bytes; claims: Bytes; writes: Bytes };
  path: Path;
  identities: Identity[];
  newer: { head: Head; path: Path } | null;
}

const HEADER_BYTES = 336;
const IDENTITIES_MAX = 4_096;
const HASHES_MAX = 63;
const NO_NONCE = new Uint8Array(32);

/**
 * Verifies a receipt with a certificate of the service.
 *
 * @param json the receipt, parsed
 * @throws Malformed if it is not of the form
 */
export async function verify(json: Json, given: Certificate): Promise<Verdict> {
  const receipt = receiptOf(json);
  const steps: Step[] = [];
  const fails = (check: Step["check"], words: string): Verdict => {
    steps.push({ check, passed: false, words });
    return verdict(false);
  };
  const passes = (check: Step["check"], words: string): void => void steps.push({ check, passed: true, words });
  const verdict = (valid: boolean): Verdict => ({
    valid,
    steps,
    height: Number(receipt.head.header.height),
    transaction: hex(receipt.leaf.id),
  });

  const service = receipt.head.header.service;
  const wrong = await identitiesObjection(service, receipt.identities, given);
  if (wrong !== null) {
    return fails("service identities", wrong);
  }
  passes("service identities", `generations 0 to ${receipt.identities.length - 1}, one of them the given certificate's`);
  const before = await headObjection(receipt.head, service, receipt.identities, receipt.newer !== null);
  for (const step of before) {
    steps.push(step);
    if (!step.passed) {
      return verdict(false);
    }
  }
  const { leaf, path } = receipt;
  const leafHash = await sha256(Uint8Array.of(0, 1), leaf.salt, leaf.id, leaf.claims, leaf.writes);
  if (!isPowerOfTwo(path.size) || !(await leadsTo(leafHash, path, receipt.head.header.leafRoot))) {
    return fails("leaf", "its path does not lead to the root of the block's leaves");
  }
  passes("leaf", `number ${path.index} of ${path.size}, by ${path.hashes.length} hashes to the root in the header`);
  const objection = await generationObjection(receipt, service);
  if (objection !== null) {
    return fails("generation", objection);
  }
  passes("generation", receipt.newer === null ? "the newest" : "an older one, in the log of the newest");
  return verdict(true);
}

async function identitiesObjection(service: Bytes, identities: Identity[], given: Certificate): Promise<string | null> {
  const [first] = identities;
  if (first === undefined || first.generation !== 0 || first.height !== 0n) {
    return "they do not begin with generation 0";
  }
  const pinned = identities.find((each) => equal(each.certificate.publicKeyInfo, given.publicKeyInfo));
  if (pinned === undefined) {
    return "none has the key of the given certificate";
  }
  for (const [index, identity] of identities.entries()) {
    const own = identity.certificate;
    if (!equal(own.der, given.der) && !(await isSelfSigned(own))) {
      return `that of generation ${identity.generation} is not signed by its own key`;
    }
    const last = identities[index - 1];
    if (last === undefined) {
      continue;
    }
    if (identity.generation <= last.generation || identity.height <= last.height) {
      return "generations and heights do not ascend";
    }
    if (identity.endorsement.length === 0) {
      if (identity.generation > pinned.generation) {
        return `generation ${identity.generation} was begun by members, after the given certificate: no key vouches for it`;
      }
      continue;
    }
    const signed = concat(
      label("coco.service-endorsement.1"),
      service,
      unsigned(identity.generation, 4),
      unsigned(identity.height, 8),
      own.publicKeyInfo,
    );
    if (!(await isSignedBy(last.certificate, signed, identity.endorsement))) {
      return `generation ${identity.generation} is not endorsed by the one before`;
    }
  }
  return null;
}

/** Sealer, signature and commit evidence of a head. */
async function headObjection(head: Head, service: Bytes, identities: Identity[], mayLackNonce: boolean): Promise<Step[]> {
  const sealer = await sealerObjection(head, service, identities);
  const steps: Step[] = [
    { check: "sealer", passed: sealer === null, words: sealer ?? `a node of generation ${head.header.generation}, endorsed by it` },
  ];
  if (sealer !== null) {
    return steps;
  }
  const signed = await isSignedBy(head.sealer, concat(label("coco.header.1"), head.header.bytes), head.signature);
  steps.push({
    check: "signature",
    passed: signed,
    words: signed ? "ECDSA on P-256 over the header's hash" : "it is not the sealer's over this header",
  });
  if (!signed) {
    return steps;
  }
  const evidence = await sha256(label("coco.evidence-digest.1"), head.nonce);
  const committed = equal(evidence, head.header.evidence) || (mayLackNonce && equal(head.nonce, NO_NONCE));
  steps.push({
    check: "commit evidence",
    passed: committed,
    words: committed ? "the nonce that is given out once a majority has the block" : "the nonce is not this block's",
  });
  return steps;
}

async function sealerObjection(head: Head, service: Bytes, identities: Identity[]): Promise<string | null> {
  const { header, endorsement } = head;
  const digest = await sha256(head.sealer.der);
  if (!equal(header.service, service)) {
    return "the head is of another service";
  }
  if (!equal(header.sealer, digest)) {
    return "the header names another sealer";
  }
  const index = identities.findIndex((each) => each.generation === header.generation);
  const identity = identities[index];
  if (identity === undefined || !wasInForce(identities, index, header.height)) {
    return `generation ${header.generation} was not in force at height ${header.height}`;
  }
  if (endorsement === null) {
    const isFounding =
      header.generation === 0 && header.term === 0n && equal(identity.certificate.der, head.sealer.der);
    return isFounding ? null : "nothing endorses the sealer";
  }
  // The first block after a recovery is sealed at the height of the identity that endorses its sealer.
  const isFirstOfMembers = index > 0 && identity.endorsement.length === 0 && header.height === identity.height;
  const isBefore = endorsement.height < header.height || (isFirstOfMembers && endorsement.height === header.height);
  if (endorsement.generation !== header.generation || endorsement.height < identity.height || !isBefore) {
    return "its endorsement is of another generation or height";
  }
  const signed = concat(
    label("coco.sealer-endorsement.1"),
    service,
    unsigned(endorsement.generation, 4),
    unsigned(endorsement.height, 8),
    digest,
  );
  return (await isSignedBy(identity.certificate, signed, endorsement.signature)) ? null : "its endorsement is not the service's";
}

/** height(g) < height <= height(g + 1); generation 0 from 0 on, one that members began from its own height on. */
function wasInForce(identities: Identity[], index: number, height: bigint): boolean {
  const identity = identities[index];
  const next = identities[index + 1];
  if (identity === undefined) {
    return false;
  }
  const fromItsOwn = index === 0 || identity.endorsement.length === 0;
  const begun = fromItsOwn ? height >= identity.height : height > identity.height;
  const nextIsByMembers = next !== undefined && next.endorsement.length === 0;
  const over = next !== undefined && (nextIsByMembers ? height >= next.height : height > next.height);
  return begun && !over;
}

async function generationObjection(receipt: Receipt, service: Bytes): Promise<string | null> {
  const newest = receipt.identities.at(-1)?.generation ?? -1;
  const { newer, head } = receipt;
  if (newer === null) {
    return head.header.generation === newest ? null : "its block is of an older generation, and nothing newer holds it";
  }
  const steps = await headObjection(newer.head, service, receipt.identities, false);
  const wrong = steps.find((step) => !step.passed);
  if (wrong !== undefined) {
    return `the newer head: ${wrong.words}`;
  }
  if (newer.head.header.generation !== newest) {
    return "the newer head is not of the newest generation";
  }
  if (newer.path.index !== head.header.height || newer.path.size !== newer.head.header.height) {
    return "the path in the newer head's log is of another block";
  }
  const hash = await sha256(label("coco.header.1"), head.header.bytes);
  const leaf = await sha256(new Uint8Array(1), hash);
  return (await leadsTo(leaf, newer.path, newer.head.header.logRoot)) ? null : "the newer head's log does not hold this block";
}

/** Whether an inclusion proof leads to a root (RFC 9162, 2.1.3.2). */
async function leadsTo(leaf: Bytes, path: Path, root: Bytes): Promise<boolean> {
  if (path.index >= path.size) {
    return false;
  }
  let index = path.index;
  let last = path.size - 1n;
  let found = leaf;
  for (const sibling of path.hashes) {
    if (last === 0n) {
      return false;
    }
    if ((index & 1n) === 1n || index === last) {
      found = await sha256(Uint8Array.of(1), sibling, found);
      while ((index & 1n) === 0n && index !== 0n) {
        index >>= 1n;
        last >>= 1n;
      }
    } else {
      found = await sha256(Uint8Array.of(1), found, sibling);
    }
    index >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equal(found, root);
}

async function isSelfSigned(own: Certificate): Promise<boolean> {
  return (
    own.curve.name === "P-256" &&
    equal(own.issuer, own.subject) &&
    (await isSignedBy(own, own.signed, rawSignature(own.signature, own.curve.size)))
  );
}

/** ECDSA on P-256 with SHA-256 over a message. */
async function isSignedBy(signer: Certificate, message: Bytes, signature: Bytes): Promise<boolean> {
  if (signer.curve.name !== "P-256" || signature.length !== 64) {
    return false;
  }
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("spki", signer.publicKeyInfo, algorithm, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, message);
}

function label(words: string): Bytes {
  return concat(Uint8Array.of(words.length), ascii(words));
}

function isPowerOfTwo(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}

// ---------------------------------------------------------------- form

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * A receipt's JSON, in which no object has a name twice: of two values `JSON.parse` would silently take the last.
 *
 * @throws Malformed if it is none
 */
export function parse(text: string): Json {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    throw new Malformed("not JSON");
  }
  const open: (Set<string> | null)[] = [];
  const tokens = text.match(TOKEN) ?? [];
  for (const [index, token] of tokens.entries()) {
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (tokens[index + 1] === ":") {
      const names = open.at(-1);
      const name = String(JSON.parse(token));
      if (names?.has(name)) {
        throw new Malformed(`the member ${name} stands there twice`);
      }
      names?.add(name);
    }
  }
  return json;
}

function receiptOf(json: Json): Receipt {
  const all = members(json, ["format", "head", "identities", "leaf", "newer", "path"]);
  if (all["format"] !== "coco-receipt-1") {
    throw new Malformed("no receipt of a format that is known here");
  }
  const leaf = members(all["leaf"], ["claims", "id", "salt", "writes"]);
  const identities = list(all["identities"], IDENTITIES_MAX).map((each) => {
    const identity = members(each, ["certificate", "endorsement", "generation", "height"]);
    return {
      generation: Number(whole(identity["generation"])),
      height: whole(identity["height"]),
      certificate: pem(identity["certificate"]),
      endorsement: bytes(identity["endorsement"], identity["endorsement"] === "" ? 0 : 64),
    };
  });
  const newer = all["newer"] === null ? null : members(all["newer"], ["head", "path"]);
  return {
    head: headOf(all["head"]),
    leaf: { salt: bytes(leaf["salt"], 32), id: bytes(leaf["id"], 32), claims: bytes(leaf["claims"], 32), writes: bytes(leaf["writes"], 32) },
    path: pathOf(all["path"]),
    identities,
    newer: newer === null ? null : { head: headOf(newer["head"]), path: pathOf(newer["path"]) },
  };
}

function headOf(json: Json | undefined): Head {
  const head = members(json, ["endorsement", "header", "nonce", "sealer", "signature"]);
  const endorsement = head["endorsement"] === null ? null : members(head["endorsement"], ["generation", "height", "signature"]);
  return {
    header: headerOf(bytes(head["header"], HEADER_BYTES)),
    signature: bytes(head["signature"], 64),
    nonce: bytes(head["nonce"], 32),
    sealer: pem(head["sealer"]),
    endorsement:
      endorsement === null
        ? null
        : {
            generation: Number(whole(endorsement["generation"])),
            height: whole(endorsement["height"]),
            signature: bytes(endorsement["signature"], 64),
          },
  };
}

/** Offsets of journal.md, 4.1. */
function headerOf(header: Bytes): Header {
  const view = new DataView(header.buffer);
  const part = (at: number): Bytes => header.slice(at, at + 32);
  if (view.getUint32(0) !== 1) {
    throw new Malformed("a header of another version");
  }
  return {
    bytes: header,
    service: part(4),
    generation: view.getUint32(36),
    height: view.getBigUint64(40),
    term: view.getBigUint64(48),
    sealer: part(64),
    leafRoot: part(144),
    logRoot: part(176),
    evidence: part(304),
  };
}

function pathOf(json: Json | undefined): Path {
  const path = members(json, ["hashes", "index", "size"]);
  return {
    index: whole(path["index"]),
    size: whole(path["size"]),
    hashes: list(path["hashes"], HASHES_MAX).map((each) => bytes(each, 32)),
  };
}

/** Exactly these members. */
function members(json: Json | undefined, names: string[]): { [name: string]: Json } {
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw new Malformed("something else where an object should be");
  }
  const found = Object.keys(json).sort();
  if (found.length !== names.length || found.some((name, index) => name !== names[index])) {
    throw new Malformed(`members ${found.join(", ")} where ${names.join(", ")} should be`);
  }
  return json;
}

function list(json: Json | undefined, most: number): Json[] {
  if (!Array.isArray(json) || json.length > most) {
    throw new Malformed(`no list of at most ${most}`);
  }
  return json;
}

function whole(json: Json | undefined): bigint {
  if (typeof json !== "number" || !Number.isSafeInteger(json) || json < 0) {
    throw new Malformed("no whole number");
  }
  return BigInt(json);
}

function bytes(json: Json | undefined, length: number): Bytes {
  const found = typeof json === "string" ? fromHex(json, length) : undefined;
  if (found === undefined) {
    throw new Malformed(`no ${length} bytes in lower-case hexadecimal`);
  }
  return found;
}

function pem(json: Json | undefined): Certificate {
  const found = typeof json === "string" ? pemBlocks(json, "CERTIFICATE") : [];
  if (found.length !== 1 || found[0] === undefined) {
    throw new Malformed("no certificate");
  }
  return certificate(found[0]);
}
