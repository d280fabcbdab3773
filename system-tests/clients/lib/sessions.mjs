// What a back end does that serves several users: it holds a session for each (Sign-In with Ethereum), and gives each
// request the token of the account that it is for. Clients see a URL that needs no identity, and are none the wiser.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { Wallet } from "ethers";
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

/** Resolves when a node knows a session. */
export async function known(url, token) {
  const headers = { authorization: `Bearer ${token}` };
  for (let attempt = 0; attempt < 500; attempt++) {
    if ((await fetch(`${url}/access/sessions`, { headers })).ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} never heard of the session`);
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
    sent.on("error", (e) => {
      console.error(`${incoming.method} to ${url}: ${e.code} ${e.message}`);
      outgoing.destroy();
    });
    sent.end(body);
  });
  // Clients keep connections for their next request; one that ends at that moment would lose it.
  server.keepAliveTimeout = 600_000;
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (incoming, socket, head) => {
    const to = { url: new URL(incoming.url, url.replace(/^http/, "ws")), origin: incoming.headers.origin };
    const first = open(to, bearer());
    // What the node refuses is refused, by its own words.
    first.on("unexpected-response", (_, answer) => {
      console.error(`WebSocket to ${url}: ${answer.statusCode} ${answer.statusMessage}`);
      socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      first.terminate();
    });
    first.on("error", (e) => {
      console.error(`WebSocket to ${url}: ${e.code} ${e.message}`);
      socket.destroy();
    });
    first.on("open", () => sockets.handleUpgrade(incoming, socket, head, (client) => serve(client, to, first)));
  });

  /** A connection acts for one account, so there is one to the node for each. */
  function serve(client, to, first) {
    const nodes = new Map([[bearer(), relay(first, client)]]);
    client.on("message", (data, binary) => {
      const key = bearer(accountOf(data.toString()));
      if (!nodes.has(key)) {
        nodes.set(key, relay(open(to, key), client));
      }
      nodes.get(key)(data, binary);
    });
    client.on("close", () => nodes.forEach((send) => send.close()));
  }
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

function open({ url, origin }, authorization) {
  return new WebSocket(url, { headers: { authorization, ...(origin ? { origin } : {}) } });
}

/** Sends what a connection to a node says to the client; gives what sends to the node. */
function relay(node, client) {
  const early = [];
  const send = (data, binary) =>
    node.readyState === node.OPEN ? node.send(data, { binary }) : early.push([data, binary]);
  node.on("open", () => early.forEach(([data, binary]) => node.send(data, { binary })));
  node.on("message", (data, binary) => client.send(data, { binary }));
  node.on("close", (code, reason) => {
    if (client.readyState === client.OPEN) {
      console.error(`WebSocket ended by the node: ${code} ${reason}`);
    }
    client.close();
  });
  node.on("error", (e) => {
    console.error(`WebSocket broken: ${e.code} ${e.message}`);
    client.terminate();
  });
  send.close = () => node.close();
  return send;
}

/**
 * Where the tests' processes bring accounts that they made for a test, with their keys: those of throw-away accounts.
 *
 * @param {(wallet: Wallet) => Promise<void>} admit makes the account a user that is signed in
 */
export async function receive(admit) {
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    try {
      await admit(new Wallet(Buffer.concat(chunks).toString()));
      outgoing.writeHead(204).end();
    } catch (e) {
      outgoing.writeHead(500).end(String(e));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** Has an account admitted, where the tests are those of signed-in users. */
export async function introduce(wallet) {
  const reception = process.env.COCO_RECEPTION;
  if (reception === undefined) {
    return;
  }
  const answer = await fetch(reception, { method: "POST", body: wallet.privateKey });
  if (!answer.ok) {
    throw new Error(`not admitted: ${await answer.text()}`);
  }
}
