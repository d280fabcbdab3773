#!/usr/bin/env node
// Compiles contracts into what the lint command reads (ABI, storage layout and AST), for the tests of that command:
//     node tools/artifacts.mjs OUT SOURCE...
// npm run artifacts makes those that are committed. What nobody looks at is left out of them.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const solc = require("solc");
const root = fileURLToPath(new URL("..", import.meta.url));
const LEFT_OUT = new Set([
  "documentation",
  "nameLocation",
  "nameLocations",
  "memberLocation",
  "typeDescriptions",
  "argumentTypes",
  "keyNameLocation",
  "valueNameLocation",
  "nativeSrc",
]);

const [out, ...paths] = process.argv.slice(2);
const sources = Object.fromEntries(paths.map((path) => [path, { content: readFileSync(root + path, "utf8") }]));
const settings = {
  evmVersion: "prague",
  outputSelection: { "*": { "*": ["abi", "storageLayout"], "": ["ast"] } },
};
const find = (path) => ({ contents: readFileSync(path.startsWith("@") ? require.resolve(path) : root + path, "utf8") });
const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: find }));
const errors = (output.errors ?? []).filter((error) => error.severity === "error");
if (errors.length > 0) {
  console.error(errors.map((error) => error.formattedMessage).join("\n"));
  process.exit(1);
}
const slim = (node) => {
  if (Array.isArray(node)) return node.map(slim);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => [name, slim(value)]);
  if (node.nodeType === "VariableDeclaration") {
    kept.push(["typeDescriptions", { typeString: node.typeDescriptions.typeString }]);
  }
  return Object.fromEntries(kept);
};
const slimmed = {
  sources: Object.fromEntries(
    Object.entries(output.sources).map(([path, source]) => [path, { id: source.id, ast: slim(source.ast) }]),
  ),
  contracts: output.contracts,
};
writeFileSync(out, JSON.stringify(slimmed) + "\n");
