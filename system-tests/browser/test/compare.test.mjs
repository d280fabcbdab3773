// The comparison's page: a race is started in the page, drawn while it runs, and told in numbers that the API repeats.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  assertNothingSticksOut,
  BYTES_MAX,
  launch,
  LOAD_MAX_MS,
  PHONE,
  picture,
  skipped,
  visit,
} from "../lib/browser.mjs";
import { startCompare } from "../lib/compare.mjs";

const PORT = Number(process.env.COCO_COMPARE_PORT ?? 18_745);
/** Pictures show what the command does by itself: the public network's blocks, and the minutes they take. */
const PICTURED = process.env.COCO_SCREENSHOTS === "yes";
const COUNT = PICTURED ? 2_000 : 400;
const WRITTEN = COUNT.toLocaleString("en-US");
const QUICK = ["--baseline-block-time", "2", "--warm-up", "2000"];
const BATCHES = PICTURED ? [60, 100] : [60];
/** Networks on a busy machine. */
const PREPARED_MS = 240_000;
const RACED_MS = PICTURED ? 900_000 : 180_000;

/** Real transactions where the public sample is at hand. */
const SAMPLE = process.env.COCO_TESTDATA === undefined ? [] : ["--transactions", `${process.env.COCO_TESTDATA}/mainnet`];

const skip = skipped();
let browser;
let compare;

before(async () => {
  if (!skip) {
    compare = await startCompare(PORT, ["--count", String(COUNT), ...(PICTURED ? [] : QUICK), ...SAMPLE]);
    browser = await launch();
  }
});

after(async () => {
  await browser?.close();
  await compare?.stop();
});

const phase = (page, name, timeout) =>
  page.locator(`[data-testid=phase][data-phase=${name}]`).waitFor({ state: "attached", timeout });

/** What the API answers, past the page. */
const asked = (page, what) => page.request.get(new URL(`/compare/${what}`, compare.url).href);

test("wrong values are told at their fields, and nothing begins", { skip }, async () => {
  const seen = await visit(browser, compare.url);
  const { page } = seen;
  await phase(page, "ready", PREPARED_MS);
  await page.getByRole("spinbutton", { name: "Transactions" }).fill("0");
  await page.getByLabel("Batch maximum of Coco").fill("1.5");
  await page.getByLabel("Rate (tx/s)").fill("-3");
  await page.getByRole("button", { name: "Compare" }).click();
  assert.deepEqual(await page.locator(".field .error").allTextContents(), [
    "A whole number from 1 to 20,000.",
    "A whole number from 1 to 10,000.",
    "A number from 0 to 100,000.",
  ]);
  await assertAccessible(page);
  await phase(page, "ready", 1_000);
  const refused = await page.request.post(new URL("/compare/start", compare.url).href, { data: { count: 0 } });
  assert.equal(refused.status(), 400);
  assert.deepEqual((await refused.json()).fields, { count: "must be 1 to 20000" });
  await seen.close();
});

test("the page loads fast, is small, and asks nobody else", { skip }, async () => {
  // Once before: what a server and a browser do for the first time is no load of a page.
  await (await visit(browser, compare.url)).close();
  const seen = await visit(browser, compare.url);
  await seen.page.getByRole("button", { name: "Compare" }).waitFor();
  const { load } = await seen.times();
  assert.ok(load < LOAD_MAX_MS, `loaded in ${load} ms`);
  assert.ok(seen.bytes < BYTES_MAX, `${seen.bytes} bytes`);
  await assertAccessible(seen.page);
  seen.assertClean();
  await seen.close();
});

test("the batch maximum is changed by a vote", { skip }, async () => {
  const seen = await visit(browser, compare.url);
  const { page } = seen;
  for (const batch of BATCHES) {
    await page.getByLabel("Batch maximum of Coco").fill(String(batch));
    await page.getByRole("button", { name: "Set batch maximum" }).click();
    await page.waitForFunction(
      async (set) => (await (await fetch("/compare/state")).json()).settings.batch === set,
      batch,
    );
  }
  await seen.close();
});

test("a comparison is drawn while it runs, and told in numbers", { skip }, async () => {
  const seen = await visit(browser, compare.url);
  const { page } = seen;
  await page.getByRole("button", { name: "Compare" }).click();
  await phase(page, "running", PREPARED_MS);
  const coco = page.getByTestId("coco");
  const drawn = await blank(coco);
  await page.waitForFunction(() => /^[1-9]/.test(document.querySelector("[data-testid=coco] [data-testid=done]").textContent));
  await page.waitForFunction(
    (before) => document.querySelector("[data-testid=coco] canvas").toDataURL() !== before,
    drawn,
  );
  await phase(page, "done", RACED_MS);
  assert.equal(await coco.getByTestId("done").textContent(), `${WRITTEN} of ${WRITTEN}`);
  const state = await (await asked(page, "state")).json();
  assert.equal(state.coco.done, COUNT);
  assert.equal(state.baseline.done, COUNT);
  assert.ok(state.baseline.blocks >= 1);
  assert.equal(state.results.onBoth, COUNT);
  assert.deepEqual(state.results.networksDiffer, []);
  assert.equal(state.results.agree, COUNT);
  assert.match(await page.getByTestId("ratio").textContent(), /×/);
  assert.ok((await page.getByTestId("result").getByRole("row").count()) >= 10);
  await assertAccessible(page);
  seen.assertClean();
  await picture(page, "compare", { fullPage: true });
  await seen.close();
});

/** What the first chart of a panel looks like before anything is drawn. */
function blank(panel) {
  return panel.locator("canvas").first().evaluate((canvas) => canvas.toDataURL());
}

test("the download is what the API has", { skip }, async () => {
  const seen = await visit(browser, compare.url);
  const { page } = seen;
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("csv").click()]);
  const text = readFileSync(await download.path(), "utf8");
  const api = await (await asked(page, "result.csv")).text();
  assert.equal(text, api);
  const lines = text.trimEnd().split("\r\n");
  assert.equal(lines.length, COUNT + 1);
  assert.match(lines[0], /^number,hash,source_block,/);
  const latencies = lines.slice(1).map((line) => Number(line.split(",")[7]));
  assert.ok(latencies.every((latency) => latency > 0));
  const state = await (await asked(page, "state")).json();
  const middle = latencies.sort((a, b) => a - b)[COUNT / 2 - 1];
  assert.ok(Math.abs(middle - state.coco.latencyMillis.p50) < 0.02 * middle + 1, `${middle} and ${state.coco.latencyMillis.p50}`);
  await seen.close();
});

test("a reload shows the same, on a phone nothing sticks out, in the dark it can be read", { skip }, async () => {
  const seen = await visit(browser, compare.url, { size: PHONE });
  const { page } = seen;
  const ratio = await page.getByTestId("ratio").textContent();
  await page.reload();
  assert.equal(await page.getByTestId("ratio").textContent(), ratio);
  await assertNothingSticksOut(page);
  await assertAccessible(page);
  await picture(page, "compare-phone", { fullPage: true });
  await seen.close();
  const dark = await visit(browser, compare.url, { dark: true });
  await dark.page.getByTestId("ratio").waitFor();
  await assertAccessible(dark.page);
  await dark.close();
});

test("a lost connection is said, and comes back by itself", { skip }, async () => {
  const seen = await visit(browser, compare.url);
  const { page } = seen;
  await page.getByTestId("ratio").waitFor();
  compare.freeze();
  try {
    await page.getByTestId("connection-lost").waitFor({ timeout: 30_000 });
  } finally {
    compare.thaw();
  }
  await page.getByTestId("connection-lost").waitFor({ state: "detached", timeout: 30_000 });
  await page.getByTestId("ratio").waitFor();
  await seen.close();
});

test("another comparison has networks of its own, and can be stopped", { skip }, async () => {
  const seen = await visit(browser, compare.url);
  const { page } = seen;
  await page.getByLabel("Rate (tx/s)").fill("5");
  await page.getByRole("button", { name: "Compare" }).click();
  await phase(page, "preparing", 10_000);
  await phase(page, "running", PREPARED_MS);
  await page.waitForFunction(() => /^[1-9]/.test(document.querySelector("[data-testid=coco] [data-testid=done]").textContent));
  await page.getByRole("button", { name: "Stop" }).click();
  await phase(page, "done", RACED_MS);
  const state = await (await asked(page, "state")).json();
  assert.equal(state.message, "stopped");
  assert.ok(state.coco.done < COUNT);
  await seen.close();
});
