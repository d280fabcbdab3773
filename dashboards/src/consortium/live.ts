import { useEffect } from "preact/hooks";
import { type Polled, usePoll } from "../kit";
import { type Governance, governance } from "./api";

/** Events after which what is shown may be another. */
const EVENTS = [
  "opened",
  "proposal_opened",
  "ballot_cast",
  "ballot_withdrawn",
  "proposal_decided",
  "constitution_changed",
  "node_admitted",
  "node_removed",
  "node_pending",
  "generation_began",
  "epoch_began",
  "state_compensated",
];

/** Without events it is asked so often, in milliseconds; with them, too, since a stream may be refused. */
const EVERY_MS = 5_000;

/** After a stream that the node has refused, in milliseconds. */
const REOPEN_MS = 5_000;

/** Constitution and proposals, as they change. */
export function useGovernance(): Polled<Governance> {
  const polled = usePoll(governance, EVERY_MS);
  const { refresh } = polled;
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      source = new EventSource("/gov/events");
      EVENTS.forEach((event) => source?.addEventListener(event, refresh));
      source.onerror = () => {
        // One that was cut comes back by itself; one that was refused does not.
        if (source?.readyState === EventSource.CLOSED) {
          timer = setTimeout(open, REOPEN_MS);
        }
      };
    };
    open();
    return () => {
      source?.close();
      clearTimeout(timer);
    };
  }, [refresh]);
  return polled;
}
