#!/usr/bin/env node
// Compiles the system contract that networks have from their genesis on into the file that the node takes it from:
//     node tools/readers.mjs [--check]
// A network knows it by its bytes: another compiler, other settings or another source are another contract, which the
// networks founded before do not have. Without opcodes that are younger than Paris, for genesis documents with old forks.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const solc = createRequire(import.meta.url)("solc");
const root = fileURLToPath(new URL("..", import.meta.url));
const out = root + "../ledgers/ethereum/src/main/resources/coco/ledgers/ethereum/access/CocoReaders.hex";
const path = "contracts/CocoReaders.sol";
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "paris",
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: { "*": { CocoReaders: ["evm.deployedBytecode.object"] } },
};
const sources = { [path]: { content: readFileSync(root + path, "utf8") } };
const find = (name) => ({ contents: readFileSync(root + name, "utf8") });
const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: find }));
const errors = (output.errors ?? []).filter((error) => error.severity === "error");
if (errors.length > 0) {
  console.error(errors.map((error) => error.formattedMessage).join("\n"));
  process.exit(1);
}
const code = output.contracts[path].CocoReaders.evm.deployedBytecode.object + "\n";
if (!process.argv.includes("--check")) {
  writeFileSync(out, code);
} else if (readFileSync(out, "utf8") !== code) {
  console.error("CocoReaders.hex is not what CocoReaders.sol compiles to");
  process.exit(1);
}
