const { expect } = require("chai");
const { ethers } = require("hardhat");
const { cocoAccess, INTERFACE_ID, topic } = require("../../hardhat");

describe("the helper for Hardhat", () => {
  const access = cocoAccess(ethers.provider);
  let buyer, supplier, stranger, order;

  beforeEach(async () => {
    [buyer, supplier, stranger] = await ethers.getSigners();
    order = await ethers.deployContract("PurchaseOrder", ["pallets", 20]);
  });

  it("says who sees an order", async () => {
    await access.assertReads(order, buyer);
    await access.assertHidden(order, supplier);
    await order.assign(supplier);
    await access.assertReads(order, supplier);
    await access.assertHidden(order, stranger);
    await access.assertBarred(order, buyer, stranger);
  });

  it("fails where a claim does not hold", async () => {
    const open = await ethers.deployContract("Token", [buyer]);
    await expect(access.assertConfidential(open)).to.be.rejectedWith("everybody");
    await expect(access.assertConfidential(stranger)).to.be.rejectedWith("everybody");
    await expect(access.assertReads(order, stranger)).to.be.rejectedWith("may not read");
    await expect(access.assertHidden(order, buyer)).to.be.rejectedWith("may read");
    await expect(access.assertBarred(order, buyer, buyer)).to.be.rejectedWith("with the right of");
  });

  it("asks for single events", async () => {
    const topics = [topic("Assigned(address)"), ethers.zeroPadValue(supplier.address, 32)];
    await access.assertLogShown(order, supplier, topics);
    await access.assertLogHidden(order, stranger, topics);
    await expect(access.assertLogHidden(order, supplier, topics)).to.be.rejectedWith("sees the event");
    await expect(access.assertLogShown(order, stranger, topics)).to.be.rejectedWith("does not see");
  });

  it("knows the interface by its id", async () => {
    expect(await order.supportsInterface(INTERFACE_ID)).to.equal(true);
    expect(await order.supportsInterface("0xffffffff")).to.equal(false);
  });

  it("takes no answer for an answer", async () => {
    for (const kind of [0, 1, 2, 3, 4]) {
      const liar = await ethers.deployContract("Liar", [kind]);
      await access.assertHidden(liar, buyer);
    }
    expect(await access.isConfidential(await ethers.deployContract("YesMan"))).to.equal(false);
  });
});
