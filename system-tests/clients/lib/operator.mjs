// What an organisation's operator does at a network: makes accounts users of the organisation, by its certificate.
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { getAddress } from "ethers";
import { ADMINISTRATIVE_PORT_OFFSET } from "../../lib/started.mjs";

/** @param {string} folder of the network, where its development member's key is */
export function operatorOf(folder) {
  const member = join(folder, "members", "developer");
  const identity = {
    key: readFileSync(`${member}.key`),
    cert: readFileSync(`${member}.pem`),
    ca: readFileSync(join(folder, "service.pem")),
    // A node's certificate says which node it is, and not at which address: who issued it is what counts.
    checkServerIdentity: () => undefined,
  };

  function ask(node, method, path, body) {
    const { hostname: host, port: base } = new URL(node);
    const port = Number(base) + ADMINISTRATIVE_PORT_OFFSET;
    const options = { ...identity, method, host, port, path, headers: { "content-type": "application/json" } };
    return new Promise((resolve, reject) => {
      const sent = request(options, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          answer.statusCode < 300 ? resolve(JSON.parse(text)) : reject(new Error(`${path}: ${answer.statusCode} ${text}`));
        });
      });
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  return {
    /** Makes an account a user, through the node at that URL; its holder agrees by a signature (docs/specs/users.md). */
    async enrol(node, wallet) {
      const { actor, serviceId } = await ask(node, "GET", "/access/actor");
      const agreed =
        `I agree that ${actor} enrols my account as one of its users.\n\n` +
        `Service: ${serviceId}\nLedger: ethereum\nAccount: ${getAddress(wallet.address)}`;
      const signature = await wallet.signMessage(agreed);
      const address = wallet.address.slice(2).toLowerCase();
      await ask(node, "POST", "/access/enrolments", { ledger: "ethereum", address, signature });
    },
  };
}
