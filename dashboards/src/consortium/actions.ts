import schema from "../../../governance/src/main/resources/coco/governance/genesis.schema.json";
import type { Json } from "../kit";
import type { Action, Constitution } from "./api";

/**
 * The actions of docs/governance-actions.md as forms. What a value looks like comes from the genesis document's schema,
 * in whose forms the arguments are.
 */
interface Schema {
  type?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  enum?: string[];
  items?: Schema;
  properties?: { [name: string]: Schema };
  $ref?: string;
}

const ROOT = schema as unknown as { properties: { [name: string]: Schema }; $defs: { [name: string]: Schema } };

/** What a field takes. */
export type Form =
  | { kind: "text"; pattern?: string; maxLength?: number }
  | { kind: "choice"; of: (constitution: Constitution) => string[] }
  | { kind: "number"; minimum: number; maximum: number; unit: string }
  | { kind: "pem" }
  | { kind: "list"; pattern?: string }
  | { kind: "json" };

export interface Field {
  name: string;
  optional: boolean;
  form: Form;
  /** What stands in it at first. */
  now?: (constitution: Constitution) => Json | undefined;
}

export interface ActionForm {
  name: string;
  effect: string;
  fields: Field[];
}

const UNITS: { [name: string]: string } = {
  batchMaxTransactions: "transactions",
  batchMinIntervalMillis: "ms",
  blockMaxBytes: "bytes",
  pipelineWindow: "blocks",
  maxBlocks: "blocks",
  maxAgeSeconds: "s",
  threshold: "members",
  blocks: "blocks",
  graceBlocks: "blocks",
  addresses: "addresses",
  transactionsPerSecond: "transactions/s",
  gasPerSecond: "gas/s",
  poolSlots: "transactions",
  expiresAtHeight: "height",
};

function definition(name: string): { [field: string]: Schema } {
  return ROOT.$defs[name]?.properties ?? {};
}

function formOf(name: string, found: Schema): Form {
  if (name === "certificate") {
    return { kind: "pem" };
  }
  if (found.type === "integer") {
    return {
      kind: "number",
      minimum: found.minimum ?? 0,
      maximum: Math.min(found.maximum ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      unit: UNITS[name] ?? "",
    };
  }
  if (found.type === "array") {
    const pattern = found.items?.pattern ?? (found.items?.enum ? `^(${found.items.enum.join("|")})$` : undefined);
    return { kind: "list", ...(pattern === undefined ? {} : { pattern }) };
  }
  if (found.type === "string") {
    return {
      kind: "text",
      ...(found.pattern === undefined ? {} : { pattern: found.pattern }),
      ...(found.maxLength === undefined ? {} : { maxLength: found.maxLength }),
    };
  }
  return { kind: "json" };
}

/** Fields of a part of the schema, in this order; a name that ends in "?" may be left out. */
function fields(part: { [field: string]: Schema }, names: string, now?: (constitution: Constitution) => object): Field[] {
  return names
    .split(" ")
    .filter(Boolean)
    .map((written) => {
      const name = written.replace("?", "");
      return {
        name,
        optional: written.endsWith("?"),
        form: formOf(name, part[name] ?? {}),
        ...(now === undefined ? {} : { now: (constitution: Constitution) => (now(constitution) as { [field: string]: Json })[name] }),
      };
    });
}

function oneOf(name: string, of: (constitution: Constitution) => string[]): Field {
  return { name, optional: false, form: { kind: "choice", of } };
}

const ID: Schema = { type: "string", ...(definition("member")["id"]?.pattern ? { pattern: definition("member")["id"]?.pattern ?? "" } : {}) };
const members = (constitution: Constitution) => constitution.members.map((each) => each.id);
const participants = (constitution: Constitution) => constitution.participants.map((each) => each.id);
const nodes = (constitution: Constitution) => constitution.nodes.map((each) => each.id);
const platforms = (constitution: Constitution) => constitution.platforms.map((each) => each.platform);
const measurements = (constitution: Constitution) => constitution.code.map((each) => each.measurement);
const auditors = (constitution: Constitution) => constitution.auditors.map((each) => each.id);
const issuers = (constitution: Constitution) => constitution.oidcIssuers.map((each) => each.issuer);
const actors = (constitution: Constitution) => [...members(constitution), ...participants(constitution)];
const properties = (name: string) => ROOT.properties[name]?.properties ?? {};
const NODE: Field = { name: "node", optional: false, form: { kind: "json" } };
const TEXT: Schema = { type: "string" };

export const ACTIONS: ActionForm[] = [
  {
    name: "set_limits",
    effect: "Replaces the limits of blocks, from the next block on.",
    fields: fields(properties("limits"), "batchMaxTransactions batchMinIntervalMillis blockMaxBytes pipelineWindow", (c) => c.limits),
  },
  { name: "open_service", effect: "Lets applications transact.", fields: [] },
  {
    name: "add_member",
    effect: "Admits an organisation that proposes and votes. A new epoch begins; other open proposals are void.",
    fields: fields(definition("member"), "id certificate governanceUsage? recoveryKey? roles?"),
  },
  {
    name: "remove_member",
    effect: "Ejects a member, the nodes it runs, its quota and its issuers of tokens. A new epoch begins; other open proposals are void.",
    fields: [oneOf("id", members)],
  },
  {
    name: "renew_member",
    effect: "Replaces what is given of a member's entry. A new epoch begins; other open proposals are void.",
    fields: [oneOf("id", members), ...fields(definition("member"), "certificate? governanceUsage? recoveryKey? roles?")],
  },
  {
    name: "add_participant",
    effect: "Admits an organisation that transacts and has no vote. A new epoch begins.",
    fields: fields(definition("participant"), "id certificate"),
  },
  {
    name: "remove_participant",
    effect: "Ejects a participant, the nodes it runs, its quota and its issuers of tokens. A new epoch begins.",
    fields: [oneOf("id", participants)],
  },
  {
    name: "renew_participant",
    effect: "Replaces a participant's certificate. A new epoch begins.",
    fields: [oneOf("id", participants), ...fields(definition("participant"), "certificate")],
  },
  {
    name: "admit_node",
    effect: "Puts a node on the list: it may join if its evidence holds. A new epoch begins, wrapped for it too.",
    fields: [NODE],
  },
  {
    name: "remove_node",
    effect: "Takes a node off the list: its connections are cut. A new epoch and a new generation begin.",
    fields: [oneOf("id", nodes)],
  },
  {
    name: "replace_node",
    effect: "Takes a node off the list and puts another of the same owner on it. A new epoch and a new generation begin.",
    fields: [oneOf("id", nodes), NODE],
  },
  {
    name: "add_platform",
    effect: "Trusts a kind of TEE; simulated is never added beside hardware.",
    fields: fields(definition("platform"), "platform minimum? accepted? signers?"),
  },
  {
    name: "retire_platform",
    effect: "Trusts a kind of TEE no longer: nodes on it are cut. A new epoch and a new generation begin.",
    fields: [oneOf("platform", platforms)],
  },
  {
    name: "set_platform",
    effect: "Demands more of a kind of TEE: numbers only grow, lists only shrink. A new epoch and a new generation begin.",
    fields: [oneOf("platform", platforms), ...fields(definition("platform"), "minimum? accepted? signers?")],
  },
  {
    name: "add_code",
    effect: "Endorses code: nodes that run it may join.",
    fields: [oneOf("platform", platforms), ...fields(definition("code"), "measurement label")],
  },
  {
    name: "retire_code",
    effect: "Lets code run for so many more blocks; nodes that still run it then are cut.",
    fields: [
      oneOf("platform", platforms),
      oneOf("measurement", measurements),
      ...fields({ graceBlocks: { type: "integer", minimum: 0 } }, "graceBlocks"),
    ],
  },
  {
    name: "set_rules",
    effect: "Replaces the voting rules. The old ones judge it; other open proposals are void.",
    fields: fields({}, "rules", (c) => ({ rules: c.rules })),
  },
  {
    name: "set_epoch_policy",
    effect: "Replaces when a new epoch begins by itself.",
    fields: fields(properties("epoch"), "maxBlocks maxAgeSeconds", (c) => c.epoch),
  },
  { name: "new_epoch", effect: "Begins a new epoch.", fields: [] },
  {
    name: "set_recovery_threshold",
    effect: "Changes how many members recover together. A new epoch begins.",
    fields: fields(properties("recovery"), "threshold", (c) => c.recovery),
  },
  {
    name: "set_oidc_issuer",
    effect: "Accepts an issuer's identity tokens for the users of one actor, or replaces its entry.",
    fields: [
      ...fields(definition("oidcIssuer"), "issuer"),
      oneOf("actor", actors),
      ...fields({ audience: definition("oidcIssuer")["audience"] ?? TEXT }, "audience keys"),
    ],
  },
  { name: "remove_oidc_issuer", effect: "Accepts an issuer's tokens no longer.", fields: [oneOf("issuer", issuers)] },
  {
    name: "set_enrolment_quota",
    effect: "Sets how many users an actor may enrol, and what all of them may send together; 0 addresses takes the entry away.",
    fields: [
      oneOf("actor", actors),
      ...fields(
        { ...definition("quota"), addresses: { ...definition("quota")["addresses"], minimum: 0 } },
        "addresses transactionsPerSecond? gasPerSecond? poolSlots?",
      ),
    ],
  },
  {
    name: "set_contract_access",
    effect: "Binds a rule to a contract that cannot carry one, or replaces it.",
    fields: fields(definition("contractAccess"), "ledger contract rule"),
  },
  {
    name: "remove_contract_access",
    effect: "Takes a contract's bound rule away.",
    fields: fields(definition("contractAccess"), "ledger contract"),
  },
  {
    name: "grant_auditor",
    effect: "Lets an auditor read, or replaces its grant.",
    fields: fields(definition("auditor"), "id certificate contracts expiresAtHeight"),
  },
  { name: "revoke_auditor", effect: "Ends an auditor's grant.", fields: [oneOf("id", auditors)] },
  {
    name: "compensate",
    effect: "Has a ledger change its state by vote, in a transaction of its own that says so. The change stands in the journal in clear.",
    fields: fields({ ledger: ID, change: TEXT, reason: TEXT }, "ledger change reason"),
  },
  {
    name: "set_notice",
    effect: "Changes how long actions that weaken secrecy wait.",
    fields: fields(properties("notice"), "blocks", (c) => c.notice),
  },
];

/** Texts as they stand in the fields of a form, by their names. */
export type Texts = { [field: string]: string };

export function formNamed(name: string): ActionForm {
  return ACTIONS.find((each) => each.name === name) ?? (ACTIONS[0] as ActionForm);
}

/** What stands in the fields at first: what is in force, and what there is only one of. Whom to remove is nobody's default. */
export function initialTexts(form: ActionForm, constitution: Constitution): Texts {
  const texts: Texts = {};
  for (const field of form.fields) {
    const now = field.now?.(constitution);
    texts[field.name] =
      now === undefined ? (field.form.kind === "choice" ? onlyOne(field.form.of(constitution)) : "") : typeof now === "object" ? JSON.stringify(now, null, 2) : String(now);
  }
  return texts;
}

function onlyOne(names: string[]): string {
  return names.length === 1 ? (names[0] ?? "") : "";
}

/**
 * The action that a form says, or what is wrong with it by field.
 *
 * @param constitution what there is to choose from
 */
export function read(form: ActionForm, texts: Texts, constitution: Constitution): { action: Action } | { errors: { [field: string]: string } } {
  const values: { [name: string]: Json } = {};
  const errors: { [field: string]: string } = {};
  for (const field of form.fields) {
    const text = (texts[field.name] ?? "").trim();
    if (text === "") {
      if (!field.optional) {
        const isVain = field.form.kind === "choice" && field.form.of(constitution).length === 0;
        errors[field.name] = isVain ? "There is nothing to choose from." : "This is needed.";
      }
      continue;
    }
    const value = valueOf(field.form, text, texts[field.name] ?? "", constitution);
    if (typeof value === "object" && value !== null && "wrong" in value) {
      errors[field.name] = String(value["wrong"]);
    } else {
      values[field.name] = value;
    }
  }
  return Object.keys(errors).length > 0 ? { errors } : { action: { name: form.name, arguments: values } };
}

function valueOf(form: Form, text: string, whole: string, constitution: Constitution): Json | { wrong: string } {
  switch (form.kind) {
    case "choice":
      return form.of(constitution).includes(text) ? text : { wrong: `There is no ${text} any more: choose another one.` };
    case "text":
      if (form.pattern !== undefined && !new RegExp(form.pattern).test(text)) {
        return { wrong: `This has another form: ${patternWords(form.pattern)}.` };
      }
      return form.maxLength !== undefined && text.length > form.maxLength ? { wrong: `At most ${form.maxLength} characters.` } : text;
    case "number": {
      const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
      return number >= form.minimum && number <= form.maximum
        ? number
        : { wrong: `A whole number from ${form.minimum} to ${form.maximum}${form.unit === "" ? "" : `, in ${form.unit}`}.` };
    }
    case "pem":
      return text.startsWith("-----BEGIN CERTIFICATE-----") && text.endsWith("-----END CERTIFICATE-----")
        ? whole.trim() + "\n"
        : { wrong: "A certificate in PEM, from BEGIN to END." };
    case "list": {
      const items = text.split(/[\s,]+/).filter(Boolean);
      const pattern = form.pattern === undefined ? undefined : new RegExp(form.pattern);
      const wrong = items.find((item) => pattern !== undefined && !pattern.test(item));
      return wrong === undefined ? items : { wrong: `“${wrong}” has another form: ${patternWords(form.pattern ?? "")}.` };
    }
    case "json":
      try {
        return JSON.parse(text) as Json;
      } catch {
        return { wrong: "This is not JSON." };
      }
  }
}

const PATTERN_WORDS: { [pattern: string]: string } = {
  "^[a-z][a-z0-9-]{0,31}$": "lower-case letters, digits and hyphens, a letter first, at most 32",
  "^[0-9a-f]{64,128}$": "64 to 128 hexadecimal digits in lower case",
  "^[0-9a-f]{2,128}$": "2 to 128 hexadecimal digits in lower case",
  "^https://": "an address that begins with https://",
};

function patternWords(pattern: string): string {
  return PATTERN_WORDS[pattern] ?? `it has to match ${pattern}`;
}
