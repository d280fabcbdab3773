// Members at the consortium page: proposals of several actions, messages whose answers are lost, and pages on the
// administrative listener for a browser with a member's certificate.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { assertAccessible, assertNothingSticksOut, launch, PHONE, picture, skipped, visit } from "../lib/browser.mjs";
import { useKey } from "../lib/member.mjs";
import { startNetwork } from "../lib/network.mjs";

/** As often as a page sends one message: delivery.ts. */
const ATTEMPTS = 5;

describe("members at the consortium page", { skip: skipped() }, () => {
  let network;
  let browser;
  let folder;
  let member;

  before(async () => {
    network = await startNetwork();
    browser = await launch();
    folder = mkdtempSync(join(tmpdir(), "coco-voting-"));
    member = network.member("developer");
  });
  after(async () => {
    await browser?.close();
    network?.stop();
    if (folder !== undefined) {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const open = (how, url = network.urls[0]) => visit(browser, `${url}/ui/#proposals`, how);
  const action = (page, name) => page.getByRole("group", { name });
  const choose = (group, name) => group.getByLabel("Action", { exact: true }).selectOption(name);
  const gov = async (path) => (await fetch(`${network.urls[0]}/gov/${path}`)).json();

  /** Two actions that hold together: the second names whom the first admits. */
  async function writeTwo(page) {
    await choose(action(page, "What to do"), "add_participant");
    await page.getByRole("button", { name: "Add another action" }).click();
    const first = action(page, "Action 1 of 2");
    const second = action(page, "Action 2 of 2");
    await choose(second, "set_enrolment_quota");
    await first.getByLabel("id").fill("carrier");
    await second.getByLabel("actor").selectOption("carrier");
    await second.getByLabel("addresses").fill("7");
    return { first, second };
  }

  it("should take several actions into one proposal, and lose none at a reload", { timeout: 120_000 }, async () => {
    const seen = await open();
    const { page } = seen;
    const { first, second } = await writeTwo(page);
    await page.getByRole("button", { name: "Check" }).click();
    await first.locator(".error").filter({ hasText: "This is needed." }).waitFor();
    assert.equal(await page.locator(".field .error").count(), 1);
    await page.getByLabel("Summary").fill("a carrier and its users");
    await page.reload();
    assert.equal(await second.getByLabel("Action", { exact: true }).inputValue(), "set_enrolment_quota");
    assert.equal(await second.getByLabel("actor").inputValue(), "carrier");
    assert.equal(await second.getByLabel("addresses").inputValue(), "7");
    assert.equal(await page.getByLabel("Summary").inputValue(), "a carrier and its users");
    const { identities } = await (await fetch(`${network.urls[0]}/node/service`)).json();
    await first.getByLabel("certificate").fill(identities[0].certificate);

    await page.getByRole("button", { name: "Check" }).click();
    const dryRun = page.getByTestId("dry-run");
    await dryRun.getByText("enrolment").first().waitFor();
    assert.match(await dryRun.innerText(), /participants[\s\S]*carrier/);
    await page.locator("#propose").evaluate((heading) => heading.scrollIntoView());
    await picture(page, "consortium-propose");
    await assertAccessible(page);
    await useKey(page, member);
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("button", { name: "Sign and propose" }).click();
    const proposal = page.getByRole("article", { name: "a carrier and its users" });
    await proposal.getByRole("button", { name: "Accept" }).click();
    await page.locator("article[data-state='accepted']").waitFor();
    const { document } = await gov("constitution");
    assert.deepEqual(document.participants.map(({ id }) => id), ["carrier"]);
    assert.deepEqual(document.enrolment.map(({ actor, addresses }) => [actor, addresses]), [["carrier", 7]]);
    assert.equal(await page.getByRole("group").count(), 1, "what was proposed is written no more");
    seen.assertClean();
    await seen.close();
  });

  it("should show the node's words at the action that they are about", { timeout: 60_000 }, async () => {
    const seen = await open();
    const { page } = seen;
    await choose(action(page, "What to do"), "set_notice");
    await action(page, "What to do").getByLabel("blocks").fill("0");
    await page.getByRole("button", { name: "Add another action" }).click();
    const second = action(page, "Action 2 of 2");
    await choose(second, "set_recovery_threshold");
    await second.getByLabel("threshold").fill("200");
    await page.getByRole("button", { name: "Check" }).click();
    await second.locator(".error").filter({ hasText: /member/ }).waitFor();
    assert.equal(await action(page, "Action 1 of 2").locator(".error").count(), 0);

    // The same words about the same action in another place.
    await page.getByRole("button", { name: "Move action 2 up" }).click();
    await page.getByRole("button", { name: "Check" }).click();
    await action(page, "Action 1 of 2").locator(".error").filter({ hasText: /member/ }).waitFor();
    assert.equal(await action(page, "Action 1 of 2").getByLabel("threshold").inputValue(), "200");
    seen.assertClean();
    await seen.close();
  });

  it("should say what is gone when an action before is taken away", { timeout: 60_000 }, async () => {
    const seen = await open();
    const { page } = seen;
    await choose(action(page, "What to do"), "add_member");
    await action(page, "What to do").getByLabel("id").fill("newcomer");
    await page.getByRole("button", { name: "Add another action" }).click();
    await choose(action(page, "Action 2 of 2"), "remove_member");
    await action(page, "Action 2 of 2").getByLabel("id").selectOption("newcomer");
    await page.getByRole("button", { name: "Remove action 1" }).click();
    await page.getByRole("button", { name: "Check" }).click();
    await action(page, "What to do").locator(".error").filter({ hasText: "There is no newcomer" }).waitFor();
    seen.assertClean();
    await seen.close();
  });

  it("should be written by keyboard alone on a phone", { timeout: 60_000 }, async () => {
    const seen = await open({ size: PHONE });
    const { page } = seen;
    // The page moves the focus after it has drawn.
    const awaitFocusIn = (legend) =>
      page.waitForFunction((wanted) => document.activeElement.closest("fieldset")?.querySelector("legend").textContent === wanted, legend);
    await page.getByRole("button", { name: "Add another action" }).focus();
    await page.keyboard.press("Enter");
    // The new action has the focus.
    await awaitFocusIn("Action 2 of 2");
    await page.getByRole("button", { name: "Add another action" }).focus();
    await page.keyboard.press("Enter");
    await awaitFocusIn("Action 3 of 3");
    await page.keyboard.press("n");
    assert.match(await action(page, "Action 3 of 3").getByLabel("Action", { exact: true }).inputValue(), /^new_epoch$/);
    await assertAccessible(page);
    await assertNothingSticksOut(page);
    await page.getByRole("button", { name: "Move action 3 up" }).focus();
    await page.keyboard.press("Enter");
    // The focus goes with what is moved.
    await awaitFocusIn("Action 2 of 3");
    assert.equal(await action(page, "Action 2 of 3").getByLabel("Action", { exact: true }).inputValue(), "new_epoch");
    await page.getByRole("button", { name: "Remove action 1" }).focus();
    await page.keyboard.press("Enter");
    // The focus stays where something was removed.
    await awaitFocusIn("Action 1 of 2");
    assert.equal(await action(page, "Action 1 of 2").getByLabel("Action", { exact: true }).inputValue(), "new_epoch");
    seen.assertClean();
    await seen.close();
  });

  /** Proposes a limit, and gives the article of it. */
  async function propose(page, batch) {
    await page.getByLabel("batchMaxTransactions").fill(String(batch));
    await page.getByLabel("Summary").fill(`batches of ${batch}`);
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("button", { name: "Sign and propose" }).click();
    return page.getByRole("article", { name: `batches of ${batch}` });
  }

  it("should send the same bytes again when an answer is lost, and find them recorded", { timeout: 120_000 }, async () => {
    const seen = await open();
    const { page } = seen;
    await useKey(page, member);
    const bodies = [];
    let answered;
    await page.route("**/gov/proposals", async (route) => {
      if (route.request().method() !== "POST") {
        return route.continue();
      }
      bodies.push(route.request().postDataBuffer().toString("hex"));
      if (bodies.length === 1) {
        // The node takes it, and ends before its answer arrives.
        await route.fetch();
        return route.abort("connectionreset");
      }
      const response = await route.fetch();
      answered = (await response.json()).error?.code;
      return route.fulfill({ response });
    });
    const proposal = await propose(page, 111);
    await page.getByText("Proposed, and recorded in block").waitFor();
    assert.equal(answered, "replayed");
    assert.equal(bodies.length, 2);
    assert.equal(bodies[0], bodies[1]);
    await proposal.getByText("missing").waitFor();
    const { proposals } = await gov("proposals?state=open");
    assert.equal(proposals.filter(({ summary }) => summary === "batches of 111").length, 1, "it counts once");

    // Pending means that the node does not know yet.
    let ballots = 0;
    await page.route("**/gov/ballots", async (route) => {
      ballots++;
      return ballots === 1
        ? route.fulfill({ status: 202, json: { id: "00".repeat(32), status: "pending", height: null, proposal: null } })
        : route.continue();
    });
    await proposal.getByRole("button", { name: "Accept" }).click();
    await page.locator("article[data-state='accepted']").filter({ hasText: "batches of 111" }).getByText("Your message is recorded in block").waitFor();
    assert.equal(ballots, 2);
    seen.assertClean();
    await seen.close();
  });

  it("should take no refusal of a later generation for the fate of a message that is recorded", { timeout: 120_000 }, async () => {
    const seen = await open();
    const { page } = seen;
    await useKey(page, member);
    let attempts = 0;
    await page.route("**/gov/proposals", async (route) => {
      if (route.request().method() !== "POST") {
        return route.continue();
      }
      attempts++;
      if (attempts === 1) {
        await route.fetch();
        return route.abort("connectionreset");
      }
      return route.fulfill({ status: 409, json: { error: { code: "other-generation", message: "other-generation: 1 is in force" } } });
    });
    const proposal = await propose(page, 150);
    await page.getByText("Proposed, and recorded in block").waitFor({ timeout: 30_000 });
    assert.equal(attempts, 2);
    await proposal.getByRole("button", { name: "Withdraw the proposal" }).click();
    await page.locator("article[data-state='withdrawn']").filter({ hasText: "batches of 150" }).waitFor();
    await seen.close();
  });

  it("should say that it is not known yet, and see it when it is", { timeout: 120_000 }, async () => {
    const seen = await open();
    const { page } = seen;
    await useKey(page, member);
    let attempts = 0;
    let last;
    await page.route("**/gov/proposals", async (route) => {
      if (route.request().method() !== "POST") {
        return route.continue();
      }
      attempts++;
      last = route.request();
      return route.abort("connectionreset");
    });
    await propose(page, 222);
    await page.getByText(`The same message is sent again, 2 of ${ATTEMPTS}`).waitFor();
    const unknown = page.getByTestId("unknown");
    await unknown.getByText("Not known yet.").waitFor({ timeout: 30_000 });
    assert.equal(attempts, ATTEMPTS);
    assert.equal(await page.getByLabel("batchMaxTransactions").inputValue(), "222", "what was written stays");
    assert.ok(await page.getByRole("button", { name: "Sign and propose" }).isDisabled(), "it is not proposed twice by mistake");
    await unknown.scrollIntoViewIfNeeded();
    await picture(page, "consortium-unknown");
    await assertAccessible(page);
    // Another part of the page, and back: it is not forgotten.
    await page.getByRole("link", { name: "Members" }).click();
    await page.getByRole("heading", { name: "Participants" }).waitFor();
    await page.getByRole("link", { name: /^Proposals/ }).click();
    await unknown.waitFor();
    // It arrives after all, by another way.
    const sent = await fetch(`${network.urls[1]}/gov/proposals`, { method: "POST", headers: { "content-type": last.headers()["content-type"] }, body: last.postDataBuffer() });
    assert.equal(sent.status, 200);
    await page.getByText("Proposed, and recorded in block").waitFor({ timeout: 30_000 });
    assert.equal(attempts, ATTEMPTS, "it was found, not sent once more");
    await page.getByRole("article", { name: "batches of 222" }).getByRole("button", { name: "Withdraw the proposal" }).click();
    await page.locator("article[data-state='withdrawn']").filter({ hasText: "batches of 222" }).waitFor();
    await seen.close();
  });

  it("should show a refusal as one, also after an answer was lost", { timeout: 60_000 }, async () => {
    const seen = await open();
    const { page } = seen;
    await useKey(page, member);
    let attempts = 0;
    await page.route("**/gov/proposals", async (route) => {
      if (route.request().method() !== "POST") {
        return route.continue();
      }
      attempts++;
      return attempts === 1
        ? route.abort("connectionreset")
        : route.fulfill({ status: 429, headers: { "retry-after": "1" }, json: { error: { code: "too-many-open", message: "too-many-open: no more" } } });
    });
    await propose(page, 333);
    await page.getByTestId("unknown").waitFor({ timeout: 30_000 });
    await page.unroute("**/gov/proposals");
    await page.route("**/gov/proposals", (route) =>
      route.request().method() === "POST"
        ? route.fulfill({ status: 409, json: { error: { code: "other-constitution", message: "other-constitution: another one is in force" } } })
        : route.continue(),
    );
    await page.getByRole("button", { name: "Send it again" }).click();
    await page.getByText("This was refused.").waitFor();
    await page.getByText("another one is in force").waitFor();
    await seen.close();
  });

  it("should serve members on the administrative listener, and nobody else", { timeout: 120_000 }, async () => {
    const [origin] = network.administrative;
    const stranger = await open({}, origin);
    await stranger.page.getByText("has shown no certificate").waitFor();
    stranger.assertClean();
    await stranger.close();

    const seen = await open({ shown: member }, origin);
    const { page } = seen;
    await page.getByText("Simulated trusted execution environment").waitFor();
    const response = await page.request.get(`${origin}/ui/`);
    assert.match(response.headers()["content-security-policy"], /^default-src 'none'/);
    await useKey(page, member);
    const events = page.waitForResponse((each) => each.url().endsWith("/gov/events"));
    await page.reload();
    assert.equal((await events).status(), 200, "changes are told here, too");
    await useKey(page, member);
    const proposal = await propose(page, 444);
    await proposal.getByRole("button", { name: "Accept" }).click();
    await page.locator("article[data-state='accepted']").filter({ hasText: "batches of 444" }).waitFor();
    assert.equal((await gov("constitution")).document.limits.batchMaxTransactions, 444);
    for (const [part, words] of [
      ["Network", "No Ethereum ledger answers on this port"],
      ["Members", "developer"],
      ["Constitution", "444 transactions"],
      ["History", "proposes set_limits: batches of 444"],
    ]) {
      await page.getByRole("link", { name: part }).click();
      await page.getByText(words).first().waitFor();
      await assertAccessible(page);
    }
    seen.assertClean();
    await seen.close();
  });

  it("should let no other page use a browser's certificate", { timeout: 60_000 }, async () => {
    const [origin] = network.administrative;
    const seen = await visit(browser, `${network.urls[0]}/ui/`, { shown: member, shownAt: origin });
    const outcome = await seen.page.evaluate(async (to) => {
      try {
        const response = await fetch(`${to}/gov/members`, { credentials: "include" });
        return `answered ${response.status}`;
      } catch {
        return "not answered";
      }
    }, origin);
    assert.equal(outcome, "not answered", "the policy of the page forbids it");
    const refused = await seen.page.request.get(`${origin}/gov/members`, { headers: { origin: network.urls[0] } });
    assert.equal(refused.status(), 403, "and so does the node, whatever the policy");
    assert.match(await refused.text(), /origin/);
    const own = await seen.page.request.get(`${origin}/gov/members`, { headers: { origin } });
    assert.equal(own.status(), 200);
    await seen.close();
  });

  it("should say what it knows, and no more, when the vote removes the node that served the page", { timeout: 240_000 }, async () => {
    const seen = await open({}, network.urls[0]);
    const { page } = seen;
    await useKey(page, member);
    const { document } = await gov("constitution");
    const served = document.nodes[0].id;
    await choose(action(page, "What to do"), "remove_node");
    await action(page, "What to do").getByLabel("id").selectOption(served);
    await page.getByLabel("Summary").fill("without the first");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("button", { name: "Sign and propose" }).click();
    await page.getByRole("article", { name: "without the first" }).getByRole("button", { name: "Accept" }).click();
    // The node ends when it has applied the ballot: before its answer, or after it.
    const told = page.getByRole("article", { name: "without the first" }).locator("wa-callout");
    await told.filter({ hasText: /Not known yet|is recorded in block/ }).waitFor({ timeout: 120_000 });
    await page.getByTestId("connection-lost").waitFor({ timeout: 60_000 });
    const other = await visit(browser, `${network.urls[1]}/ui/#history`);
    await other.page.getByText("accepts").last().waitFor();
    await other.page.getByText("proposes remove_node: without the first").waitFor();
    await other.close();
    await seen.close();
  });
});
