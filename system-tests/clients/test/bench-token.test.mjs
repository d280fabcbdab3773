import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { benchToken, RESOURCE } from "../tools/compile-bench-token.mjs";

it("should be compiled from its source, the token that the bench deploys", () => {
  assert.equal(readFileSync(RESOURCE, "utf8"), benchToken());
});
