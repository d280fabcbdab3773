import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Contract, ContractFactory, isError, parseEther } from "ethers";
import { compile } from "../lib/compile.mjs";
import { connect } from "../lib/network.mjs";

const SUPPLY = parseEther("1000000");

describe("an OpenZeppelin 5 ERC-20, compiled with default settings", () => {
  let coco;
  let artifact;
  let token;
  let owner;
  let deployment;

  before(async () => {
    coco = await connect();
    artifact = compile("TestToken");
    owner = coco.wallet(0, 0);
    const factory = new ContractFactory(artifact.abi, artifact.bytecode, owner);
    token = await factory.deploy("Coco Test", "CTT", SUPPLY);
    deployment = await token.deploymentTransaction().wait();
    await coco.applied(deployment.blockNumber);
  });
  after(() => coco?.stop());

  const through = (account, node) => token.connect(coco.wallet(account, node));

  it("should be there, with its receipt, on every node", async () => {
    assert.equal(deployment.status, 1);
    assert.equal(deployment.contractAddress, await token.getAddress());
    for (const provider of coco.providers) {
      const seen = new Contract(await token.getAddress(), artifact.abi, provider);
      assert.equal(await seen.name(), "Coco Test");
      assert.equal(await seen.decimals(), 18n);
      assert.equal(await seen.balanceOf(owner.address), SUPPLY);
      const receipt = await provider.getTransactionReceipt(deployment.hash);
      assert.equal(receipt.blockHash, deployment.blockHash);
    }
  });

  it("should move balances when transfers are written through each node in turn", async () => {
    const recipient = coco.wallet(1, 0).address;
    const before = await token.balanceOf(recipient);
    let last;
    for (let node = 0; node < coco.providers.length; node++) {
      last = await (await through(0, node).transfer(recipient, 1_000n + BigInt(node))).wait();
      assert.equal(last.status, 1);
      await coco.applied(last.blockNumber);
    }
    const sum = coco.providers.reduce((total, _, node) => total + 1_000n + BigInt(node), 0n);
    for (let node = 0; node < coco.providers.length; node++) {
      assert.equal((await through(0, node).balanceOf(recipient)) - before, sum);
    }
  });

  it("should spend an allowance once and no more", async () => {
    const spender = coco.wallet(2, 1);
    await (await through(0, 1).approve(spender.address, 500n)).wait();
    const receipt = await (await through(2, 1).transferFrom(owner.address, spender.address, 400n)).wait();
    await coco.applied(receipt.blockNumber);
    assert.equal(await token.allowance(owner.address, spender.address), 100n);
    await assert.rejects(through(2, 1).transferFrom.staticCall(owner.address, spender.address, 101n), (e) => {
      assert.equal(e.revert.name, "ERC20InsufficientAllowance");
      assert.deepEqual([...e.revert.args], [spender.address, 100n, 101n]);
      return true;
    });
  });

  it("should give custom errors, texts and panics as geth does", async () => {
    const poor = coco.wallet(9, 2);
    await assert.rejects(through(9, 2).transfer.staticCall(owner.address, 1n), (e) => {
      assert.ok(isError(e, "CALL_EXCEPTION"));
      assert.equal(e.revert.name, "ERC20InsufficientBalance");
      assert.deepEqual([...e.revert.args], [poor.address, 0n, 1n]);
      return true;
    });
    // The estimate before a send fails with the same data.
    const selector = token.interface.getError("ERC20InsufficientBalance").selector;
    await assert.rejects(through(9, 2).transfer(owner.address, 1n), (e) => e.data.startsWith(selector));
    await assert.rejects(through(9, 2).refuse(7n), (e) => e.revert.name === "Refused" && e.revert.args[1] === 7n);
    await assert.rejects(through(9, 2).refuseWithText(), (e) => e.reason === "not on a Sunday");
    await assert.rejects(through(9, 2).divide(1n, 0n), (e) => e.data.endsWith("12") && /DIVIDE_BY_ZERO/.test(e.reason));
    await assert.rejects(through(9, 2).mint.staticCall(poor.address, 1n), (e) => e.revert.name === "OwnableUnauthorizedAccount");
  });

  it("should record a failed transaction with status 0 when it is sent regardless", async () => {
    const sent = await through(9, 1).transfer(owner.address, 1n, { gasLimit: 100_000n });
    await assert.rejects(sent.wait(), (e) => isError(e, "CALL_EXCEPTION") && e.receipt.status === 0 && e.receipt.logs.length === 0);
  });

  it("should find events by topic and address on every node", async () => {
    const to = [3, 4, 5].map((account) => coco.wallet(account, 0).address);
    const receipt = await (await through(0, 2).scatter(to, 11n)).wait();
    await coco.applied(receipt.blockNumber);
    assert.deepEqual(receipt.logs.map((log) => log.index - receipt.logs[0].index), [0, 1, 2]);
    for (let node = 0; node < coco.providers.length; node++) {
      const seen = through(0, node);
      const events = await seen.queryFilter(seen.filters.Transfer(owner.address, to[1]), deployment.blockNumber, receipt.blockNumber);
      const event = events.find((e) => e.transactionHash === receipt.hash);
      assert.equal(event.args.value, 11n);
      assert.equal(event.index, receipt.logs[1].index);
      const byHash = await coco.providers[node].getLogs({ blockHash: receipt.blockHash, address: await token.getAddress() });
      assert.equal(byHash.filter((log) => log.transactionHash === receipt.hash).length, 3);
    }
  });

  it("should keep the order of one sender when many transactions are sent at once", async () => {
    const sender = coco.pipelinedWallet(6, 1);
    const recipient = coco.wallet(7, 0).address;
    const before = await coco.providers[0].getBalance(recipient);
    const sent = await Promise.all(Array.from({ length: 25 }, () => sender.sendTransaction({ to: recipient, value: 3n })));
    const receipts = await Promise.all(sent.map((tx) => tx.wait()));
    await coco.applied(Math.max(...receipts.map((r) => r.blockNumber)));
    assert.equal((await coco.providers[0].getBalance(recipient)) - before, 75n);
    const position = (r) => r.blockNumber * 100_000 + r.index;
    for (let i = 1; i < receipts.length; i++) {
      assert.ok(position(receipts[i]) > position(receipts[i - 1]), `transaction ${i} before its predecessor`);
    }
  });
});
