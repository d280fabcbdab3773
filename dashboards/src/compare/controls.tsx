import { useEffect, useState } from "preact/hooks";
import { ApiFailure, ErrorState, request, TextField } from "../kit";
import type { Settings, State } from "./api";

type Field = "count" | "batch" | "rate";

interface Values {
  count: string;
  batch: string;
  rate: string;
}

/** Number, batch maximum and rate, with the buttons that begin, change and end a comparison. */
export function Controls({ state }: { state: State }) {
  const [values, setValues] = useState<Values>(texts(state.settings));
  const [touched, setTouched] = useState(false);
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({});
  const [failure, setFailure] = useState<unknown>();
  const [waiting, setWaiting] = useState(false);
  const busy = state.phase === "preparing" || state.phase === "running" || state.phase === "comparing";

  useEffect(() => {
    if (!touched) {
      setValues(texts(state.settings));
    }
  }, [state.settings.count, state.settings.batch, state.settings.rate]);

  const change = (field: Field, value: string): void => {
    setTouched(true);
    setValues({ ...values, [field]: value });
    setErrors({ ...errors, [field]: undefined });
  };

  const send = async (path: string, body: Record<string, number>): Promise<void> => {
    setWaiting(true);
    setFailure(undefined);
    try {
      await request("POST", path, { body });
      setTouched(false);
    } catch (thrown) {
      const fields = fieldErrors(thrown);
      if (fields === undefined) {
        setFailure(thrown);
      } else {
        setErrors(fields);
      }
    } finally {
      setWaiting(false);
    }
  };

  const start = (): void => {
    const wrong = faults(values, state.settings);
    setErrors(wrong);
    if (Object.keys(wrong).length === 0) {
      void send("/compare/start", { count: Number(values.count), batch: Number(values.batch), rate: Number(values.rate) });
    }
  };

  const apply = (): void => {
    const wrong = faults(values, state.settings).batch;
    setErrors(wrong === undefined ? {} : { batch: wrong });
    if (wrong === undefined) {
      void send("/compare/limits", { batch: Number(values.batch) });
    }
  };

  return (
    <form
      class="panel compare-controls"
      aria-label="What is compared"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <div class="compare-fields">
        <TextField
          label="Transactions"
          hint={`1 to ${state.settings.countMax.toLocaleString("en")}; another number makes new networks`}
          type="number"
          inputMode="numeric"
          disabled={busy}
          value={values.count}
          error={errors.count}
          onInput={(value) => change("count", value)}
        />
        <TextField
          label="Batch maximum of Coco"
          hint="Most transactions of a block; the members' limit, changed by a vote, also while it runs"
          type="number"
          inputMode="numeric"
          value={values.batch}
          error={errors.batch}
          onInput={(value) => change("batch", value)}
        />
        <TextField
          label="Rate (tx/s)"
          hint="To both networks; 0 keeps two full blocks of Coco under way"
          type="number"
          inputMode="decimal"
          disabled={busy}
          value={values.rate}
          error={errors.rate}
          onInput={(value) => change("rate", value)}
        />
      </div>
      <div class="row">
        <button type="submit" class="wa-brand" disabled={busy || waiting}>
          Compare
        </button>
        <button type="button" disabled={state.phase !== "running"} onClick={() => void send("/compare/stop", {})}>
          Stop
        </button>
        <button type="button" disabled={state.phase === "preparing" || waiting} onClick={apply}>
          Set batch maximum
        </button>
      </div>
      {failure === undefined ? null : <ErrorState what="That was not done." failure={failure} />}
    </form>
  );
}

function texts(settings: Settings): Values {
  return { count: String(settings.count), batch: String(settings.batch), rate: String(settings.rate) };
}

/** What a person can be told before anything is sent; the process judges again. */
function faults(values: Values, settings: Settings): Partial<Record<Field, string>> {
  const wrong: Partial<Record<Field, string>> = {};
  const whole = (field: "count" | "batch", most: number): void => {
    const value = Number(values[field]);
    if (values[field].trim() === "" || !Number.isInteger(value) || value < 1 || value > most) {
      wrong[field] = `A whole number from 1 to ${most.toLocaleString("en")}.`;
    }
  };
  whole("count", settings.countMax);
  whole("batch", settings.batchMax);
  const rate = Number(values.rate);
  if (values.rate.trim() === "" || !Number.isFinite(rate) || rate < 0 || rate > settings.rateMax) {
    wrong.rate = `A number from 0 to ${settings.rateMax.toLocaleString("en")}.`;
  }
  return wrong;
}

/** The process's word on each field; undefined if that is not what failed. */
function fieldErrors(thrown: unknown): Partial<Record<Field, string>> | undefined {
  if (!(thrown instanceof ApiFailure) || typeof thrown.details !== "object" || thrown.details === null) {
    return undefined;
  }
  const fields = Array.isArray(thrown.details) ? undefined : thrown.details["fields"];
  return typeof fields === "object" && fields !== null && !Array.isArray(fields)
    ? (fields as Partial<Record<Field, string>>)
    : undefined;
}
