// The talk's supply chain, in browsers: four parties at their own pages, and all four in the guide.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Wallet } from "ethers";
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
import { Desk, startDemo } from "../lib/demo.mjs";

const PARTIES = ["northwind", "tray-research", "contoso", "fabrikam"];
const UNUSED = "0x7e57ab1e7e57ab1e7e57ab1e7e57ab1e7e57ab1e";
const NO_TRANSACTION = `0x${"5a".repeat(32)}`;
const NOTHING = "No results found";
const CONTRACT = "Purchase order";
/** Selectors of order() and fulfil(). */
const ORDER_CALL = "0xbf15071d";
const FULFIL_CALL = "0x14eb736b";

describe("the supply chain", { skip: skipped(), timeout: 900_000 }, () => {
  let demo, browser, northwind, tray, contoso, fabrikam;
  /** The order that the steps of the talk are about, and the transaction that made it. */
  let order, made;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    [northwind, tray, contoso, fabrikam] = await Promise.all(
      PARTIES.map((id) => Desk.open(browser, id, demo.urls[id])),
    );
  });

  after(async () => {
    await browser?.close();
    demo?.stop();
  });

  const everybody = () => [northwind, tray, contoso, fabrikam];

  /** The order is found by these parties, and there is nothing for all others. */
  async function assertFoundBy(...finders) {
    await Promise.all(everybody().map((desk) => desk.search(order)));
    await Promise.all(everybody().map((desk) => desk.finds(finders.includes(desk) ? CONTRACT : NOTHING)));
    const others = everybody().filter((desk) => !finders.includes(desk));
    for (const desk of others) {
      assert.equal(await desk.place("search-result").textContent(), NOTHING, desk.id);
    }
    await Promise.all(others.map(assertSameAsNothing));
  }

  /** Byte for byte the answers about an address that was never used, and about a transaction that never was. */
  async function assertSameAsNothing(desk) {
    const questions = (address, transaction) => [
      ...["eth_getCode", "eth_getBalance", "eth_getTransactionCount"].map((method) => [method, [address, "latest"]]),
      ...["0x0", "0x1", "0x6"].map((slot) => ["eth_getStorageAt", [address, slot, "latest"]]),
      ["eth_call", [{ to: address, data: ORDER_CALL }, "latest"]],
      ["eth_estimateGas", [{ to: address, data: ORDER_CALL }]],
      ["eth_createAccessList", [{ to: address, data: ORDER_CALL }, "latest"]],
      ["eth_getProof", [address, [], "latest"]],
      ["eth_getLogs", [{ address, fromBlock: "earliest", toBlock: "latest" }]],
      ...[
        "eth_getTransactionByHash",
        "eth_getTransactionReceipt",
        "eth_getRawTransactionByHash",
        "debug_traceTransaction",
        "trace_transaction",
      ].map((method) => [method, [transaction]]),
    ];
    const hidden = await desk.rpc(questions(order, made));
    const absent = await desk.rpc(questions(UNUSED, NO_TRANSACTION));
    assert.equal(hidden.length, 16);
    for (const [index, [method]] of questions(order, made).entries()) {
      const seen = hidden[index].replaceAll(order, "ADDRESS").replaceAll(made, "HASH");
      const nothing = absent[index].replaceAll(UNUSED, "ADDRESS").replaceAll(NO_TRANSACTION, "HASH");
      assert.equal(seen, nothing, `${method} as ${desk.id}`);
      assert.match(seen, /^200 /, method);
    }
    const [all] = await desk.rpc([["eth_getLogs", [{ fromBlock: "earliest", toBlock: "latest" }]]]);
    assert.match(all, /^200 .*"result":\[/);
    assert.ok(!all.includes(order), `${desk.id} sees events of the order`);
  }

  it("keeps keys out of the address bar, the history and every request", async () => {
    for (const id of PARTIES) {
      const sent = [];
      const fresh = await visit(browser, "about:blank");
      fresh.page.on("request", (request) =>
        sent.push(`${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ""}`),
      );
      await fresh.page.goto(demo.urls[id]);
      await fresh.page.locator('[data-guide="orders"]').waitFor();
      assert.ok(!fresh.page.url().includes("#"), fresh.page.url());
      assert.ok(sent.length > 5, `${sent.length} requests`);
      for (const secret of everybody().find((desk) => desk.id === id).secrets) {
        assert.ok(!sent.some((request) => request.includes(secret)), `a key of ${id} was sent`);
      }
      await fresh.page.goBack();
      assert.equal(fresh.page.url(), "about:blank");
      await fresh.close();
    }
  });

  it("shows each party as itself (DA0)", async () => {
    const roles = ["Northwind, Retailer 1", "Tray Research, Retailer 2", "Contoso, Supplier 1", "Fabrikam, Supplier 2"];
    for (const [index, desk] of everybody().entries()) {
      assert.ok((await desk.place("identity").textContent()).startsWith(roles[index]));
      assert.match(await desk.place("orders").textContent(), /No purchase orders/);
      assert.equal(await desk.place("new-order").count(), index < 2 ? 1 : 0);
    }
  });

  it("says at each field what is wrong, and loses nothing on reload", async () => {
    await tray.place("new-order").click();
    await tray.place("save-order").click();
    await tray.page.getByText("Add at least one product.").waitFor();
    const [quantity, subtotal] = ["quantity", "subtotal"].map((name) => tray.place(name).locator("input"));
    for (const [typed, words] of [
      ["0", "Give a number from 1 to 1,000,000."],
      ["-1", "Give a whole number, such as 12."],
      ["1000001", "Give a number from 1 to 1,000,000."],
      ["1.5", "Give a whole number, such as 12."],
      ["", "Give a whole number, such as 12."],
    ]) {
      await quantity.fill(typed);
      await tray.place("add-product").click();
      await tray.place("quantity").getByText(words).waitFor();
    }
    await subtotal.fill("much");
    await tray.place("add-product").click();
    await tray.place("subtotal").getByText("Give an amount in dollars, such as 359.60.").waitFor();
    assert.equal(await subtotal.getAttribute("aria-invalid"), "true");
    await tray.place("approver").locator("select").selectOption("");
    await tray.place("save-order").click();
    await tray.place("approver").getByText("Choose who approves the order.").waitFor();
    await quantity.fill("77");
    await tray.page.reload();
    await quantity.waitFor();
    assert.equal(await quantity.inputValue(), "77");
    await tray.page.getByText("Back to the list").click();
    await tray.page.getByRole("button", { name: "Discard" }).click();
    await contoso.search("0x12");
    await contoso.place("search-address").getByText("An address is 0x and 40 hexadecimal digits.").waitFor();
    await contoso.search("");
    await contoso.place("search-address").getByText("Paste the address of a contract.").waitFor();
    await contoso.place("room-orders").click();
  });

  it("takes an order from its form to a contract (DA1 to DA5)", async () => {
    await tray.place("new-order").click();
    assert.equal(await tray.place("approver").locator("select option:checked").textContent(), "admin");
    await tray.place("approver").locator("select").selectOption({ label: "admin" });
    await tray.place("upc").locator("select").selectOption({ index: 1 });
    await tray.place("quantity").locator("input").fill("40");
    assert.equal(await tray.place("subtotal").locator("input").inputValue(), "359.60");
    await tray.place("add-product").click();
    await tray.place("upc").locator("select").selectOption({ index: 2 });
    await tray.place("quantity").locator("input").fill("12");
    await tray.place("subtotal").locator("input").fill("140");
    await tray.place("add-product").click();
    await tray.page.getByText("$499.60").first().waitFor();
    await tray.place("save-order").click();
    await tray.page.reload();
    await tray.place("create-order").click();
    await tray.place("orders").locator("[data-address]").waitFor();
    assert.match(await tray.place("orders").textContent(), /Created/);
    await tray.place("create-order").waitFor({ state: "detached" });
    await tray.page.getByRole("button", { name: "Copy address of the contract" }).click();
    order = await tray.page.evaluate(() => navigator.clipboard.readText());
    assert.match(order, /^0x[0-9a-f]{40}$/);
    const [first] = await tray.result("eth_getLogs", [{ address: order, fromBlock: "earliest" }]);
    made = first.transactionHash;
  });

  it("hides a new order from all but its buyer (DA6 to DA8)", async () => {
    await assertFoundBy(tray);
    const found = await tray.place("search-result").textContent();
    for (const part of [
      "exactly that of the sample's purchase order",
      "created by Tray Research",
      "Ground coffee",
      "Transactions",
      "Code and storage",
    ]) {
      assert.ok(found.includes(part), part);
    }
    for (const desk of [northwind, contoso, fabrikam]) {
      await desk.place("room-orders").click();
      assert.match(await desk.place("orders").textContent(), /No purchase orders/);
    }
  });

  it("shows it to the supplier that it is assigned to (DA9 and DA10)", async () => {
    await tray.show(`order/${order}`);
    await tray.place("assign").click();
    await tray.place("assign-party").getByText("Choose a party.").waitFor();
    await tray.place("assign-party").locator("select").selectOption({ label: "Contoso" });
    await tray.place("assign").click();
    await tray.place("order").getByText("assigned to Contoso").waitFor();
    await assertFoundBy(tray, contoso);
    await contoso.place("room-orders").click();
    await contoso.place("orders").locator("[data-address]").waitFor();
  });

  it("answers nobody who gives no identity", async () => {
    const methods = ["eth_getCode", "eth_getBalance", "eth_getTransactionCount", "eth_getLogs"];
    const calls = methods.map((method) => [
      method,
      method === "eth_getLogs" ? [{ address: order }] : [order, "latest"],
    ]);
    for (const answer of await northwind.rpc(calls, false)) {
      assert.match(answer, /sign in/);
    }
  });

  it("refuses a stranger's transaction, which changes nothing", async () => {
    const stranger = new Wallet(`0x${fabrikam.secrets[0]}`);
    const nonce = await fabrikam.result("eth_getTransactionCount", [stranger.address, "latest"]);
    const raw = await stranger.signTransaction({
      type: 2,
      chainId: 1337,
      nonce: Number(nonce),
      to: order,
      data: FULFIL_CALL,
      gasLimit: 500_000,
      maxFeePerGas: 0,
      maxPriorityFeePerGas: 0,
    });
    const receipt = await fabrikam.result("eth_sendRawTransactionSync", [raw]);
    assert.equal(receipt.status, "0x0");
    assert.deepEqual(receipt.logs, []);
    await tray.show(`order/${order}`);
    assert.match(await tray.place("order").textContent(), /nobody yet/);
  });

  it("gives the contract's reason where it refuses, and goes on when the approver has approved", async () => {
    await contoso.show(`order/${order}`);
    await contoso.place("fulfil").click();
    await contoso.place("refusal").getByText("The order is created; it would have to be approved.").waitFor();
    await tray.show(`order/${order}`);
    await tray.place("approve").click();
    await tray.place("order").getByText("approved by admin of Tray Research").waitFor();
    await contoso.place("order").getByText("Approved", { exact: true }).waitFor();
    await contoso.place("fulfil").click();
    for (const desk of [contoso, tray]) {
      await desk.place("order").getByText("fulfilled by Contoso").waitFor();
    }
    await picture(tray.page, "supply-chain-order");
  });

  it("follows the confidentiality model: both suppliers, both retailers, one supplier, nobody", async () => {
    const switchTo = async (model, words) => {
      await tray.show(`order/${order}`);
      await tray.place(`model-${model}`).check();
      await tray.place("model-apply").click();
      await tray.place("model-now").getByText(words, { exact: true }).waitFor();
    };
    await switchTo("both-suppliers", "both suppliers");
    await assertFoundBy(tray, contoso, fabrikam);
    await switchTo("both-retailers", "both retailers");
    await assertFoundBy(tray, northwind);
    await switchTo("one-supplier", "one supplier");
    await assertFoundBy(tray, contoso);
    await tray.show(`order/${order}`);
    await tray.place("revoke").click();
    await tray.place("model-now").getByText("nobody else", { exact: true }).waitFor();
    await assertFoundBy(tray);
  });

  it("shows an inventory to the retailers that its supplier names", async () => {
    for (const desk of everybody()) {
      await desk.place("room-inventory").click();
    }
    for (const desk of [northwind, tray]) {
      assert.match(await desk.place("inventories").textContent(), /No inventories/);
    }
    assert.doesNotMatch(await contoso.place("inventories").textContent(), /Fabrikam/);
    await contoso.place("count-quantity").locator("input").fill("many");
    await contoso.place("count").click();
    await contoso.place("count-quantity").getByText("Give a whole number, such as 12.").waitFor();
    await contoso.place("count-quantity").locator("input").fill("4321");
    await contoso.place("count").click();
    await contoso.place("inventories").getByText("4,321").waitFor();
    await contoso.place("share-Northwind").click();
    await northwind.place("inventories").getByText("4,321").waitFor();
    assert.match(await tray.place("inventories").textContent(), /No inventories/);
    await contoso.page.getByRole("row", { name: "Northwind" }).getByText("Hide").click();
    await northwind.place("inventories").getByText("No inventories").waitFor();
  });

  it("signs in again by itself when a session is over", async () => {
    await contoso.page.evaluate(() => {
      for (const name of Object.keys(sessionStorage).filter((one) => one.includes(".session."))) {
        sessionStorage.setItem(name, JSON.stringify({ token: `coco_${"A".repeat(43)}`, chainId: 1337 }));
      }
    });
    await contoso.page.reload();
    await contoso.place("inventories").getByText("4,321").waitFor();
  });

  it("is light, quick and accessible, and fits a phone, in both themes", async () => {
    for (const [size, dark] of [undefined, PHONE].flatMap((one) => [false, true].map((theme) => [one, theme]))) {
      const desk = await Desk.open(browser, "tray-research", demo.urls["tray-research"], {
        dark,
        ...(size ? { size } : {}),
      });
      assert.ok(desk.seen.bytes < BYTES_MAX, `${desk.seen.bytes} bytes`);
      for (const fragment of ["orders", `order/${order}`, "inventory", `blockchain/${order}`]) {
        await desk.show(fragment);
        await desk.page.waitForFunction(() => document.querySelector(".loading") === null);
        await assertNothingSticksOut(desk.page);
        await assertAccessible(desk.page);
      }
      if (size !== undefined && dark) {
        await desk.show(`order/${order}`);
        await picture(desk.page, "supply-chain-phone");
      }
      await desk.place("room-orders").click();
      await desk.place("new-order").click();
      await desk.place("save-order").click();
      await assertNothingSticksOut(desk.page);
      await assertAccessible(desk.page);
      desk.seen.assertClean();
      await desk.close();
    }
  });

  /** The best of some loads, each in a profile of its own: the others had to share the machine with what else runs here. */
  it("loads in under a second", async () => {
    for (const url of [demo.urls.contoso, demo.urls.guide]) {
      let best = Number.POSITIVE_INFINITY;
      for (let attempt = 0; attempt < 5 && best >= LOAD_MAX_MS; attempt++) {
        const seen = await visit(browser, url);
        best = Math.min(best, (await seen.times()).load);
        await seen.close();
      }
      assert.ok(best < LOAD_MAX_MS, `loaded after ${best} ms`);
    }
  });

  it("can be used by keyboard alone", async () => {
    const desk = await Desk.open(browser, "tray-research", demo.urls["tray-research"]);
    const tabTo = async (name) => {
      for (let presses = 0; presses < 60; presses++) {
        await desk.page.keyboard.press("Tab");
        if (await desk.page.evaluate((at) => Boolean(document.activeElement?.closest(`[data-guide="${at}"]`)), name)) {
          return;
        }
      }
      assert.fail(`the tab key does not reach ${name}`);
    };
    await tabTo("new-order");
    await desk.page.keyboard.press("Enter");
    await desk.place("save-order").waitFor();
    await tabTo("quantity");
    await desk.page.keyboard.press("Control+A");
    await desk.page.keyboard.type("3");
    await desk.page.keyboard.press("Enter");
    await tabTo("save-order");
    await desk.page.keyboard.press("Enter");
    await tabTo("create-order");
    await desk.page.keyboard.press("Enter");
    await desk.place("create-order").waitFor({ state: "detached" });
    await desk.page.getByText("$7.47").waitFor();
    desk.seen.assertClean();
    await desk.close();
  });

  it("says that the connection is lost, and goes on by itself when it is back", async () => {
    await demo.stopNode(4);
    await fabrikam.page.getByTestId("connection-lost").waitFor();
    assert.match(await fabrikam.place("inventories").textContent(), /Fabrikam/);
    demo.up();
    await fabrikam.page.getByTestId("connection-lost").waitFor({ state: "detached" });
    await fabrikam.search(UNUSED);
    await fabrikam.finds(NOTHING);
  });

  it("walks through all steps in the guide, four windows side by side", async () => {
    const seen = await visit(browser, demo.urls.guide);
    const { page } = seen;
    assert.ok(!page.url().includes("#"), page.url());
    const within = (id, name) => page.frameLocator(`[data-party="${id}"] iframe`).locator(`[data-guide="${name}"]`);
    /** What the windows show after a step, where it is a search. */
    const expected = {
      DA6: { northwind: NOTHING },
      DA7: { "tray-research": CONTRACT },
      DA8: { contoso: NOTHING, fabrikam: NOTHING },
      DA10: { northwind: NOTHING, contoso: CONTRACT, fabrikam: NOTHING },
      "Both suppliers": { northwind: NOTHING, contoso: CONTRACT, fabrikam: CONTRACT },
      "Both retailers": { northwind: CONTRACT, contoso: NOTHING, fabrikam: NOTHING },
    };
    const assertShown = async (step) => {
      for (const [party, text] of Object.entries(expected[step] ?? {})) {
        await within(party, "search-result").getByText(text, { exact: true }).first().waitFor();
      }
    };
    const steps = await page.locator(".step-choice option").evaluateAll((options) => options.map((option) => option.dataset.step));
    assert.equal(steps.length, 15);
    for (const [index, step] of steps.entries()) {
      await page.getByRole("button", { name: "Do it for me" }).click();
      await page.getByText(`Step ${index + 1} of 15, done`).waitFor({ timeout: 60_000 });
      await assertShown(step);
      if (step === "DA10") {
        await picture(page, "supply-chain-guide");
        await page.reload();
        await page.getByText("Step 11 of 15, done").waitFor();
        await assertShown(step);
      }
      if (index < steps.length - 1) {
        await page.getByRole("button", { name: "Next" }).click();
      }
    }
    await within("tray-research", "inventories").getByText("Contoso").waitFor();
    await within("northwind", "inventories").getByText("No inventories").waitFor();
    await assertNothingSticksOut(page);
    await assertAccessible(page);
    seen.assertClean();
    await seen.close();
  });

  it("shows one window at a time in the guide on a phone", async () => {
    const seen = await visit(browser, demo.urls.guide, { size: PHONE });
    const { page } = seen;
    await page.getByRole("button", { name: "Contoso" }).click();
    assert.equal(await page.locator(".window:visible").count(), 1);
    await page.frameLocator('[data-party="contoso"] iframe').locator('[data-guide="orders"]').waitFor();
    assert.ok(seen.bytes < BYTES_MAX, `${seen.bytes} bytes`);
    await assertNothingSticksOut(page);
    await assertAccessible(page);
    seen.assertClean();
    await seen.close();
  });
});
