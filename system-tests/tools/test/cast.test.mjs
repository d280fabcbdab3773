// cast on Coco, command by command. Where two networks can say the same, anvil is asked as well.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Interface, keccak256, zeroPadValue } from "ethers";
import { account, ask, cast, castFails, coco, freshPhrase, fund, here, receiptOf, spawnCast, startAnvil } from "../lib/tools.mjs";

const artifact = (file, name) => JSON.parse(readFileSync(join(here, `hardhat/artifacts/contracts/${file}.sol/${name}.json`), "utf8"));
const TRANSFER = "Transfer(address indexed,address indexed,uint256)";

describe("cast", () => {
  const phrase = freshPhrase();
  const [ann, bob, carol, dave] = [0, 1, 2, 3].map((i) => account(phrase, i));
  const url = coco[1];
  const key = ["--private-key", ann.privateKey];
  const { bytecode, abi } = artifact("Helpers", "PlainToken");
  let anvil;
  let token;
  let creation;
  let transfer;

  /** Both say the same. */
  async function both(...args) {
    const [ours, theirs] = await Promise.all([cast(url, ...args), cast(anvil.url, ...args)]);
    assert.equal(ours, theirs, `cast ${args.join(" ")}`);
    return ours;
  }

  const json = async (...args) => JSON.parse(await cast(url, ...args, "--json"));
  const send = async (...args) => {
    const [ours, theirs] = await Promise.all([url, anvil.url].map(async (where) => JSON.parse(await cast(where, "send", "--json", ...key, ...args))));
    assert.equal(ours.status, "0x1");
    assert.equal(ours.contractAddress, theirs.contractAddress);
    assert.equal(ours.gasUsed, theirs.gasUsed);
    return ours;
  };

  before(async () => {
    anvil = await startAnvil();
    await fund(url, phrase, 4);
    // Also who only signs an authorization: to anvil an account that it never saw is one that exists (EIP-7702, refund).
    await fund(anvil.url, phrase, 4);
    creation = await send("--create", bytecode, "constructor(string)", "CAST");
    token = creation.contractAddress;
    transfer = await send(token, "transfer(address,uint256)", bob.address, "1000");
  });
  after(() => anvil?.stop());

  it("should send every kind of transaction", async () => {
    assert.equal(creation.type, "0x2");
    assert.equal((await send(bob.address, "--value", "1gwei", "--legacy")).type, "0x0");
    assert.equal((await send(bob.address, "--value", "3", "--gas-limit", "50000", "--gas-price", "0", "--priority-gas-price", "0")).type, "0x2");
    assert.equal((await send(token, "approve(address,uint256)", bob.address, "7")).logs.length, 1);
    const failing = await castFails(url, "send", ...key, token, "transfer(address,uint256)", bob.address, String(2n ** 200n));
    assert.notEqual(failing.code, 0);
    assert.match(failing.stderr, /ERC20InsufficientBalance|0xe450d38c/);
    const forced = await json("send", ...key, "--gas-limit", "100000", token, "transfer(address,uint256)", bob.address, String(2n ** 200n));
    assert.equal(forced.status, "0x0");
    await castFails(anvil.url, "send", ...key, "--gas-limit", "100000", token, "transfer(address,uint256)", bob.address, String(2n ** 200n));
  });

  it("should send with an access list that the node makes, and with an authorization", async () => {
    assert.equal((await send(token, "transfer(address,uint256)", bob.address, "1", "--access-list")).type, "0x2");
    const authorization = await cast(url, "wallet", "sign-auth", token, "--private-key", dave.privateKey, "--nonce", "0", "--chain", "1337");
    assert.equal((await send(bob.address, "--auth", authorization)).type, "0x4");
    assert.equal(await both("code", dave.address), `0xef0100${token.slice(2).toLowerCase()}`);
  });

  it("should make a transaction, publish it, and not publish it twice", async () => {
    const nonce = await cast(url, "nonce", ann.address);
    const args = ["mktx", ...key, bob.address, "--value", "5", "--nonce", nonce, "--gas-limit", "30000", "--gas-price", "0", "--priority-gas-price", "0"];
    const raw = await both(...args);
    for (const where of [url, anvil.url]) {
      const published = await cast(where, "publish", raw);
      assert.ok(published.includes(keccak256(raw)), published);
    }
    const again = await castFails(url, "publish", raw);
    assert.match(again.stderr, /nonce too low/);
  });

  it("should read accounts, code and storage, now and at a block", async () => {
    for (const address of [ann.address, bob.address, carol.address, token]) {
      for (const command of ["balance", "nonce", "code", "codesize", "codehash", "storage-root"]) {
        await both(command, address);
      }
    }
    assert.equal(await both("storage", token, "2"), zeroPadValue("0xd3c21bcecceda1000000", 32));
    const slot = await cast(url, "index", "address", bob.address, "0");
    const now = await both("storage", token, slot);
    const then = await cast(url, "storage", token, slot, "--block", String(BigInt(creation.blockNumber)));
    assert.equal(BigInt(then), 0n);
    assert.equal(BigInt(await cast(url, "storage", token, slot, "--block", String(BigInt(transfer.blockNumber)))), 1000n);
    assert.equal(BigInt(now), 1001n);
    assert.equal(await cast(url, "nonce", ann.address, "--block", String(BigInt(creation.blockNumber))), "1");
    await both("implementation", token);
    await both("admin", token);
  });

  it("should prove an account and its storage against the block's state root", async () => {
    const slot = await cast(url, "index", "address", bob.address, "0");
    const proof = await json("proof", token, slot, "2", "--block", String(BigInt(transfer.blockNumber)));
    const block = await ask(url, "eth_getBlockByNumber", transfer.blockNumber, false);
    assert.equal(keccak256(proof.accountProof[0]), block.stateRoot);
    assert.equal(proof.storageProof.length, 2);
    assert.equal(BigInt(proof.storageProof[0].value), 1000n);
    assert.equal(keccak256(proof.storageProof[0].proof[0]), proof.storageHash);
    assert.equal(proof.codeHash, await cast(url, "codehash", token));
    // The storage of a contract is the same on both, so its trie is.
    const theirs = JSON.parse(await cast(anvil.url, "proof", token, slot, "2", "--json"));
    const ours = await json("proof", token, slot, "2");
    assert.deepEqual(ours.storageProof, theirs.storageProof);
    assert.equal(ours.storageHash, theirs.storageHash);
  });

  it("should call, estimate and make access lists", async () => {
    assert.match(await both("call", token, "balanceOf(address)(uint256)", bob.address), /^1001/);
    assert.equal(await cast(url, "call", token, "balanceOf(address)(uint256)", bob.address, "--block", String(BigInt(transfer.blockNumber))), "1000");
    assert.equal(await both("call", token, "symbol()(string)"), '"CAST"');
    assert.equal(await both("erc20-token", "balance", token, bob.address), await cast(url, "erc20-token", "balance", token, bob.address));
    const gas = Number(await cast(url, "estimate", token, "transfer(address,uint256)", carol.address, "1", "--from", ann.address));
    const exact = Number(await cast(anvil.url, "estimate", token, "transfer(address,uint256)", carol.address, "1", "--from", ann.address));
    assert.ok(gas >= exact * 0.99 && gas <= exact * 1.05, `${gas}, anvil ${exact}`);
    const list = ["access-list", token, "transfer(address,uint256)", carol.address, "1", "--from", ann.address];
    const sorted = (text) => JSON.parse(text).accessList.map(({ address, storageKeys }) => [address.toLowerCase(), [...storageKeys].sort()]);
    assert.deepEqual(sorted(await cast(url, ...list, "--json")), sorted(await cast(anvil.url, ...list, "--json")));
    const override = ["call", carol.address, "--override-code", `${carol.address}:0x602a5f5260205ff3`];
    assert.equal(BigInt(await both(...override)), 42n);
    const refused = await castFails(url, "call", token, "transfer(address,uint256)", bob.address, "1", "--from", carol.address);
    assert.match(refused.stderr, /execution reverted/);
  });

  it("should trace a call in its own machine, and in the node's", async () => {
    const local = await cast(url, "call", "--trace", token, "transfer(address,uint256)(bool)", bob.address, "1", "--from", ann.address);
    assert.match(local, /emit|Transfer|topic/i);
    const traced = await cast(url, "rpc", "debug_traceCall", JSON.stringify({ from: ann.address, to: token, data: new Interface(abi).encodeFunctionData("transfer", [bob.address, 1]) }), "latest", '{"tracer":"callTracer"}');
    assert.equal(JSON.parse(traced).type, "CALL");
  });

  it("should replay a transaction, and get the node's traces of it", async () => {
    const replayed = await cast(url, "run", transfer.transactionHash, "--quick");
    assert.match(replayed, /Transaction successfully executed/);
    assert.match(replayed, new RegExp(`Gas used: ${Number(transfer.gasUsed)}`));
    assert.match(await cast(url, "run", transfer.transactionHash), /Transaction successfully executed/);
    const traces = JSON.parse(await cast(url, "trace", transfer.transactionHash));
    const [first] = Array.isArray(traces) ? traces : traces.trace;
    assert.equal(first.action.to.toLowerCase(), token.toLowerCase());
    const tracer = async (name) => JSON.parse(await cast(url, "rpc", "debug_traceTransaction", transfer.transactionHash, `{"tracer":"${name}"}`));
    assert.equal(BigInt((await tracer("callTracer")).gasUsed), BigInt(transfer.gasUsed));
    assert.ok((await tracer("prestateTracer"))[token.toLowerCase()]);
    const steps = JSON.parse(await cast(url, "rpc", "debug_traceTransaction", transfer.transactionHash));
    assert.equal(steps.gas, Number(transfer.gasUsed));
    assert.ok(steps.structLogs.length > 100);
  });

  it("should find transactions, receipts, blocks and logs", async () => {
    const { transactionHash, blockNumber, blockHash } = transfer;
    const tx = await json("tx", transactionHash);
    assert.equal(tx.to.toLowerCase(), token.toLowerCase());
    const raw = await cast(url, "tx", transactionHash, "--raw");
    assert.equal(keccak256(raw), transactionHash);
    assert.equal((await json("receipt", transactionHash)).blockHash, blockHash);
    assert.equal(await cast(url, "receipt", transactionHash, "gasUsed"), String(BigInt(transfer.gasUsed)));
    const number = String(BigInt(blockNumber));
    assert.equal(await cast(url, "block", number, "--field", "hash"), blockHash);
    assert.equal(await cast(url, "block", blockHash, "--field", "number"), number);
    assert.ok((await json("block", number, "--full")).transactions.some((each) => each.hash === transactionHash));
    assert.ok(Number(await cast(url, "block-number")) >= Number(number));
    assert.ok((await cast(url, "age", number)).length > 0);
    const time = await cast(url, "block", number, "--field", "timestamp");
    // Several blocks share a second.
    assert.equal(await cast(url, "block", await cast(url, "find-block", time), "--field", "timestamp"), time);
    const range = ["--from-block", String(BigInt(creation.blockNumber)), "--to-block", "latest", "--address", token];
    const logs = await json("logs", TRANSFER, "", bob.address, ...range);
    assert.ok(logs.length >= 1 && logs[0].transactionHash === transactionHash);
    assert.ok((await json("logs", ...range)).length >= 2);
    assert.deepEqual(await json("logs", TRANSFER, carol.address, ...range), []);
  });

  it("should know the chain and its fees", async () => {
    assert.equal(await both("chain-id"), "1337");
    assert.equal(await both("base-fee"), "0");
    assert.equal(await both("gas-price"), "0");
    await both("chain");
    assert.match(await cast(url, "client"), /^Coco\//);
    assert.equal(await both("rpc", "net_version"), '"1337"');
    assert.equal(await both("rpc", "eth_getBalance", ann.address, "0x0"), '"0x0"');
    const bad = await castFails(url, "rpc", "eth_fly");
    assert.match(bad.stderr, /-32601: the method eth_fly does not exist\/is not available/);
  });

  it("should look into the pool", async () => {
    const gapped = await cast(url, "mktx", "--private-key", bob.privateKey, carol.address, "--nonce", "1000", "--gas-limit", "21000", "--gas-price", "0", "--priority-gas-price", "0");
    await cast(url, "publish", "--async", gapped);
    const status = JSON.parse(await cast(url, "tx-pool", "status"));
    assert.ok(BigInt(status.queued) >= 1n, JSON.stringify(status));
    const { queued } = JSON.parse(await cast(url, "tx-pool", "content"));
    const mine = Object.entries(queued).find(([address]) => address.toLowerCase() === bob.address.toLowerCase())[1];
    assert.equal(mine["1000"].hash, keccak256(gapped));
    const inspected = JSON.parse(await cast(url, "tx-pool", "inspect"));
    assert.ok(Object.keys(inspected.queued).some((address) => address.toLowerCase() === bob.address.toLowerCase()));
    assert.equal((await json("tx", keccak256(gapped))).blockHash, null);
  });

  it("should be told of logs through a socket as they come", async () => {
    const socket = url.replace("http", "ws");
    assert.equal(await cast(socket, "chain-id"), "1337");
    const listener = spawnCast(socket, "logs", "--subscribe", "--address", token);
    let heard = "";
    listener.stdout.on("data", (text) => (heard += text));
    const ended = new Promise((resolve) => listener.once("exit", resolve));
    try {
      // The subscription stands when a first log arrives; how long a process takes to get there nobody says.
      const hashes = [];
      while (!hashes.some((hash) => heard.includes(hash))) {
        hashes.push((await json("send", ...key, token, "transfer(address,uint256)", carol.address, "1")).transactionHash);
        assert.ok(hashes.length < 60 && listener.exitCode === null, `nothing heard: ${heard}`);
      }
      const { transactionHash } = await json("send", ...key, token, "transfer(address,uint256)", carol.address, "2");
      await receiptOf(url, transactionHash);
      const limit = Date.now() + 20_000;
      while (!heard.includes(transactionHash)) {
        assert.ok(listener.exitCode === null && Date.now() < limit, heard);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    } finally {
      listener.kill("SIGKILL");
      await ended;
    }
  });
});
