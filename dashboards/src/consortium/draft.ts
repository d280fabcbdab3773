import { ApiFailure } from "../kit";
import { type ActionForm, formNamed, initialTexts, read, type Texts } from "./actions";
import { type Action, type Constitution, dryRun, type DryRun } from "./api";

/** As a proposal may have at most: GovernanceLimits. */
export const ACTIONS_MAX = 64;
const SUMMARY_MAX = 1_024;

/** An action as it is being written. */
export interface Drafted {
  /** Tells it from the others while some come and go. */
  key: number;
  action: string;
  /** Fields that somebody has written in; the others show what is in force. */
  texts: Texts;
}

/** A proposal as it is being written. */
export interface Draft {
  actions: Drafted[];
  summary: string;
}

export const EMPTY: Draft = { actions: [{ key: 0, action: "set_limits", texts: {} }], summary: "" };

/** What is wrong, by place: see place(). */
export type Errors = { [place: string]: string };

export const SUMMARY = "summary";

/** Names a field of an action, or the action as a whole. */
export function place(drafted: Drafted, field: string = ""): string {
  return `${drafted.key}.${field}`;
}

/** The texts in the fields of an action: what was written, and what is in force where nothing was. */
export function textsOf(drafted: Drafted, constitution: Constitution): Texts {
  return { ...initialTexts(formNamed(drafted.action), constitution), ...drafted.texts };
}

/** The draft with one action more. */
export function added(draft: Draft): Draft {
  const key = 1 + Math.max(-1, ...draft.actions.map((each) => each.key));
  return { ...draft, actions: [...draft.actions, { key, action: EMPTY.actions[0]?.action ?? "", texts: {} }] };
}

/** The draft without one of its actions. */
export function without(draft: Draft, key: number): Draft {
  return { ...draft, actions: draft.actions.filter((each) => each.key !== key) };
}

/** The draft with an action where another one was before it; they are carried out in their order. */
export function earlier(draft: Draft, index: number): Draft {
  const actions = [...draft.actions];
  actions.splice(index - 1, 0, ...actions.splice(index, 1));
  return { ...draft, actions };
}

/** What an action changes in what later ones of the same proposal choose from. */
const CHOICES: { [action: string]: (constitution: Constitution, texts: Texts) => Partial<Constitution> } = {
  add_member: (c, { id }) => ({ members: [...c.members, { id: id ?? "", certificate: "" }] }),
  remove_member: (c, { id }) => ({ members: c.members.filter((each) => each.id !== id), nodes: c.nodes.filter((each) => each.owner !== id) }),
  add_participant: (c, { id }) => ({ participants: [...c.participants, { id: id ?? "", certificate: "" }] }),
  remove_participant: (c, { id }) => ({
    participants: c.participants.filter((each) => each.id !== id),
    nodes: c.nodes.filter((each) => each.owner !== id),
  }),
  admit_node: (c, { node }) => ({ nodes: [...c.nodes, ...nodeOf(node)] }),
  remove_node: (c, { id }) => ({ nodes: c.nodes.filter((each) => each.id !== id) }),
  replace_node: (c, { id, node }) => ({ nodes: [...c.nodes.filter((each) => each.id !== id), ...nodeOf(node)] }),
  add_platform: (c, { platform }) => ({ platforms: [...c.platforms, { platform: platform ?? "" }] }),
  retire_platform: (c, { platform }) => ({ platforms: c.platforms.filter((each) => each.platform !== platform) }),
  add_code: (c, { platform, measurement, label }) => ({
    code: [...c.code, { platform: platform ?? "", measurement: measurement ?? "", label: label ?? "" }],
  }),
  set_oidc_issuer: (c, { issuer, actor }) => ({
    oidcIssuers: [...c.oidcIssuers.filter((each) => each.issuer !== issuer), { issuer: issuer ?? "", actor: actor ?? "" }],
  }),
  remove_oidc_issuer: (c, { issuer }) => ({ oidcIssuers: c.oidcIssuers.filter((each) => each.issuer !== issuer) }),
  grant_auditor: (c, { id }) => ({ auditors: [...c.auditors.filter((each) => each.id !== id), { id: id ?? "", expiresAtHeight: 0 }] }),
  revoke_auditor: (c, { id }) => ({ auditors: c.auditors.filter((each) => each.id !== id) }),
};

function nodeOf(json: string | undefined): Constitution["nodes"] {
  try {
    const node = JSON.parse(json ?? "") as { id?: unknown; host?: unknown };
    return typeof node.id === "string" ? [{ id: node.id, host: String(node.host) }] : [];
  } catch {
    return [];
  }
}

/** What each action can choose from: the constitution, with who and what the actions before it bring or take away. */
export function choices(draft: Draft, constitution: Constitution): Constitution[] {
  const each: Constitution[] = [];
  let now = constitution;
  for (const drafted of draft.actions) {
    each.push(now);
    now = { ...now, ...CHOICES[drafted.action]?.(now, textsOf(drafted, now)) };
  }
  return each;
}

/** The actions that a draft says, or what is wrong with it. */
export function readDraft(draft: Draft, constitution: Constitution): { actions: Action[]; errors: Errors } {
  const actions: Action[] = [];
  const errors: Errors = {};
  const from = choices(draft, constitution);
  draft.actions.forEach((drafted, index) => {
    const before = from[index] ?? constitution;
    const said = read(formNamed(drafted.action), textsOf(drafted, before), before);
    if ("action" in said) {
      actions.push(said.action);
    } else {
      Object.entries(said.errors).forEach(([field, words]) => (errors[place(drafted, field)] = words));
    }
  });
  if (draft.summary.length > SUMMARY_MAX) {
    errors[SUMMARY] = `At most ${SUMMARY_MAX} characters.`;
  }
  return { actions, errors };
}

/** Words of the node about a draft, at the place that they are about: `actions[1].arguments.id: …`. */
export function placed(words: string, draft: Draft, culprit?: number): Errors | undefined {
  const found = /^([A-Za-z0-9_.[\]-]+): (.+)$/s.exec(words);
  const path = found?.[1] ?? "";
  const named = /^actions\[([0-9]+)\]/.exec(path)?.[1];
  const parts = path.split(/[.[\]]+/).filter(Boolean);
  const candidates = draft.actions.filter((_, index) =>
    named !== undefined ? index === Number(named) : culprit === undefined || index === culprit,
  );
  const fields = candidates.flatMap((drafted) => fieldsIn(parts, formNamed(drafted.action)).map((field) => place(drafted, field)));
  const [only, another] = fields;
  if (only !== undefined && another === undefined) {
    return { [only]: found?.[2] ?? words };
  }
  const [drafted, other] = candidates;
  const isOneOfMany = drafted !== undefined && other === undefined && draft.actions.length > 1;
  return isOneOfMany ? { [place(drafted)]: words } : undefined;
}

/** The first field of a form that a path names. */
function fieldsIn(parts: string[], form: ActionForm): string[] {
  return form.fields
    .map((field) => field.name)
    .filter((name) => parts.includes(name))
    .slice(0, 1);
}

/**
 * What would become of a draft's actions.
 *
 * @returns the node's answer, or what is wrong by place
 * @throws ApiFailure what is wrong in no place of the draft, or no answer
 */
export async function tried(draft: Draft, actions: Action[], proposer: string): Promise<{ outcome: DryRun } | { errors: Errors }> {
  try {
    const outcome = await dryRun(proposer, actions);
    const { reason } = outcome;
    const errors = reason === null ? undefined : placed(reason, draft, await culprit(actions, reason, proposer));
    return errors === undefined ? { outcome } : { errors };
  } catch (failure) {
    const errors = failure instanceof ApiFailure && failure.kind === "refused" ? placed(failure.message, draft) : undefined;
    if (errors === undefined) {
      throw failure;
    }
    return { errors };
  }
}

/** The action that brings a failure about: with those before it, it fails for the same reason; without it, they do not. */
async function culprit(actions: Action[], reason: string, proposer: string): Promise<number | undefined> {
  for (let count = 1; count < actions.length; count++) {
    if ((await dryRun(proposer, actions.slice(0, count))).reason === reason) {
      return count - 1;
    }
  }
  return actions.length - 1;
}
