import { useState } from "preact/hooks";
import { ApiFailure, count, ErrorState, type Json, ShortHash, usePoll } from "../kit";
import type { Binding, Kind } from "./api";
import { ATTEMPTS, deliver, type Message, recordedAt, signed } from "./delivery";
import type { MemberKey } from "./message";

/** How often the history is looked at for a message of which nobody has said what became, in milliseconds. */
const LOOK_EVERY_MS = 3_000;

/** How it stands with what a member has said last in one place of the page, as far as this tab knows. */
type Standing =
  | { status: "sending"; attempt: number }
  | { status: "refused"; failure: unknown }
  | { status: "unknown"; message: Message }
  | { status: "recorded"; height: number | null };

/** Sends one message after the other, and remembers how they stand. A place is "proposal", or the id of a proposal. */
export interface Sending {
  busy: boolean;
  about: (place: string) => Standing | undefined;
  /** Signs and sends. */
  say: (place: string, member: MemberKey, binding: Binding, kind: Kind, content: { [name: string]: Json }) => Promise<void>;
  /** Sends the same bytes once more, of which it is not known what has become. */
  again: (place: string) => Promise<void>;
  /** One that was not known was found. */
  found: (place: string, height: number) => void;
  /** Forgets what has settled; what is not known stays. */
  clear: (place: string) => void;
  /** Forgets that something is not known: its member looks for it elsewhere. */
  leave: (place: string) => void;
}

/** Lives as long as the page, so that looking at another part of it loses nothing. */
export function useSending(): Sending {
  const [standings, setStandings] = useState<{ [place: string]: Standing | undefined }>({});
  const show = (place: string, standing: Standing | undefined): void => setStandings((now) => ({ ...now, [place]: standing }));
  const send = async (place: string, make: () => Promise<Message>, inDoubt: boolean): Promise<void> => {
    show(place, { status: "sending", attempt: 1 });
    try {
      const message = await make();
      const fate = await deliver(message, inDoubt, (attempt) => show(place, { status: "sending", attempt }));
      show(place, fate.status === "recorded" ? fate : { status: "unknown", message });
    } catch (failure) {
      show(place, { status: "refused", failure });
    }
  };
  return {
    busy: Object.values(standings).some((standing) => standing?.status === "sending"),
    about: (place) => standings[place],
    say: (place, member, binding, kind, content) => send(place, () => signed(member, binding, kind, content), false),
    async again(place) {
      const standing = standings[place];
      if (standing?.status === "unknown") {
        await send(place, () => Promise.resolve(standing.message), true);
      }
    },
    found: (place, height) => show(place, { status: "recorded", height }),
    clear(place) {
      const status = standings[place]?.status;
      if (status === "refused" || status === "recorded") {
        show(place, undefined);
      }
    },
    leave: (place) => show(place, undefined),
  };
}

/** How it stands, in words. */
export function SendingNote(props: { sending: Sending; place: string; recorded: (height: number | null) => string; onSettled: () => void }) {
  const { sending } = props;
  const standing = sending.about(props.place);
  switch (standing?.status) {
    case undefined:
      return null;
    case "sending":
      return standing.attempt === 1 ? null : (
        <p role="status">
          No word of it yet. The same message is sent again, {standing.attempt} of {ATTEMPTS}; it counts once.
        </p>
      );
    case "refused":
      return <ErrorState what={isRefusal(standing.failure) ? "This was refused." : "This was not taken."} failure={standing.failure} />;
    case "unknown":
      return <Unknown {...props} message={standing.message} />;
    case "recorded":
      return (
        <wa-callout variant="success" role="status">
          {props.recorded(standing.height)}
        </wa-callout>
      );
  }
}

/** Whether the node has said no, and not that it cannot say now, or nothing. */
export function isRefusal(failure: unknown): boolean {
  return !(failure instanceof ApiFailure) || failure.kind === "refused";
}

/** The history is looked at again and again: the node answers when it is back. */
function Unknown(props: { sending: Sending; place: string; message: Message; onSettled: () => void }) {
  const { sending, place, message, onSettled } = props;
  usePoll(
    async (signal) => {
      const height = await recordedAt(message, false, signal);
      if (height !== undefined && !signal.aborted) {
        sending.found(place, height);
        onSettled();
      }
      return height;
    },
    LOOK_EVERY_MS,
    message.id,
  );
  return (
    <wa-callout variant="warning" role="alert" data-testid="unknown">
      <p>
        <strong>Not known yet.</strong> The message was sent {ATTEMPTS} times, and no answer says whether it is recorded. It may be, or may still come to
        be; it counts once, however often it is sent. This page goes on looking for it in the history while it is open.
      </p>
      <p>
        If this node does not come back, look at another one’s history for the message <ShortHash hex={message.id} what="id of the message" />
      </p>
      <div class="row">
        <button type="button" onClick={() => void sending.again(place).then(onSettled)}>
          Send it again
        </button>
        <button type="button" class="quiet" onClick={() => sending.leave(place)}>
          Leave it
        </button>
      </div>
    </wa-callout>
  );
}

/** "in block 12", as far as that is known. */
export function inBlock(height: number | null): string {
  return height === null ? "recorded" : `recorded in block ${count(height)}`;
}
