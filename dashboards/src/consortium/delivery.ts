import { ApiFailure, type Json } from "../kit";
import { type Binding, history, type Kind, submit } from "./api";
import { type Bytes, hex } from "./bytes";
import { type MemberKey, sign } from "./message";

/**
 * Brings one signed message to the node and finds out what became of it. The node may end, or lose its leader, between a
 * message and its answer; the ballot that decides on its removal makes it do so. A message counts once, so the same bytes
 * are sent until the node knows. The command line does the same (coco.cli.governance.Delivery).
 */
export const ATTEMPTS = 5;

/** Between two attempts, in milliseconds. An election with a majority up takes seconds, and each attempt waits, too. */
const PAUSE_MS = 1_000;

/** For so many blocks a message counts, as the command line has it. */
const EXPIRES_IN_BLOCKS = 100_000;

/** More of the history than was ever written while a message was on its way. */
const PAGES_MAX = 20;

/** A signed message on its way. */
export interface Message {
  kind: Kind;
  bytes: Bytes;
  /** 64 hexadecimal digits, by which the history names it. */
  id: string;
  /** The height that was known when it was signed: it is recorded above that, if at all. */
  above: number;
}

/** What is known of a message. */
export type Fate =
  /** It is recorded; in which block is not always told. */
  | { status: "recorded"; height: number | null }
  /** Sent, and nobody has said whether it is recorded. */
  | { status: "unknown" };

/** Signs what a member says. */
export async function signed(member: MemberKey, binding: Binding, kind: Kind, content: { [name: string]: Json }): Promise<Message> {
  const payload = {
    ...content,
    service: binding.service,
    generation: binding.generation,
    expires: binding.height + EXPIRES_IN_BLOCKS,
    nonce: hex(crypto.getRandomValues(new Uint8Array(16))),
  };
  return { kind, above: binding.height, ...(await sign(member, binding.service, payload)) };
}

/**
 * Sends a message until an answer settles it or there were enough attempts.
 *
 * @param inDoubt whether it was sent before, and not answered
 * @param onAttempt is told the number of each attempt, the first being 1
 * @throws ApiFailure the message is refused, or no attempt was taken
 */
export async function deliver(message: Message, inDoubt: boolean, onAttempt: (attempt: number) => void): Promise<Fate> {
  let mayBeRecorded = inDoubt;
  let last: ApiFailure | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) {
      await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    }
    onAttempt(attempt);
    try {
      const answer = await submit(message.kind, message.bytes);
      if (answer.status === "committed") {
        return { status: "recorded", height: answer.height };
      }
      mayBeRecorded = true;
    } catch (failure) {
      if (!(failure instanceof ApiFailure)) {
        throw failure;
      }
      if (failure.kind === "refused" && failure.status < 500) {
        return await refused(message, failure, mayBeRecorded);
      }
      last = failure;
      mayBeRecorded ||= failure.kind !== "unavailable";
    }
  }
  if (!mayBeRecorded && last !== undefined) {
    throw last;
  }
  return { status: "unknown" };
}

/**
 * What a refusal says of a message that may have been recorded by an attempt before: as a rule that it was, in these
 * words; but what it has decided may have begun a generation in which it is refused for that. So the history is asked.
 */
async function refused(message: Message, refusal: ApiFailure, mayBeRecorded: boolean): Promise<Fate> {
  if (!mayBeRecorded) {
    throw refusal;
  }
  let height: number | undefined;
  try {
    height = await recordedAt(message, true);
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) {
      throw failure;
    }
    return codeOf(refusal) === "replayed" ? { status: "recorded", height: null } : { status: "unknown" };
  }
  if (height === undefined && codeOf(refusal) !== "replayed") {
    throw refusal;
  }
  return { status: "recorded", height: height ?? null };
}

function codeOf(refusal: ApiFailure): string {
  const body = refusal.details;
  const error = body !== null && typeof body === "object" && !Array.isArray(body) ? body["error"] : null;
  return error !== null && typeof error === "object" && !Array.isArray(error) ? String(error["code"]) : "";
}

/**
 * The height of the block that records a message; undefined if none does that this node has applied.
 *
 * @param settled see history()
 */
export async function recordedAt(message: Message, settled: boolean, signal?: AbortSignal): Promise<number | undefined> {
  let from: string | null = String(message.above);
  for (let page = 0; page < PAGES_MAX && from !== null; page++) {
    const { entries, next }: Awaited<ReturnType<typeof history>> = await history(from, settled, signal);
    const found = entries.find((entry) => entry.outcome.message === message.id);
    if (found !== undefined) {
      return found.height;
    }
    from = next;
  }
  return undefined;
}
