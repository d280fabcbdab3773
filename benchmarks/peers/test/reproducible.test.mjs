import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RESOURCES, contracts } from "../compile.mjs";

test("the committed code is what the sources compile to", () => {
  for (const [name, code] of Object.entries(contracts())) {
    assert.equal(readFileSync(`${RESOURCES}${name}.hex`, "utf8"), code, name);
  }
});
