import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  Contract,
  ContractFactory,
  ZeroHash,
  dataLength,
  getCreateAddress,
  hexlify,
  id,
  isError,
  JsonRpcProvider,
  parseEther,
  randomBytes,
  toBeHex,
  Signature,
  toQuantity,
  Wallet,
} from "ethers";
import { compile } from "../lib/compile.mjs";
import { connect } from "../lib/network.mjs";

const LIMIT = 1_000_000n;

describe("ethers 6 over HTTP, batching as it does by default", () => {
  let coco;
  let provider;
  let owner;
  let artifact;
  let probe;
  let address;
  let deployed;

  before(async () => {
    coco = await connect();
    // The cache of 250 ms is for chains whose blocks take seconds: here it shows a nonce that is spent.
    provider = new JsonRpcProvider(coco.urls[0], undefined, { pollingInterval: 100, cacheTimeout: -1 });
    owner = new Wallet(coco.wallet(3, 0).privateKey, provider);
    artifact = compile("Probe");
    probe = await new ContractFactory(artifact.abi, artifact.bytecode, owner).deploy("probe", LIMIT, { value: 5n });
    deployed = await probe.deploymentTransaction().wait();
    address = await probe.getAddress();
    await coco.applied(deployed.blockNumber);
  });
  after(() => {
    provider?.destroy();
    coco?.stop();
  });

  async function mined(sent) {
    const receipt = await (await sent).wait();
    assert.equal(receipt.status, 1);
    await coco.applied(receipt.blockNumber);
    return receipt;
  }

  it("should find the network by itself, and no names on it", async () => {
    const network = await provider.getNetwork();
    assert.equal(network.chainId, coco.chainId);
    assert.equal(network.getPlugin("org.ethers.plugins.network.Ens"), null);
    await assert.rejects(provider.resolveName("alice.eth"), (e) => isError(e, "UNSUPPORTED_OPERATION"));
    await assert.rejects(owner.sendTransaction({ to: "alice.eth" }), (e) => isError(e, "UNSUPPORTED_OPERATION"));
  });

  it("should get every answer of a batch, errors included", async () => {
    const sizes = [];
    const count = (event) => event.action === "sendRpcPayload" && sizes.push([event.payload].flat().length);
    provider.on("debug", count);
    const calls = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0
        ? provider.getBalance(coco.wallet(i % 10, 0).address)
        : i % 3 === 1
          ? probe.limit()
          : provider.send("eth_nothing", []).catch((e) => e),
    );
    const results = await Promise.all(calls);
    provider.off("debug", count);
    assert.ok(Math.max(...sizes) >= 50, `batches of ${sizes}`);
    results.forEach((result, i) => {
      if (i % 3 === 2) {
        assert.ok(isError(result, "UNSUPPORTED_OPERATION") || result.error?.code === -32601, String(result));
      } else {
        assert.equal(typeof result, "bigint");
      }
    });
  });

  it("should know every method of a provider", async () => {
    const transaction = await mined(probe.store(1n, 11n, { value: 1n }));
    const tag = toQuantity(transaction.blockNumber);
    const { hash, blockHash } = transaction;
    const data = probe.interface.encodeFunctionData("limit");
    const topic = probe.interface.getEvent("Stored").topicHash;
    const slot = toBeHex(1, 32);
    const rawCall = { to: address, data };
    const cases = [
      ["getBlockNumber", () => provider.getBlockNumber(), (n) => n >= transaction.blockNumber],
      ["getBalance", () => provider.getBalance(address, "latest"), (n) => n === 6n],
      ["getBalance, pending", () => provider.getBalance(address, "pending"), (n) => n === 6n],
      ["getTransactionCount", () => provider.getTransactionCount(address), (n) => n === 1],
      ["getCode", () => provider.getCode(address), (code) => dataLength(code) > 500],
      ["getCode, of nobody", () => provider.getCode(Wallet.createRandom().address), (code) => code === "0x"],
      ["getStorage", () => provider.getStorage(address, 1n), (word) => BigInt(word) === 1n && dataLength(word) === 32],
      ["call", () => provider.call(rawCall), (word) => BigInt(word) === LIMIT],
      [
        "call, at a height",
        () => provider.call({ ...rawCall, blockTag: transaction.blockNumber }),
        (word) => BigInt(word) === LIMIT,
      ],
      [
        "estimateGas",
        () => provider.estimateGas({ from: owner.address, to: owner.address, value: 1n }),
        (gas) => gas === 21_000n,
      ],
      [
        "getBlock",
        () => provider.getBlock(transaction.blockNumber),
        (b) => b.hash === blockHash && b.transactions.includes(hash),
      ],
      [
        "getBlock, full",
        () => provider.getBlock(blockHash, true),
        (b) => b.prefetchedTransactions.some((tx) => tx.hash === hash),
      ],
      ["getBlock, latest", () => provider.getBlock("latest"), (b) => b.number >= transaction.blockNumber],
      ["getBlock, pending", () => provider.getBlock("pending"), (b) => b !== null],
      ["getBlock, safe", () => provider.getBlock("safe"), (b) => b.number >= transaction.blockNumber],
      ["getBlock, finalized", () => provider.getBlock("finalized"), (b) => b.number >= transaction.blockNumber],
      ["getBlock, earliest", () => provider.getBlock("earliest"), (b) => b.number === 0],
      ["getBlock, to come", () => provider.getBlock(transaction.blockNumber + 1_000_000), (b) => b === null],
      [
        "getTransaction",
        () => provider.getTransaction(hash),
        (tx) => tx.from === owner.address && tx.index === transaction.index,
      ],
      ["getTransaction, unknown", () => provider.getTransaction(id("unknown")), (tx) => tx === null],
      ["getTransactionReceipt", () => provider.getTransactionReceipt(hash), (r) => r.gasUsed === transaction.gasUsed],
      ["getTransactionReceipt, unknown", () => provider.getTransactionReceipt(id("unknown")), (r) => r === null],
      ["getLogs", () => provider.getLogs({ address, topics: [topic], blockHash }), (logs) => logs.length === 1],
      ["listAccounts", () => provider.listAccounts(), (accounts) => accounts.length === 0],
      ["eth_accounts", () => provider.send("eth_accounts", []), (accounts) => accounts.length === 0],
      ["eth_syncing", () => provider.send("eth_syncing", []), (syncing) => syncing === false],
      ["net_version", () => provider.send("net_version", []), (version) => version === String(coco.chainId)],
      ["web3_clientVersion", () => provider.send("web3_clientVersion", []), (version) => /^coco\//i.test(version)],
      ["web3_sha3", () => provider.send("web3_sha3", ["0x"]), (hash) => hash === id("")],
      [
        "eth_getProof",
        () => provider.send("eth_getProof", [address, [slot], tag]),
        (p) => BigInt(p.storageProof[0].value) === 1n,
      ],
      [
        "eth_createAccessList",
        () => provider.send("eth_createAccessList", [rawCall, tag]),
        (l) => Array.isArray(l.accessList),
      ],
      [
        "eth_getBlockReceipts",
        () => provider.send("eth_getBlockReceipts", [tag]),
        (rs) => rs.some((r) => r.transactionHash === hash),
      ],
      [
        "debug_traceTransaction",
        () => provider.send("debug_traceTransaction", [hash, { tracer: "callTracer" }]),
        (c) => c.type === "CALL",
      ],
      ["txpool_status", () => provider.send("txpool_status", []), (s) => BigInt(s.pending) >= 0n],
      ["rpc_modules", () => provider.send("rpc_modules", []), (modules) => modules.eth !== undefined],
    ];
    const wrong = [];
    await Promise.all(
      cases.map(async ([name, act, fits]) => {
        const result = await act().catch((e) => e);
        if (result instanceof Error || !fits(result)) {
          wrong.push(`${name}: ${result instanceof Error ? result.message : JSON.stringify(result)}`);
        }
      }),
    );
    assert.deepEqual(wrong, [], `${wrong.length} of ${cases.length}`);
  });

  it("should deploy at the address it foretells, with constructor arguments and ether", async () => {
    assert.equal(address, getCreateAddress(probe.deploymentTransaction()));
    assert.equal(deployed.contractAddress, address);
    assert.equal(await probe.name(), "probe");
    const code = await probe.getDeployedCode();
    assert.equal(code, await provider.getCode(address, deployed.blockNumber));
  });

  it("should find events by topics, ranges and block hash, parsed", async () => {
    const keys = [101n, 102n, 103n];
    const receipt = await mined(probe.storeMany(keys, 9n));
    const from = receipt.blockNumber;
    const all = await probe.queryFilter("Stored", from, from);
    assert.deepEqual(
      all.map((event) => event.args.key),
      keys,
    );
    assert.ok(all.every((event) => event.args.who === owner.address && event.args.value === 9n && !event.removed));
    assert.deepEqual(
      all.map((event) => event.index - all[0].index),
      [0, 1, 2],
    );
    const one = await probe.queryFilter(probe.filters.Stored(null, 102n), from - 1, "latest");
    assert.deepEqual(
      one.map((event) => event.args.key),
      [102n],
    );
    const either = await probe.queryFilter(
      probe.filters.Stored(owner.address, [101n, 103n]),
      deployed.blockNumber,
      "latest",
    );
    assert.deepEqual(
      either.map((event) => event.args.key),
      [101n, 103n],
    );
    const elsewhere = {
      address: [owner.address, address],
      topics: [null, null, toBeHex(103, 32)],
      fromBlock: from,
      toBlock: from,
    };
    assert.equal((await provider.getLogs(elsewhere)).length, 1);
    assert.deepEqual(await provider.getLogs({ ...elsewhere, topics: [ZeroHash] }), []);
    assert.deepEqual(await probe.queryFilter("Stored", 0, 0), []);
  });

  it("should give fees that a transaction is taken at", async () => {
    const fees = await provider.getFeeData();
    const block = await provider.getBlock("latest");
    assert.equal(typeof fees.gasPrice, "bigint");
    assert.equal(typeof block.baseFeePerGas, "bigint");
    // A base fee of 0 is none to ethers: it then sends legacy transactions, at the gas price.
    const market = block.baseFeePerGas > 0n;
    assert.equal(fees.maxFeePerGas, market ? block.baseFeePerGas * 2n + fees.maxPriorityFeePerGas : null);
    const receipt = await mined(owner.sendTransaction({ to: owner.address }));
    assert.equal(receipt.type, market ? 2 : 0);
    assert.ok(receipt.gasPrice <= (fees.maxFeePerGas ?? fees.gasPrice));
  });

  it("should tell custom errors from calls and estimates", async () => {
    for (const act of [
      () => probe.store.staticCall(1n, LIMIT + 1n),
      () => probe.store.estimateGas(1n, LIMIT + 1n),
      () => probe.store(1n, LIMIT + 1n),
    ]) {
      await assert.rejects(act(), (e) => {
        assert.ok(isError(e, "CALL_EXCEPTION"), String(e));
        const error = probe.interface.parseError(e.data);
        assert.equal(error.name, "TooLarge");
        assert.deepEqual([...error.args], [LIMIT + 1n, LIMIT]);
        return true;
      });
    }
    await assert.rejects(provider.call({ from: owner.address, to: address, data: "0xdeadbeef" }), (e) =>
      isError(e, "CALL_EXCEPTION"),
    );
  });

  it("should tell the errors of sending apart by their words", async () => {
    const poor = (await coco.newcomer()).connect(provider);
    await assert.rejects(poor.sendTransaction({ to: address, value: 1n }), (e) => isError(e, "INSUFFICIENT_FUNDS"));
    await assert.rejects(owner.sendTransaction({ to: address, nonce: 0 }), (e) => isError(e, "NONCE_EXPIRED"));
    const ahead = (await owner.getNonce()) + 3;
    const waiting = { to: owner.address, nonce: ahead, gasLimit: 21_000n, type: 0, gasPrice: 10n };
    const first = await provider.broadcastTransaction(
      await owner.signTransaction({ ...waiting, chainId: coco.chainId }),
    );
    assert.equal((await provider.getTransaction(first.hash)).blockNumber, null);
    const rival = await owner.signTransaction({ ...waiting, value: 1n, chainId: coco.chainId });
    await assert.rejects(provider.broadcastTransaction(rival), (e) => isError(e, "REPLACEMENT_UNDERPRICED"));
    // The gap is filled, and what waited is executed.
    for (let i = 0; i < 3; i++) {
      await mined(owner.sendTransaction({ to: owner.address }));
    }
    assert.equal((await first.wait()).status, 1);
  });

  for (const type of [0, 1, 2]) {
    it(`should send a transaction of type ${type} and read it back as signed`, async () => {
      const accessList = type === 0 ? undefined : [{ address, storageKeys: [toBeHex(1, 32)] }];
      const sent = await owner.sendTransaction({
        type,
        to: address,
        data: probe.interface.encodeFunctionData("store", [BigInt(type), 7n]),
        ...(accessList ? { accessList } : {}),
      });
      const receipt = await mined(Promise.resolve(sent));
      assert.equal(receipt.type, type);
      const read = await provider.getTransaction(sent.hash);
      for (const field of [
        "hash",
        "type",
        "nonce",
        "to",
        "from",
        "data",
        "gasLimit",
        "gasPrice",
        "maxFeePerGas",
        "chainId",
      ]) {
        if (field !== "gasPrice" || type < 2) {
          assert.equal(read[field], sent[field], field);
        }
      }
      assert.deepEqual(read.accessList, type === 0 ? null : sent.accessList);
      assert.equal(read.signature.serialized, sent.signature.serialized);
    });
  }

  it("should let an account be code, by an authorization of type 4, and take it back", async () => {
    const target = await new ContractFactory(
      compile("BatchAccount").abi,
      compile("BatchAccount").bytecode,
      owner,
    ).deploy();
    await mined(Promise.resolve(target.deploymentTransaction()));
    const account = (await coco.newcomer()).connect(provider);
    await mined(owner.sendTransaction({ to: account.address, value: parseEther("1") }));

    const batch = target.attach(account.address).connect(account);
    const calls = [
      { to: address, value: 3n, data: probe.interface.encodeFunctionData("store", [71n, 1n]) },
      { to: address, value: 4n, data: probe.interface.encodeFunctionData("store", [72n, 2n]) },
    ];
    const request = await batch.execute.populateTransaction(calls);
    // The authority sends the transaction itself, so its authorization is for the nonce after.
    const nonce = (await account.getNonce()) + 1;
    const authorization = await account.authorize({ address: await target.getAddress(), nonce, chainId: coco.chainId });
    const sent = await account.sendTransaction({
      ...request,
      type: 4,
      authorizationList: [authorization],
      gasLimit: 500_000n,
    });
    const receipt = await mined(Promise.resolve(sent));
    assert.equal(receipt.type, 4);
    assert.equal((await provider.getTransaction(sent.hash)).authorizationList.length, 1);
    assert.equal(
      await provider.getCode(account.address),
      `0xef0100${(await target.getAddress()).slice(2).toLowerCase()}`,
    );
    assert.deepEqual([await probe.values(71n), await probe.values(72n)], [1n, 2n]);
    const events = await probe.queryFilter(probe.filters.Stored(account.address), receipt.blockNumber);
    assert.deepEqual(
      events.map((event) => event.args.key),
      [71n, 72n],
    );
    await assert.rejects(batch.connect(owner).execute.staticCall(calls), (e) => e.revert.name === "NotTheAccount");

    const back = await account.authorize({
      address: `0x${"00".repeat(20)}`,
      nonce: (await account.getNonce()) + 1,
      chainId: coco.chainId,
    });
    await mined(
      account.sendTransaction({ type: 4, to: account.address, authorizationList: [back], gasLimit: 100_000n }),
    );
    assert.equal(await provider.getCode(account.address), "0x");
  });

  it("should spend by a signature over typed data", async () => {
    const { abi, bytecode } = compile("PermitToken");
    const token = await new ContractFactory(abi, bytecode, owner).deploy();
    await mined(Promise.resolve(token.deploymentTransaction()));
    const verifyingContract = await token.getAddress();
    const spender = coco.wallet(4, 0).address;
    const domain = { name: "Permit", version: "1", chainId: coco.chainId, verifyingContract };
    const types = {
      Permit: ["owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256"].map(
        (field) => {
          const [name, type] = field.split(" ");
          return { name, type };
        },
      ),
    };
    const permit = { owner: owner.address, spender, value: 42n, nonce: 0n, deadline: 2n ** 63n };
    const { r, s, v } = Signature.from(await owner.signTypedData(domain, types, permit));
    await mined(token.permit(owner.address, spender, 42n, permit.deadline, v, r, s));
    assert.equal(await token.allowance(owner.address, spender), 42n);
    await assert.rejects(
      token.permit.staticCall(owner.address, spender, 42n, permit.deadline, v, r, s),
      (e) => e.revert.name === "ERC2612InvalidSigner",
    );
  });

  it("should confirm without other traffic", { timeout: 30_000 }, async () => {
    const sent = await owner.sendTransaction({ to: owner.address });
    const receipt = await sent.wait(3);
    assert.ok((await receipt.confirmations()) >= 3);
    const again = await provider.waitForTransaction(sent.hash, 4, 20_000);
    assert.equal(again.hash, sent.hash);
    await assert.rejects(provider.waitForTransaction(id("never"), 1, 300), (e) => isError(e, "TIMEOUT"));
  });

  it("should poll for blocks and events", { timeout: 30_000 }, async () => {
    const block = new Promise((resolve) => provider.once("block", resolve));
    const event = new Promise((resolve) => probe.once(probe.filters.Stored(null, 5_000n), resolve));
    // Polling starts from the block that is seen first.
    await block;
    await mined(probe.store(5_000n, 1n));
    const payload = await event;
    assert.equal(payload.args.value, 1n);
    await provider.removeAllListeners();
  });

  it("should refuse data that is no transaction", async () => {
    await assert.rejects(
      provider.send("eth_sendRawTransaction", [hexlify(randomBytes(100))]),
      (e) => e.error.code === -32000,
    );
    await assert.rejects(new Contract(owner.address, artifact.abi, provider).limit(), (e) => isError(e, "BAD_DATA"));
  });
});
