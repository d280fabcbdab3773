// A network with its pages, of which single nodes can be stopped and started again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "../../lib/started.mjs";

/** From a node's port to that of its administrative listener, as coco init has it. */
const ADMINISTRATIVE_OFFSET = 20;

/** Starts three nodes. stop() ends and removes them. */
export async function startNetwork() {
  const { urls, folder, coco, stop } = await start();
  return {
    urls,
    folder,
    stop,
    /** Where the nodes' administrative listeners are. */
    administrative: urls.map((url) => `https://127.0.0.1:${Number(new URL(url).port) + ADMINISTRATIVE_OFFSET}`),
    /** The key and the certificate of a member, as files. */
    member: (id) => ({ key: join(folder, "members", `${id}.key`), certificate: join(folder, "members", `${id}.pem`) }),
    /** Ends a node, the first being 1, and waits for that. */
    async stopNode(number) {
      const pid = Number(readFileSync(join(folder, `node-${number}`, "node.pid"), "utf8").trim().split(/\s+/)[0]);
      process.kill(pid, "SIGTERM");
      while (isAlive(pid)) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    /** Starts every node that does not run, and returns when all are ready. */
    startNodes: () => coco("up", "--detach"),
  };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
