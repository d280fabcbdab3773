import { get } from "./http";

/** `/node/state`: where the node stands that served this page. */
export interface NodeState {
  node: string;
  service: string;
  serviceId: string;
  version: string;
  platform: string;
  /** The warning of a simulated environment; null on hardware. */
  banner: string | null;
  ready: boolean;
  role: string;
  term: number;
  leader: string | null;
  height: number;
  hash: string;
  durableHeight: number;
  waiting: number;
  inFlight: number;
}

/** Where the node stands. */
export function nodeState(signal?: AbortSignal): Promise<NodeState> {
  return get<NodeState>("/node/state", signal);
}

export type TransactionState = "committed" | "pending" | "invalid" | "unknown";

/** `/journal/status/TRANSACTION`. */
export interface TransactionStatus {
  transaction: string;
  status: TransactionState;
  ledger?: string;
  height?: number;
  ordinal?: number;
  code?: number;
  reason?: string;
}

/** What has become of a transaction, by its 32 bytes in hexadecimal. */
export function transactionStatus(transaction: string, signal?: AbortSignal): Promise<TransactionStatus> {
  return get<TransactionStatus>(`/journal/status/${encodeURIComponent(transaction)}`, signal);
}
