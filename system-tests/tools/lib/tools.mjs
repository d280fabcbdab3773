// The tools, each from its own npm package, and the networks they are pointed at.
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Network, parseEther } from "ethers";
import { freePort } from "../../lib/started.mjs";

const require = createRequire(import.meta.url);
const execute = promisify(execFile);
const PHRASE = "test test test test test test test test test test test junk";
const TOOL_LIMIT_MILLIS = 240_000;

export const here = fileURLToPath(new URL("..", import.meta.url));
export const CHAIN_ID = 1337n;

/** The nodes of the Coco network that lib/with-networks.mjs started or COCO_RPC_URLS names. */
export const coco = (process.env.COCO_RPC_URLS ?? "http://127.0.0.1:8545").split(",");

const binary = (tool) => {
  const platform = { win32: "win32" }[process.platform] ?? process.platform;
  const machine = process.arch === "x64" ? "amd64" : process.arch;
  const folder = dirname(require.resolve(`@foundry-rs/${tool}-${platform}-${machine}/package.json`));
  return join(folder, "bin", process.platform === "win32" ? `${tool}.exe` : tool);
};

/** Runs a program to its end. @returns {Promise<{code: number, stdout: string, stderr: string}>} whatever the code is */
export async function run(program, args, { cwd = here, env = {}, input } = {}) {
  const options = { cwd, env: { ...process.env, NO_COLOR: "1", FOUNDRY_DISABLE_NIGHTLY_WARNING: "1", ...env }, timeout: TOOL_LIMIT_MILLIS, maxBuffer: 1 << 28 };
  const running = execute(program, args, options);
  if (input !== undefined) {
    running.child.stdin.end(input);
  }
  try {
    return { code: 0, ...(await running) };
  } catch (e) {
    if (typeof e.code !== "number") {
      throw e;
    }
    return { code: e.code, stdout: e.stdout, stderr: e.stderr };
  }
}

async function ok(program, args, options) {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) {
    throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
  }
  return stdout;
}

export const cast = (url, ...args) => ok(binary("cast"), args, { env: { ETH_RPC_URL: url } }).then((out) => out.trim());
export const castFails = (url, ...args) => run(binary("cast"), args, { env: { ETH_RPC_URL: url } });
export const spawnCast = (url, ...args) => spawn(binary("cast"), args, { env: { ...process.env, ETH_RPC_URL: url, NO_COLOR: "1" } });
export const forge = (args, env = {}) => run(binary("forge"), args, { env });
export const hardhat = (args, env) => run(process.execPath, [join(here, "node_modules/hardhat/internal/cli/bootstrap.js"), ...args], { cwd: join(here, "hardhat"), env });

/** An anvil with the rules, the fees and the funded accounts of Coco's development preset, on a port of its own. */
export async function startAnvil(...more) {
  const port = await freePort();
  const settings = ["--chain-id", CHAIN_ID, "--hardfork", "osaka", "--enable-tx-gas-limit", "--gas-limit", 200_000_000, "--base-fee", 0, "--gas-price", 0];
  // Old enough that its blocks can be given the times of Coco's.
  const args = [...settings, "--disable-min-priority-fee", "--timestamp", 1_700_000_000, "--port", port, ...more].map(String);
  const child = spawn(binary("anvil"), args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    child.stdout.on("data", (text) => String(text).includes("Listening on") && resolve());
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`anvil ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

export function provider(url) {
  const network = Network.from(CHAIN_ID);
  return new JsonRpcProvider(url, network, { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: 50 });
}

/** A JSON-RPC request as it is. @returns {Promise<{result?: any, error?: {code: number, message: string, data?: any}}>} */
export async function rpc(url, method, ...params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return response.json();
}

/** The same, where an error is not expected. */
export async function ask(url, method, ...params) {
  const { result, error } = await rpc(url, method, ...params);
  if (error) {
    throw new Error(`${method}: ${error.code} ${error.message}`);
  }
  return result;
}

/** A phrase nobody has used, so that the nonces of its accounts are 0 wherever it is used first. */
export const freshPhrase = () => Mnemonic.fromEntropy(randomBytes(16)).phrase;

export const account = (phrase, index) => HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), `m/44'/60'/0'/0/${index}`);

/** Each file of tests is a process of its own, and pays from an account of its own. */
const PAYERS = ["cast", "contracts", "forge", "hardhat", "oracle", "refusals", "senders"];
let funding = Promise.resolve();

/** Gives accounts of that phrase ether on that network, from one of the accounts that the preset funds. */
export function fund(url, phrase, count = 4, ether = "50") {
  funding = funding.then(async () => {
    const payer = account(PHRASE, 2 + PAYERS.indexOf(basename(process.argv[1], ".test.mjs")));
    const nonce = BigInt(await ask(url, "eth_getTransactionCount", payer.address, "pending"));
    for (let i = 0; i < count; i++) {
      const fields = { to: account(phrase, i).address, value: parseEther(ether), nonce: Number(nonce) + i, gasLimit: 21_000, gasPrice: 0, chainId: CHAIN_ID };
      await ask(url, "eth_sendRawTransaction", await payer.signTransaction({ ...fields, type: 0 }));
    }
    await mined(url, account(phrase, count - 1).address);
  });
  return funding;
}

async function mined(url, address) {
  while (BigInt(await ask(url, "eth_getBalance", address, "latest")) === 0n) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The receipt, as soon as there is one. */
export async function receiptOf(url, hash) {
  for (;;) {
    const receipt = await ask(url, "eth_getTransactionReceipt", hash);
    if (receipt) {
      return receipt;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What of a receipt two networks have to agree on: all but where it is. */
export function comparable(receipt) {
  const { blockHash, blockNumber, blockTimestamp, transactionIndex, cumulativeGasUsed, logsBloom, blobGasPrice, ...same } = receipt;
  return { ...same, logs: receipt.logs.map(({ address, topics, data, removed }) => ({ address, topics, data, removed })) };
}
