import { ApiFailure, type Json, request } from "./http";

/** An error object of JSON-RPC. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data: Json = null,
  ) {
    super(message);
    this.name = "RpcError";
  }
}

/** One call of a batch. */
export interface Call {
  method: string;
  params: Json[];
}

interface Reply {
  id: number;
  result?: Json;
  error?: { code: number; message: string; data?: Json };
}

/** How often a read is repeated when the node does not answer or has no time, and the first pause in milliseconds. */
const RETRIES = 3;
const FIRST_PAUSE_MS = 250;

/** JSON-RPC 2.0 at one path of the node. */
export class Rpc {
  private lastId = 0;

  /**
   * @param path "/" of the node, or "/wallet/TOKEN"
   * @param token of a session, sent as a bearer token
   */
  constructor(
    private readonly path: string = "/",
    private readonly token?: string,
  ) {}

  /**
   * One call.
   *
   * @throws RpcError what the method answers instead of a result
   * @throws ApiFailure if there is no answer
   */
  async call<T>(method: string, params: Json[] = []): Promise<T> {
    const body = { jsonrpc: "2.0", id: ++this.lastId, method, params };
    return resultOf<T>(await this.post<Reply>(body));
  }

  /** The same for what changes nothing: repeated when the node does not answer or is busy, with growing pauses. */
  async read<T>(method: string, params: Json[] = []): Promise<T> {
    return repeatedly(() => this.call<T>(method, params));
  }

  /** Several reads in one request; results in the order of the calls, an error in the place of its result. */
  async readAll<T>(calls: Call[]): Promise<(T | RpcError)[]> {
    if (calls.length === 0) {
      return [];
    }
    const first = this.lastId + 1;
    this.lastId += calls.length;
    const body = calls.map((call, index) => ({ jsonrpc: "2.0", id: first + index, ...call }));
    const replies = await repeatedly(() => this.post<Reply[]>(body as unknown as Json));
    if (!Array.isArray(replies)) {
      throw new ApiFailure("malformed", "The answer to a batch is not a list.", 200);
    }
    const byId = new Map(replies.map((reply) => [reply.id, reply]));
    return calls.map((_, index) => {
      const reply = byId.get(first + index);
      return reply === undefined ? new RpcError(-32603, "no answer to this call") : outcome<T>(reply);
    });
  }

  private post<T>(body: Json): Promise<T> {
    const headers = this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` };
    return request<T>("POST", this.path, { body, headers });
  }
}

function outcome<T>(reply: Reply): T | RpcError {
  return reply.error
    ? new RpcError(reply.error.code, reply.error.message, reply.error.data ?? null)
    : ((reply.result ?? null) as T);
}

function resultOf<T>(reply: Reply): T {
  const found = outcome<T>(reply);
  if (found instanceof RpcError) {
    throw found;
  }
  return found;
}

async function repeatedly<T>(attempt: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_PAUSE_MS, left = RETRIES; ; left--, pause *= 2) {
    try {
      return await attempt();
    } catch (failure) {
      const mayPass = failure instanceof ApiFailure && (failure.kind === "unreachable" || failure.kind === "unavailable");
      if (!mayPass || left === 0) {
        throw failure;
      }
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}
