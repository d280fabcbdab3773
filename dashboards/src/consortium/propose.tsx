import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { counted, DataTable, ErrorState, type Json, SelectField, TextArea, TextField, useKept } from "../kit";
import type { Action, Constitution, DryRun, Governance } from "./api";
import { ACTIONS, type Field, formNamed } from "./actions";
import {
  ACTIONS_MAX,
  added,
  choices,
  type Draft,
  type Drafted,
  earlier,
  EMPTY,
  type Errors,
  place,
  readDraft,
  SUMMARY,
  textsOf,
  tried,
  without,
} from "./draft";
import type { MemberKey } from "./message";
import { inBlock, isRefusal, type Sending, SendingNote } from "./sending";
import { CommandLine } from "./signing";

/** Where what is said about the proposal that is written here stands. */
const HERE = "proposal";

interface Props {
  governance: Governance;
  member: MemberKey | undefined;
  sending: Sending;
  onSettled: () => void;
}

/** Writing a proposal: a form for each of its actions, what would become of them, then the signature. */
export function Propose(props: Props) {
  const { governance, member, sending } = props;
  // A reload loses nothing of what is being written.
  const [draft, setDraft] = useKept<Draft>("proposal.draft", EMPTY);
  const [errors, setErrors] = useState<Errors>({});
  const [failure, setFailure] = useState<unknown>();
  const [checked, setChecked] = useState<{ actions: Action[]; outcome: DryRun }>();
  const [busy, setBusy] = useState(false);
  const newest = useRef(draft);
  newest.current = draft;

  const write = (next: Draft): void => {
    newest.current = next;
    setDraft(next);
    setChecked(undefined);
    setFailure(undefined);
    sending.clear(HERE);
  };
  const check = async (): Promise<void> => {
    const { actions, errors: wrong } = readDraft(draft, governance.constitution);
    setErrors(wrong);
    setChecked(undefined);
    setFailure(undefined);
    if (Object.keys(wrong).length > 0) {
      return;
    }
    setBusy(true);
    try {
      const answer = await tried(draft, actions, member?.member ?? "");
      if (newest.current !== draft) {
        return;
      }
      if ("errors" in answer) {
        setErrors(answer.errors);
      } else {
        setChecked({ actions, outcome: answer.outcome });
      }
    } catch (thrown) {
      setFailure(thrown);
    } finally {
      setBusy(false);
    }
  };
  const propose = (actions: Action[], outcome: DryRun): void => {
    if (member !== undefined) {
      // On another constitution than the one it was tried on it would be another proposal: the node refuses it then.
      const content = { kind: "proposal", constitution: outcome.constitution, actions: actions as unknown as Json, summary: draft.summary };
      void sending.say(HERE, member, governance.binding, "proposals", content).then(props.onSettled);
    }
  };
  const standing = sending.about(HERE)?.status;
  const isRecorded = standing === "recorded";
  useEffect(() => {
    // What was sent is written no more; what was changed meanwhile is.
    if (isRecorded && checked !== undefined) {
      setChecked(undefined);
      setDraft(EMPTY);
    }
  }, [isRecorded]);

  const note = (
    <SendingNote
      sending={sending}
      place={HERE}
      recorded={(height) => `Proposed, and ${inBlock(height)}. To propose is not to vote: cast your own ballot below.`}
      onSettled={props.onSettled}
    />
  );
  return (
    <section class="panel" aria-labelledby="propose">
      <h2 id="propose">Propose</h2>
      <ProposalForm draft={draft} errors={errors} governance={governance} busy={busy || sending.busy} write={write} setErrors={setErrors} check={check} />
      {failure === undefined ? null : <ErrorState what={isRefusal(failure) ? "This was refused." : "This could not be checked."} failure={failure} />}
      {checked === undefined ? null : (
        <Outcome {...checked} summary={draft.summary} member={member} busy={sending.busy || standing === "unknown"} onPropose={() => propose(checked.actions, checked.outcome)}>
          {note}
        </Outcome>
      )}
      {checked === undefined ? note : null}
    </section>
  );
}

/** The actions, one below the other, and the summary of them all. */
function ProposalForm(props: {
  draft: Draft;
  errors: Errors;
  governance: Governance;
  busy: boolean;
  write: (draft: Draft) => void;
  setErrors: (errors: Errors) => void;
  check: () => Promise<void>;
}) {
  const { draft, errors, governance, write } = props;
  const form = useRef<HTMLFormElement>(null);
  /** Where the keyboard goes after an action came or went. */
  const goTo = useRef<number>(undefined);
  useEffect(() => {
    if (goTo.current !== undefined) {
      form.current?.querySelector<HTMLElement>(`#action-${goTo.current} select`)?.focus();
      goTo.current = undefined;
    }
  });
  const from = choices(draft, governance.constitution);
  const count = draft.actions.length;
  const change = (drafted: Drafted): void => write({ ...draft, actions: draft.actions.map((each) => (each.key === drafted.key ? drafted : each)) });
  const add = (): void => {
    const next = added(draft);
    goTo.current = next.actions.at(-1)?.key;
    write(next);
  };
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void props.check();
      }}
    >
      {draft.actions.map((drafted, index) => (
        <OneAction
          key={drafted.key}
          drafted={drafted}
          index={index}
          of={count}
          errors={errors}
          governance={governance}
          from={from[index] ?? governance.constitution}
          onAction={(action) => {
            props.setErrors(errorsWithout(errors, drafted.key));
            change({ ...drafted, action, texts: {} });
          }}
          onText={(field, text) => change({ ...drafted, texts: { ...drafted.texts, [field]: text } })}
          onUp={() => {
            goTo.current = drafted.key;
            write(earlier(draft, index));
          }}
          onRemove={() => {
            goTo.current = (draft.actions[index + 1] ?? draft.actions[index - 1])?.key;
            props.setErrors(errorsWithout(errors, drafted.key));
            write(without(draft, drafted.key));
          }}
        />
      ))}
      <div class="row">
        <button type="button" disabled={count >= ACTIONS_MAX} onClick={add}>
          Add another action
        </button>
        <span class="quiet-text">
          {count === 1 ? "A proposal may have several; they take effect together or not at all." : "They are carried out in this order, together or not at all."}
        </span>
      </div>
      <TextField
        label="Summary"
        hint="Why, for the other members"
        value={draft.summary}
        error={errors[SUMMARY]}
        onInput={(summary) => write({ ...draft, summary })}
      />
      <div class="row">
        <button type="submit" class="wa-brand" disabled={props.busy}>
          Check
        </button>
        <span class="quiet-text">Shows what would change and whose ballots are needed. Nothing is written.</span>
      </div>
    </form>
  );
}

/** Without those of one action. */
function errorsWithout(errors: Errors, key: number): Errors {
  return Object.fromEntries(Object.entries(errors).filter(([where]) => !where.startsWith(`${key}.`)));
}

function OneAction(props: {
  drafted: Drafted;
  /** Its place among so many. */
  index: number;
  of: number;
  errors: Errors;
  governance: Governance;
  /** What there is to choose from after the actions before. */
  from: Constitution;
  onAction: (action: string) => void;
  onText: (field: string, text: string) => void;
  onUp: () => void;
  onRemove: () => void;
}) {
  const { drafted, index, of, errors, governance, from } = props;
  const form = formNamed(drafted.action);
  const texts = textsOf(drafted, from);
  const name = `action ${index + 1}`;
  return (
    <fieldset id={`action-${drafted.key}`} class="action">
      <legend>{of === 1 ? "What to do" : `Action ${index + 1} of ${of}`}</legend>
      <SelectField
        label="Action"
        value={form.name}
        options={ACTIONS.map((each) => ({ value: each.name, name: each.name }))}
        hint={form.effect}
        error={errors[place(drafted)]}
        onInput={props.onAction}
      />
      {form.fields.length === 0 ? null : (
        <div class="columns">
          {form.fields.map((field) => (
            <Input
              key={field.name}
              field={field}
              text={texts[field.name] ?? ""}
              error={errors[place(drafted, field.name)]}
              governance={governance}
              from={from}
              onInput={(text) => props.onText(field.name, text)}
            />
          ))}
        </div>
      )}
      {of === 1 ? null : (
        <div class="row">
          <button type="button" class="quiet" disabled={index === 0} onClick={props.onUp}>
            Move {name} up
          </button>
          <button type="button" class="quiet" onClick={props.onRemove}>
            Remove {name}
          </button>
        </div>
      )}
    </fieldset>
  );
}

function Input(props: {
  field: Field;
  text: string;
  error: string | undefined;
  governance: Governance;
  from: Constitution;
  onInput: (text: string) => void;
}) {
  const { field, text, onInput } = props;
  const common = { label: field.name, value: text, error: props.error, required: !field.optional, onInput };
  switch (field.form.kind) {
    case "choice":
      return (
        <SelectField
          {...common}
          options={[...(text === "" ? [{ value: "", name: "Choose one" }] : []), ...field.form.of(props.from).map((each) => ({ value: each, name: each }))]}
        />
      );
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
  actions: Action[];
  outcome: DryRun;
  summary: string;
  member: MemberKey | undefined;
  busy: boolean;
  onPropose: () => void;
  /** How it stands with what was sent. */
  children: ComponentChildren;
}) {
  const { outcome, member } = props;
  if (!outcome.applies) {
    return <ErrorState what="It would fail:" failure={new Error(outcome.reason ?? "")} />;
  }
  const effects = [
    outcome.consequences?.newEpoch ? "a new epoch begins" : "",
    outcome.consequences?.newGeneration ? "a new generation begins" : "",
    outcome.consequences?.compensations ? `${counted(outcome.consequences.compensations, "change")} to a ledger’s state by vote` : "",
    outcome.consequences?.voids.length ? `void from then on: ${counted(outcome.consequences.voids.length, "other open proposal")}` : "",
  ].filter(Boolean);
  return (
    <div class="stack" role="status" data-testid="dry-run">
      <h3>What would change</h3>
      <DataTable
        caption="What would change"
        even
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
      {props.children}
      <CommandLine what="propose" line={proposeLine(props.actions, props.summary)} />
    </div>
  );
}

/** Beyond so many characters a value is folded. */
const VALUE_SHOWN = 120;
const VALUE_LEAD = 48;

function Value(props: { json: Json }) {
  if (props.json === null) {
    return <span class="quiet-text">none</span>;
  }
  const text = typeof props.json === "string" ? props.json : JSON.stringify(props.json);
  return text.length <= VALUE_SHOWN ? (
    <code>{text}</code>
  ) : (
    <details class="plain">
      <summary>
        <code>{text.slice(0, VALUE_LEAD)}…</code>
      </summary>
      <code>{text}</code>
    </details>
  );
}

/** The line that says the same; the document goes in by its standard input. */
function proposeLine(actions: Action[], summary: string): string {
  const document = JSON.stringify({ actions: actions as unknown as Json, summary }, null, 2);
  return `cat > proposal.json <<'EOF'\n${document}\nEOF\ncoco gov propose --file proposal.json`;
}
