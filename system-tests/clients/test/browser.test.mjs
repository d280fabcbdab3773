import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { compile } from "../lib/compile.mjs";
import { findChromium, launch, servePage } from "../lib/chromium.mjs";
import { connect, pageOrigin } from "../lib/network.mjs";

const executable = findChromium();
if (executable === undefined && process.env.CI === "true") {
  throw new Error("no Chromium was found, and CI does not go without");
}

/** An EIP-1193 provider as a wallet injects it, which asks the node and signs nothing. Runs in the page. */
function injectProvider(url) {
  let id = 0;
  window.ethereum = {
    async request({ method, params }) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params: params ?? [] });
      const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
      const { result, error } = await response.json();
      if (error) {
        throw Object.assign(new Error(error.message), { code: error.code, data: error.data });
      }
      return result;
    },
  };
}

describe("pages in Chromium", { skip: executable === undefined ? "Chromium is not installed" : false }, () => {
  let coco;
  let browser;
  let servers;
  let listed;
  let unlisted;
  let artifact;

  before(async () => {
    coco = await connect();
    artifact = compile("Probe");
    const port = Number(new URL(pageOrigin(coco.urls[0])).port);
    servers = [await servePage(port), await servePage(0)];
    browser = await launch(executable);
    [listed, unlisted] = await Promise.all(servers.map((server) => open(`http://localhost:${server.address().port}/`)));
  });
  after(async () => {
    await browser?.close();
    servers?.forEach((server) => server.close());
    coco?.stop();
  });

  async function open(url) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction("window.ethers !== undefined");
    await page.evaluate(injectProvider, coco.urls[0]);
    return page;
  }

  it(
    "should deploy, call and find events by ethers' BrowserProvider from a listed origin",
    { timeout: 60_000 },
    async () => {
      const outcome = await listed.evaluate(
        async ({ abi, bytecode, key }) => {
          const { BrowserProvider, ContractFactory, Wallet } = window.ethers;
          const provider = new BrowserProvider(window.ethereum, undefined, { cacheTimeout: -1 });
          provider.pollingInterval = 50;
          const wallet = new Wallet(key, provider);
          const contract = await new ContractFactory(abi, bytecode, wallet).deploy("page", 1000n);
          await contract.waitForDeployment();
          const receipt = await (await contract.store(5n, 55n)).wait();
          const [event] = await contract.queryFilter("Stored", receipt.blockNumber);
          const refusal = await contract.store.staticCall(5n, 1001n).catch((e) => e);
          const { chainId } = await provider.getNetwork();
          const values = [chainId, await contract.values(5n), event.args.value].map(String);
          return { values, status: receipt.status, refusal: refusal.revert?.name, name: await contract.name() };
        },
        { ...artifact, key: coco.wallet(9, 0).privateKey },
      );
      assert.deepEqual(outcome, {
        values: [String(coco.chainId), "55", "55"],
        status: 1,
        refusal: "TooLarge",
        name: "page",
      });
    },
  );

  it("should reach the node by fetch from a listed origin only", async () => {
    const ask = () => window.ethereum.request({ method: "eth_chainId" }).catch((e) => e.name);
    assert.equal(BigInt(await listed.evaluate(ask)), coco.chainId);
    assert.equal(await unlisted.evaluate(ask), "TypeError");
    // Without a preflight the page would not see the answer anyway; but nothing may be done either.
    const statuses = [];
    unlisted.on("response", (response) => response.url().startsWith(coco.urls[0]) && statuses.push(response.status()));
    const simple = (url) =>
      fetch(url, { method: "POST", mode: "no-cors", body: "{}" }).then((response) => response.type);
    assert.equal(await unlisted.evaluate(simple, coco.urls[0]), "opaque");
    assert.deepEqual(statuses, [403]);
  });

  it("should open a WebSocket from a listed origin only", async () => {
    const subscribe = (url) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url);
        socket.onerror = () => resolve("refused");
        socket.onopen = () =>
          socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(data);
          if (message.method === "eth_subscription") {
            socket.close();
            resolve(message.params.result.hash);
          }
        };
      });
    assert.match(await listed.evaluate(subscribe, coco.socketUrl(0)), /^0x[0-9a-f]{64}$/);
    assert.equal(await unlisted.evaluate(subscribe, coco.socketUrl(0)), "refused");
  });
});
