// A headless Chromium that looks at the node's pages, and what every page has to keep.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { CHROMIUM_ARGUMENTS, findChromium } from "../../lib/chromium.mjs";

const IMAGES = fileURLToPath(new URL("../../../docs/images", import.meta.url));

/** What is looked at: a desk and a phone, in CSS pixels. */
export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** What a page may weigh on the wire, in bytes, and how long it may take to load from a local node, in milliseconds. */
export const BYTES_MAX = 300 * 1000;
export const LOAD_MAX_MS = 1000;

/** Why tests are skipped here; false if they are not. In CI nothing is skipped for want of a browser. */
export function skipped() {
  if (findChromium() !== undefined) {
    return false;
  }
  if (process.env.CI === "true") {
    throw new Error("no Chromium was found, and CI does not go without");
  }
  return "Chromium is not installed";
}

/** Starts it. Close the browser at the end. */
export function launch() {
  return chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });
}

/**
 * A page in a profile of its own, and what was seen while it was open.
 *
 * @property page Playwright's
 * @property problems what the console complained of, the content security policy's refusals among it; failed requests are
 *   not complaints, since a node may be stopped
 * @property foreign addresses that were asked beyond the page's own origin
 */
export class Visit {
  problems = [];
  foreign = [];
  #bytes = 0;

  constructor(context, page, origin) {
    this.context = context;
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        this.problems.push(message.text());
      }
    });
    page.on("pageerror", (error) => this.problems.push(String(error)));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol !== "data:" && url.protocol !== "blob:") {
        this.foreign.push(request.url());
      }
    });
  }

  async count() {
    const devtools = await this.context.newCDPSession(this.page);
    await devtools.send("Network.enable");
    devtools.on("Network.loadingFinished", ({ encodedDataLength }) => (this.#bytes += encodedDataLength));
  }

  /** Bytes that came over the wire so far, heads and answers of the API included. */
  get bytes() {
    return this.#bytes;
  }

  /** From the navigation to the load event, and to the first content on the screen, in milliseconds. */
  times() {
    return this.page.evaluate(() => {
      const [navigation] = performance.getEntriesByType("navigation");
      const [paint] = performance.getEntriesByName("first-contentful-paint");
      return { load: navigation.loadEventEnd, paint: paint?.startTime ?? Number.NaN };
    });
  }

  /** Fails if anything complained, or anything was asked for elsewhere. */
  assertClean() {
    assert.deepEqual(this.problems, []);
    assert.deepEqual(this.foreign, []);
  }

  async close() {
    await this.context.close();
  }
}

/**
 * Opens a page.
 *
 * @param {{size?: {width: number, height: number}, dark?: boolean, shown?: {key: string, certificate: string}, shownAt?: string}}
 *   [how] shown is the certificate that the browser has for the origin shownAt, the page's own unless said otherwise; over
 *   HTTPS it talks to whoever answers
 */
export async function visit(browser, url, { size = DESK, dark = false, shown, shownAt } = {}) {
  const { origin } = new URL(url);
  const asks = shownAt ?? origin;
  const context = await browser.newContext({
    viewport: size,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    ignoreHTTPSErrors: asks.startsWith("https:"),
    ...(shown === undefined ? {} : { clientCertificates: [{ origin: asks, certPath: shown.certificate, keyPath: shown.key }] }),
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]).catch(() => undefined);
  const page = await context.newPage();
  const seen = new Visit(context, page, origin);
  await seen.count();
  await page.goto(url);
  return seen;
}

/** Fails if axe finds a violation of WCAG 2.2 at levels A and AA, or of its best practices. */
export async function assertAccessible(page) {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  const words = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ target, html }) => `${target}  ${html.slice(0, 160)}`).join("\n  ")}`,
  );
  assert.deepEqual(words, []);
  assert.ok(passes.length > 10, "axe has looked at something");
}

/** Fails if the page is wider than its window, with the elements that reach beyond it. */
export async function assertNothingSticksOut(page) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) {
      return [];
    }
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${Math.round(element.getBoundingClientRect().right)} > ${width}`)
      .slice(0, 10);
  });
  assert.deepEqual(wide, []);
}

/** Keeps a picture in docs/images, where COCO_SCREENSHOTS=yes asks for it. */
export async function picture(page, name, { fullPage = false } = {}) {
  if (process.env.COCO_SCREENSHOTS === "yes") {
    mkdirSync(IMAGES, { recursive: true });
    await page.screenshot({ path: join(IMAGES, `${name}.png`), fullPage });
  }
}
