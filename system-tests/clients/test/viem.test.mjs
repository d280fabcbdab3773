import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  BaseError,
  ContractFunctionRevertedError,
  encodeFunctionData,
  getContractAddress,
  hashMessage,
  keccak256,
  numberToHex,
  parseEther,
  parseEventLogs,
  recoverTransactionAddress,
  zeroHash,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { compile } from "../lib/compile.mjs";
import { Inbox } from "../lib/eventually.mjs";
import { connect } from "../lib/network.mjs";
import { actionsOf, chainOf, reader, recorded, tester, transports, writer } from "../lib/viem.mjs";

const LIMIT = 1_000_000n;
const PROBE = compile("Probe");
const STORED = PROBE.abi.find((entry) => entry.name === "Stored");

/** What names need contracts for that this chain does not have, and what belongs to sign-in with a web site. */
const OF_OTHER_CHAINS = [
  "getEnsAddress",
  "getEnsAvatar",
  "getEnsName",
  "getEnsResolver",
  "getEnsText",
  "verifySiweMessage",
];

/** What is asked of a wallet's software (EIP-5792, EIP-2255, EIP-3085, EIP-747), never of a node. */
const OF_WALLETS = [
  "addChain",
  "getCallsStatus",
  "getCapabilities",
  "getPermissions",
  "requestAddresses",
  "requestPermissions",
  "sendCalls",
  "sendCallsSync",
  "showCallsStatus",
  "switchChain",
  "waitForCallsStatus",
  "watchAsset",
];

describe("viem 2", () => {
  const called = { reader: new Set(), writer: new Set() };
  let coco;
  let chain;
  let ways;
  let wallet;
  let client;
  let probe;
  let token;
  let aggregator;

  before(async () => {
    coco = await connect();
    ways = transports(coco);
    wallet = recorded(writer(chainOf(coco), ways.http, 7), called.writer);
    client = recorded(reader(chainOf(coco), ways.http), called.reader);
    probe = await deploy("Probe", ["viem", LIMIT], 5n);
    token = await deploy("PermitToken", []);
    aggregator = await deploy("Aggregator", []);
    chain = chainOf(coco, { multicall3: { address: aggregator.address } });
    client = recorded(reader(chain, ways.http), called.reader);
    wallet = recorded(writer(chain, ways.http, 7), called.writer);
  });
  after(() => coco?.stop());

  async function deploy(name, args, value = 0n) {
    const { abi, bytecode } = compile(name);
    const hash = await wallet.deployContract({ abi, bytecode, args, value });
    const receipt = await mined(hash);
    return { abi, address: receipt.contractAddress, receipt };
  }

  async function mined(hash) {
    const receipt = await client.waitForTransactionReceipt({ hash });
    assert.equal(receipt.status, "success");
    await coco.applied(Number(receipt.blockNumber));
    return receipt;
  }

  const store = (key, value, more = {}) =>
    wallet.writeContract({ ...probe, functionName: "store", args: [key, value], ...more });
  const dataOf = (functionName, args) => encodeFunctionData({ abi: probe.abi, functionName, args });

  describe("every way to the network", () => {
    /** Each at a block that stays as it is, so that all ways must agree. */
    const reads = {
      call: (c, at) => c.call({ to: probe.address, data: dataOf("limit"), blockNumber: at.blockNumber }),
      createAccessList: (c, at) =>
        c.createAccessList({ to: probe.address, data: dataOf("values", [1n]), blockNumber: at.blockNumber }),
      estimateContractGas: (c) =>
        c.estimateContractGas({ ...probe, functionName: "store", args: [1n, 2n], account: wallet.account }),
      estimateGas: (c) => c.estimateGas({ account: wallet.account, to: wallet.account.address, value: 1n }),
      getBalance: (c, at) => c.getBalance({ address: probe.address, blockNumber: at.blockNumber }),
      getBlock: (c, at) => c.getBlock({ blockNumber: at.blockNumber, includeTransactions: true }),
      "getBlock by hash": (c, at) => c.getBlock({ blockHash: at.blockHash }),
      "getBlock by tag": async (c) => (await c.getBlock({ blockTag: "earliest" })).hash,
      getBlockReceipts: (c, at) => c.getBlockReceipts({ blockHash: at.blockHash }),
      getBlockTransactionCount: (c, at) => c.getBlockTransactionCount({ blockHash: at.blockHash }),
      "getBlockTransactionCount by number": (c, at) => c.getBlockTransactionCount({ blockNumber: at.blockNumber }),
      getChainId: (c) => c.getChainId(),
      getCode: (c, at) => c.getCode({ address: probe.address, blockNumber: at.blockNumber }),
      getBytecode: (c) => c.getBytecode({ address: probe.address }),
      getContractEvents: (c, at) =>
        c.getContractEvents({ ...probe, eventName: "Stored", fromBlock: at.blockNumber, toBlock: at.blockNumber }),
      getDelegation: async (c) => String(await c.getDelegation({ address: wallet.account.address })),
      getEip712Domain: (c) => c.getEip712Domain({ address: token.address }),
      getFeeHistory: (c, at) =>
        c.getFeeHistory({ blockCount: 3, blockNumber: at.blockNumber, rewardPercentiles: [10, 50.5, 90] }),
      getGasPrice: async (c) => typeof (await c.getGasPrice()),
      getBlobBaseFee: async (c) => typeof (await c.getBlobBaseFee()),
      estimateMaxPriorityFeePerGas: async (c) => typeof (await c.estimateMaxPriorityFeePerGas()),
      estimateFeesPerGas: async (c) => Object.keys(await c.estimateFeesPerGas()).sort(),
      "estimateFeesPerGas of legacy": async (c) => Object.keys(await c.estimateFeesPerGas({ type: "legacy" })),
      getLogs: (c, at) =>
        c.getLogs({
          address: probe.address,
          event: STORED,
          args: { key: [1n, 2n] },
          fromBlock: at.blockNumber,
          toBlock: at.blockNumber,
        }),
      iterateLogs: async (c, at) => {
        const pages = [];
        for await (const page of c.iterateLogs({
          address: probe.address,
          fromBlock: 0n,
          toBlock: at.blockNumber,
          blockRange: 50n,
        })) {
          pages.push(page.logs.length);
        }
        return pages;
      },
      getProof: (c, at) =>
        c.getProof({
          address: probe.address,
          storageKeys: [numberToHex(1, { size: 32 })],
          blockNumber: at.blockNumber,
        }),
      getRawTransaction: (c, at) => c.getRawTransaction({ hash: at.transactionHash }),
      getStorageAt: (c, at) => c.getStorageAt({ address: probe.address, slot: "0x1", blockNumber: at.blockNumber }),
      getStorageValues: (c, at) =>
        c.getStorageValues({ requests: { [probe.address]: [zeroHash] }, blockNumber: at.blockNumber }),
      getTransaction: (c, at) => c.getTransaction({ hash: at.transactionHash }),
      "getTransaction by block and index": (c, at) =>
        c.getTransaction({ blockHash: at.blockHash, index: at.transactionIndex }),
      "getTransaction by number and index": (c, at) =>
        c.getTransaction({ blockNumber: at.blockNumber, index: at.transactionIndex }),
      getTransactionCount: (c, at) =>
        c.getTransactionCount({ address: wallet.account.address, blockNumber: at.blockNumber }),
      getTransactionReceipt: (c, at) => c.getTransactionReceipt({ hash: at.transactionHash }),
      multicall: (c, at) =>
        c.multicall({
          contracts: [
            { ...probe, functionName: "limit" },
            { ...probe, functionName: "values", args: [1n] },
            { ...probe, functionName: "store", args: [1n, LIMIT + 1n] },
          ],
          blockNumber: at.blockNumber,
        }),
      "multicall without a contract": (c, at) =>
        c.multicall({
          contracts: [{ ...probe, functionName: "limit" }],
          deployless: true,
          blockNumber: at.blockNumber,
        }),
      readContract: (c, at) => c.readContract({ ...probe, functionName: "name", blockNumber: at.blockNumber }),
      simulateContract: async (c) =>
        (await c.simulateContract({ ...probe, functionName: "store", args: [1n, 3n], account: wallet.account })).result,
    };

    it("should give the same to every action that reads", { timeout: 60_000 }, async () => {
      const at = await mined(await store(1n, 11n, { value: 1n }));
      const expected = {};
      const differing = [];
      for (const [way, transport] of Object.entries(ways)) {
        const c = recorded(reader(chain, transport), called.reader);
        await Promise.all(
          Object.entries(reads).map(async ([name, read]) => {
            try {
              const result = await read(c, at);
              assert.notEqual(result, undefined);
              expected[name] ??= result;
              assert.deepEqual(result, expected[name]);
            } catch (e) {
              differing.push(`${name} by ${way}: ${e.shortMessage ?? e.message} ${e.details ?? ""}`);
            }
          }),
        );
        if (way === "webSocket") {
          (await c.transport.getRpcClient()).close();
        }
      }
      assert.deepEqual(differing, [], `${differing.length} of ${4 * Object.keys(reads).length}`);

      assert.equal(BigInt(expected.getStorageAt), 1n);
      assert.equal(expected.getBalance, 6n);
      assert.equal(
        expected["getBlock"].transactions.find((tx) => tx.hash === at.transactionHash).blockHash,
        at.blockHash,
      );
      assert.equal(expected.getContractEvents[0].args.value, 11n);
      assert.equal(expected.getEip712Domain.domain.verifyingContract.toLowerCase(), token.address);
      assert.equal(expected.getFeeHistory.baseFeePerGas.length, 4);
      assert.deepEqual(
        expected.getFeeHistory.reward.map((rewards) => rewards.length),
        [3, 3, 3],
      );
      assert.equal(keccak256(expected.getRawTransaction), at.transactionHash);
      assert.equal(expected.estimateGas, 21_000n);
      assert.deepEqual(
        expected.multicall.map((r) => r.result ?? r.error.cause.data.errorName),
        [LIMIT, 11n, "TooLarge"],
      );
      assert.equal(expected.simulateContract, 11n);
      assert.ok(expected.createAccessList.accessList.some((entry) => entry.storageKeys.length === 1));
    });
  });

  describe("simulation", () => {
    it("should run on state and blocks that were never there", async () => {
      const data = dataOf("environment");
      const blockOverrides = { number: 77n, time: 4_102_444_800n, gasLimit: 30_000_000n, baseFeePerGas: 0n };
      const { result } = await client.simulateContract({ ...probe, functionName: "environment", blockOverrides });
      assert.deepEqual(result.slice(0, 2), [77n, 4_102_444_800n]);
      assert.equal(result[4], 30_000_000n);
      assert.equal(result[2], coco.chainId);
      assert.ok((await client.call({ to: probe.address, data })).data.length > 2);

      const nobody = privateKeyToAccount((await coco.newcomer()).privateKey);
      const stateOverride = [
        { address: nobody.address, balance: parseEther("3"), nonce: 9 },
        {
          address: probe.address,
          stateDiff: [{ slot: numberToHex(1, { size: 32 }), value: numberToHex(1_234, { size: 32 }) }],
        },
      ];
      const read = (functionName, more = {}) =>
        client.readContract({ ...probe, functionName, account: nobody, stateOverride, ...more });
      assert.deepEqual(await read("caller"), [nobody.address, nobody.address, parseEther("3")]);
      assert.equal(await read("writes"), 1_234n);
      assert.equal(await client.readContract({ ...probe, functionName: "writes" }), await stored(1));
      const elsewhere = privateKeyToAccount(generatePrivateKey()).address;
      const code = await client.getCode({ address: probe.address });
      const moved = {
        stateOverride: [
          {
            address: elsewhere,
            code,
            state: [{ slot: numberToHex(1, { size: 32 }), value: numberToHex(5, { size: 32 }) }],
          },
        ],
      };
      assert.equal(
        await client.readContract({ address: elsewhere, abi: probe.abi, functionName: "writes", ...moved }),
        5n,
      );
      assert.equal(
        await client.estimateGas({
          account: nobody,
          to: wallet.account.address,
          value: parseEther("2"),
          stateOverride,
          gasPrice: 0n,
        }),
        21_000n,
      );
    });

    const stored = async (slot) =>
      BigInt(await client.getStorageAt({ address: probe.address, slot: numberToHex(slot) }));

    it("should run code that is nowhere deployed", async () => {
      const { abi, bytecode } = compile("Aggregator");
      const balance = await client.readContract({
        abi,
        code: bytecode,
        factory: undefined,
        functionName: "getEthBalance",
        args: [probe.address],
      });
      assert.equal(balance, await client.getBalance({ address: probe.address }));
    });

    it("should run blocks of calls one upon the other", async () => {
      const account = wallet.account.address;
      const blocks = await client.simulateBlocks({
        blocks: [
          {
            blockOverrides: { time: 4_102_444_800n },
            stateOverrides: [{ address: account, balance: parseEther("100") }],
            calls: [
              { account, to: probe.address, abi: probe.abi, functionName: "store", args: [900n, 1n], value: 2n },
              { account, to: probe.address, abi: probe.abi, functionName: "store", args: [900n, LIMIT + 1n] },
            ],
          },
          { calls: [{ account, to: probe.address, abi: probe.abi, functionName: "values", args: [900n] }] },
        ],
      });
      assert.equal(blocks.length, 2);
      assert.deepEqual(
        blocks[0].calls.map((call) => call.status),
        ["success", "failure"],
      );
      assert.equal(blocks[0].calls[0].result, 0n);
      assert.equal(parseEventLogs({ abi: probe.abi, logs: blocks[0].calls[0].logs })[0].args.key, 900n);
      assert.equal(blocks[0].calls[1].error.cause.data.errorName, "TooLarge");
      assert.equal(blocks[0].timestamp, 4_102_444_800n);
      assert.equal(blocks[1].calls[0].result, 1n);
      assert.equal(blocks[1].parentHash, blocks[0].hash);
      assert.equal(blocks[1].number, blocks[0].number + 1n);
      assert.equal(await client.readContract({ ...probe, functionName: "values", args: [900n] }), 0n);
      assert.equal(
        (await client.simulate({ blocks: [{ calls: [{ account, to: probe.address }] }] }))[0].calls[0].status,
        "success",
      );
    });

    it("should tell which assets a list of calls would move", async () => {
      const to = privateKeyToAccount(generatePrivateKey()).address;
      const simulation = {
        account: wallet.account.address,
        calls: [
          { to, value: parseEther("1.5") },
          { to: token.address, abi: token.abi, functionName: "transfer", args: [to, 40n] },
          { to: token.address, abi: token.abi, functionName: "transfer", args: [to, 2n] },
        ],
      };
      if (coco.signedIn) {
        // viem reads the balances before as the zero address, which is nobody's account.
        await assert.rejects(client.simulateCalls({ ...simulation, traceAssetChanges: true }), /from must be the account/);
        assert.ok((await client.simulateCalls(simulation)).results.every(({ status }) => status === "success"));
        return;
      }
      const { assetChanges, results } = await client.simulateCalls({ ...simulation, traceAssetChanges: true });
      assert.deepEqual(
        results.map((result) => result.status),
        ["success", "success", "success"],
      );
      assert.equal(assetChanges[0].value.diff, -parseEther("1.5"));
      const tokens = assetChanges.find((change) => change.token.symbol === "PMT");
      assert.equal(tokens.value.diff, -42n);
    });

    it("should decode why a contract refused", async () => {
      const attempt = client.simulateContract({
        ...probe,
        functionName: "store",
        args: [1n, LIMIT + 1n],
        account: wallet.account,
      });
      await assert.rejects(attempt, (e) => {
        const reverted = e.walk((cause) => cause instanceof ContractFunctionRevertedError);
        assert.equal(reverted.data.errorName, "TooLarge");
        assert.deepEqual(reverted.data.args, [LIMIT + 1n, LIMIT]);
        return e instanceof BaseError;
      });
    });
  });

  describe("writing", () => {
    it("should fill, prepare, sign and send", async () => {
      const { address } = wallet.account;
      const request = { account: wallet.account, to: probe.address, data: dataOf("store", [2n, 22n]) };
      for (const filler of [client, wallet]) {
        const { raw, transaction } = await filler.fillTransaction(request);
        assert.equal(transaction.nonce, await client.getTransactionCount({ address, blockTag: "pending" }));
        assert.ok(transaction.gas > 21_000n);
        assert.match(raw, /^0x/);
      }
      for (const preparer of [client, wallet]) {
        const prepared = await preparer.prepareTransactionRequest(request);
        assert.equal(prepared.type, "eip1559");
        assert.equal(prepared.chainId, Number(coco.chainId));
      }
      const prepared = await wallet.prepareTransactionRequest(request);
      const serializedTransaction = await wallet.signTransaction(prepared);
      assert.equal(await recoverTransactionAddress({ serializedTransaction }), address);
      const receipt = await mined(await wallet.sendRawTransaction({ serializedTransaction }));
      assert.equal(receipt.from, address.toLowerCase());
      assert.ok((await client.getTransactionConfirmations({ hash: receipt.transactionHash })) >= 1n);
    });

    it("should send and have the receipt in one request", async () => {
      const receipt = await wallet.sendTransactionSync({ to: wallet.account.address, value: 1n });
      assert.equal(receipt.status, "success");
      const written = await wallet.writeContractSync({ ...probe, functionName: "store", args: [3n, 33n] });
      assert.equal(parseEventLogs({ abi: probe.abi, logs: written.logs })[0].args.value, 33n);
      for (const sender of [client, wallet]) {
        const prepared = await wallet.prepareTransactionRequest({ to: wallet.account.address, value: 2n });
        const serializedTransaction = await wallet.signTransaction(prepared);
        const sent = await sender.sendRawTransactionSync({ serializedTransaction });
        assert.equal(sent.transactionHash, keccak256(serializedTransaction));
      }
      const serializedTransaction = await wallet.signTransaction(
        await wallet.prepareTransactionRequest({ to: wallet.account.address }),
      );
      await mined(await client.sendRawTransaction({ serializedTransaction }));
    });

    for (const type of ["legacy", "eip2930", "eip1559"]) {
      it(`should send a transaction of type ${type}`, async () => {
        const accessList = type === "legacy" ? undefined : [{ address: probe.address, storageKeys: [zeroHash] }];
        const receipt = await mined(await store(4n, 44n, { type, ...(accessList ? { accessList } : {}) }));
        assert.equal(receipt.type, type);
        assert.equal((await client.getTransaction({ hash: receipt.transactionHash })).type, type);
      });
    }

    it("should delegate an account by a signed authorization", async () => {
      const batch = await deploy("BatchAccount", []);
      const account = privateKeyToAccount((await coco.newcomer()).privateKey);
      await mined(await wallet.sendTransaction({ to: account.address, value: parseEther("1") }));
      // Somebody else pays; the account acts by itself afterwards.
      const authorization = await writer(chain, ways.http, 7).signAuthorization({
        account,
        contractAddress: batch.address,
      });
      const unsigned = await wallet.prepareAuthorization({ account, contractAddress: batch.address });
      assert.equal(unsigned.nonce, authorization.nonce);
      const receipt = await mined(
        await wallet.sendTransaction({ to: account.address, authorizationList: [authorization] }),
      );
      assert.equal(receipt.type, "eip7702");
      assert.equal((await client.getDelegation({ address: account.address })).toLowerCase(), batch.address);
      const own = await wallet.signAuthorization({ contractAddress: batch.address, executor: "self" });
      assert.equal(own.chainId, Number(coco.chainId));

      const calls = [{ to: probe.address, value: 1n, data: dataOf("store", [600n, 6n]) }];
      const hash = await wallet.sendTransaction({
        account,
        to: account.address,
        data: encodeFunctionData({ abi: batch.abi, functionName: "execute", args: [calls] }),
      });
      const { logs } = await mined(hash);
      assert.equal(parseEventLogs({ abi: probe.abi, logs })[0].args.who, account.address);
    });

    it("should sign messages and typed data that the chain's client verifies", async () => {
      const { address } = wallet.account;
      const message = "coco";
      const signature = await wallet.signMessage({ message });
      assert.ok(await client.verifyMessage({ address, message, signature }));
      assert.ok(await client.verifyHash({ address, hash: hashMessage(message), signature }));
      assert.equal(await client.verifyMessage({ address: probe.address, message, signature }), false);
      const typed = {
        domain: { name: "Coco", chainId: Number(coco.chainId), verifyingContract: token.address },
        types: { Note: [{ name: "text", type: "string" }] },
        primaryType: "Note",
        message: { text: "x" },
      };
      assert.ok(await client.verifyTypedData({ address, ...typed, signature: await wallet.signTypedData(typed) }));
    });

    it("should hold no accounts for its users", async () => {
      const bare = recorded(writer(chain, ways.http, 7), called.writer);
      assert.deepEqual(await bare.getAddresses(), [wallet.account.address]);
      assert.equal(await bare.getChainId(), Number(coco.chainId));
      assert.deepEqual(await bare.request({ method: "eth_accounts" }), []);
      await assert.rejects(bare.sendTransaction({ account: wallet.account.address, to: probe.address }), BaseError);
    });
  });

  describe("watching", () => {
    for (const way of ["http", "webSocket", "fallback"]) {
      it(`should be told by ${way} of blocks, events and what is pending`, { timeout: 60_000 }, async () => {
        const c = recorded(reader(chain, ways[way]), called.reader);
        const key = 7_000n + BigInt(way.length);
        const [numbers, blocks, logs, events, pending] = Array.from({ length: 5 }, () => new Inbox());
        const errors = [];
        const onError = (e) => errors.push(`${e.shortMessage ?? e.message} ${e.details ?? ""}`);
        const watches = [
          c.watchBlockNumber({ onBlockNumber: numbers.add, emitOnBegin: true, onError }),
          c.watchBlocks({ onBlock: blocks.add, includeTransactions: true, onError }),
          c.watchEvent({
            address: probe.address,
            event: STORED,
            args: { key },
            onLogs: (all) => all.forEach(logs.add),
            onError,
          }),
          c.watchContractEvent({
            ...probe,
            eventName: "Stored",
            args: { key },
            onLogs: (all) => all.forEach(events.add),
            onError,
          }),
          c.watchPendingTransactions({ onTransactions: (all) => all.forEach(pending.add), onError }),
        ];
        try {
          // Filters and subscriptions have no sign that they are made; several transactions span that time.
          const sent = [];
          for (
            let i = 0n;
            i < 40n && (events.items.length === 0 || logs.items.length === 0 || pending.items.length === 0);
            i++
          ) {
            sent.push(await store(key, i));
            await mined(sent.at(-1));
          }
          const last = await mined(await store(key, 999n));
          await events.first((event) => event.args.value === 999n);
          const log = await logs.first((event) => event.args.value === 999n);
          assert.equal(log.transactionHash, last.transactionHash);
          assert.equal(log.blockHash, last.blockHash);
          await numbers.first((number) => number >= last.blockNumber);
          const block = await blocks.first((b) => b.number >= last.blockNumber);
          assert.match(block.hash, /^0x[0-9a-f]{64}$/);
          await pending.first((hash) => [...sent, last.transactionHash].includes(hash));
          assert.deepEqual(errors, []);
        } finally {
          watches.forEach((stop) => stop());
          if (way === "webSocket") {
            (await c.transport.getRpcClient()).close();
          }
        }
      });
    }

    it("should be told of headers", { timeout: 30_000 }, async () => {
      const c = recorded(reader(chain, ways.webSocket), called.reader);
      const headers = new Inbox();
      const errors = [];
      const stop = c.watchBlockHeaders({ onBlockHeader: headers.add, onError: (e) => errors.push(e.message) });
      try {
        const header = await headers.first(() => true);
        assert.match(header.hash, /^0x[0-9a-f]{64}$/);
        assert.equal((await client.getBlock({ blockHash: header.hash })).number, header.number);
        assert.deepEqual(errors, []);
      } finally {
        stop();
        (await c.transport.getRpcClient()).close();
      }
    });

    it("should poll filters made by hand until they are taken down", async () => {
      const from = await client.getBlockNumber();
      const filters = {
        block: await client.createBlockFilter(),
        pending: await client.createPendingTransactionFilter(),
        event: await client.createEventFilter({ address: probe.address, event: STORED, fromBlock: from }),
        contract: await client.createContractEventFilter({ ...probe, eventName: "Stored", args: { key: 8_001n } }),
      };
      const receipt = await mined(await store(8_001n, 1n));
      const changes = {};
      for (const [name, filter] of Object.entries(filters)) {
        changes[name] = await client.getFilterChanges({ filter });
      }
      assert.ok(changes.block.includes(receipt.blockHash));
      assert.ok(changes.pending.includes(receipt.transactionHash));
      assert.ok(changes.event.some((log) => log.transactionHash === receipt.transactionHash));
      assert.deepEqual(
        changes.contract.map((log) => log.args.key),
        [8_001n],
      );
      assert.deepEqual(await client.getFilterChanges({ filter: filters.contract }), []);
      const all = await client.getFilterLogs({ filter: filters.event });
      assert.ok(all.some((log) => log.transactionHash === receipt.transactionHash));
      for (const filter of Object.values(filters)) {
        assert.equal(await client.uninstallFilter({ filter }), true);
        assert.equal(await client.uninstallFilter({ filter }), false);
      }
      await assert.rejects(client.getFilterChanges({ filter: filters.block }), /filter not found/);
    });
  });

  it("should show the pool, and refuse what only a development node does", async () => {
    const c = tester(chain, ways.http);
    const hole = (await client.getTransactionCount({ address: wallet.account.address })) + 1;
    const serializedTransaction = await wallet.signTransaction({
      ...(await wallet.prepareTransactionRequest({ to: wallet.account.address, gas: 21_000n, nonce: hole })),
    });
    const hash = await client.sendRawTransaction({ serializedTransaction });
    const content = await c.getTxpoolContent();
    const { address } = wallet.account;
    assert.equal(content.queued[address][hole].hash, hash);
    assert.equal((await c.getTxpoolStatus()).queued, 1);
    assert.match((await c.inspectTxpool()).queued[address][hole], /wei/);
    await mined(await wallet.sendTransaction({ to: address, nonce: hole - 1 }));
    await mined(hash);
    for (const act of [() => c.mine({ blocks: 1 }), () => c.setBalance({ address, value: 1n }), () => c.snapshot()]) {
      await assert.rejects(act(), (e) => e.walk((cause) => cause.code === -32601) !== null);
    }
  });

  it("should have been asked for all that viem has", () => {
    const missing = (client_, names, elsewhere) =>
      actionsOf(client_).filter((name) => !names.has(name) && !elsewhere.includes(name));
    assert.deepEqual(missing(reader(chain, ways.http), called.reader, OF_OTHER_CHAINS), []);
    assert.deepEqual(missing(writer(chain, ways.http, 7), called.writer, OF_WALLETS), []);
  });

  it("should foretell where a contract comes to lie", async () => {
    const nonce = await client.getTransactionCount({ address: wallet.account.address });
    const { address } = await deploy("Probe", ["again", 1n]);
    assert.equal(address, getContractAddress({ from: wallet.account.address, nonce: BigInt(nonce) }).toLowerCase());
  });
});
