// Writes contracts.json: of each contract its interface, its creation code and the code that lies on the ledger then.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const NAMES = ["Catalogue", "Directory", "Inventory", "PurchaseOrder"];
const FILE = join(__dirname, "..", "contracts.json");

/** What the compiler made, as it stands in contracts.json. */
function compiled() {
  const contracts = {};
  for (const name of NAMES) {
    const { abi, bytecode, deployedBytecode } = require(
      join(__dirname, "..", `out/artifacts/contracts/${name}.sol/${name}.json`),
    );
    contracts[name] = { abi, creation: bytecode, runtime: deployedBytecode };
  }
  return contracts;
}

module.exports = { FILE, compiled };

if (require.main === module) {
  const lines = Object.entries(compiled()).map(([name, { abi, creation, runtime }]) => {
    const entries = abi.map((entry) => `      ${JSON.stringify(entry)}`).join(",\n");
    return ` "${name}": {\n    "abi": [\n${entries}\n    ],\n    "creation": "${creation}",\n    "runtime": "${runtime}"\n  }`;
  });
  writeFileSync(FILE, `{\n${lines.join(",\n")}\n}\n`);
}
