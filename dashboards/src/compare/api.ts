import { useEffect, useState } from "preact/hooks";
import { ApiFailure, connection, get } from "../kit";

export type Phase = "preparing" | "ready" | "running" | "comparing" | "done" | "failed";

export interface Settings {
  count: number;
  batch: number;
  /** Transactions a second; 0 for as fast as possible. */
  rate: number;
  countMax: number;
  batchMax: number;
  rateMax: number;
  /** Synthetic transactions that Coco executed before. */
  warmUp: number;
  /** Those that the other network executed in the same time. */
  baselineWarmUp: number;
  processors: number;
}

/** One network: what it is, and, once something was sent, what was measured. */
export interface Lane {
  label: string;
  sent?: number;
  done?: number;
  refused?: number;
  blocks?: number;
  /** From the first transaction sent to the last one done. */
  seconds?: number;
  perSecond?: number;
  latencyMillis?: { p50: number; p95: number; p99: number; max: number };
  /** Seconds since the first was sent, and transactions a second. */
  curve?: [number, number][];
  /** Transactions by latency; the bins' upper ends are the state's. */
  bins?: number[];
}

export interface Results {
  onBoth: number;
  agree: number;
  recorded: number;
  equalToRecorded: number;
  differencesFromRecorded: { kind: string; count: number }[];
  networksDiffer: { hash: string; coco: string; baseline: string }[];
}

export interface State {
  phase: Phase;
  message: string;
  settings: Settings;
  transactions: {
    origin?: string;
    count?: number;
    real?: number;
    leftOut?: number;
    leftOutBecause?: { reason: string; count: number }[];
  };
  latencyBinsMillis: number[];
  coco: Lane;
  baseline: Lane;
  ratio?: number;
  complaints: string[];
  results?: Results;
}

const RETRY_MS = 1_000;
/** The process says something several times a second, be it that there is nothing new. */
const SILENCE_MS = 4_000;

/**
 * The newest state, as the process tells it; undefined until the first one came. Comes back by itself. "absent" where no
 * comparison is served: every node serves this page, and the command alone runs one.
 */
export function useCompareState(): State | "absent" | undefined {
  const [state, setState] = useState<State | "absent">();
  useEffect(() => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let heard = Date.now();
    let known = false;
    const answered = (): void => {
      heard = Date.now();
      connection.answered();
    };
    const open = (): void => {
      source = new EventSource("/compare/events");
      source.onopen = answered;
      source.addEventListener("alive", answered);
      source.onmessage = (event: MessageEvent<string>) => {
        answered();
        known = true;
        setState(JSON.parse(event.data) as State);
      };
      source.onerror = () => {
        source?.close();
        void lost();
      };
    };
    const lost = async (): Promise<void> => {
      // An event source does not tell a refusal from silence.
      if (!known && (await isAbsent())) {
        clearInterval(watch);
        setState("absent");
        return;
      }
      connection.unanswered();
      retry = setTimeout(open, RETRY_MS);
    };
    open();
    const watch = setInterval(() => {
      if (Date.now() - heard > SILENCE_MS) {
        connection.unanswered();
      }
    }, RETRY_MS);
    return () => {
      clearInterval(watch);
      clearTimeout(retry);
      source?.close();
    };
  }, []);
  return state;
}

async function isAbsent(): Promise<boolean> {
  try {
    await get("/compare/state");
    return false;
  } catch (failure) {
    return failure instanceof ApiFailure && failure.status === 404;
  }
}
