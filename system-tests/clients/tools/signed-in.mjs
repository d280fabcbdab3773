// Runs a command whose clients are signed in at the network that COCO_RPC_URLS names: senders may be bound there, and
// anonymous reads off. COCO_NETWORK_FOLDER is where its files are, by which accounts are enrolled.
//   COCO_SIGNED_IN=yes node tools/with-network.mjs node tools/signed-in.mjs node --test test/erc20.test.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { HDNodeWallet, Mnemonic } from "ethers";
import { ENROLLED, PHRASE, pageOrigin } from "../lib/network.mjs";
import { operatorOf } from "../lib/operator.mjs";
import { known, receive, signIn, standBefore } from "../lib/sessions.mjs";

const [command, ...args] = process.argv.slice(2);
const urls = process.env.COCO_RPC_URLS.split(",");
const operator = operatorOf(process.env.COCO_NETWORK_FOLDER);
const tokens = new Map();
let admitted = 0;

/** Makes an account a user that is signed in, and waits until all nodes know. */
async function admit(wallet) {
  const node = urls[admitted++ % urls.length];
  await operator.enrol(node, wallet);
  const token = await signIn(node, wallet);
  await Promise.all(urls.map((url) => known(url, token)));
  tokens.set(wallet.address.toLowerCase(), token);
}

for (let account = 0; account < ENROLLED; account++) {
  await admit(HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PHRASE), `m/44'/60'/0'/0/${account}`));
}
const fronts = await Promise.all(urls.map((url) => standBefore(url, tokens)));
const reception = await receive(admit);
const child = spawn(command, args, {
  stdio: "inherit",
  env: {
    ...process.env,
    COCO_RPC_URLS: fronts.map((front) => front.url).join(","),
    COCO_NODE_URLS: urls.join(","),
    COCO_PAGE_ORIGIN: pageOrigin(urls[0]),
    COCO_RECEPTION: reception.url,
  },
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => child.kill(signal));
}
try {
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} finally {
  fronts.forEach((front) => front.stop());
  reception.stop();
}
