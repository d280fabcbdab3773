// The same transactions to anvil and to Coco: what both tell of them must agree, but for what README.md lists.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Interface, JsonRpcProvider, Wallet, getCreateAddress, hexlify, parseEther, randomBytes } from "ethers";
import solc from "solc";

const require = createRequire(import.meta.url);
const RICH = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const START_LIMIT_MILLIS = 30_000;
const GAS_PRICE = 2_000_000_000n;
const PRECOMPILED = "precompiled contracts";
const STEPS = { enableMemory: true, enableReturnData: true };
const TRACERS = {
  "struct logs": STEPS,
  callTracer: { tracer: "callTracer" },
  "callTracer with logs": { tracer: "callTracer", tracerConfig: { withLog: true } },
  "callTracer, top call": { tracer: "callTracer", tracerConfig: { onlyTopCall: true } },
  prestateTracer: { tracer: "prestateTracer" },
  "prestateTracer, differences": { tracer: "prestateTracer", tracerConfig: { diffMode: true } },
  "4byteTracer": { tracer: "4byteTracer" },
};

let anvil;
let peers = [];
let stop = () => {};

before(async () => {
  const own = await network();
  const chainId = Number(BigInt(await own.provider.send("eth_chainId", [])));
  const port = await freePort();
  const machine = `@foundry-rs/anvil-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const binary = join(dirname(require.resolve(`${machine}/package.json`)), "bin", "anvil");
  anvil = spawn(
    binary,
    ["--port", String(port), "--chain-id", String(chainId), "--hardfork", "osaka", "--base-fee", "0", "--gas-price", "0",
      "--steps-tracing", "--gas-limit", "100000000", "--silent"],
    { stdio: "ignore" },
  );
  const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, chainId, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
  await reachable(provider);
  peers = [
    { name: "anvil", provider },
    { name: "coco", provider: own.provider },
  ];
  stop = own.stop;
});

after(() => {
  peers.forEach((peer) => peer.provider.destroy());
  anvil?.kill();
  stop();
});

async function network() {
  const lib = new URL("../../clients/lib/network.mjs", import.meta.url);
  const given = process.env.COCO_RPC_URLS;
  if (given) {
    const provider = new JsonRpcProvider(given.split(",")[0], undefined, { cacheTimeout: -1, pollingInterval: 20 });
    return { provider, stop: () => {} };
  }
  const { connect } = await import(lib);
  const started = await connect();
  const provider = new JsonRpcProvider(started.urls[0], undefined, { cacheTimeout: -1, pollingInterval: 20 });
  return { provider, stop: () => started.stop() };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function reachable(provider) {
  const end = Date.now() + START_LIMIT_MILLIS;
  while (true) {
    try {
      return await provider.send("eth_chainId", []);
    } catch (e) {
      if (Date.now() > end) {
        throw e;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function compile() {
  const file = fileURLToPath(new URL("../contracts/Traced.sol", import.meta.url));
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: { "Traced.sol": { content: readFileSync(file, "utf8") } },
        settings: { optimizer: { enabled: true }, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
      }),
    ),
  );
  const { abi, evm } = output.contracts["Traced.sol"].Traced;
  return { face: new Interface(abi), bytecode: `0x${evm.bytecode.object}` };
}

/** Sends the transactions one after the other, a block each; gives their hashes. */
async function send(peer, secret, transactions) {
  const rich = new Wallet(RICH, peer.provider);
  const wallet = new Wallet(secret, peer.provider);
  await (await rich.sendTransaction({ to: wallet.address, value: parseEther("10"), type: 0, gasPrice: GAS_PRICE })).wait();
  const hashes = [];
  for (const [nonce, transaction] of transactions.entries()) {
    const raw = await wallet.signTransaction({
      type: 0, chainId: (await peer.provider.getNetwork()).chainId, nonce, gasPrice: GAS_PRICE, gasLimit: 2_000_000, ...transaction,
    });
    const hash = await peer.provider.send("eth_sendRawTransaction", [raw]);
    while ((await peer.provider.send("eth_getTransactionReceipt", [hash])) === null) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    hashes.push(hash);
  }
  return hashes;
}

/** Leaves out what the two have otherwise, each for a reason that README.md gives. */
function comparable(trace, tracer, peer) {
  const tree = JSON.parse(
    JSON.stringify(trace, (name, value) => {
      if (name === "structLogs") {
        return value.map(step);
      }
      if (name === "error" && value.startsWith("precompiled ")) {
        return "precompiled";
      }
      return name === "codeHash" || (name === "index" && typeof value === "string") ? undefined : value;
    }),
  );
  if (tracer.startsWith("callTracer")) {
    delete tree.gas;
  }
  for (const accounts of [tree, tree.pre, tree.post]) {
    if (accounts && tracer.startsWith("prestateTracer")) {
      delete accounts[peer.coinbase];
    }
  }
  const before = tree.pre ?? tree;
  if (tracer.startsWith("prestateTracer")) {
    for (const [address, account] of Object.entries(before)) {
      if (account.balance === "0x0" && !account.code && !account.nonce) {
        delete before[address];
      }
    }
  }
  return tree;
}

function step(entry) {
  const { refund, storage, memory, error, gasCost, ...rest } = entry;
  const words = (values) => Object.fromEntries(Object.entries(values ?? {}).map(([k, v]) => [k.replace(/^0x/, ""), v.replace(/^0x/, "")]));
  return {
    ...rest,
    gasCost: rest.op.startsWith("CREATE") || (gasCost === 0 && rest.gas === 0) || gasCost > rest.gas ? null : gasCost,
    memory: (memory ?? []).map((word) => word.replace(/^0x/, "")),
    returnData: rest.returnData === "0x" || rest.returnData === undefined ? "" : rest.returnData,
    storage: words(storage),
  };
}

/** Without its place in the chain, which is each peer's own. */
function flat(trace) {
  const { blockHash, blockNumber, transactionPosition, result, error, ...rest } = trace;
  return { ...rest, result: result ?? null, error: error?.toLowerCase() };
}

/** The first place where two trees differ, for people. */
function difference(left, right, path = "") {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return left === right ? null : `${path}: ${JSON.stringify(left)?.slice(0, 300)} | ${JSON.stringify(right)?.slice(0, 300)}`;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = difference(left[key], right[key], `${path}/${key}`);
    if (found) {
      return found;
    }
  }
  return null;
}

test("anvil and Coco tell the same of every transaction", async (t) => {
  const { face, bytecode } = compile();
  const secret = hexlify(randomBytes(32));
  const sender = new Wallet(secret).address;
  const to = getCreateAddress({ from: sender, nonce: 0 });
  const heir = hexlify(randomBytes(20));
  const call = (name, args = [], value = 0n) => ({ to, data: face.encodeFunctionData(name, args), value });
  const transactions = {
    creation: { data: bytecode, value: 1000n },
    "a transfer": { to: heir, value: 5n, gasLimit: 21_000 },
    "nested calls": call("nested", [], 3n),
    "failures that are caught": call("caught"),
    "a revert with a reason": call("reverts"),
    "a revert with an error": call("refuses"),
    "a panic": call("panics", [0]),
    creations: call("makes", [], 9n),
    "a delegatecall": call("delegates"),
    [PRECOMPILED]: call("precompiles"),
    "accounts that are looked at": call("looks", [heir]),
    "a call that cannot be paid": call("broke"),
    "too little gas": { ...call("nested"), gasLimit: 60_000 },
    "a creation that fails": { data: "0xfe" },
    "self-destructions": call("ends", [heir], 4n),
  };
  for (const peer of peers) {
    peer.hashes = await send(peer, secret, Object.values(transactions));
    peer.coinbase = (await peer.provider.send("eth_getBlockByNumber", ["latest", false])).miner;
  }
  for (const [i, name] of Object.keys(transactions).entries()) {
    for (const [tracer, options] of Object.entries(TRACERS)) {
      await t.test(`${tracer} of ${name}`, async () => {
        const [other, own] = await Promise.all(
          peers.map(async (peer) => comparable(await peer.provider.send("debug_traceTransaction", [peer.hashes[i], options]), tracer, peer)),
        );
        if (name === PRECOMPILED && tracer === "4byteTracer") {
          // anvil counts calls of precompiled contracts, geth does not.
          Object.keys(other).filter((key) => !(key in own)).forEach((key) => delete other[key]);
        }
        assert.equal(difference(other, own), null);
      });
    }
    await t.test(`trace_transaction of ${name}`, async () => {
      const [other, own] = await Promise.all(
        peers.map(async (peer) => (await peer.provider.send("trace_transaction", [peer.hashes[i]])).map(flat)),
      );
      if (name === PRECOMPILED) {
        // anvil tells calls of precompiled contracts too, and that transaction makes no others.
        other.length = 1;
        other[0].subtraces = 0;
      }
      assert.equal(difference(other, own), null);
    });
  }
});
