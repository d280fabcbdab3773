// Runs before the first paint, so that nobody sees the other theme flash by. The switch is in src/kit/theme.ts.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("coco.theme");
  } catch (refused) {
    // A browser that keeps nothing gets the system's theme.
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.add(dark ? "wa-dark" : "wa-light");
})();
