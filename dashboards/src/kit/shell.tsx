import { render, type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import "./components";
import { connection, useConnectionLost } from "./connection";
import { choose, followSystem, themeNow, type Theme } from "./theme";

/** The pages of the program, as the head of each names them. */
const PAGES = [
  { path: "/ui/", name: "Consortium" },
  { path: "/ui/supply-chain/", name: "Supply chain" },
  { path: "/ui/compare/", name: "Compare" },
] as const;

export type PagePath = (typeof PAGES)[number]["path"];

export interface ShellProps {
  /** The heading of the page. */
  title: string;
  /** What it is about, in a sentence. */
  lead?: ComponentChildren;
  /** Which page of the program this belongs to. */
  page: PagePath;
  /** Whether this page is all that its server has. */
  alone?: boolean;
  /** The node's warning of a simulated environment; null where it is none, undefined while that is not known. */
  banner?: string | null | undefined;
  /** Beside the theme switch: who is signed in. */
  account?: ComponentChildren;
  children: ComponentChildren;
}

/** What all pages have around their content: head, ways to the other pages, banner, word of a lost connection. */
export function Shell(props: ShellProps) {
  useEffect(() => {
    document.title = `${props.title} · Coco`;
  }, [props.title]);
  return (
    <div class="shell">
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="shell-head">
        <div class="shell-row">
          <a class="brand" href="/ui/" aria-label="Coco, start page">
            <img src="/ui/icon.svg" alt="" width="24" height="24" />
            Coco
          </a>
          <nav aria-label="Pages">
            {PAGES.filter((page) => !props.alone || page.path === props.page).map((page) => (
              <a key={page.path} href={page.path} aria-current={page.path === props.page ? "page" : undefined}>
                {page.name}
              </a>
            ))}
          </nav>
          <div class="shell-end">
            {props.account}
            <ThemeSwitch />
          </div>
        </div>
        {props.banner ? <p class="banner">{sentenceCase(props.banner)}</p> : null}
      </header>
      <ConnectionNotice />
      <main id="content" tabIndex={-1}>
        <h1>{props.title}</h1>
        {props.lead === undefined ? null : <p class="lead">{props.lead}</p>}
        {props.children}
      </main>
    </div>
  );
}

/** Says that the node does not answer, and that this mends itself. Empty otherwise, but there for screen readers. */
function ConnectionNotice() {
  const lost = useConnectionLost();
  return (
    <aside class="notice" aria-label="Connection" aria-live="polite">
      {lost ? (
        <p class="lost" data-testid="connection-lost">
          <wa-spinner /> {connection.everHeard ? "Connection lost. What you see is the last that was known; trying again." : "No answer yet; trying again."}
        </p>
      ) : null}
    </aside>
  );
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1) + (/[.!]$/.test(words) ? "" : ".");
}

function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(themeNow());
  useEffect(() => {
    const follow = (): void => setTheme(themeNow());
    window.addEventListener("themechange", follow);
    return () => window.removeEventListener("themechange", follow);
  }, []);
  return (
    <button
      type="button"
      class="quiet"
      aria-pressed={theme === "dark"}
      onClick={() => choose(theme === "dark" ? "light" : "dark")}
    >
      Dark
    </button>
  );
}

/** Puts a page into its document. */
export function mount(page: ComponentChildren): void {
  followSystem();
  const place = document.getElementById("page");
  if (place === null) {
    throw new Error("the document has no place for the page");
  }
  render(page, place);
}
