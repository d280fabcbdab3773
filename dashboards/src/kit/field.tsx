import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface Common {
  label: string;
  hint?: ComponentChildren;
  /** What is wrong with the value; shown at the field and told to screen readers. */
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
}

interface Described {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
  required: boolean;
  disabled: boolean;
}

function Field(props: Common & { control: (attributes: Described) => JSX.Element }) {
  const id = useId();
  const notes = [props.hint === undefined ? "" : `${id}-hint`, props.error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class={props.error ? "field wrong" : "field"}>
      <label for={id}>
        {props.label}
        {props.required ? <span class="required"> (required)</span> : null}
      </label>
      {props.control({
        id,
        "aria-describedby": notes || undefined,
        "aria-invalid": Boolean(props.error),
        required: props.required ?? false,
        disabled: props.disabled ?? false,
      })}
      {props.hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.error ? (
        <p class="error" id={`${id}-error`} role="alert">
          {props.error}
        </p>
      ) : null}
    </div>
  );
}

/** One line of text. */
export function TextField(
  props: Common & {
    value: string;
    onInput: (value: string) => void;
    type?: "text" | "number" | "password" | "search" | "url";
    placeholder?: string;
    inputMode?: "numeric" | "decimal" | "text";
    autocomplete?: string;
    spellcheck?: boolean;
  },
) {
  return (
    <Field
      {...props}
      control={(attributes) => (
        <input
          {...attributes}
          // Preact types roles by the kind of input; no role is given here, so any kind will do.
          type={(props.type ?? "text") as "text"}
          value={props.value}
          placeholder={props.placeholder}
          inputMode={props.inputMode}
          autocomplete={props.autocomplete ?? "off"}
          spellcheck={props.spellcheck ?? false}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    />
  );
}

/** Several lines of text. */
export function TextArea(props: Common & { value: string; onInput: (value: string) => void; rows?: number }) {
  return (
    <Field
      {...props}
      control={(attributes) => (
        <textarea
          {...attributes}
          rows={props.rows ?? 4}
          value={props.value}
          spellcheck={false}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    />
  );
}

/** One of several. */
export function SelectField(
  props: Common & { value: string; options: { value: string; name: string }[]; onInput: (value: string) => void },
) {
  return (
    <Field
      {...props}
      control={(attributes) => (
        <select {...attributes} value={props.value} onInput={(event) => props.onInput(event.currentTarget.value)}>
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.name}
            </option>
          ))}
        </select>
      )}
    />
  );
}

/** Yes or no. */
export function CheckField(props: Common & { checked: boolean; onInput: (checked: boolean) => void }) {
  return (
    <Field
      {...props}
      control={(attributes) => (
        <input
          {...attributes}
          required={false}
          type="checkbox"
          checked={props.checked}
          onInput={(event) => props.onInput(event.currentTarget.checked)}
        />
      )}
    />
  );
}

/** A file of the user's; read here, sent nowhere by itself. */
export function FileField(props: Common & { accept: string; onFile: (file: File | undefined) => void }) {
  return (
    <Field
      {...props}
      control={(attributes) => (
        <input
          {...attributes}
          type="file"
          accept={props.accept}
          onInput={(event) => props.onFile(event.currentTarget.files?.[0])}
        />
      )}
    />
  );
}
