// The network under test: the one that COCO_RPC_URLS names (separated by commas), or one started for the occasion.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Network, NonceManager } from "ethers";

const LAUNCHER = fileURLToPath(new URL("../../../coco", import.meta.url));
const PHRASE = "test test test test test test test test test test test junk";
const START_LIMIT_MILLIS = 300_000;

/** Starts or finds the network. Call stop() at the end. */
export async function connect() {
  const given = process.env.COCO_RPC_URLS;
  if (given) {
    return describe(given.split(","), () => {});
  }
  const folder = mkdtempSync(join(tmpdir(), "coco-clients-"));
  const base = await freeBase();
  const coco = (...args) => execFileSync(LAUNCHER, args, { stdio: ["ignore", "ignore", "inherit"], timeout: START_LIMIT_MILLIS });
  try {
    coco("up", "--detach", "--dir", folder, "--port", String(base));
  } catch (e) {
    rmSync(folder, { recursive: true, force: true });
    throw e;
  }
  const stop = () => {
    coco("down", "--dir", folder);
    rmSync(folder, { recursive: true, force: true });
  };
  return describe([0, 1, 2].map((i) => `http://127.0.0.1:${base + i}`), stop);
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
    const ports = [0, 10, 20, 30].flatMap((group) => [0, 1, 2].map((i) => base + group + i));
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
