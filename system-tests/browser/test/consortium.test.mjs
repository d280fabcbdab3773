// The consortium page, used as members use it: with a mouse or a keyboard, on a desk and on a phone, while nodes come and go.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
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
import { useKey } from "../lib/member.mjs";
import { startNetwork } from "../lib/network.mjs";
import { actions, receipts } from "../lib/vectors.mjs";

/** The first transaction of the development preset's account 0, signed beforehand for its chain: 1 wei to account 1. */
const TRANSFER =
  "0x02f86d82053980843b9aca008502540be4008252089470997970c51812dc3a010c7d01b50e0d17dc79c80180c001a019a170755ba7e5d7036b74b9440ddf0860d041f50fd50ee0530427b86bc37099a0341a8f60a6ec7d1e82a29472513feda47294788b8ff6c8eb39df034a234b1fac";

const PARTS = ["network", "members", "constitution", "proposals", "journal", "history"];

describe("the consortium page", { skip: skipped() }, () => {
  let network;
  let browser;
  let folder;

  before(async () => {
    network = await startNetwork();
    browser = await launch();
    folder = mkdtempSync(join(tmpdir(), "coco-pages-"));
  });
  after(async () => {
    await browser?.close();
    network?.stop();
    if (folder !== undefined) {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const open = (part, how, node = 0) => visit(browser, `${network.urls[node]}/ui/#${part}`, how);

  async function rpc(method, ...params) {
    const response = await fetch(network.urls[0], {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return (await response.json()).result;
  }

  it("should redirect a browser from the root, and nobody else", async () => {
    const seen = await visit(browser, `${network.urls[0]}/`);
    assert.equal(seen.page.url(), `${network.urls[0]}/ui/`);
    await seen.close();
    assert.equal((await fetch(`${network.urls[0]}/`)).status, 405);
  });

  it("should load in under a second, below the budget, and ask nobody else", { timeout: 60_000 }, async () => {
    await (await open("network")).close();
    const seen = await open("network");
    await seen.page.getByRole("cell", { name: "node-1" }).first().waitFor();
    const { load, paint } = await seen.times();
    assert.ok(load < LOAD_MAX_MS && paint < LOAD_MAX_MS, `loaded after ${load} ms, painted after ${paint} ms`);
    assert.ok(seen.bytes < BYTES_MAX, `${seen.bytes} bytes`);
    console.log(`# consortium: ${seen.bytes} bytes, load ${Math.round(load)} ms, first paint ${Math.round(paint)} ms`);
    seen.assertClean();
    await seen.close();
  });

  it("should have no accessibility violation and fit its window in every part, light, dark and on a phone", { timeout: 240_000 }, async () => {
    for (const part of PARTS) {
      for (const [name, how] of Object.entries({ light: {}, dark: { dark: true }, phone: { size: PHONE } })) {
        const seen = await open(part, how);
        await seen.page.locator("main section h2").first().waitFor();
        await seen.page.waitForLoadState("networkidle").catch(() => undefined);
        await assertAccessible(seen.page);
        await assertNothingSticksOut(seen.page);
        seen.assertClean();
        if (part === "network") {
          await seen.page.getByRole("cell", { name: "node-3" }).waitFor();
          await picture(seen.page, `consortium-${name}`);
        }
        await seen.close();
      }
    }
  });

  it("should say what to start where a page of a demonstration has none", { timeout: 60_000 }, async () => {
    for (const [path, words] of [
      ["compare", "No comparison runs here"],
      ["supply-chain", "This tab has no keys of a party"],
      ["supply-chain/guide", "This tab does not have the keys of all four parties"],
    ]) {
      const seen = await visit(browser, `${network.urls[0]}/ui/${path}/`);
      await seen.page.getByText(words).waitFor();
      await seen.page.getByText("Simulated trusted execution environment").waitFor();
      assert.equal(await seen.page.getByTestId("connection-lost").count(), 0);
      await assertAccessible(seen.page);
      seen.assertClean();
      await seen.close();
    }
  });

  it("should show every node with role, height, lag and verdict, and the banner", { timeout: 60_000 }, async () => {
    const seen = await open("network");
    const { page } = seen;
    await page.getByText("Simulated trusted execution environment").waitFor();
    const rows = page.locator("table").first().locator("tbody tr");
    await page.waitForFunction(() => document.querySelectorAll("tbody wa-badge[variant='success']").length >= 3);
    const texts = await rows.allInnerTexts();
    assert.equal(texts.length, 3);
    assert.equal(texts.filter((text) => /\bleader\b/.test(text)).length, 1);
    texts.forEach((text) => assert.match(text, /(leader|follower)[\s\S]*[0-9]+[\s\S]*[0-9]+ blocks?[\s\S]*verified/));
    seen.assertClean();
    await seen.close();
  });

  it("should propose, vote and withdraw with the member's key, and show what came of it", { timeout: 120_000 }, async () => {
    const seen = await open("proposals");
    const { page } = seen;
    await useKey(page, network.member("developer"));
    await page.getByLabel("batchMaxTransactions").fill("500");
    await page.getByLabel("Summary").fill("smaller batches");
    await page.getByRole("button", { name: "Check" }).click();
    const dryRun = page.getByTestId("dry-run");
    await dryRun.getByText("limits.batchMaxTransactions").waitFor();
    assert.match(await dryRun.innerText(), /10000[\s\S]*500[\s\S]*accepted/);
    await page.getByRole("button", { name: "Sign and propose" }).click();
    const proposal = page.getByRole("article", { name: "smaller batches" });
    await proposal.getByText("missing").waitFor();
    await picture(page, "consortium-vote", { fullPage: true });
    await assertAccessible(page);
    await proposal.getByRole("button", { name: "Reject" }).click();
    await page.locator("article[data-state='rejected']").waitFor();

    await page.getByLabel("batchMaxTransactions").fill("400");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("button", { name: "Sign and propose" }).click();
    await page.locator("article[data-state='open']").getByRole("button", { name: "Withdraw the proposal" }).click();
    await page.locator("article[data-state='withdrawn']").waitFor();

    await page.getByLabel("batchMaxTransactions").fill("300");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("button", { name: "Sign and propose" }).click();
    await page.locator("article[data-state='open']").getByRole("button", { name: "Accept" }).click();
    await page.locator("article[data-state='accepted']").waitFor();
    await page.getByRole("link", { name: "Constitution" }).click();
    await page.getByText("300 transactions").waitFor();
    await page.getByRole("link", { name: "History" }).click();
    await page.getByText("proposes set_limits: smaller batches").waitFor();
    await picture(page, "consortium-history");
    seen.assertClean();
    await seen.close();
  });

  it("should say at the field what is wrong, in the form of every action", { timeout: 240_000 }, async () => {
    const seen = await open("proposals");
    const { page } = seen;
    const form = page.locator("section[aria-labelledby='propose']");
    const choice = page.getByLabel("Action", { exact: true });
    await choice.waitFor();
    const offered = await choice.locator("option").allInnerTexts();
    const catalogue = actions();
    assert.deepEqual([...offered].sort(), [...catalogue.keys()].sort());
    for (const [name, names] of catalogue) {
      await choice.selectOption(name);
      const labels = await form.locator(".columns .field label").allInnerTexts();
      const shown = labels.map((label) => (label.endsWith("(required)") ? label.replace(/ \(required\)$/, "") : `${label}?`));
      assert.deepEqual(shown, names, name);
      // An empty or nonsensical value of each kind, by its control.
      const written = await form.locator(".columns .field :is(input, textarea)").all();
      for (const control of written) {
        await control.fill("§ nonsense");
      }
      const hasWrong = written.length > 0 || (await form.locator(".columns select option").count()) === 0;
      await page.getByRole("button", { name: "Check" }).click();
      // Where all is chosen from what there is, nothing can be wrong at a field.
      if (names.length > 0 && hasWrong) {
        await form.locator(":is(.field .error, wa-callout, [data-testid='dry-run'])").first().waitFor();
        const wrong = await form.locator(".field .error").count();
        assert.ok(wrong > 0, `${name}: ${await form.innerText()}`);
        await assertDescribed(page);
      }
    }
    seen.assertClean();
    await seen.close();
  });

  /** A message at a field is told to screen readers with that field. */
  async function assertDescribed(page) {
    const undescribed = await page.locator("[aria-invalid='true']").evaluateAll((controls) =>
      controls
        .filter((control) => !(control.getAttribute("aria-describedby") ?? "").split(" ").some((id) => document.getElementById(id)?.classList.contains("error")))
        .map((control) => control.outerHTML),
    );
    assert.deepEqual(undescribed, []);
  }

  it("should show the node's own words at the field that they are about", { timeout: 60_000 }, async () => {
    const seen = await open("proposals");
    const { page } = seen;
    await page.getByLabel("Action", { exact: true }).selectOption("set_recovery_threshold");
    await page.getByLabel("threshold").fill("200");
    await page.getByRole("button", { name: "Check" }).click();
    await page.locator("section[aria-labelledby='propose'] :is(.field .error, wa-callout)").first().waitFor();
    assert.match(await page.locator("section[aria-labelledby='propose']").innerText(), /member/);
    seen.assertClean();
    await seen.close();
  });

  it("should refuse files that are no key, no certificate, or do not belong together", { timeout: 60_000 }, async () => {
    const seen = await open("proposals");
    const { page } = seen;
    const { key, certificate } = network.member("developer");
    const nonsense = join(folder, "nonsense.pem");
    writeFileSync(nonsense, "nothing of that kind\n");
    const stranger = join(folder, "stranger.pem");
    const { identities } = await (await fetch(`${network.urls[0]}/node/service`)).json();
    writeFileSync(stranger, identities[0].certificate);
    const use = page.getByRole("button", { name: "Use this key" });
    await use.click();
    assert.equal(await page.locator(".field .error").count(), 2);
    for (const [first, second, words] of [
      [nonsense, certificate, /no private key/],
      [key, nonsense, /no certificate/],
      [key, stranger, /not the key of that certificate/],
    ]) {
      await page.getByLabel("Private key").setInputFiles(first);
      await page.getByLabel("Certificate", { exact: true }).setInputFiles(second);
      await use.click();
      await page.locator(".field .error").filter({ hasText: words }).waitFor();
      assert.equal(await page.locator(".field .error").count(), 1);
    }
    seen.assertClean();
    await seen.close();
  });

  it("should lose nothing that was written at a reload, and keep no key", { timeout: 60_000 }, async () => {
    const seen = await open("proposals");
    const { page } = seen;
    await useKey(page, network.member("developer"));
    await page.getByLabel("pipelineWindow").fill("7");
    await page.getByLabel("Summary").fill("not sent yet");
    await page.reload();
    assert.equal(await page.getByLabel("pipelineWindow").inputValue(), "7");
    assert.equal(await page.getByLabel("Summary").inputValue(), "not sent yet");
    await page.getByRole("heading", { name: "Sign in this browser" }).waitFor();
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    assert.ok(!kept.includes("PRIVATE"), "no key is stored");
    seen.assertClean();
    await seen.close();
  });

  it("should show what became of a transaction, and prove it", { timeout: 60_000 }, async () => {
    const hash = await rpc("eth_sendRawTransaction", TRANSFER);
    assert.match(String(hash), /^0x/);
    const seen = await open("journal");
    const { page } = seen;
    const name = page.getByLabel("Transaction", { exact: true });
    await name.fill("0x123");
    await page.getByRole("button", { name: "Look it up" }).click();
    await page.getByText("named by 64 hexadecimal digits").waitFor();
    await name.fill(`0x${"ab".repeat(32)}`);
    await name.press("Enter");
    await page.getByText("this node knows nothing of it").waitFor();
    await name.fill(hash);
    await name.press("Enter");
    await page.getByText("a majority has on disk").waitFor();
    const verdict = page.getByTestId("verdict");
    await verdict.getByText("valid", { exact: true }).waitFor();
    assert.equal(await verdict.locator("[data-check]").count(), 6);
    await picture(page, "consortium-receipt", { fullPage: true });
    await assertAccessible(page);
    await page.reload();
    await page.getByText("a majority has on disk").waitFor();
    seen.assertClean();
    await seen.close();
  });

  it("should judge receipts of a file as the specification's vectors say", { timeout: 120_000 }, async () => {
    const seen = await open("journal");
    const { page } = seen;
    const section = page.locator("section[aria-labelledby='receipt']");
    const differences = [];
    const vectors = receipts();
    for (const { file, certificate, name, outcome } of vectors) {
      await section.getByLabel("Receipt", { exact: true }).setInputFiles(file);
      await section.getByLabel("Service certificate").setInputFiles(certificate);
      await section.getByRole("button", { name: "Verify" }).click();
      const found = await section
        .locator(":is([data-testid='verdict'], .error)")
        .first()
        .evaluate((shown) => {
          if (shown.classList.contains("error")) {
            return "malformed";
          }
          const failed = [...shown.querySelectorAll("[data-check]")].find((step) => step.textContent.includes("✗"));
          return failed === undefined ? "valid" : failed.dataset.check;
        });
      if (found !== outcome) {
        differences.push(`${name}: ${found} and not ${outcome}`);
      }
      await page.reload();
    }
    assert.ok(vectors.length >= 20, `${vectors.length} vectors`);
    assert.deepEqual(differences, []);
    await seen.close();
  });

  it("should be used by keyboard alone", { timeout: 60_000 }, async () => {
    const seen = await open("network");
    const { page } = seen;
    await page.getByRole("cell", { name: "node-1" }).first().waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Skip to content");
    const reached = new Set();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate(() => document.activeElement.textContent.trim()));
      const outline = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return document.activeElement === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      assert.ok(outline, `focus is seen at ${[...reached].at(-1)}`);
    }
    ["Consortium", "Dark", "Members", "Proposals", "copy"].forEach((word) => assert.ok(reached.has(word), word));
    await seen.close();
  });

  it("should say that the connection is lost, and recover by itself", { timeout: 240_000 }, async () => {
    const seen = await open("network", {}, 1);
    const { page } = seen;
    await page.getByRole("cell", { name: "node-2" }).first().waitFor();
    await network.stopNode(2);
    await page.getByTestId("connection-lost").waitFor();
    await picture(page, "consortium-lost");
    await assertAccessible(page);
    assert.ok((await page.getByRole("cell", { name: "node-2" }).count()) > 0, "what was known stays");
    const other = await open("network", {}, 0);
    await other.page.getByText("no answer").waitFor();
    await other.close();
    network.startNodes();
    await page.getByTestId("connection-lost").waitFor({ state: "detached", timeout: 60_000 });
    await page.waitForFunction(() => !document.body.innerText.includes("no answer"), undefined, { timeout: 60_000 });
    seen.assertClean();
    await seen.close();
  });
});
