import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { CONTRACTS, creationCode, resourceOf } from "../tools/compile-bench-token.mjs";

for (const name of CONTRACTS) {
  it(`should be compiled from its source, the contract ${name} that commands send`, () => {
    assert.equal(readFileSync(resourceOf(name), "utf8"), creationCode(name));
  });
}
