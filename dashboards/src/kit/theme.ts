/** The names of Web Awesome's two colour schemes, by ours. `public/theme.js` sets the first. */
export type Theme = "light" | "dark";

const KEPT = "coco.theme";

export function themeNow(): Theme {
  return document.documentElement.classList.contains("wa-dark") ? "dark" : "light";
}

/** Shows a theme; whoever draws outside of CSS listens to "themechange" of the window. */
export function show(theme: Theme): void {
  const classes = document.documentElement.classList;
  classes.toggle("wa-dark", theme === "dark");
  classes.toggle("wa-light", theme === "light");
  window.dispatchEvent(new Event("themechange"));
}

/** Shows a theme and keeps that as this browser's choice. */
export function choose(theme: Theme): void {
  show(theme);
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // A browser that keeps nothing shows it until the page is left.
  }
}

/** Follows the system while nobody has chosen. */
export function followSystem(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (system) => {
    let chosen: string | null = null;
    try {
      chosen = localStorage.getItem(KEPT);
    } catch {
      // Nothing was kept.
    }
    if (chosen === null) {
      show(system.matches ? "dark" : "light");
    }
  });
}
