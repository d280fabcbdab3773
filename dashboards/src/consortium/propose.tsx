import { useState } from "preact/hooks";
import { ApiFailure, DataTable, ErrorState, type Json, SelectField, TextArea, TextField, useKept } from "../kit";
import { type Action, dryRun, type DryRun, type Governance, type Submitted } from "./api";
import { ACTIONS, type ActionForm, type Field, formNamed, initialTexts, read, type Texts } from "./actions";
import type { MemberKey } from "./message";
import { CommandLine, send } from "./signing";

const SUMMARY_MAX = 1_024;

/** What is being written; a reload loses nothing of it. */
interface Draft {
  action: string;
  texts: Texts;
  summary: string;
}

/** Writing a proposal: a form for the action, what would become of it, then the signature. */
export function Propose(props: { governance: Governance; member: MemberKey | undefined; onSent: () => void }) {
  const { governance, member } = props;
  const [draft, setDraft] = useKept<Draft>("proposal", { action: "set_limits", texts: {}, summary: "" });
  const [errors, setErrors] = useState<{ [field: string]: string }>({});
  const [failure, setFailure] = useState<unknown>();
  const [checked, setChecked] = useState<{ action: Action; outcome: DryRun }>();
  const [sent, setSent] = useState<Submitted>();
  const [busy, setBusy] = useState(false);

  const form = formNamed(draft.action);
  const texts = { ...initialTexts(form, governance.constitution), ...draft.texts };
  const change = (next: Partial<Draft>): void => {
    setDraft({ ...draft, ...next });
    setChecked(undefined);
    setSent(undefined);
    setFailure(undefined);
  };

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
    } catch (thrown) {
      const field = fieldOf(thrown, form);
      if (field === undefined) {
        setFailure(thrown);
      } else {
        setErrors({ [field.name]: field.words });
      }
    } finally {
      setBusy(false);
    }
  };

  const check = (): Promise<void> =>
    attempt(async () => {
      const said = read(form, texts);
      const wrong = { ...("errors" in said ? said.errors : {}), ...(draft.summary.length > SUMMARY_MAX ? { summary: `At most ${SUMMARY_MAX} characters.` } : {}) };
      setErrors(wrong);
      setChecked(undefined);
      if (Object.keys(wrong).length > 0 || !("action" in said)) {
        return;
      }
      const outcome = await dryRun(member?.member ?? "", [said.action]);
      const field = outcome.reason === null ? undefined : fieldIn(outcome.reason, form);
      if (field !== undefined) {
        setErrors({ [field.name]: field.words });
      } else {
        setChecked({ action: said.action, outcome });
      }
    });

  const propose = (action: Action): Promise<void> =>
    attempt(async () => {
      if (member === undefined) {
        return;
      }
      const content = { kind: "proposal", constitution: governance.binding.constitution, actions: [action] as unknown as Json, summary: draft.summary };
      setSent(await send(member, governance.binding, "proposals", content));
      setChecked(undefined);
      setDraft({ ...draft, texts: {}, summary: "" });
      props.onSent();
    });

  return (
    <section class="panel" aria-labelledby="propose">
      <h2 id="propose">Propose</h2>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void check();
        }}
      >
        <SelectField
          label="Action"
          value={form.name}
          options={ACTIONS.map((each) => ({ value: each.name, name: each.name }))}
          hint={form.effect}
          onInput={(action) => {
            setErrors({});
            change({ action, texts: {} });
          }}
        />
        <div class="columns">
          {form.fields.map((field) => (
            <Input
              key={field.name}
              field={field}
              text={texts[field.name] ?? ""}
              error={errors[field.name]}
              governance={governance}
              onInput={(text) => {
                change({ texts: { ...draft.texts, [field.name]: text } });
              }}
            />
          ))}
        </div>
        <TextField
          label="Summary"
          hint="Why, for the other members"
          value={draft.summary}
          error={errors["summary"]}
          onInput={(summary) => change({ summary })}
        />
        <div class="row">
          <button type="submit" class="wa-brand" disabled={busy}>
            Check
          </button>
          <span class="quiet-text">Shows what would change and whose ballots are needed. Nothing is written.</span>
        </div>
      </form>
      {failure === undefined ? null : <ErrorState what="This was refused." failure={failure} />}
      {checked === undefined ? null : (
        <Outcome {...checked} summary={draft.summary} member={member} busy={busy} onPropose={() => void propose(checked.action)} />
      )}
      {sent === undefined ? null : (
        <wa-callout variant="success" role="status">
          <strong>Proposed.</strong> {sent.status === "committed" ? `It stands in block ${sent.height}` : "It waits for its block"}; to propose is
          not to vote: cast your own ballot below.
        </wa-callout>
      )}
    </section>
  );
}

function Input(props: { field: Field; text: string; error: string | undefined; governance: Governance; onInput: (text: string) => void }) {
  const { field, text, onInput } = props;
  const common = { label: field.name, value: text, error: props.error, required: !field.optional, onInput };
  switch (field.form.kind) {
    case "choice":
      return <SelectField {...common} options={field.form.of(props.governance.constitution).map((each) => ({ value: each, name: each }))} />;
    case "number":
      return (
        <TextField
          {...common}
          inputMode="numeric"
          hint={`${field.form.minimum} to ${field.form.maximum}${field.form.unit === "" ? "" : `, in ${field.form.unit}`}`}
        />
      );
    case "pem":
      return <TextArea {...common} hint="The certificate, in PEM" />;
    case "list":
      return <TextField {...common} hint="Several are separated by commas" />;
    case "json":
      return field.name === "node" && props.governance.joins.length > 0 ? (
        <div class="stack">
          <TextArea {...common} rows={6} hint="The node's entry, as JSON" />
          {props.governance.joins.map((join) => (
            <button type="button" key={join.id} onClick={() => onInput(JSON.stringify(join.admission.arguments["node"], null, 2))}>
              Take the entry of {join.id}, which asks to join
            </button>
          ))}
        </div>
      ) : (
        <TextArea {...common} rows={6} hint="As JSON" />
      );
    case "text":
      return <TextField {...common} />;
  }
}

function Outcome(props: {
  action: Action;
  outcome: DryRun;
  summary: string;
  member: MemberKey | undefined;
  busy: boolean;
  onPropose: () => void;
}) {
  const { outcome, member } = props;
  if (!outcome.applies) {
    return <ErrorState what="It would fail:" failure={new Error(outcome.reason ?? "")} />;
  }
  const effects = [
    outcome.consequences?.newEpoch ? "a new epoch begins" : "",
    outcome.consequences?.newGeneration ? "a new generation begins" : "",
    outcome.consequences?.voids.length ? `${outcome.consequences.voids.length} other open proposals are void` : "",
  ].filter(Boolean);
  return (
    <div class="stack" role="status" data-testid="dry-run">
      <h3>What would change</h3>
      <DataTable
        caption="What would change"
        rows={outcome.changes}
        keyOf={(change) => change.path}
        empty={<p>Nothing in the constitution.</p>}
        columns={[
          { head: "Where", cell: (change) => <code>{change.path}</code> },
          { head: "Now", cell: (change) => <Value json={change.before} /> },
          { head: "Then", cell: (change) => <Value json={change.after} /> },
        ]}
      />
      {effects.length === 0 ? null : <p>And: {effects.join("; ")}.</p>}
      <p>
        If all others accept: <strong>{outcome.ifTheOthersAccept.decision}</strong> ({outcome.ifTheOthersAccept.words}). Ballots that are
        missing: {outcome.waitingFor.join(", ") || "none"}.
      </p>
      <div class="row">
        <button type="button" class="wa-brand" disabled={member === undefined || props.busy} onClick={props.onPropose}>
          Sign and propose
        </button>
        {member === undefined ? <span class="quiet-text">Choose a member’s key above, or use the command line:</span> : null}
      </div>
      <CommandLine what="propose" line={proposeLine(props.action, props.summary)} />
    </div>
  );
}

function Value(props: { json: Json }) {
  return props.json === null ? <span class="quiet-text">none</span> : <code>{typeof props.json === "string" ? props.json : JSON.stringify(props.json)}</code>;
}

/** The line that says the same; the document goes in by its standard input. */
function proposeLine(action: Action, summary: string): string {
  const document = JSON.stringify({ actions: [action], summary }, null, 2);
  return `cat > proposal.json <<'EOF'\n${document}\nEOF\ncoco gov propose --file proposal.json`;
}

/** The field that a refusal's words are about, if they name one. */
function fieldOf(thrown: unknown, form: ActionForm): { name: string; words: string } | undefined {
  return thrown instanceof ApiFailure && thrown.kind === "refused" ? fieldIn(thrown.message, form) : undefined;
}

/** Words of the node begin with the path of what is wrong: `actions[0].arguments.id: …`, `limits.pipelineWindow: …`. */
function fieldIn(words: string, form: ActionForm): { name: string; words: string } | undefined {
  const path = /^([A-Za-z0-9_.[\]]+): (.+)$/s.exec(words);
  const parts = path?.[1]?.split(/[.[\]]+/).filter(Boolean) ?? [];
  const name = form.fields.map((field) => field.name).find((each) => parts.includes(each));
  return name === undefined || path?.[2] === undefined ? undefined : { name, words: path[2] };
}
