import type { ComponentChildren } from "preact";
import { ApiFailure, sentence } from "./http";

/** Nothing is there, which is as it should be: says what would be here, and how it comes about. */
export function EmptyState(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children === undefined ? null : <p>{props.children}</p>}
    </div>
  );
}

/** Something could not be had: says what, why in the node's words, and what to do. */
export function ErrorState(props: { what: string; failure: unknown; onRetry?: () => void; children?: ComponentChildren }) {
  const temporary = props.failure instanceof ApiFailure && props.failure.kind !== "refused";
  return (
    <wa-callout variant={temporary ? "warning" : "danger"} role="alert">
      <p>
        <strong>{props.what}</strong> {sentence(props.failure)}
      </p>
      {props.children}
      {props.onRetry === undefined ? null : (
        <button type="button" onClick={props.onRetry}>
          Try again
        </button>
      )}
    </wa-callout>
  );
}

/** The first answer is not there yet. */
export function Loading(props: { what: string }) {
  return (
    <p class="loading" role="status">
      <wa-spinner /> Loading {props.what}…
    </p>
  );
}
