const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { expect } = require("chai");
const { ethers, network } = require("hardhat");
const { cocoReaders, READERS, MOST_READERS } = require("../../hardhat");

const ROOT = path.join(__dirname, "..", "..");
const CODE = path.join(ROOT, "../ledgers/ethereum/src/main/resources/coco/ledgers/ethereum/access/CocoReaders.hex");
const NETWORK = ethers.getAddress("0xfffffffffffffffffffffffffffffffffffffffd");

describe("readers that a sender names", () => {
  let keeper, reader, stranger, lists, factory, errand;

  const many = (count) => Array.from({ length: count }, (_, i) => ethers.toBeHex(1_000 + i, 20));
  const asNetwork = async (made, user) =>
    ethers.toBeHex(await ethers.provider.call({ from: NETWORK, to: READERS, data: lists.lists.interface.encodeFunctionData("isReader", [made, user]) })) ===
    "0x01";

  before(async () => {
    await network.provider.send("hardhat_setCode", [READERS, "0x" + readFileSync(CODE, "utf8").trim()]);
    [keeper, reader, stranger] = await ethers.getSigners();
    lists = cocoReaders(keeper);
    factory = await ethers.getContractFactory("Estate");
    errand = await ethers.deployContract("Errand");
  });

  it("come from what the source compiles to", () => {
    execFileSync(process.execPath, ["tools/readers.mjs", "--check"], { cwd: ROOT });
  });

  it("are those that the network hears of", async () => {
    const estate = await lists.deploy(factory, [7], [reader], { value: 5n });
    expect(await estate.price()).to.equal(7n);
    expect(await ethers.provider.getBalance(estate)).to.equal(5n);
    for (const [user, isReader] of [[keeper, true], [reader, true], [stranger, false]]) {
      expect(await asNetwork(estate.target, user.address)).to.equal(isReader);
      expect(await lists.isReader(estate, user)).to.equal(isReader);
    }
    expect(await asNetwork(estate.target, ethers.ZeroAddress)).to.equal(false);
    await lists.name(estate, [stranger, stranger]);
    expect(await asNetwork(estate.target, reader.address)).to.equal(false);
    expect(await asNetwork(estate.target, stranger.address)).to.equal(true);
    await lists.name(estate, []);
    expect(await asNetwork(estate.target, stranger.address)).to.equal(false);
  });

  it("are told to the network and the keeper only", async () => {
    const estate = await lists.deploy(factory, [7], [reader]);
    await expect(lists.lists.connect(reader).isReader(estate, reader)).to.be.revertedWithCustomError(lists.lists, "NotTheKeeper");
    const ask = lists.lists.interface.encodeFunctionData("isReader", [estate.target, reader.address]);
    await expect(errand.run.staticCall(READERS, ask)).to.be.revertedWithCustomError(lists.lists, "NotTheKeeper");
  });

  it("lie in slots that begin with the contract's address", async () => {
    const estate = await lists.deploy(factory, [7], [reader, stranger]);
    const slot = (i) => ethers.toBeHex((BigInt(estate.target) << 96n) + BigInt(i), 32);
    const words = await Promise.all([0, 1, 2, 3].map((i) => ethers.provider.getStorage(READERS, slot(i))));
    const ascending = [reader.address, stranger.address].map(BigInt).sort((a, b) => (a < b ? -1 : 1));
    expect(words.map(BigInt)).to.deep.equal([(2n << 160n) | BigInt(keeper.address), ...ascending, 0n]);
  });

  it("are changed by the keeper, and by nobody else or in its name", async () => {
    const estate = await lists.deploy(factory, [7], [reader]);
    const naming = lists.lists.interface.encodeFunctionData("name", [estate.target, [stranger.address]]);
    const refused = (sent) => expect(sent).to.be.revertedWithCustomError(lists.lists, "OnlyWhoSigns");
    await refused(errand.run(READERS, naming));
    await refused(errand.connect(stranger).run(READERS, naming));
    expect(await errand.runHere.staticCall(READERS, naming)).to.equal(false);
    await refused(ethers.deployContract("Intruder", [READERS, estate, [stranger.address]]));
    for (const other of [reader, stranger]) {
      await expect(cocoReaders(other).name(estate, [other])).to.be.revertedWithCustomError(lists.lists, "NotTheKeeper");
    }
    await lists.handOver(estate, stranger);
    await expect(lists.name(estate, [])).to.be.revertedWithCustomError(lists.lists, "NotTheKeeper");
    await cocoReaders(stranger).handOver(estate, ethers.ZeroAddress);
    await expect(cocoReaders(stranger).name(estate, [])).to.be.revertedWithCustomError(lists.lists, "NotTheKeeper");
    expect(await asNetwork(estate.target, reader.address)).to.equal(true);
  });

  it("cannot be named for a contract that is there", async () => {
    const open = await ethers.deployContract("Estate", [7]);
    await expect(lists.name(open, [])).to.be.revertedWithCustomError(lists.lists, "NotTheKeeper");
    await expect(lists.handOver(open, keeper)).to.be.revertedWithCustomError(lists.lists, "NotTheKeeper");
  });

  it("come with one call of the new contract", async () => {
    const estate = await lists.deploy(factory, [7], [], { first: ["transferOwnership", reader.address] });
    expect(await estate.owner()).to.equal(reader.address);
    const without = await lists.deploy(factory, [8], []);
    expect(await without.owner()).to.equal(READERS);
    const creation = ethers.concat([factory.bytecode, factory.interface.encodeDeploy([9])]);
    const unknown = lists.lists.create(ethers.ZeroHash, creation, [], "0x12345678");
    await expect(unknown).to.be.revertedWithCustomError(lists.lists, "NotMade");
    const refusing = lists.deploy(factory, [13], []);
    await expect(refusing).to.be.revertedWithCustomError(factory, "Refused").withArgs(13n);
  });

  it("see a tender that was written without them in mind", async () => {
    const tender = await lists.deploy(await ethers.getContractFactory("Tender"), [keeper.address, "pallets"], [reader]);
    await tender.connect(reader).bid(20n);
    await tender.award(reader);
    expect(await tender.winner()).to.equal(reader.address);
    expect(await asNetwork(tender.target, stranger.address)).to.equal(false);
  });

  it("belong to one address for each keeper, salt and code", async () => {
    const salt = ethers.id("salt");
    const own = await lists.deploy(factory, [7], [reader], { salt });
    const others = await cocoReaders(stranger).deploy(factory, [7], [stranger], { salt });
    expect(others.target).to.not.equal(own.target);
    await expect(lists.deploy(factory, [7], [stranger], { salt })).to.be.revertedWithCustomError(lists.lists, "NotMade");
    expect(await asNetwork(own.target, stranger.address)).to.equal(false);
  });

  it("are as many as fit", async () => {
    const estate = await lists.deploy(factory, [7], []);
    await lists.name(estate, many(MOST_READERS));
    for (const i of [0, 1, 127, 128, 254, 255]) {
      expect(await asNetwork(estate.target, many(MOST_READERS)[i])).to.equal(true);
    }
    expect(await asNetwork(estate.target, many(MOST_READERS + 1)[MOST_READERS])).to.equal(false);
    await expect(lists.name(estate, many(MOST_READERS + 1))).to.be.revertedWithCustomError(lists.lists, "TooManyReaders");
    const [one, two] = many(2);
    for (const unsorted of [[two, one], [one, one], [ethers.ZeroAddress]]) {
      await expect(lists.lists.name(estate, unsorted)).to.be.revertedWithCustomError(lists.lists, "NotAscending");
    }
  });

  it("need a network that has the system contract", async () => {
    const code = await ethers.provider.getCode(READERS);
    await network.provider.send("hardhat_setCode", [READERS, "0x"]);
    await expect(lists.deploy(factory, [7], [reader])).to.be.rejectedWith("founded without it");
    await expect(lists.name(factory.runner.address, [])).to.be.rejectedWith("founded without it");
    await network.provider.send("hardhat_setCode", [READERS, code]);
  });
});
