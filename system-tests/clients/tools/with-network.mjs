// Runs a command with a network for its time: the one that COCO_RPC_URLS names already, or one that is started and stopped.
//   node tools/with-network.mjs node --test test/viem.test.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { start } from "../lib/network.mjs";

const [command, ...args] = process.argv.slice(2);
const given = process.env.COCO_RPC_URLS;
const network = given ? { urls: given.split(","), folder: process.env.COCO_NETWORK_FOLDER, stop() {} } : await start();

const child = spawn(command, args, {
  stdio: "inherit",
  env: { ...process.env, COCO_RPC_URLS: network.urls.join(","), COCO_NETWORK_FOLDER: network.folder ?? "" },
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => child.kill(signal));
}
try {
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} finally {
  network.stop();
}
