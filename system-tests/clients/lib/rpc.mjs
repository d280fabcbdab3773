// JSON-RPC as bytes on a connection, for clients whose requests are to be sent exactly as they were recorded.
import assert from "node:assert/strict";
import { Agent, request } from "node:http";

/** One connection to a node; headers go along with each request. */
export class RpcConnection {
  #url;
  #headers;
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #id = 0;

  constructor(url, headers = {}) {
    this.#url = url;
    this.#headers = { "content-type": "application/json", accept: "application/json", ...headers };
  }

  /** The result of one call; an error is thrown with its code and data. */
  async send(method, ...params) {
    const call = this.#call(method, params);
    const { status, headers, body } = await this.exchange(JSON.stringify(call));
    assert.equal(status, 200, `${method}: ${body}`);
    assert.match(headers["content-type"], /^application\/json/);
    assert.equal(headers["set-cookie"], undefined);
    return resultOf(JSON.parse(body), call);
  }

  /** The results of calls, each [method, ...params], sent as one batch. */
  async batch(calls) {
    if (calls.length === 0) {
      return [];
    }
    const requests = calls.map(([method, ...params]) => this.#call(method, params));
    const { status, body } = await this.exchange(JSON.stringify(requests));
    assert.equal(status, 200, body.slice(0, 200));
    const answers = new Map(JSON.parse(body).map((answer) => [answer.id, answer]));
    return requests.map((call) => resultOf(answers.get(call.id), call));
  }

  /** The same for more calls than one batch takes. */
  async batches(calls, size) {
    const results = [];
    for (let from = 0; from < calls.length; from += size) {
      results.push(...(await this.batch(calls.slice(from, from + size))));
    }
    return results;
  }

  /** Sends bytes and gives back what comes, whatever it is. */
  exchange(body, { method = "POST", headers = {} } = {}) {
    return new Promise((resolve, reject) => {
      const sent = request(
        this.#url,
        { method, agent: this.#agent, headers: { ...this.#headers, ...headers } },
        (answer) => {
          const chunks = [];
          answer.on("data", (chunk) => chunks.push(chunk));
          answer.on("end", () =>
            resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
          );
          answer.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }

  #call(method, params) {
    return { id: ++this.#id, jsonrpc: "2.0", method, params };
  }
}

function resultOf(answer, call) {
  assert.equal(answer?.jsonrpc, "2.0", `no answer to ${call.method}`);
  assert.equal(answer.id, call.id);
  if (answer.error) {
    const { code, message, data } = answer.error;
    throw Object.assign(new Error(`${call.method} ${JSON.stringify(call.params).slice(0, 200)}: ${code} ${message}`), {
      code,
      data,
    });
  }
  assert.ok("result" in answer, `${call.method} without a result`);
  return answer.result;
}
