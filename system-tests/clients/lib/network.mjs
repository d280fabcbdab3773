// The network under test: the one that COCO_RPC_URLS names (separated by commas), or one started for the occasion.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Network, NonceManager } from "ethers";

const LAUNCHER = fileURLToPath(new URL("../../../coco", import.meta.url));
export const PHRASE = "test test test test test test test test test test test junk";
const START_LIMIT_MILLIS = 300_000;
const HEARTBEAT = "1s";
/** Beyond the ports of the nodes. */
const PAGE_PORT_OFFSET = 40;

/** Finds the network, or starts one for the caller alone. Call stop() at the end. */
export async function connect() {
  const given = process.env.COCO_RPC_URLS;
  if (given) {
    return describe(given.split(","), () => {});
  }
  const { urls, stop } = await start();
  return describe(urls, stop);
}

/** Makes a development network of three nodes on free ports and starts it. */
export async function start() {
  const folder = mkdtempSync(join(tmpdir(), "coco-clients-"));
  const base = await freeBase();
  const urls = [0, 1, 2].map((i) => `http://127.0.0.1:${base + i}`);
  const coco = (...args) =>
    execFileSync(LAUNCHER, [...args, "--dir", folder], { stdio: ["ignore", "ignore", "inherit"], timeout: START_LIMIT_MILLIS });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    coco("init", "--port", String(base));
    [1, 2, 3].forEach((node) => configure(join(folder, `node-${node}`, "node.yaml"), urls[0]));
    coco("up", "--detach");
  } catch (e) {
    remove();
    throw e;
  }
  const stop = () => {
    coco("down");
    remove();
  };
  return { urls, stop };
}

/** The one web origin, beside those of extensions, whose pages the network admits. */
export function pageOrigin(url) {
  return `http://localhost:${Number(new URL(url).port) + PAGE_PORT_OFFSET}`;
}

/** What these tests need and the development preset leaves to its user: confirmations without traffic, and a page's origin. */
function configure(file, url) {
  const made = readFileSync(file, "utf8");
  const origins = "  origins: [";
  if (!made.includes(origins) || /^blocks:/m.test(made)) {
    throw new Error(`${file} is not as coco init is known to write it`);
  }
  const listed = made.replace(origins, `${origins}'${pageOrigin(url)}', `);
  writeFileSync(file, `${listed}blocks:\n  heartbeat: '${HEARTBEAT}'\n`);
}

async function describe(urls, stop) {
  const probe = new JsonRpcProvider(urls[0], undefined, { batchMaxCount: 1 });
  const chainId = BigInt(await probe.send("eth_chainId", []));
  probe.destroy();
  const network = Network.from(chainId);
  const providers = urls.map(
    (url) => new JsonRpcProvider(url, network, { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: 50 }),
  );
  return {
    urls,
    chainId,
    providers,
    /** A well-known account that writes through the node of that index. */
    wallet(account, node) {
      const path = `m/44'/60'/0'/0/${account}`;
      return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PHRASE), path).connect(providers[node % providers.length]);
    },
    /** The same, keeping count of its nonces itself, to send without waiting. */
    pipelinedWallet(account, node) {
      return new NonceManager(this.wallet(account, node));
    },
    /** The node of that index by WebSocket. */
    socketUrl(node) {
      return urls[node].replace(/^http/, "ws");
    },
    /** Resolves when every node has applied that block: reads are of a node's own state. */
    async applied(blockNumber) {
      for (const provider of providers) {
        while ((await provider.getBlockNumber()) < blockNumber) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    },
    stop() {
      providers.forEach((provider) => provider.destroy());
      stop();
    },
  };
}

/** A base such that all ports a network of three uses are free now. */
async function freeBase() {
  for (let attempt = 0; attempt < 50; attempt++) {
    const base = 20_000 + 50 * Math.floor(Math.random() * 200);
    const ports = [0, 10, 20, 30, PAGE_PORT_OFFSET].flatMap((group) => [0, 1, 2].map((i) => base + group + i));
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) {
      return base;
    }
  }
  throw new Error("no free ports were found");
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
