// A comparison with its page: the command's own process, and what it started.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** How long a page's address may take: the time of a JVM that starts. */
const ADDRESS_MS = 60_000;

/**
 * Starts the command on a port. stop() ends it and all that it started.
 *
 * @param {string[]} options beside --port
 */
export async function startCompare(port, options) {
  const folder = mkdtempSync(join(process.env.COCO_TEST_FOLDER ?? tmpdir(), "coco-compare-"));
  const command = process.env.COCO_COMMAND ?? join(ROOT, "coco");
  const child = spawn(command, ["demo", "compare", "--port", String(port), ...options], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (some) => (said += some));
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address within ${ADDRESS_MS} ms: ${said}`)), ADDRESS_MS);
    child.stdout.on("data", (some) => {
      clearTimeout(timer);
      resolve(String(some).trim().split("\n")[0]);
    });
    void exited.then((code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
  return {
    url: address,
    /** What it said about the way there. */
    said: () => said,
    /** Lets the process do nothing, as a machine does that hangs. */
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
    async stop() {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
