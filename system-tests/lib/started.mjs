// A network of three, started for the occasion. Needs nothing but Node, so that every folder of tests can use it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The command; COCO_COMMAND names another one to test, such as an installed one. */
export const LAUNCHER = process.env.COCO_COMMAND ?? fileURLToPath(new URL("../../coco", import.meta.url));
const START_LIMIT_MILLIS = 300_000;
/** From a node's port to its administrative one (coco.cli.network.PortPlan). */
export const ADMINISTRATIVE_PORT_OFFSET = 20;
/** From a node's port to one that is kept free for a page that uses it: beyond all ports of the nodes. */
export const PAGE_PORT_OFFSET = 40;

/**
 * @param {(file: string, urls: string[]) => string} [configured] makes of each node's configuration file the one to start with
 * @param {{founding?: string[]}} [access] options of coco init
 * @returns {Promise<{urls: string[], folder: string, coco: (...args: string[]) => void, stop: () => void}>} where the three
 *   nodes take JSON-RPC, and where their files are; coco() runs the command on them, stop() removes all of it
 */
export async function start(configured = (file) => file, { founding = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "coco-network-"));
  const base = await freeBase();
  const urls = [0, 1, 2].map((i) => `http://127.0.0.1:${base + i}`);
  const coco = (...args) =>
    execFileSync(LAUNCHER, [...args, "--dir", folder], { stdio: ["ignore", "ignore", "inherit"], timeout: START_LIMIT_MILLIS });
  try {
    coco("init", "--port", String(base), ...founding);
    for (const node of [1, 2, 3]) {
      const file = join(folder, `node-${node}`, "node.yaml");
      writeFileSync(file, configured(readFileSync(file, "utf8"), urls));
    }
    coco("up", "--detach");
  } catch (e) {
    rmSync(folder, { recursive: true, force: true });
    throw e;
  }
  const stop = () => {
    coco("down");
    rmSync(folder, { recursive: true, force: true });
  };
  return { urls, folder, coco, stop };
}

/** A port that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A base such that all ports a network of so many nodes uses are free now. */
export async function freeBase(nodes = 3) {
  const numbers = Array.from({ length: nodes }, (_, i) => i);
  for (let attempt = 0; attempt < 50; attempt++) {
    const base = 20_000 + 50 * Math.floor(Math.random() * 200);
    const ports = [0, 10, 20, 30, PAGE_PORT_OFFSET].flatMap((group) => numbers.map((i) => base + group + i));
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
