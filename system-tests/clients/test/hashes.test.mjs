import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ContractFactory, keccak256, Transaction } from "ethers";
import { compile } from "../lib/compile.mjs";
import { fetchBlocks, fetchReceiptsByBlock } from "../lib/explorer.mjs";
import { blockHash, bloomOf, listRoot, rawReceipt, rawTransaction } from "../lib/headers.mjs";
import { connect } from "../lib/network.mjs";
import { RpcConnection } from "../lib/rpc.mjs";

describe("what a node says about blocks", () => {
  let coco;
  let rpc;
  let connections;
  let last;

  before(async () => {
    coco = await connect();
    connections = coco.urls.map((url) => new RpcConnection(url));
    rpc = (method, ...params) => coco.providers[0].send(method, params);
    await makeBlocks();
  });
  after(() => {
    connections?.forEach((connection) => connection.close());
    coco?.stop();
  });

  /** Transactions of every type that wallets send, several to a block, with and without events. */
  async function makeBlocks() {
    const sender = coco.pipelinedWallet(8, 1);
    const { abi, bytecode } = compile("TestToken");
    const token = await new ContractFactory(abi, bytecode, sender).deploy("Hashes", "HSH", 1_000_000n);
    await token.waitForDeployment();
    const to = coco.wallet(0, 0).address;
    const data = token.interface.encodeFunctionData("scatter", [[to, to], 5n]);
    const address = await token.getAddress();
    const accessList = [{ address, storageKeys: [`0x${"00".repeat(32)}`] }];
    const sent = [];
    for (let round = 0; round < 5; round++) {
      sent.push(sender.sendTransaction({ type: 0, to, value: 1n, gasLimit: 21_000n }));
      sent.push(sender.sendTransaction({ type: 1, to: address, data, accessList, gasLimit: 200_000n }));
      sent.push(sender.sendTransaction({ type: 2, to: address, data, gasLimit: 200_000n }));
    }
    const receipts = await Promise.all((await Promise.all(sent)).map((tx) => tx.wait()));
    last = Math.max(...receipts.map((receipt) => receipt.blockNumber));
    await coco.applied(last);
  }

  it("should recompute from the fields: hashes, roots, blooms, the chain from genesis on", async () => {
    let parent;
    let transactions = 0;
    const blocks = await fetchBlocks(connections[0], 0, last);
    const receiptsOf = await fetchReceiptsByBlock(connections[0], blocks);
    for (const [number, block] of blocks.entries()) {
      assert.equal(blockHash(block), block.hash, `hash of block ${number}`);
      if (parent) {
        assert.equal(block.parentHash, parent.hash);
        assert.ok(BigInt(block.timestamp) >= BigInt(parent.timestamp));
      }
      const raw = block.transactions.map(rawTransaction);
      assert.equal(await listRoot(raw), block.transactionsRoot, `transactionsRoot of block ${number}`);
      raw.forEach((bytes, i) => {
        assert.equal(keccak256(bytes), block.transactions[i].hash);
        assert.equal(Transaction.from(bytes).from.toLowerCase(), block.transactions[i].from.toLowerCase());
      });
      const receipts = receiptsOf[number];
      assert.equal(await listRoot(receipts.map(rawReceipt)), block.receiptsRoot, `receiptsRoot of block ${number}`);
      receipts.forEach((receipt) => assert.equal(bloomOf(receipt.logs), receipt.logsBloom));
      assert.equal(bloomOf(receipts.flatMap((receipt) => receipt.logs)), block.logsBloom);
      assert.equal(BigInt(receipts.at(-1)?.cumulativeGasUsed ?? 0), BigInt(block.gasUsed));
      receipts.flatMap((receipt) => receipt.logs).forEach((log, i) => assert.equal(Number(log.logIndex), i));
      transactions += raw.length;
      parent = block;
    }
    assert.ok(transactions >= 16);
  });

  it("should be the same on every node", async () => {
    const [one, ...others] = await Promise.all(connections.map((connection) => fetchBlocks(connection, 0, last)));
    others.forEach((blocks) => assert.deepEqual(blocks, one));
  });

  it("should be found by hash as by number", async () => {
    const block = await rpc("eth_getBlockByNumber", `0x${last.toString(16)}`, false);
    assert.deepEqual(await rpc("eth_getBlockByHash", block.hash, false), block);
    for (const hash of block.transactions) {
      const transaction = await rpc("eth_getTransactionByHash", hash);
      const receipt = await rpc("eth_getTransactionReceipt", hash);
      assert.equal(transaction.blockHash, block.hash);
      assert.equal(receipt.transactionIndex, transaction.transactionIndex);
    }
    assert.equal(await rpc("eth_getBlockByHash", `0x${"11".repeat(32)}`, false), null);
  });
});
