import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

/** The pages: their HTML, as a browser names it below /ui/, the title until the program gives one, and the program. */
const PAGES = [
  { html: "index.html", title: "Consortium", program: "src/consortium/main.tsx" },
  { html: "supply-chain/index.html", title: "Supply chain", program: "src/supply-chain/main.tsx" },
  { html: "supply-chain/guide/index.html", title: "Supply chain, four parties", program: "src/supply-chain/guide/main.tsx" },
  { html: "compare/index.html", title: "Compare", program: "src/compare/main.tsx" },
];

const TEMPLATE = "page.html";

const LIST = "files.txt";

/** Writes the names of all files, which is what a node serves: it never looks for a file by what a request says. */
function listOfFiles(): Plugin {
  return {
    name: "list-of-files",
    writeBundle({ dir }) {
      const folder = dir ?? "";
      const names = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== LIST)
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort();
      writeFileSync(join(folder, LIST), names.join("\n") + "\n");
    },
  };
}

/** Makes the HTML of every page from one template, as if each were a file. */
function pages(): Plugin {
  const file = (html: string): string => join(import.meta.dirname, html);
  return {
    name: "pages",
    enforce: "pre",
    resolveId: (id) => PAGES.map((page) => file(page.html)).find((page) => page === file(id) || page === id),
    load(id) {
      const page = PAGES.find(({ html }) => file(html) === id);
      if (page === undefined) {
        return undefined;
      }
      this.addWatchFile(file(TEMPLATE));
      return readFileSync(file(TEMPLATE), "utf8").replace("%TITLE%", page.title).replace("%PROGRAM%", page.program);
    },
  };
}

export default defineConfig({
  base: "/ui/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [pages(), listOfFiles()],
  build: {
    outDir: "target/classes/coco/ui",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: PAGES.map((page) => page.html) },
  },
});
