import { useEffect, useState } from "preact/hooks";
import { storeName, type PartyId } from "./identity";

/** What is shown, as the fragment of the address says it: so that a reload and the back button work. */
export type Route =
  | { view: "orders" }
  | { view: "draft"; number: string }
  | { view: "order"; address: string }
  | { view: "inventory" }
  | { view: "blockchain"; address: string | undefined };

export function routeOf(fragment: string): Route {
  const [view, argument] = fragment.replace(/^#/, "").split("/");
  switch (view) {
    case "draft":
      return argument === undefined ? { view: "orders" } : { view, number: argument };
    case "order":
      return argument === undefined ? { view: "orders" } : { view, address: argument };
    case "inventory":
      return { view };
    case "blockchain":
      return { view, address: argument };
    default:
      return { view: "orders" };
  }
}

export function go(fragment: string): void {
  location.hash = fragment;
}

/** Shows what was shown last: a frame forgets its address when the page around it is loaded again. */
export function rememberView(party: PartyId): void {
  const store = storeName(party, "view");
  const kept = sessionStorage.getItem(store);
  if (location.hash === "" && kept !== null) {
    history.replaceState(null, "", kept);
  }
  window.addEventListener("hashchange", () => sessionStorage.setItem(store, location.hash));
}

export function useRoute(): Route {
  const [fragment, setFragment] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setFragment(location.hash);
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return routeOf(fragment);
}
