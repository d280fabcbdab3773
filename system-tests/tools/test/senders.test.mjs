// Many senders at once, each with a run of nonces that arrive in any order through any node: nothing stalls.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HDNodeWallet, Mnemonic } from "ethers";
import { ask, CHAIN_ID, coco, freshPhrase, rpc } from "../lib/tools.mjs";

const SENDERS = 24;
const RUN = 50;
const LIMIT_MILLIS = 60_000;

describe("many senders at once", () => {
  it("should have every transaction of every sender executed, in the order of the nonces", async (t) => {
    const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(freshPhrase()), "m/44'/60'/0'/0");
    const wallets = Array.from({ length: SENDERS }, (_, i) => root.deriveChild(i));
    const target = "0x000000000000000000000000000000000000c0c0";
    const fields = { to: target, value: 0, gasLimit: 21_000, type: 0, gasPrice: 0, chainId: CHAIN_ID };
    const signed = await Promise.all(
      wallets.map(async (wallet) => ({ wallet, raw: await Promise.all(Array.from({ length: RUN }, (_, nonce) => wallet.signTransaction({ ...fields, nonce }))) })),
    );
    const started = Date.now();
    const refusals = [];
    const hashes = [];
    await Promise.all(
      signed.map(async ({ raw }, i) => {
        // Every third sender's nonces come backwards, so that each but the last waits behind a gap; the others in order.
        const order = i % 3 === 0 ? [...raw].reverse() : raw;
        await Promise.all(
          order.map(async (bytes, j) => {
            const { result, error } = await rpc(coco[(i + j) % coco.length], "eth_sendRawTransaction", bytes);
            (error ? refusals : hashes).push(error ?? result);
          }),
        );
      }),
    );
    assert.deepEqual(refusals, []);
    assert.equal(new Set(hashes).size, SENDERS * RUN);
    for (const url of coco) {
      for (const { wallet } of signed) {
        while (BigInt(await ask(url, "eth_getTransactionCount", wallet.address, "latest")) !== BigInt(RUN)) {
          assert.ok(Date.now() - started < LIMIT_MILLIS, `${wallet.address} stalls`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    }
    t.diagnostic(`${SENDERS} senders, ${RUN} nonces each: ${Date.now() - started} ms`);
    const places = new Map();
    for (const hash of hashes) {
      const receipt = await ask(coco[0], "eth_getTransactionReceipt", hash);
      assert.equal(receipt.status, "0x1");
      places.set(hash, Number(receipt.blockNumber) * 100_000 + Number(receipt.transactionIndex));
    }
    assert.equal(new Set(places.values()).size, SENDERS * RUN);
  });
});
