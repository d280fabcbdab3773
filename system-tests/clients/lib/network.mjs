// The network under test: the one that COCO_RPC_URLS names (separated by commas), or one started for the occasion.
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Network, NonceManager, Wallet } from "ethers";
import { PAGE_PORT_OFFSET, start as startNetwork } from "../../lib/started.mjs";
import { introduce } from "./sessions.mjs";

export const PHRASE = "test test test test test test test test test test test junk";
const HEARTBEAT = "1s";
/** How many accounts of the phrase are users where senders are bound. */
export const ENROLLED = 10;

/** Finds the network, or starts one for the caller alone. Call stop() at the end. */
export async function connect() {
  const given = process.env.COCO_RPC_URLS;
  if (given) {
    return describe(given.split(","), () => {});
  }
  const { urls, stop } = await start();
  return describe(urls, stop);
}

/** Starts one as these tests need it, with COCO_SIGNED_IN=yes one that knows only its users; resolves to its addresses and what stops it. */
export function start() {
  return process.env.COCO_SIGNED_IN === "yes"
    ? startNetwork(configured, { founding: ["--access", "senders=bound", "--access", "anonymousReads=false"] })
    : startNetwork(configured);
}

/** The one web origin, beside those of extensions, whose pages the network admits, whatever stands before its node. */
export function pageOrigin(url) {
  return process.env.COCO_PAGE_ORIGIN ?? `http://localhost:${Number(new URL(url).port) + PAGE_PORT_OFFSET}`;
}

/** A node's file with what the preset leaves to its user: confirmations without traffic, and a page's origin. */
function configured(file, urls) {
  const origins = "  origins: [";
  if (!file.includes(origins) || /^blocks:/m.test(file)) {
    throw new Error("coco init writes other files than it did");
  }
  return `${file.replace(origins, `${origins}'${pageOrigin(urls[0])}', `)}blocks:\n  heartbeat: '${HEARTBEAT}'\n`;
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
    /** The nodes themselves, where something stands before them for the sake of the tests. */
    nodeUrls: process.env.COCO_NODE_URLS?.split(",") ?? urls,
    chainId,
    /** Whether requests are those of signed-in users: then a call's from is an account's that is signed in. */
    signedIn: process.env.COCO_RECEPTION !== undefined,
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
    /** An account that nobody had before, without a provider; a user, where only users may send. */
    async newcomer() {
      const wallet = Wallet.createRandom();
      await introduce(wallet);
      return wallet;
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
