import { useCallback, useEffect, useState } from "preact/hooks";
import { count, DataTable, EmptyState, ErrorState, type Json, Loading, ShortHash } from "../kit";
import { history, type HistoryEntry } from "./api";
import { payloadOf } from "./message";

/** All that was ever decided, with who signed it. The node reads it from its journal; coco journal verify judges it anew. */
export function HistoryPart(props: { stamp: string }) {
  const [entries, setEntries] = useState<HistoryEntry[]>();
  const [next, setNext] = useState<string | null>("0");
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const more = useCallback(async (from: string, before: HistoryEntry[]) => {
    setBusy(true);
    setFailure(undefined);
    try {
      const page = await history(from);
      setEntries([...before, ...page.entries]);
      setNext(page.next);
    } catch (thrown) {
      setFailure(thrown);
    } finally {
      setBusy(false);
    }
  }, []);
  useEffect(() => void more("0", []), [more, props.stamp]);

  return (
    <section class="panel" aria-labelledby="history">
      <h2 id="history">History of governance</h2>
      {failure === undefined ? null : <ErrorState what="The history could not be read." failure={failure} onRetry={() => void more(next ?? "0", entries ?? [])} />}
      {entries === undefined ? (
        failure === undefined ? (
          <Loading what="the history" />
        ) : null
      ) : (
        <DataTable
          caption="History of governance"
          rows={entries}
          keyOf={(entry) => `${entry.height}.${entry.ordinal}`}
          empty={<EmptyState title="Nothing has happened yet">Proposals, ballots and what came of them will stand here, in order.</EmptyState>}
          columns={[
            { head: "Height", numeric: true, cell: (entry) => count(entry.height) },
            { head: "Who", cell: (entry) => entry.outcome.signer ?? (entry.signed ? "–" : "the network") },
            { head: "Said", cell: (entry) => said(entry) },
            { head: "Came of it", cell: (entry) => entry.outcome.events.map(eventWords).join("; ") || "–" },
            {
              head: "Message",
              cell: (entry) => (entry.outcome.message === undefined ? "–" : <ShortHash hex={entry.outcome.message} what="id of the message" />),
            },
          ]}
        />
      )}
      {next === null || entries === undefined ? null : (
        <div class="row">
          <button type="button" disabled={busy} onClick={() => void more(next, entries)}>
            More
          </button>
        </div>
      )}
    </section>
  );
}

function said(entry: HistoryEntry): string {
  const payload = entry.signed ? payloadOf(entry.content) : null;
  if (payload === null || typeof payload !== "object" || Array.isArray(payload)) {
    return entry.signed ? "a signed message" : "what fell due";
  }
  const part = (name: string): string => (typeof payload[name] === "string" ? payload[name] : "");
  switch (payload["kind"]) {
    case "proposal":
      return `proposes ${names(payload["actions"] ?? null)}${part("summary") === "" ? "" : `: ${part("summary")}`}`;
    case "ballot":
      return `${part("choice")}s ${part("proposal").slice(0, 8)}`;
    case "withdrawal":
      return `withdraws the ${part("of")} ${part("proposal").slice(0, 8)}`;
    default:
      return String(payload["kind"]);
  }
}

function names(actions: Json): string {
  return Array.isArray(actions)
    ? actions.map((action) => (action !== null && typeof action === "object" && !Array.isArray(action) ? String(action["name"]) : "")).join(", ")
    : "";
}

function eventWords(event: { event: string; [name: string]: Json }): string {
  const state = typeof event["state"] === "string" ? ` ${event["state"]}` : "";
  return event.event.replaceAll("-", " ") + state;
}
