import { connection } from "./connection";

/** JSON as it comes over the wire. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What kept an answer from being had. */
export type FailureKind =
  /** Nobody answered, or not in time: the node is stopped, starting, or cut off from this browser. */
  | "unreachable"
  /** The node answers that it cannot serve now (503), or not so many (429). It says so itself; later it may. */
  | "unavailable"
  /** The node refuses: wrong values, no right, no such thing. Asking again changes nothing. */
  | "refused"
  /** What came is not what the API promises. */
  | "malformed";

/** A request that had no useful answer. The message is for users. */
export class ApiFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** HTTP status; 0 if nobody answered. */
    readonly status: number,
    /** What the node says in its own words, where it is JSON. */
    readonly details: Json = null,
  ) {
    super(message);
    this.name = "ApiFailure";
  }
}

/** How long an answer may take, in milliseconds. A call that waits for a commit is answered within two seconds. */
const TIMEOUT_MS = 15_000;

/** A failure as a sentence, whatever was thrown. */
export function sentence(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

/**
 * Asks the node that served this page. The types of answers are believed: they come from where this program came from.
 *
 * @throws ApiFailure if there is no 2xx with JSON
 */
export async function request<T>(method: "GET" | "POST", path: string, options: RequestOptions = {}): Promise<T> {
  const { response, text } = await send(method, path, options);
  const body = parsed(text);
  if (!response.ok) {
    throw refusal(response, body, text);
  }
  if (body === undefined) {
    throw new ApiFailure("malformed", `The answer to ${path} is not JSON.`, response.status);
  }
  return body as T;
}

export interface RequestOptions {
  /** JSON, or bytes with a content type of their own. */
  body?: Json | Uint8Array<ArrayBuffer>;
  contentType?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Reads. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>("GET", path, signal === undefined ? {} : { signal });
}

async function send(method: string, path: string, options: RequestOptions): Promise<{ response: Response; text: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const bytes = options.body instanceof Uint8Array ? options.body : undefined;
  const body = options.body === undefined ? null : (bytes ?? JSON.stringify(options.body));
  const type = body === null ? {} : { "Content-Type": options.contentType ?? "application/json" };
  try {
    const response = await fetch(path, {
      method,
      body,
      headers: { Accept: "application/json", ...type, ...options.headers },
      signal: options.signal ? AbortSignal.any([timeout, options.signal]) : timeout,
      credentials: "same-origin",
      redirect: "error",
    });
    // A node that ends may have sent the head of its answer and not the rest.
    const text = await response.text();
    connection.answered();
    return { response, text };
  } catch (failure) {
    if (options.signal?.aborted) {
      throw failure;
    }
    connection.unanswered();
    throw new ApiFailure("unreachable", "The node does not answer.", 0);
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function refusal(response: Response, body: Json | undefined, text: string): ApiFailure {
  const kind = response.status === 503 || response.status === 429 ? "unavailable" : "refused";
  const words = wordsOf(body) ?? (text.length < 200 && text.trim() !== "" ? text.trim() : response.statusText);
  return new ApiFailure(kind, words || `status ${response.status}`, response.status, body ?? null);
}

/** The node's words in an error body: `error`, or the `message` in it. */
function wordsOf(body: Json | undefined): string | undefined {
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    return undefined;
  }
  const error = body["error"];
  if (typeof error === "string") {
    return error;
  }
  const message = error !== null && typeof error === "object" && !Array.isArray(error) ? error["message"] : undefined;
  return typeof message === "string" ? message : undefined;
}
