// Runs a command with one Coco network of three for all that it starts: node lib/with-networks.mjs COMMAND...
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { start } from "../../lib/started.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));

function run([command, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: here, stdio: "inherit", env: { ...process.env, ...env } });
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

const hardhat = ["node", "node_modules/hardhat/internal/cli/bootstrap.js", "compile", "--quiet"];
if ((await run(hardhat, { HARDHAT_CONFIG: `${here}hardhat/hardhat.config.js` })) !== 0) {
  process.exit(1);
}
const given = process.env.COCO_RPC_URLS;
const { urls, stop } = given ? { urls: given.split(","), stop: () => {} } : await start();
try {
  process.exitCode = await run(process.argv.slice(2), { COCO_RPC_URLS: urls.join(",") });
} finally {
  stop();
}
