import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { sentence } from "../kit";

/** Something that is done on the ledger: whether it is under way, and why it came to nothing. */
export interface Action {
  busy: boolean;
  failure: string | undefined;
  run: (work: () => Promise<void>) => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  // A second click comes before the first has been drawn.
  const running = useRef(false);
  const run = (work: () => Promise<void>): void => {
    if (running.current) {
      return;
    }
    running.current = true;
    setBusy(true);
    setFailure(undefined);
    work()
      .catch((reason: unknown) => setFailure(sentence(reason)))
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return { busy, failure, run };
}

/** Why the last attempt came to nothing. */
export function Failure(props: { action: Action }) {
  return (
    <div role="alert">
      {props.action.failure === undefined ? null : (
        <wa-callout variant="danger" data-guide="refusal">
          {props.action.failure}
        </wa-callout>
      )}
    </div>
  );
}

/** A button that does something on the ledger. */
export function ActionButton(props: {
  action: Action;
  work: () => Promise<void>;
  guide: string;
  quiet?: boolean;
  children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class={props.quiet ? "quiet" : undefined}
      disabled={props.action.busy}
      data-guide={props.guide}
      onClick={() => props.action.run(props.work)}
    >
      {props.children}
    </button>
  );
}
