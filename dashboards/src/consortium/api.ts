import { get, type Json, request } from "../kit";
import type { Bytes } from "./bytes";
import { MEDIA_TYPE } from "./message";

/** What a message that is signed now has to name. */
export interface Binding {
  service: string;
  generation: number;
  height: number;
  constitution: string;
  electorate: string;
}

export interface Actor {
  id: string;
  certificate: string;
  governanceUsage?: string;
  recoveryKey?: string;
  roles?: string[];
}

/** The constitution, as far as pages look into it. */
export interface Constitution {
  service: string;
  preset: string;
  status: string;
  members: Actor[];
  participants: Actor[];
  nodes: { id: string; owner?: string; host: string }[];
  platforms: { platform: string; minimum?: { [name: string]: number }; accepted?: string[]; signers?: string[] }[];
  code: { platform: string; measurement: string; label: string; retiresAtHeight?: number }[];
  rules: Json;
  epoch: { maxBlocks: number; maxAgeSeconds: number };
  recovery: { threshold: number };
  notice: { blocks: number };
  limits: { batchMaxTransactions: number; batchMinIntervalMillis: number; blockMaxBytes: number; pipelineWindow: number };
  access: { [name: string]: string | boolean };
  oidcIssuers: { issuer: string; actor: string }[];
  enrolment: { actor: string; addresses: number }[];
  auditors: { id: string; expiresAtHeight: number }[];
  contractAccess: { ledger: string; contract: string; rule: Json }[];
}

export interface Action {
  name: string;
  arguments: { [name: string]: Json };
}

export interface Proposal {
  id: string;
  proposer: string;
  summary: string;
  state: string;
  reason: string | null;
  openedAt: number;
  expiresAt: number;
  decidedAt: number | null;
  effectiveAt: number | null;
  actions: Action[];
  ballots: { member: string; choice: "accept" | "reject"; height: number; message: string }[];
  waitingFor: string[];
}

export interface Service {
  id: string;
  name: string;
  preset: string;
  status: string;
  simulated: boolean;
  height: number;
  generation: number;
  epoch: number;
}

export interface DryRun {
  /** The digest of the constitution on which it was tried. */
  constitution: string;
  applies: boolean;
  reason: string | null;
  changes: { path: string; before: Json; after: Json }[];
  consequences: { newGeneration: boolean; newEpoch: boolean; compensations: number; voids: string[] } | null;
  waitingFor: string[];
  now: { decision: string; words: string };
  ifTheOthersAccept: { decision: string; words: string };
}

export interface Submitted {
  id: string;
  status: "committed" | "pending";
  height: number | null;
  proposal: Proposal | null;
}

export interface HistoryEntry {
  height: number;
  ordinal: number;
  signed: boolean;
  content: string;
  outcome: { signer?: string; message?: string; events: { event: string; [name: string]: Json }[] };
}

export interface Join {
  id: string;
  owner: string | null;
  host: string;
  platform: string;
  evidenceVerified: boolean;
  admission: Action;
}

/** A check of a node's certificate, with what was seen and what is allowed. */
export interface Check {
  check: string;
  passed: boolean;
  seen: string;
  allowed: string;
}

export interface NetworkNode {
  id: string;
  owner: string | null;
  host: string;
  role: string | null;
  height: number | null;
  lag: number | null;
  evidence: { verdict: "verified" | "refused" | "unknown"; platform: string | null; checks: Check[] };
}

/** `/node/network`: every node of the list as the one that is asked knows it. */
export interface Network {
  node: string;
  leader: string | null;
  term: number;
  height: number;
  nodes: NetworkNode[];
}

/** More proposals than a state keeps: a page that goes on for ever is none. */
const PAGES_MAX = 50;

/** All that the governance part of the page shows, read one after the other within a moment. */
export interface Governance {
  service: Service;
  binding: Binding;
  constitution: Constitution;
  /** The newest first. */
  proposals: Proposal[];
  joins: Join[];
}

export async function governance(signal: AbortSignal): Promise<Governance> {
  const [service, { document: constitution, ...binding }, proposals, { joins }] = await Promise.all([
    get<Service>("/gov/service", signal),
    get<Binding & { document: Constitution }>("/gov/constitution", signal),
    allProposals(signal),
    get<{ joins: Join[] }>("/gov/joins", signal),
  ]);
  return { service, binding, constitution, proposals, joins };
}

async function allProposals(signal: AbortSignal): Promise<Proposal[]> {
  const all: Proposal[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const query: string = after === null ? "" : `?after=${encodeURIComponent(after)}`;
    const answer: { proposals: Proposal[]; next: string | null } = await get(`/gov/proposals${query}`, signal);
    all.push(...answer.proposals);
    if (answer.next === null) {
      break;
    }
    after = answer.next;
  }
  return all.reverse();
}

/** What would become of actions. The answer binds nobody. */
export function dryRun(proposer: string, actions: Action[]): Promise<DryRun> {
  const question = { ...(proposer === "" ? {} : { proposer }), actions: actions as unknown as Json };
  return request<DryRun>("POST", "/gov/dry-run", { body: question });
}

export type Kind = "proposals" | "ballots" | "withdrawals";

/** Hands a signed message in, and waits until it is committed or refused. */
export function submit(kind: Kind, message: Bytes): Promise<Submitted> {
  return request<Submitted>("POST", `/gov/${kind}`, { body: message, contentType: MEDIA_TYPE });
}

/**
 * Entries of the history from a place on.
 *
 * @param settled whether all that was answered anywhere before has to be among them; a node without a majority cannot say
 */
export function history(
  from: string,
  settled: boolean = false,
  signal?: AbortSignal,
): Promise<{ height: number; entries: HistoryEntry[]; next: string | null }> {
  return request("GET", `/gov/history?from=${encodeURIComponent(from)}&limit=50`, {
    ...(settled ? { headers: { "Coco-Consistency": "linearizable" } } : {}),
    ...(signal === undefined ? {} : { signal }),
  });
}

export function network(signal?: AbortSignal): Promise<Network> {
  return get<Network>("/node/network", signal);
}
