// Compiles cli/src/main/solidity/BenchToken.sol. Prints the creation code, or with --write puts it where the bench finds it:
//   npm ci && node tools/compile-bench-token.mjs --write
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import solc from "solc";

const SOURCE = fileURLToPath(new URL("../../../cli/src/main/solidity/BenchToken.sol", import.meta.url));
export const RESOURCE = fileURLToPath(new URL("../../../cli/src/main/resources/coco/cli/bench/BenchToken.hex", import.meta.url));

/** Optimised, and without the metadata hash, so that the same source always gives the same bytes. */
export function benchToken() {
  const input = {
    language: "Solidity",
    sources: { "BenchToken.sol": { content: readFileSync(SOURCE, "utf8") } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: "none", appendCBOR: false },
      outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  return `${output.contracts["BenchToken.sol"].BenchToken.evm.bytecode.object}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--write")) {
    writeFileSync(RESOURCE, benchToken());
  } else {
    process.stdout.write(benchToken());
  }
}
