// A network of three, started for the occasion. Needs nothing but Node, so that every folder of tests can use it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../coco", import.meta.url));
const START_LIMIT_MILLIS = 300_000;

/** @returns {Promise<{urls: string[], stop: () => void}>} where the three nodes take JSON-RPC; stop() removes all of it */
export async function start() {
  const folder = mkdtempSync(join(tmpdir(), "coco-network-"));
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
  return { urls: [0, 1, 2].map((i) => `http://127.0.0.1:${base + i}`), stop };
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
