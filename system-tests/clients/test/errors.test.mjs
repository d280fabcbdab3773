import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { connect } from "../lib/network.mjs";

/** Codes of JSON-RPC 2.0, section 5.1; -32000 and 3 are geth's. */
describe("bad input", () => {
  let coco;

  before(async () => {
    coco = await connect();
  });
  after(() => coco?.stop());

  async function post(body) {
    const response = await fetch(coco.urls[0], { method: "POST", headers: { "content-type": "application/json" }, body });
    const text = await response.text();
    assert.doesNotMatch(text, /\bat [a-z]+\.[a-z.]+[A-Z]|Exception/, "a stack trace in a reply");
    return text === "" ? undefined : JSON.parse(text);
  }

  const call = (method, params) => post(JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }));

  it("should answer with the standard codes", async () => {
    assert.equal((await post("{")).error.code, -32700);
    assert.equal((await post("[]")).error.code, -32600);
    assert.equal((await post('"x"')).error.code, -32600);
    assert.equal((await call("eth_fly", [])).error.code, -32601);
    assert.equal((await call("eth_getBalance", ["0x12"])).error.code, -32602);
    assert.equal((await call("eth_getBalance", [{}])).error.code, -32602);
    assert.equal((await call("eth_getBlockByNumber", ["0xzz", false])).error.code, -32602);
  });

  it("should answer a batch entry by entry", async () => {
    const one = (id, method) => ({ jsonrpc: "2.0", id, method, params: [] });
    const replies = await post(JSON.stringify([one(1, "eth_chainId"), one("b", "eth_fly"), 5, one(3, "net_version")]));
    assert.deepEqual(replies.map((r) => r.id), [1, "b", null, 3]);
    assert.equal(BigInt(replies[0].result), coco.chainId);
    assert.equal(replies[1].error.code, -32601);
    assert.equal(replies[2].error.code, -32600);
    assert.equal(replies[3].result, String(coco.chainId));
  });

  it("should refuse transactions in geth's words", async () => {
    const rich = coco.wallet(5, 0);
    const price = { gasPrice: 0n, type: 0 };
    const send = async (wallet, fields) =>
      (await call("eth_sendRawTransaction", [await wallet.signTransaction({ chainId: coco.chainId, gasLimit: 21_000n, ...price, to: rich.address, nonce: 0, ...fields })])).error;

    assert.equal((await call("eth_sendRawTransaction", ["0xc0"])).error.code, -32000);
    assert.equal((await call("eth_sendRawTransaction", ["0x"])).error.code, -32000);
    assert.match((await send(rich, { chainId: 1n })).message, /invalid chain id/);
    assert.match((await send(await coco.newcomer(), { value: 1n })).message, /insufficient funds for gas \* price \+ value/);
    assert.match((await send(rich, { gasLimit: 20_999n, nonce: await rich.getNonce() })).message, /intrinsic gas too low/);
    await (await rich.sendTransaction({ to: rich.address, value: 0n })).wait();
    assert.match((await send(rich, { nonce: 0 })).message, /nonce too low/);
  });

  it("should outlive nesting and size", async () => {
    const nested = "[".repeat(5_000) + "]".repeat(5_000);
    const deep = await post(`{"jsonrpc":"2.0","id":1,"method":"eth_call","params":${nested}}`);
    assert.ok(deep.error);
    const huge = await fetch(coco.urls[0], { method: "POST", headers: { "content-type": "application/json" }, body: "x".repeat(40_000_000) }).catch((e) => e);
    assert.ok(huge instanceof Error || huge.status === 413 || huge.status === 400, `status ${huge.status}`);
    assert.equal(BigInt((await call("eth_chainId", [])).result), coco.chainId);
  });
});
