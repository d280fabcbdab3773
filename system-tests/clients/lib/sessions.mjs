// What a back end does that serves several users: it holds a session for each (Sign-In with Ethereum), and gives each
// request the token of the account that it is for. Clients see a URL that needs no identity, and are none the wiser.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { WebSocket, WebSocketServer } from "ws";

/** Signs a wallet in at a node; resolves to the token. */
export async function signIn(url, wallet) {
  const { nonce, time, serviceId } = await (await fetch(`${url}/access/nonce`)).json();
  const domain = new URL(url).host;
  const message = [
    `${domain} wants you to sign in with your Ethereum account:`,
    wallet.address,
    "",
    "",
    `URI: ${url}`,
    "Version: 1",
    "Chain ID: 1337",
    `Nonce: ${nonce}`,
    `Issued At: ${time}`,
    "Resources:",
    `- coco:${serviceId}:*`,
  ].join("\n");
  const opened = await fetch(`${url}/access/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message, signature: await wallet.signMessage(message) }),
  });
  const session = await opened.json();
  if (opened.status !== 201) {
    throw new Error(`not signed in: ${JSON.stringify(session)}`);
  }
  return session.token;
}

/** The account a body is for, in lower case; undefined if it names none, or several. */
export function accountOf(body) {
  const named = body.matchAll(/"from"\s*:\s*"(0x[0-9a-fA-F]{40})"/g);
  const accounts = new Set([...named].map(([, from]) => from.toLowerCase()));
  return accounts.size === 1 ? [...accounts][0] : undefined;
}

/**
 * Stands before a node.
 *
 * @param {string} url of the node
 * @param {Map<string, string>} tokens by account in lower case; the first is for requests that name no account
 * @returns {Promise<{url: string, stop: () => void}>}
 */
export async function standBefore(url, tokens) {
  const usual = [...tokens.values()][0];
  const bearer = (account) => `Bearer ${tokens.get(account) ?? usual}`;
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const headers = { ...incoming.headers, host: new URL(url).host, authorization: bearer(accountOf(body.toString())) };
    // A connection of its own: one that is kept may end while a request is on its way.
    const options = { method: incoming.method, headers, agent: false };
    const sent = request(new URL(incoming.url, url), options, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on("error", () => outgoing.destroy());
    sent.end(body);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (client, { headers, url: path }) => {
    // A connection acts for one account, so there is one to the node for each.
    const nodes = new Map();
    client.on("message", (data, binary) => {
      const account = accountOf(data.toString());
      const key = bearer(account);
      if (!nodes.has(key)) {
        nodes.set(key, connect(new URL(path, url.replace(/^http/, "ws")), headers.origin, key, client));
      }
      nodes.get(key)(data, binary);
    });
    client.on("close", () => nodes.forEach((send) => send.close()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      sockets.clients.forEach((client) => client.terminate());
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A connection to a node for one session, whose messages go to the client; gives what sends to it. */
function connect(url, origin, authorization, client) {
  const node = new WebSocket(url, { headers: { authorization, ...(origin ? { origin } : {}) } });
  const early = [];
  const send = (data, binary) =>
    node.readyState === node.OPEN ? node.send(data, { binary }) : early.push([data, binary]);
  node.on("open", () => early.forEach(([data, binary]) => node.send(data, { binary })));
  node.on("message", (data, binary) => client.send(data, { binary }));
  node.on("close", () => client.close());
  node.on("error", () => client.terminate());
  send.close = () => node.close();
  return send;
}
