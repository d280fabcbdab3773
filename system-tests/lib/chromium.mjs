// Where the system's Chromium is. Needs nothing but Node, so that every folder of tests can use it.
import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

/** Its sandbox needs what containers and root do not have; the only pages that it opens are ours. */
export const CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"];

/** Where Chromium is, or undefined. COCO_CHROMIUM names one elsewhere. */
export function findChromium() {
  const given = process.env.COCO_CHROMIUM;
  return given ?? PLACES.find((path) => existsSync(path));
}
