// Every function of OpenZeppelin's tokens and of Uniswap V2, by one Hardhat test-suite on Coco and then on an anvil whose
// blocks are given the times of Coco's: the same signed transactions, so everything but the blocks has to be equal.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { id } from "ethers";
import { coco, comparable, freshPhrase, fund, hardhat, here, startAnvil } from "../lib/tools.mjs";

const SUITE = readdirSync(join(here, "hardhat/test/every-function")).map((name) => `test/every-function/${name}`);

/** Answers that contain numbers of blocks. What they are worth is asserted in the suite. */
const BY_BLOCK = ["clock()", "getPastVotes(address,uint256)", "getPastTotalSupply(uint256)", "checkpoints(address,uint32)"].map((f) => id(f).slice(0, 10));

describe("every function of the tokens of OpenZeppelin and of Uniswap V2, by Hardhat", () => {
  const folder = mkdtempSync(join(tmpdir(), "coco-transcripts-"));
  const phrase = freshPhrase();
  let anvil;

  before(async () => {
    anvil = await startAnvil();
  });
  after(() => {
    anvil?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function suiteOn(network, url, env) {
    await fund(url, phrase);
    const urls = { COCO_URL: url, ANVIL_URL: url };
    const { code, stdout, stderr } = await hardhat(["test", "--no-compile", "--network", network, ...SUITE], { ...env, ...urls, TEST_PHRASE: phrase });
    assert.equal(code, 0, `${phrase}\n${stdout}\n${stderr}`);
    return JSON.parse(readFileSync(env.TRANSCRIPT, "utf8"));
  }

  it("should give anvil's receipts, logs, return values and revert data", async (t) => {
    const ours = await suiteOn("coco", coco[1], { TRANSCRIPT: join(folder, "coco.json") });
    const theirs = await suiteOn("anvil", anvil.url, { TRANSCRIPT: join(folder, "anvil.json"), TIMES: join(folder, "coco.json") });
    assert.deepEqual(ours.contracts, theirs.contracts);
    assert.ok(ours.calls.length > 500 && ours.receipts.length > 200, `${ours.calls.length} calls, ${ours.receipts.length} receipts`);
    let answers = 0;
    let reverts = 0;
    ours.calls.forEach((call, i) => {
      const their = theirs.calls[i];
      if (call.method === "eth_call" && BY_BLOCK.includes(call.data.slice(0, 10))) {
        assert.equal(their.data.slice(0, 10), call.data.slice(0, 10));
      } else {
        // A call that fails without data has none, in whichever of the two ways of saying so.
        assert.deepEqual({ ...call, revert: call.revert ?? "0x" }, { ...their, revert: their.revert ?? "0x" }, `call ${i}`);
      }
      answers += call.result === undefined ? 0 : 1;
      reverts += call.result === undefined ? 1 : 0;
    });
    assert.equal(ours.calls.length, theirs.calls.length);
    assert.deepEqual(ours.times, theirs.times);
    ours.receipts.forEach((receipt, i) => assert.deepEqual(comparable(receipt), comparable(theirs.receipts[i]), `receipt ${i}`));
    const failed = ours.receipts.filter((receipt) => receipt.status === "0x0").length;
    t.diagnostic(`${answers} answers, ${reverts} reverts, ${ours.receipts.length} receipts, of which ${failed} failed, equal`);
    assert.ok(reverts > 100 && failed > 100, `${reverts} reverts, ${failed} failed`);
  });
});
