// Compiles Solidity with the npm compiler at its default settings, as a developer who configures nothing would.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import solc from "solc";

const require = createRequire(import.meta.url);

/** @returns {{abi: object[], bytecode: string}} of the contract of the same name as its file in contracts/ */
export function compile(name) {
  const file = fileURLToPath(new URL(`../contracts/${name}.sol`, import.meta.url));
  const input = {
    language: "Solidity",
    sources: { [`${name}.sol`]: { content: readFileSync(file, "utf8") } },
    settings: { outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  };
  const readImport = (path) => ({ contents: readFileSync(require.resolve(path), "utf8") });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
  const errors = (output.errors ?? []).filter((e) => e.severity === "error");
  if (errors.length > 0) {
    throw new Error(errors.map((e) => e.formattedMessage).join("\n"));
  }
  const contract = output.contracts[`${name}.sol`][name];
  return { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` };
}
