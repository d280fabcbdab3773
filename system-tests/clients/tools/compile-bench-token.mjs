// Compiles the contracts of cli/src/main/solidity that commands send. Prints their creation codes, or with --write puts
// them where the commands find them:
//   npm ci && node tools/compile-bench-token.mjs --write
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import solc from "solc";

const sourceOf = (name) => fileURLToPath(new URL(`../../../cli/src/main/solidity/${name}.sol`, import.meta.url));

/** Each contract, and the package of the command that sends it. */
const PACKAGES = { BenchToken: "bench", MixedCalls: "demo/compare" };

export const CONTRACTS = Object.keys(PACKAGES);

export const resourceOf = (name) =>
  fileURLToPath(new URL(`../../../cli/src/main/resources/coco/cli/${PACKAGES[name]}/${name}.hex`, import.meta.url));

/** Optimised, and without the metadata hash, so that the same source always gives the same bytes. */
export function creationCode(name) {
  const input = {
    language: "Solidity",
    sources: { [`${name}.sol`]: { content: readFileSync(sourceOf(name), "utf8") } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: "none", appendCBOR: false },
      outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const contract = output.contracts?.[`${name}.sol`]?.[name];
  if (contract === undefined) {
    throw new Error(output.errors.map((error) => error.formattedMessage).join("\n"));
  }
  return `${contract.evm.bytecode.object}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of CONTRACTS) {
    if (process.argv.includes("--write")) {
      writeFileSync(resourceOf(name), creationCode(name));
    } else {
      process.stdout.write(creationCode(name));
    }
  }
}
