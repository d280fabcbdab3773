// A project of Hardhat 2 as its user has it: compiled, deployed by a script, tested, on Coco.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, coco, freshPhrase, fund, hardhat } from "../lib/tools.mjs";

describe("a Hardhat project", () => {
  const phrase = freshPhrase();
  const env = { COCO_URL: coco[2], TEST_PHRASE: phrase };

  it("should be deployed by a script", async () => {
    await fund(coco[2], phrase);
    const { code, stdout, stderr } = await hardhat(["run", "--no-compile", "scripts/deploy.js", "--network", "coco"], env);
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    const { vault } = JSON.parse(stdout.trim().split("\n").at(-1));
    for (const url of coco) {
      while (BigInt(await ask(url, "eth_getBalance", vault, "latest")) !== 1_000_000_000_000_000_001n) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  });

  it("should pass its tests", async (t) => {
    const { code, stdout, stderr } = await hardhat(["test", "--no-compile", "test/vault.js", "--network", "coco"], env);
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, /9 passing/);
    t.diagnostic(stdout.match(/\d+ passing \([^)]*\)/)[0]);
  });
});
