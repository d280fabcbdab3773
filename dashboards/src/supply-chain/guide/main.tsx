import { useEffect, useRef, useState } from "preact/hooks";
import { EmptyState, mount, nodeState, Shell, usePoll } from "../../kit";
import { Failure, useAction } from "../action";
import { identityOf, PARTIES, storeName, takeFromAddress, type PartyId } from "../identity";
import "../supply-chain.css";
import "./guide.css";
import { Hands, type Memory } from "./hands";
import { STEPS, type Step } from "./steps";

/** Where the guide stands; it survives a reload. It goes when the buyer's keys do. */
interface Progress extends Memory {
  step: number;
  /** Steps that were done by the guide. */
  done: string[];
}

const KEPT = storeName("tray-research", "guide");

function readProgress(): Progress {
  const kept = sessionStorage.getItem(KEPT);
  return kept === null ? { step: 0, done: [] } : (JSON.parse(kept) as Progress);
}

function Guide() {
  const state = usePoll(nodeState, 5_000);
  const frames = useRef(new Map<PartyId, HTMLIFrameElement>());
  const [progress, setProgress] = useState(readProgress);
  const [shown, setShown] = useState<PartyId>("tray-research");
  const action = useAction();
  const step = STEPS[progress.step] ?? STEPS[0]!;
  useEffect(() => sessionStorage.setItem(KEPT, JSON.stringify(progress)), [progress]);
  const to = (index: number): void => setProgress({ ...progress, step: index });

  const perform = async (): Promise<void> => {
    const first = Object.keys(step.look)[0] as PartyId | undefined;
    setShown((now) => (now in step.look ? now : (first ?? now)));
    const memory: Memory = progress.order === undefined ? {} : { order: progress.order };
    await step.perform(new Hands((party) => frameWindow(frames.current.get(party)), memory));
    setProgress((now) => ({ ...now, ...memory, done: [...new Set([...now.done, step.id])] }));
  };

  return (
    <Shell title="Four parties" page="/ui/supply-chain/" banner={state.data?.banner}>
      <StepPanel
        step={step}
        index={progress.step}
        done={progress.done.includes(step.id)}
        busy={action.busy}
        onStep={to}
        onPerform={() => action.run(perform)}
      />
      <Failure action={action} />
      <div class="window-tabs" role="group" aria-label="Which party is shown">
        {PARTIES.map((party) => (
          <button
            type="button"
            class="quiet"
            key={party.id}
            aria-pressed={shown === party.id}
            onClick={() => setShown(party.id)}
          >
            {party.name}
          </button>
        ))}
      </div>
      <div class="windows">
        {PARTIES.map((party) => (
          <section
            key={party.id}
            class="window"
            data-party={party.id}
            data-shown={shown === party.id}
            data-looked-at={party.id in step.look}
          >
            <header>
              <h2>{party.name}</h2>
              <p class="look">{step.look[party.id] === undefined ? party.role : `Look: ${step.look[party.id]}`}</p>
            </header>
            <iframe
              title={`${party.name}, ${party.role}`}
              src={`/ui/supply-chain/?party=${party.id}`}
              ref={(frame) => {
                if (frame !== null) {
                  frames.current.set(party.id, frame);
                }
              }}
            />
          </section>
        ))}
      </div>
    </Shell>
  );
}

function frameWindow(frame: HTMLIFrameElement | undefined): Window {
  const found = frame?.contentWindow;
  if (!found) {
    throw new Error("The window of a party is not there.");
  }
  return found;
}

function StepPanel(props: {
  step: Step;
  index: number;
  done: boolean;
  busy: boolean;
  onStep: (index: number) => void;
  onPerform: () => void;
}) {
  const { step, index } = props;
  return (
    <section class="panel step" aria-label="Guide">
      <div class="step-words" aria-live="polite">
        <p class="quiet-text">{`Step ${index + 1} of ${STEPS.length}${props.done ? ", done" : ""}`}</p>
        <h2>{step.title}</h2>
        <p>{step.text}</p>
      </div>
      <div class="row">
        <label class="step-choice">
          <span class="wa-visually-hidden">Step</span>
          <select
            value={String(index)}
            disabled={props.busy}
            onInput={(event) => props.onStep(Number(event.currentTarget.value))}
          >
            {STEPS.map((one, at) => (
              <option key={one.id} value={String(at)} data-step={one.id}>
                {`${at + 1}. ${one.title}`}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="secondary"
          disabled={props.busy || index === 0}
          onClick={() => props.onStep(index - 1)}
        >
          Back
        </button>
        <button type="button" data-guide="perform" disabled={props.busy} onClick={props.onPerform}>
          {props.busy ? "Doing it…" : "Do it for me"}
        </button>
        <button
          type="button"
          class="secondary"
          data-guide="next"
          disabled={props.busy || index === STEPS.length - 1}
          onClick={() => props.onStep(index + 1)}
        >
          Next
        </button>
      </div>
    </section>
  );
}

function NoKeys() {
  const state = usePoll(nodeState, 5_000);
  return (
    <Shell title="Four parties" page="/ui/supply-chain/" banner={state.data?.banner}>
      <EmptyState title="This tab does not have the keys of all four parties">
        Start the demonstration with <code>coco demo supply-chain</code> and open the last of the addresses that it
        prints.
      </EmptyState>
    </Shell>
  );
}

takeFromAddress();
window.addEventListener("hashchange", () => {
  if (location.hash.startsWith("#directory=")) {
    takeFromAddress();
    location.reload();
  }
});
document.documentElement.classList.add("guide");
mount(PARTIES.every((party) => identityOf(party.id) !== undefined) ? <Guide /> : <NoKeys />);
