// Runs a command whose clients are signed in at the network that COCO_RPC_URLS names: senders may be bound there, and
// anonymous reads off, as long as the accounts of the well-known phrase are enrolled.
//   COCO_SIGNED_IN=yes node tools/with-network.mjs node tools/signed-in.mjs node --test test/erc20.test.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { HDNodeWallet, Mnemonic } from "ethers";
import { ENROLLED, PHRASE, pageOrigin } from "../lib/network.mjs";
import { signIn, standBefore } from "../lib/sessions.mjs";

const [command, ...args] = process.argv.slice(2);
const urls = process.env.COCO_RPC_URLS.split(",");
const tokens = new Map();
for (let account = 0; account < ENROLLED; account++) {
  const wallet = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PHRASE), `m/44'/60'/0'/0/${account}`);
  tokens.set(wallet.address.toLowerCase(), await signIn(urls[account % urls.length], wallet));
}
const fronts = await Promise.all(urls.map((url) => standBefore(url, tokens)));
const COCO_RPC_URLS = fronts.map((front) => front.url).join(",");
const COCO_PAGE_ORIGIN = pageOrigin(urls[0]);
const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, COCO_RPC_URLS, COCO_PAGE_ORIGIN } });
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => child.kill(signal));
}
try {
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} finally {
  fronts.forEach((front) => front.stop());
}
