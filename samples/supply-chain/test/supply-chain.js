const { readFileSync } = require("node:fs");
const { expect } = require("chai");
const { ethers } = require("hardhat");
const { cocoAccess } = require("@coco-framework/solidity/hardhat");
const { FILE, compiled } = require("../tools/contracts.js");

const PRODUCTS = [
  { upc: "036000291452", name: "Facial tissues", price: 249n },
  { upc: "012345678905", name: "Ground coffee", price: 899n },
];
const LINES = [{ upc: PRODUCTS[1].upc, quantity: 40, subtotal: 35_960n }];
const NUMBER = "0x" + "5a".repeat(16);
const [CREATED, APPROVED, FULFILLED] = [1n, 2n, 3n];
const [READER, ADMINISTRATOR, SUPPLIER] = [1, 2, 4];

describe("the supply chain", () => {
  const access = cocoAccess(ethers.provider);
  let catalogue, buyer, approver, otherRetailer, contoso, fabrikam;

  beforeEach(async () => {
    [buyer, approver, otherRetailer, contoso, fabrikam] = await ethers.getSigners();
    catalogue = await ethers.deployContract("Catalogue", [PRODUCTS]);
  });

  const place = (lines = LINES, by = approver) =>
    ethers.deployContract("PurchaseOrder", [catalogue, NUMBER, by, lines], buyer);

  async function assertFoundBy(contract, finders) {
    for (const party of [buyer, approver, otherRetailer, contoso, fabrikam]) {
      await (finders.includes(party) ? access.assertReads(contract, party) : access.assertHidden(contract, party));
    }
  }

  describe("an order", () => {
    it("is found by its buyer and its approver alone when it is new", async () => {
      const order = await place();
      await assertFoundBy(order, [buyer, approver]);
      const seen = await order.order();
      expect(seen.buyer).to.equal(buyer.address);
      expect(seen.approver).to.equal(approver.address);
      expect(seen.number).to.equal(NUMBER);
      expect(seen.status).to.equal(CREATED);
      expect(seen.lines.map((line) => line.toObject())).to.deep.equal([
        { upc: LINES[0].upc, quantity: 40n, subtotal: 35_960n },
      ]);
    });

    it("is found by one supplier, by both, and by neither again", async () => {
      const order = await place();
      await order.assign(contoso);
      await assertFoundBy(order, [buyer, approver, contoso]);
      await order.assign(fabrikam);
      await assertFoundBy(order, [buyer, approver, contoso, fabrikam]);
      await order.revoke(contoso, SUPPLIER);
      await order.revoke(fabrikam, SUPPLIER);
      await assertFoundBy(order, [buyer, approver]);
    });

    it("is found by both retailers when one lets the other read", async () => {
      const order = await place();
      await order.grant(otherRetailer, READER);
      await assertFoundBy(order, [buyer, approver, otherRetailer]);
      await expect(order.connect(otherRetailer).fulfil()).to.be.revertedWithCustomError(order, "MissingRole");
    });

    it("shows no event to who may not read it, be it named there", async () => {
      const order = await place();
      const receipt = await (await order.assign(contoso)).wait();
      await order.revoke(contoso, SUPPLIER);
      expect(receipt.logs.length).to.equal(2);
      for (const log of receipt.logs) {
        await access.assertLogHidden(order, contoso, [...log.topics]);
        await access.assertLogHidden(order, fabrikam, [...log.topics]);
      }
    });

    it("lets nobody read through a contract, whoever calls it", async () => {
      const order = await place();
      await access.assertBarred(order, buyer, fabrikam);
      await access.assertBarred(order, ethers.ZeroAddress, fabrikam);
    });

    it("is approved by the approver it names, once", async () => {
      const order = await place();
      await expect(order.approve())
        .to.be.revertedWithCustomError(order, "NotTheApprover")
        .withArgs(buyer.address, approver.address);
      await expect(order.connect(approver).approve()).to.emit(order, "Approved").withArgs(approver.address);
      expect((await order.order()).status).to.equal(APPROVED);
      await expect(order.connect(approver).approve())
        .to.be.revertedWithCustomError(order, "WrongStatus")
        .withArgs(APPROVED, CREATED);
    });

    it("is approved by nobody else, whatever roles the buyer gives", async () => {
      const order = await place();
      await order.grant(buyer, await order.APPROVER());
      await expect(order.approve()).to.be.revertedWithCustomError(order, "NotTheApprover");
    });

    it("is fulfilled by an assigned supplier after it was approved", async () => {
      const order = await place();
      await order.assign(contoso);
      await expect(order.connect(contoso).fulfil())
        .to.be.revertedWithCustomError(order, "WrongStatus")
        .withArgs(CREATED, APPROVED);
      await order.connect(approver).approve();
      await expect(order.connect(fabrikam).fulfil())
        .to.be.revertedWithCustomError(order, "MissingRole")
        .withArgs(fabrikam.address, SUPPLIER);
      await expect(order.connect(contoso).fulfil()).to.emit(order, "Fulfilled").withArgs(contoso.address);
      const seen = await order.order();
      expect([seen.status, seen.fulfiller]).to.deep.equal([FULFILLED, contoso.address]);
    });

    it("is assigned and revoked by its buyer alone", async () => {
      const order = await place();
      await order.assign(contoso);
      for (const attempt of [
        order.connect(contoso).assign(fabrikam),
        order.connect(approver).assign(fabrikam),
        order.connect(contoso).grant(fabrikam, SUPPLIER),
        order.connect(approver).revoke(contoso, SUPPLIER),
      ]) {
        await expect(attempt).to.be.revertedWithCustomError(order, "MissingRole");
      }
    });

    it("is refused with a reason when it makes no sense", async () => {
      const { interface: errors } = await ethers.getContractFactory("PurchaseOrder");
      const expectRefusal = (attempt, error) =>
        expect(attempt).to.be.revertedWithCustomError({ interface: errors }, error);
      await expectRefusal(place([]), "NoLines");
      await expectRefusal(place(LINES, buyer), "ApproverIsBuyer");
      await expectRefusal(place([...LINES, { ...LINES[0], quantity: 0 }]), "NoQuantity");
      await expect(place([{ ...LINES[0], upc: "000000000000" }]))
        .to.be.revertedWithCustomError(catalogue, "UnknownProduct")
        .withArgs("000000000000");
    });
  });

  describe("an inventory", () => {
    it("is seen by its supplier and the retailers that the supplier names", async () => {
      const inventory = await ethers.deployContract("Inventory", [catalogue], contoso);
      await inventory.count(PRODUCTS[0].upc, 12);
      await assertFoundBy(inventory, [contoso]);
      await inventory.grant(otherRetailer, READER);
      await assertFoundBy(inventory, [contoso, otherRetailer]);
      expect(await inventory.supplier()).to.equal(contoso.address);
    });

    it("is counted by its supplier alone, the newest count being the one", async () => {
      const inventory = await ethers.deployContract("Inventory", [catalogue], contoso);
      for (const quantity of [12, 7]) {
        await expect(inventory.count(PRODUCTS[0].upc, quantity))
          .to.emit(inventory, "Counted")
          .withArgs(PRODUCTS[0].upc, quantity);
      }
      await inventory.count(PRODUCTS[1].upc, 3);
      expect((await inventory.items()).map((item) => [item.upc, item.quantity])).to.deep.equal([
        [PRODUCTS[0].upc, 7n],
        [PRODUCTS[1].upc, 3n],
      ]);
      await expect(inventory.count("1", 1)).to.be.revertedWithCustomError(catalogue, "UnknownProduct").withArgs("1");
      await inventory.grant(otherRetailer, READER);
      await expect(inventory.connect(otherRetailer).count(PRODUCTS[0].upc, 0))
        .to.be.revertedWithCustomError(inventory, "MissingRole")
        .withArgs(otherRetailer.address, ADMINISTRATOR);
    });
  });

  it("has an open directory of parties and products", async () => {
    const parties = [
      { name: "Tray Research", kind: 0n, account: buyer.address, approver: approver.address },
      { name: "Contoso", kind: 1n, account: contoso.address, approver: ethers.ZeroAddress },
    ];
    const directory = await ethers.deployContract("Directory", [catalogue, parties]);
    expect((await directory.parties()).map((party) => party.toObject())).to.deep.equal(parties);
    expect(await directory.catalogue()).to.equal(await catalogue.getAddress());
    expect((await catalogue.products()).map((product) => product.toObject())).to.deep.equal(PRODUCTS);
    for (const open of [directory, catalogue]) {
      expect(await access.isConfidential(open)).to.equal(false);
    }
  });

  it("is in contracts.json as the compiler makes it", () => {
    expect(JSON.parse(readFileSync(FILE, "utf8")), "npm run contracts writes it anew").to.deep.equal(compiled());
  });
});
