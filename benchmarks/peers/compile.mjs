// Compiles src/main/solidity of this module. With --write, puts what each contract runs (not what creates it) where the
// benchmarks find it; without, prints it:
//   npm ci && node compile.mjs --write
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import solc from "solc";

const SOURCES = fileURLToPath(new URL("../src/main/solidity/", import.meta.url));
export const RESOURCES = fileURLToPath(new URL("../src/main/resources/coco/benchmarks/evm/", import.meta.url));

/** No contract of ours has a constructor or immutables, so that the runtime code is all that there is. */
export function contracts() {
  const files = readdirSync(SOURCES).filter((name) => name.endsWith(".sol")).sort();
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(files.map((name) => [name, { content: readFileSync(SOURCES + name, "utf8") }])),
    settings: {
      // Paris is the newest fork that all machines side by side know.
      evmVersion: "paris",
      optimizer: { enabled: true, runs: 200 },
      // Without the metadata hash the same source always gives the same bytes.
      metadata: { bytecodeHash: "none", appendCBOR: false },
      outputSelection: { "*": { "*": ["evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const errors = (output.errors ?? []).filter((e) => e.severity === "error");
  if (errors.length > 0) {
    throw new Error(errors.map((e) => e.formattedMessage).join("\n"));
  }
  return Object.fromEntries(files.map((name) => {
    const contract = name.replace(".sol", "");
    return [contract, `${output.contracts[name][contract].evm.deployedBytecode.object}\n`];
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, code] of Object.entries(contracts())) {
    if (process.argv.includes("--write")) {
      writeFileSync(`${RESOURCES}${name}.hex`, code);
    } else {
      process.stdout.write(`${name} ${code}`);
    }
  }
}
