import { useEffect, useState } from "preact/hooks";
import { shortHex } from "./format";

/** How long a button says that it has copied, in milliseconds. */
const SAID_MS = 1_500;

/** Copies a text; says so for a moment. */
export function CopyButton(props: { text: string; what: string }) {
  const [said, setSaid] = useState<"copied" | "not copied">();
  useEffect(() => {
    if (said === undefined) {
      return undefined;
    }
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (): void => {
    navigator.clipboard.writeText(props.text).then(
      () => setSaid("copied"),
      () => setSaid("not copied"),
    );
  };
  return (
    <button type="button" class="copy" onClick={copy} aria-label={said ?? `Copy ${props.what}`}>
      {said ?? "copy"}
    </button>
  );
}

/** Hexadecimal, shortened for the eye; whole in the title and to copy. */
export function ShortHash(props: { hex: string; what: string }) {
  return (
    <span class="hash">
      <code title={props.hex}>{shortHex(props.hex)}</code>
      <CopyButton text={props.hex} what={props.what} />
    </span>
  );
}
