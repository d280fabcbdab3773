// Clients of viem for the network under test, and a record of what was called on them.
import { createPublicClient, createTestClient, createWalletClient, defineChain, fallback, http, webSocket } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { PHRASE } from "./network.mjs";

/** Blocks here take milliseconds where viem expects seconds. */
const PACE = { pollingInterval: 50, cacheTime: 0 };

/** The chain as a developer would define it; contracts as far as they are deployed. */
export function chainOf(coco, contracts = {}) {
  return defineChain({
    id: Number(coco.chainId),
    name: "Coco",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: coco.urls, webSocket: coco.urls.map((_, node) => coco.socketUrl(node)) } },
    contracts,
  });
}

/** Ways to the network, by name. */
export function transports(coco) {
  return {
    http: http(coco.urls[0]),
    "http in batches": http(coco.urls[1], { batch: true }),
    webSocket: webSocket(coco.socketUrl(0)),
    fallback: fallback(
      coco.urls.map((url) => http(url)),
      { rank: false },
    ),
  };
}

/** A client that reads. */
export function reader(chain, transport) {
  return createPublicClient({ chain, transport, ...PACE });
}

/** A client that signs for a well-known account. */
export function writer(chain, transport, account) {
  return createWalletClient({
    chain,
    transport,
    account: mnemonicToAccount(PHRASE, { addressIndex: account }),
    ...PACE,
  });
}

/** viem's client for development nodes, of which Coco is none: only what every node may have is to work. */
export function tester(chain, transport) {
  return createTestClient({ chain, transport, mode: "anvil", ...PACE });
}

/** The same client, noting the name of each action that is called on it. */
export function recorded(client, called) {
  return new Proxy(client, {
    get(target, name) {
      if (typeof target[name] === "function") {
        called.add(name);
      }
      return target[name];
    },
  });
}

/** The names of all actions of a client. */
export function actionsOf(client) {
  const own = ["extend", "request", "scope"];
  return Object.keys(client).filter((name) => typeof client[name] === "function" && !own.includes(name));
}
