// Public vectors of the specifications, as tests in a browser take them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DOCS = fileURLToPath(new URL("../../../docs", import.meta.url));
const RECEIPTS = join(DOCS, "specs", "vectors", "receipts");

/** Receipts as JSON: which file, which certificate, and "valid", "malformed" or the first check that fails. */
export function receipts() {
  return readFileSync(join(RECEIPTS, "index.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => /^(\S+) (\S+) (.+)$/.exec(line).slice(1))
    .filter(([file]) => file.endsWith(".json"))
    .map(([file, certificate, outcome]) => ({ file: join(RECEIPTS, file), certificate: join(RECEIPTS, certificate), name: file, outcome }));
}

/** The catalogue of actions: name to the names of its arguments, those that may be left out with a question mark. */
export function actions() {
  const rows = readFileSync(join(DOCS, "governance-actions.md"), "utf8").matchAll(/^\| `([a-z_]+)` \| ([^|]*) \|/gm);
  return new Map([...rows].map(([, name, written]) => [name, argumentsOf(written.trim())]));
}

function argumentsOf(written) {
  // Behind a colon stands what a document is made of.
  const names = written.replace(/:.*/, "");
  return names === "none" ? [] : names.split(", ");
}
