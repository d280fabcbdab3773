import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

/** Pages of the program: their HTML, as a browser names it below /ui/. */
const PAGES = ["index.html", "supply-chain/index.html", "supply-chain/guide/index.html", "compare/index.html"];

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

export default defineConfig({
  base: "/ui/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [listOfFiles()],
  build: {
    outDir: "target/classes/coco/ui",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: PAGES.filter((page) => existsSync(page)) },
  },
});
