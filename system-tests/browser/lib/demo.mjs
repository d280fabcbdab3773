// The supply chain as its command starts it, and each party's page in a browser profile of its own.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeBase, LAUNCHER } from "../../lib/started.mjs";
import { visit } from "./browser.mjs";

const START_LIMIT_MILLIS = 300_000;
const NODES = 4;

/** The parties' ids by their names on the command's output. */
const IDS = {
  Northwind: "northwind",
  "Tray Research": "tray-research",
  Contoso: "contoso",
  Fabrikam: "fabrikam",
  "All four": "guide",
};

/** Starts the demonstration. urls has one for each party, by id, and "guide"; stop() ends and removes all of it. */
export async function startDemo() {
  const folder = mkdtempSync(join(tmpdir(), "coco-supply-chain-"));
  const base = await freeBase(NODES);
  const coco = (...args) =>
    execFileSync(LAUNCHER, args, {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: START_LIMIT_MILLIS,
      encoding: "utf8",
    });
  const up = () => coco("demo", "supply-chain", "--detach", "--dir", folder);
  const stop = () => {
    try {
      coco("down", "--dir", join(folder, "network"));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  try {
    const printed = coco("demo", "supply-chain", "--detach", "--dir", folder, "--port", String(base));
    return { urls: addresses(printed), folder, up, stop, stopNode: (number) => stopNode(folder, number) };
  } catch (failure) {
    stop();
    throw failure;
  }
}

function addresses(printed) {
  const urls = {};
  for (const line of printed.split("\n").filter((one) => one.includes("http://"))) {
    const at = line.indexOf("http://");
    urls[IDS[line.slice(0, at).trim()]] = line.slice(at).trim();
  }
  return urls;
}

async function stopNode(folder, number) {
  const pid = Number(
    readFileSync(join(folder, "network", `node-${number}`, "node.pid"), "utf8")
      .trim()
      .split(/\s+/)[0],
  );
  process.kill(pid, "SIGTERM");
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A party at its page. */
export class Desk {
  constructor(seen, id, url) {
    this.seen = seen;
    this.page = seen.page;
    this.id = id;
    const secrets = new URLSearchParams(new URL(url).hash.slice(1)).get(id).split(".");
    /** The party's private keys: its account's, and its approver's. */
    this.secrets = secrets;
  }

  static async open(browser, id, url, how) {
    const seen = await visit(browser, url, how);
    const desk = new Desk(seen, id, url);
    await desk.place("orders").waitFor();
    return desk;
  }

  /** What the guide and these tests work with. */
  place(name) {
    return this.page.locator(`[data-guide="${name}"]`);
  }

  async show(fragment) {
    await this.page.evaluate((to) => (location.hash = to), fragment);
  }

  /** Searches the smart contracts, in the blockchain view. */
  async search(address) {
    await this.place("room-blockchain").click();
    await this.place("search-address").locator("input").fill(address);
    await this.place("search").click();
  }

  /** Waits until the search has this result, and fails if that takes long. */
  async finds(text) {
    await this.place("search-result").getByText(text, { exact: true }).first().waitFor({ timeout: 15_000 });
  }

  /**
   * What the node answers to this party, or to nobody, as the page would ask: status and bytes, of each request of its own.
   * As the page does, it asks again where the node has no majority at the moment (503): on a busy machine that happens.
   *
   * @param {[method: string, params: unknown[]][]} calls
   */
  rpc(calls, signedIn = true) {
    return this.page.evaluate(
      ({ id, calls, signedIn }) => {
        const name = Object.keys(sessionStorage).find((one) => one.startsWith(`coco.supply-chain.${id}.session.`));
        const { token } = JSON.parse(sessionStorage.getItem(name));
        const ask = async ([method, params], attempts = 100) => {
          const answer = await fetch("/", {
            method: "POST",
            headers: { "Content-Type": "application/json", ...(signedIn ? { Authorization: `Bearer ${token}` } : {}) },
            body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
          });
          if (answer.status === 503 && attempts > 0) {
            await new Promise((resume) => setTimeout(resume, 100));
            return ask([method, params], attempts - 1);
          }
          return `${answer.status} ${await answer.text()}`;
        };
        return Promise.all(calls.map((call) => ask(call)));
      },
      { id: this.id, calls, signedIn },
    );
  }

  /** The result of one call. */
  async result(method, params) {
    const [answer] = await this.rpc([[method, params]]);
    return JSON.parse(answer.slice(answer.indexOf(" ") + 1)).result;
  }

  close() {
    return this.seen.close();
  }
}
