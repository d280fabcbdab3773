// Reads a second over HTTP, of one Coco node and of anvil, by turns: wrk -t1 -c16 with an ERC-20 balance by eth_call and with
// a full block of 100 transactions. Prints one JSON document.
//   npm ci && node reads.mjs [--seconds N] [--rounds N] [--only coco|anvil]
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Interface, JsonRpcProvider, Wallet } from "ethers";

const LAUNCHER = fileURLToPath(new URL("../../coco", import.meta.url));
const CREATION = readFileSync(new URL("../../cli/src/main/resources/coco/cli/bench/BenchToken.hex", import.meta.url), "utf8").trim();
const TOKEN = new Interface(["function balanceOf(address) view returns (uint256)", "function transfer(address,uint256)", "function fill(bytes,uint256)"]);
// The first of the accounts that development networks of both kinds are born with.
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const BLOCK_SIZE = 100;
const PORTS = { coco: 28_545, anvil: 29_545 };

const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "5" }, rounds: { type: "string", default: "3" }, only: { type: "string" } },
});
const folder = mkdtempSync(join(tmpdir(), "coco-reads-"));
const stops = [];

async function startCoco() {
  const dir = join(folder, "coco");
  const run = (...args) => execFileSync(LAUNCHER, args, { stdio: ["ignore", "ignore", "inherit"] });
  run("up", "--detach", "--nodes", "1", "--dir", dir, "--port", String(PORTS.coco));
  stops.push(() => run("down", "--dir", dir));
}

async function startAnvil() {
  const platform = { linux: "linux", darwin: "darwin" }[process.platform];
  const arch = { x64: "amd64", arm64: "arm64" }[process.arch];
  const own = createRequire(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json"));
  const binary = join(dirname(own.resolve(`@foundry-rs/anvil-${platform}-${arch}/package.json`)), "bin", "anvil");
  const anvil = spawn(binary, ["--port", String(PORTS.anvil), "--silent", "--no-mining", "--base-fee", "0", "--gas-limit", "1000000000"], { stdio: "inherit" });
  stops.push(() => anvil.kill());
}

function provider(name) {
  return new JsonRpcProvider(`http://127.0.0.1:${PORTS[name]}`, undefined, { batchMaxCount: 1, cacheTimeout: -1 });
}

/** A token whose balances are filled, and a block with as many transfers as can be had, 100 at most. */
async function prepare(name) {
  const rpc = provider(name);
  while (!(await rpc.send("eth_chainId", []).catch(() => null))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const mine = () => (name === "anvil" ? rpc.send("evm_mine", []) : null);
  const wallet = new Wallet(KEY, rpc);
  const chainId = (await rpc.getNetwork()).chainId;
  let nonce = 0;
  const signed = (to, data) =>
    wallet.signTransaction({ type: 2, chainId, nonce: nonce++, to, data, gasLimit: 2_000_000, maxFeePerGas: 0, maxPriorityFeePerGas: 0 });
  const creation = await rpc.send("eth_sendRawTransaction", [await signed(null, `0x${CREATION}`)]);
  await mine();
  const token = (await rpc.waitForTransaction(creation)).contractAddress;
  const filled = await rpc.send("eth_sendRawTransaction", [await signed(token, TOKEN.encodeFunctionData("fill", [wallet.address, 1_000_000n]))]);
  await mine();
  await rpc.waitForTransaction(filled);
  let block;
  for (let attempt = 0; attempt < 20 && (!block || block.transactions.length !== BLOCK_SIZE); attempt++) {
    const batch = [];
    // The first closes a block of its own while the others wait for the next.
    for (let i = 0; i < (name === "coco" ? BLOCK_SIZE + 1 : BLOCK_SIZE); i++) {
      batch.push({ jsonrpc: "2.0", id: i, method: "eth_sendRawTransaction", params: [await signed(token, TOKEN.encodeFunctionData("transfer", [Wallet.createRandom().address, 1]))] });
    }
    const answer = await fetch(`http://127.0.0.1:${PORTS[name]}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(batch) });
    const hashes = (await answer.json()).map((each) => each.result);
    await mine();
    const receipt = await rpc.waitForTransaction(hashes[BLOCK_SIZE / 2]);
    block = await rpc.send("eth_getBlockByNumber", [`0x${receipt.blockNumber.toString(16)}`, false]);
  }
  rpc.destroy();
  return {
    transactions: block.transactions.length,
    requests: {
      "eth_call balanceOf": { method: "eth_call", params: [{ to: token, data: TOKEN.encodeFunctionData("balanceOf", [wallet.address]) }, "latest"] },
      "eth_getBlockByNumber full": { method: "eth_getBlockByNumber", params: [block.number, true] },
      eth_blockNumber: { method: "eth_blockNumber", params: [] },
    },
  };
}

function wrk(name, request, seconds) {
  const script = join(folder, "request.lua");
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...request });
  writeFileSync(script, `wrk.method = "POST"\nwrk.body = '${body}'\nwrk.headers["Content-Type"] = "application/json"\n`);
  const out = execFileSync("wrk", ["-t1", "-c16", `-d${seconds}s`, "--latency", "-s", script, `http://127.0.0.1:${PORTS[name]}/`], { encoding: "utf8" });
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]),
    p50: /^\s+50%\s+(\S+)/m.exec(out)[1],
    p99: /^\s+99%\s+(\S+)/m.exec(out)[1],
    failed: /Non-2xx or 3xx responses: (\d+)/.exec(out)?.[1] ?? "0",
  };
}

try {
  const names = ["coco", "anvil"].filter((name) => !options.only || options.only === name);
  const peers = {};
  for (const name of names) {
    await (name === "coco" ? startCoco() : startAnvil());
    peers[name] = await prepare(name);
  }
  const report = Object.fromEntries(names.map((name) => [name, { transactions: peers[name].transactions, rounds: {} }]));
  for (const what of Object.keys(peers[names[0]].requests)) {
    for (let round = -1; round < Number(options.rounds); round++) {
      for (const name of names) {
        // Round -1 warms up.
        const measured = wrk(name, peers[name].requests[what], round < 0 ? 2 * Number(options.seconds) : options.seconds);
        if (round >= 0) {
          (report[name].rounds[what] ??= []).push(measured);
        }
      }
    }
  }
  console.log(JSON.stringify(report, null, 1));
} finally {
  stops.forEach((stop) => stop());
  rmSync(folder, { recursive: true, force: true });
}
