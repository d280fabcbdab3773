// A headless Chromium of the system, driven without any download, and a web server for the one page that it shows.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { CHROMIUM_ARGUMENTS } from "../../lib/chromium.mjs";

export { findChromium } from "../../lib/chromium.mjs";

const require = createRequire(import.meta.url);

/** Starts it. Close the browser at the end. */
export function launch(executablePath) {
  return chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
}

/** Serves a page with ethers on that port of this machine; resolves to the server. */
export function servePage(port) {
  const script = readFileSync(require.resolve("ethers").replace(/lib\.[a-z]+[/\\]index\.js$/, "dist/ethers.min.js"));
  const server = createServer((request, response) => {
    if (request.url === "/ethers.js") {
      response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    } else {
      const body =
        "<!doctype html><title>page</title>" +
        '<script type="module">import * as ethers from "/ethers.js"; window.ethers = ethers;</script>';
      response.writeHead(200, { "content-type": "text/html" }).end(body);
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "localhost", () => resolve(server));
  });
}
