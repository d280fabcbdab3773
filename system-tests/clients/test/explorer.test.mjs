import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { Interface } from "ethers";
import { WebSocket } from "ws";
import * as explorer from "../lib/explorer.mjs";
import { Inbox } from "../lib/eventually.mjs";
import { connect } from "../lib/network.mjs";
import { RpcConnection } from "../lib/rpc.mjs";
import { checkBlock, checkReceipt, HASH, QUANTITY } from "../lib/shapes.mjs";
import { work } from "../lib/workload.mjs";

/** So many states are kept by default (history.stateBlocks), and balances are compared at both ends. */
const STATES_KEPT = 1_024;
const MARGIN = 64;

describe("an explorer that indexes the chain as Blockscout does", () => {
  let coco;
  let rpc;
  let known;
  let heads;
  let socket;
  let first;
  let last;
  let blocks;
  let transactions;
  let receipts;
  let traces;

  before(
    async () => {
      coco = await connect();
      rpc = new RpcConnection(coco.urls[1]);
      heads = new Inbox();
      socket = new WebSocket(coco.socketUrl(1));
      await once(socket, "open");
      socket.on("message", (data) => heads.add(JSON.parse(data.toString())));
      socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
      await heads.first((message) => message.id === 1);
      known = await work(coco);
      last = Number(await rpc.send("eth_blockNumber"));
      first = Math.max(0, last - STATES_KEPT + MARGIN);
      blocks = await explorer.fetchBlocks(rpc, first, last);
      transactions = blocks.flatMap((block) => block.transactions);
      receipts = await explorer.fetchReceipts(rpc, transactions);
    },
    { timeout: 120_000 },
  );
  after(() => {
    socket?.close();
    rpc?.close();
    coco?.stop();
  });

  it("should see a chain whose parts belong together", () => {
    blocks.forEach((block, i) => {
      checkBlock(block, true);
      assert.equal(Number(block.number), first + i);
      if (i > 0) {
        assert.equal(block.parentHash, blocks[i - 1].hash);
      }
    });
    const hashes = new Set(transactions.map(({ hash }) => hash));
    assert.equal(hashes.size, transactions.length);
    assert.ok(known.hashes.length >= 300 && known.hashes.every((hash) => hashes.has(hash)));
  });

  it("should get the same receipts one by one and by block, and their logs again by query", async () => {
    receipts.forEach(checkReceipt);
    assert.deepEqual((await explorer.fetchReceiptsByBlock(rpc, blocks)).flat(), receipts);
    receipts.forEach((receipt, i) => assert.equal(receipt.transactionHash, transactions[i].hash));
    const logs = await rpc.send("eth_getLogs", { fromBlock: blocks[0].number, toBlock: blocks.at(-1).number });
    assert.deepEqual(
      logs,
      receipts.flatMap((receipt) => receipt.logs),
    );
    assert.ok(receipts.some((receipt) => receipt.status === "0x0"));
  });

  it("should account for every balance by fees and internal transactions", { timeout: 120_000 }, async () => {
    traces = await explorer.fetchTraces(rpc, transactions);
    const changes = explorer.balanceChanges(
      blocks.slice(1),
      receipts.slice(blocks[0].transactions.length),
      traces.slice(blocks[0].transactions.length),
    );
    const addresses = [...changes.keys()];
    const [before, now] = await Promise.all(
      [first, last].map((number) => explorer.fetchBalances(rpc, addresses, number)),
    );
    const wrong = addresses.filter((address, i) => BigInt(before[i]) + changes.get(address) !== BigInt(now[i]));
    assert.deepEqual(wrong, [], `${wrong.length} of ${addresses.length}`);
    assert.ok(addresses.length > 100);
  });

  it("should find the logs of receipts in the frames that emitted them", () => {
    traces.forEach((trace, i) => {
      const logs = explorer.effective(trace).flatMap((frame) => frame.logs ?? []);
      logs.sort((a, b) => Number(a.index) - Number(b.index));
      const bare = ({ address, topics, data }) => ({ address, topics, data });
      assert.deepEqual(logs.map(bare), receipts[i].logs.map(bare), transactions[i].hash);
      assert.equal(trace.gasUsed, receipts[i].gasUsed);
      assert.equal(trace.error === undefined, receipts[i].status === "0x1");
    });
  });

  it("should get the same from whole blocks, and in OpenEthereum's form", { timeout: 120_000 }, async () => {
    const busy = blocks.filter((block) => block.transactions.length > 0);
    const byBlock = (await explorer.fetchBlockTraces(rpc, busy)).flat();
    assert.deepEqual(
      byBlock.map(({ txHash, result }) => [txHash, result]),
      traces.map((trace, i) => [transactions[i].hash, trace]),
    );
    const replays = (await explorer.fetchReplays(rpc, busy)).flat();
    replays.forEach((replay, i) => {
      assert.equal(replay.transactionHash, transactions[i].hash);
      assert.deepEqual(
        explorer.paymentsOfTraces(replay.trace),
        explorer.payments(explorer.effective(traces[i])),
        transactions[i].hash,
      );
    });
  });

  it("should know every contract that was made, and its code", async () => {
    const made = traces.flatMap((trace, i) =>
      explorer
        .effective(trace)
        .filter(({ type }) => type === "CREATE" || type === "CREATE2")
        .map(({ to, output }) => ({
          to,
          output,
          block: Number(receipts[i].blockNumber),
          outermost: receipts[i].contractAddress,
        })),
    );
    const gone = new Set(
      traces.flatMap((trace) =>
        explorer
          .effective(trace)
          .filter(({ type }) => type === "SELFDESTRUCT")
          .map(({ from }) => from),
      ),
    );
    assert.ok(made.length > 100 && gone.size > 10);
    const codes = await explorer.fetchCodes(
      rpc,
      made.map(({ to }) => to),
      last,
    );
    made.forEach(({ to, output }, i) => assert.equal(codes[i], gone.has(to) ? "0x" : output, to));
    const direct = receipts
      .filter(({ contractAddress }) => contractAddress !== null)
      .map(({ contractAddress }) => contractAddress);
    assert.ok(direct.every((address) => made.some(({ to, outermost }) => to === address && outermost === address)));
    const spawner = made.find(({ to }) => to === known.spawner.toLowerCase());
    assert.deepEqual(await explorer.fetchCodes(rpc, [spawner.to], spawner.block - 1), ["0x"]);
  });

  it("should read a token's face and a holder's balance at any height", async () => {
    const token = new Interface([
      "function name() view returns (string)",
      "function symbol() view returns (string)",
      "function decimals() view returns (uint8)",
      "function totalSupply() view returns (uint256)",
      "function balanceOf(address) view returns (uint256)",
      "event Transfer(address indexed from, address indexed to, uint256 value)",
    ]);
    const born = Number(
      receipts.find(({ contractAddress }) => contractAddress === known.token.toLowerCase()).blockNumber,
    );
    const fields = ["name", "symbol", "decimals", "totalSupply"];
    for (const tag of ["latest", `0x${born.toString(16)}`, { blockHash: blocks[born - first].hash }]) {
      const outputs = await rpc.batch(
        fields.map((field) => ["eth_call", { to: known.token, data: token.encodeFunctionData(field) }, tag]),
      );
      const values = outputs.map((output, i) => token.decodeFunctionResult(fields[i], output)[0]);
      assert.deepEqual(values, ["Explored", "EXP", 18n, 10n ** 21n]);
    }
    const holders = new Map();
    const transfers = receipts.flatMap(({ logs }) => logs).filter((log) => log.address === known.token.toLowerCase());
    let height = born;
    for (const log of transfers) {
      const parsed = token.parseLog(log);
      if (parsed?.name !== "Transfer") {
        continue;
      }
      const { from, to, value } = parsed.args;
      holders.set(from, (holders.get(from) ?? 0n) - value);
      holders.set(to, (holders.get(to) ?? 0n) + value);
      height = Math.max(height, Number(log.blockNumber));
    }
    const people = [...holders.keys()].filter((address) => BigInt(address) !== 0n);
    const data = people.map((address) => token.encodeFunctionData("balanceOf", [address]));
    const balances = await rpc.batches(
      data.map((input) => ["eth_call", { to: known.token, data: input }, `0x${height.toString(16)}`]),
      250,
    );
    assert.deepEqual(
      balances.map(BigInt),
      people.map((address) => holders.get(address)),
    );
    assert.ok(people.length > 10);
  });

  it("should have been told of every block by the WebSocket", async () => {
    await heads.first((message) => Number(message.params?.result.number) >= last);
    const seen = heads.items
      .filter((message) => message.method === "eth_subscription")
      .map((message) => message.params.result);
    const from = Number(seen[0].number);
    seen.forEach((head, i) => assert.equal(Number(head.number), from + i));
    seen
      .filter((head) => Number(head.number) <= last)
      .forEach((head) => assert.equal(head.hash, blocks[Number(head.number) - first].hash));
    assert.ok(seen.length >= 3);
  });

  it("should find no uncles, and a pool in geth's form", async () => {
    const uncles = await rpc.batch(
      blocks.slice(-20).map(({ hash }) => ["eth_getUncleByBlockHashAndIndex", hash, "0x0"]),
    );
    assert.ok(uncles.every((uncle) => uncle === null));
    const pool = await rpc.send("txpool_content");
    assert.deepEqual(Object.keys(pool).sort(), ["pending", "queued"]);
    assert.match(await rpc.send("net_version"), /^[0-9]+$/);
    assert.match(await rpc.send("eth_gasPrice"), QUANTITY);
    assert.match((await rpc.send("eth_getBlockByNumber", "safe", false)).hash, HASH);
    const pending = await rpc.send("eth_getBlockByNumber", "pending", false);
    assert.ok(Array.isArray(pending.transactions));
  });
});
