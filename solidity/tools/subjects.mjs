#!/usr/bin/env node
// Compiles contracts that the node's own tests use into one file of names and creation codes:
//     node tools/subjects.mjs OUT SOURCE...
// npm run subjects makes those that are committed.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const solc = require("solc");
const root = fileURLToPath(new URL("..", import.meta.url));

const [out, ...paths] = process.argv.slice(2);
const sources = {};
for (const path of paths) {
  sources[path] = { content: readFileSync(root + path, "utf8") };
}
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "prague",
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
};
const find = (path) => {
  const file = path.startsWith("@") ? require.resolve(path) : root + path;
  return { contents: readFileSync(file, "utf8") };
};
const input = { language: "Solidity", sources, settings };
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find }));
const errors = (output.errors ?? []).filter((error) => error.severity === "error");
if (errors.length > 0) {
  console.error(errors.map((error) => error.formattedMessage).join("\n"));
  process.exit(1);
}
const codes = {};
for (const path of Object.keys(sources)) {
  for (const [name, contract] of Object.entries(output.contracts[path])) {
    if (contract.evm.bytecode.object !== "") codes[name] = contract.evm.bytecode.object;
  }
}
writeFileSync(out, JSON.stringify(codes, null, 1) + "\n");
