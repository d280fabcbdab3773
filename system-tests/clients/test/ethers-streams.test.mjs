import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  Contract,
  ContractFactory,
  FallbackProvider,
  isError,
  JsonRpcProvider,
  Network,
  parseEther,
  Wallet,
  WebSocketProvider,
} from "ethers";
import { compile } from "../lib/compile.mjs";
import { Inbox } from "../lib/eventually.mjs";
import { connect } from "../lib/network.mjs";

describe("ethers 6 by WebSocket, over several nodes, and from many wallets", () => {
  let coco;
  let owner;
  let probe;
  let artifact;

  before(async () => {
    coco = await connect();
    owner = coco.wallet(4, 1);
    artifact = compile("Probe");
    probe = await new ContractFactory(artifact.abi, artifact.bytecode, owner).deploy("streams", 1_000_000n);
    const receipt = await probe.deploymentTransaction().wait();
    await coco.applied(receipt.blockNumber);
  });
  after(() => coco?.stop());

  it("should be told of blocks, events and pending transactions by a WebSocket", { timeout: 60_000 }, async () => {
    const socket = new WebSocketProvider(coco.socketUrl(0), undefined, { cacheTimeout: -1 });
    try {
      assert.equal((await socket.getNetwork()).chainId, coco.chainId);
      const blocks = new Inbox();
      const pending = new Inbox();
      const events = new Inbox();
      const seen = new Contract(await probe.getAddress(), artifact.abi, socket);
      await socket.on("block", blocks.add);
      await socket.on("pending", pending.add);
      await seen.on(seen.filters.Stored(null, [7n, 8n]), (...args) => events.add(args.at(-1)));
      // An answer to a later request says that the subscriptions before it are made.
      await socket.getBlockNumber();

      const writer = probe.connect(new Wallet(coco.wallet(5, 0).privateKey, socket));
      const sent = await writer.store(7n, 70n);
      const receipt = await sent.wait();
      await (await writer.store(9n, 90n)).wait();
      await (await writer.store(8n, 80n)).wait();

      assert.equal((await events.first((event) => event.args.key === 7n)).log.transactionHash, sent.hash);
      await events.first((event) => event.args.key === 8n);
      assert.deepEqual(
        events.items.map((event) => event.args.key),
        [7n, 8n],
      );
      await blocks.first((number) => number >= receipt.blockNumber);
      await pending.first((hash) => hash === sent.hash);
      const numbers = blocks.items;
      assert.deepEqual(
        numbers,
        numbers.map((_, i) => numbers[0] + i),
        "blocks come in order, each once",
      );
    } finally {
      await socket.destroy();
    }
  });

  it("should read and write by a quorum of three nodes", { timeout: 60_000 }, async () => {
    const network = Network.from(coco.chainId);
    // Its own providers, since it ends them with itself.
    const configs = coco.urls.map((url) => ({
      provider: new JsonRpcProvider(url, network, { staticNetwork: network, cacheTimeout: -1 }),
      priority: 1,
      weight: 1,
      stallTimeout: 1_000,
    }));
    const fallback = new FallbackProvider(configs, network, { quorum: 2, cacheTimeout: -1, pollingInterval: 100 });
    try {
      const wallet = new Wallet(coco.wallet(6, 0).privateKey, fallback);
      const before = await fallback.getBalance(wallet.address);
      const to = Wallet.createRandom().address;
      const sent = await wallet.sendTransaction({ to, value: 12_345n });
      const receipt = await sent.wait();
      await coco.applied(receipt.blockNumber);
      assert.equal(await fallback.getBalance(to), 12_345n);
      assert.equal(before - (await fallback.getBalance(wallet.address)), 12_345n + receipt.fee);
      assert.equal((await fallback.getTransactionReceipt(sent.hash)).blockHash, receipt.blockHash);
      assert.equal((await fallback.getBlock(receipt.blockNumber)).hash, receipt.blockHash);
      const seen = new Contract(await probe.getAddress(), artifact.abi, fallback);
      assert.equal(await seen.limit(), 1_000_000n);
      await assert.rejects(
        seen.store.staticCall(1n, 1_000_001n),
        (e) => isError(e, "CALL_EXCEPTION") && e.revert.name === "TooLarge",
      );
    } finally {
      fallback.destroy();
    }
  });

  it("should take what many wallets send at once, and lose none of it", { timeout: 60_000 }, async () => {
    const each = 5;
    const wallets = [];
    for (let i = 0; i < 40; i++) {
      wallets.push((await coco.newcomer()).connect(coco.providers[i % coco.providers.length]));
    }
    const payer = coco.pipelinedWallet(4, 1);
    const paid = await Promise.all(
      wallets.map((wallet) => payer.sendTransaction({ to: wallet.address, value: parseEther("1") })),
    );
    await coco.applied(
      Math.max(...(await Promise.all(paid.map((sent) => sent.wait()))).map((receipt) => receipt.blockNumber)),
    );

    const receipts = await Promise.all(
      wallets.map(async (wallet, i) => {
        const own = [];
        for (let round = 0; round < each; round++) {
          own.push(await (await probe.connect(wallet).store(BigInt(1_000 + i), BigInt(round))).wait());
        }
        return own;
      }),
    );
    const all = receipts.flat();
    assert.equal(all.length, wallets.length * each);
    assert.ok(all.every((receipt) => receipt.status === 1));
    await coco.applied(Math.max(...all.map((receipt) => receipt.blockNumber)));
    for (const provider of coco.providers) {
      const counts = await Promise.all(wallets.map((wallet) => provider.getTransactionCount(wallet.address)));
      assert.deepEqual(
        counts,
        wallets.map(() => each),
      );
    }
    assert.equal((await probe.queryFilter("Stored")).filter((event) => event.args.key >= 1_000n).length, all.length);
  });

  it("should number what one wallet sends without waiting", { timeout: 60_000 }, async () => {
    const sender = coco.pipelinedWallet(4, 0);
    const before = await coco.providers[0].getTransactionCount(coco.wallet(4, 0).address);
    const sent = await Promise.all(
      Array.from({ length: 64 }, (_, i) => probe.connect(sender).store(2_000n, BigInt(i), { gasLimit: 100_000n })),
    );
    const receipts = await Promise.all(sent.map((transaction) => transaction.wait()));
    assert.ok(receipts.every((receipt) => receipt.status === 1));
    await coco.applied(Math.max(...receipts.map((receipt) => receipt.blockNumber)));
    assert.equal(await coco.providers[0].getTransactionCount(coco.wallet(4, 0).address), before + sent.length);
    assert.deepEqual(
      sent.map((transaction) => transaction.nonce).sort((a, b) => a - b),
      sent.map((_, i) => before + i),
    );
    assert.equal(await probe.values(2_000n), 63n);
  });
});
