const { anyValue } = require("@nomicfoundation/hardhat-chai-matchers/withArgs");
const { expect } = require("chai");
const { ethers } = require("hardhat");

// As a user would write it: nothing here knows what network it runs on. "npx hardhat test test/vault.js --network coco"
describe("Vault", () => {
  let shares, vault, owner, other;

  async function deploy(unlockTime, value = 0n) {
    const factory = await ethers.getContractFactory("Vault", { libraries: { Shares: await shares.getAddress() } });
    const made = await factory.deploy(unlockTime, { value });
    await made.waitForDeployment();
    return made;
  }

  before(async () => {
    [owner, other] = await ethers.getSigners();
    shares = await ethers.deployContract("Shares");
    await shares.waitForDeployment();
    vault = await deploy(0n, 1000n);
  });

  it("should take ether and count it", async () => {
    expect(await ethers.provider.getBalance(vault)).to.equal(1000n);
    await expect(vault.connect(other).deposit({ value: 24n })).to.emit(vault, "Deposited").withArgs(other.address, 24n);
    expect(await vault.given(other.address)).to.equal(24n);
    expect(await vault.average()).to.equal(1024n);
    expect(await vault.owner()).to.equal(owner.address);
  });

  it("should move balances", async () => {
    const to = await vault.getAddress();
    // Gas costs nothing here, and the matcher subtracts what it cost elsewhere.
    await expect(other.sendTransaction({ to, value: 10n })).to.changeEtherBalances([other, vault], [-10n, 10n]);
    await expect(vault.withdraw(100n)).to.changeEtherBalance(owner, 99n);
    const token = await ethers.deployContract("PlainToken", ["T"]);
    await token.waitForDeployment();
    await expect(token.transfer(other, 5n)).to.changeTokenBalances(token, [owner, other], [-5n, 5n]);
  });

  it("should refuse with custom errors", async () => {
    await expect(vault.connect(other).withdraw(1n)).to.be.revertedWithCustomError(vault, "NotOwner").withArgs(other.address);
    await expect(vault.withdraw(1n << 80n)).to.be.revertedWithCustomError(vault, "Short").withArgs(1n << 80n, anyValue);
    const locked = await deploy(4_000_000_000n);
    await expect(locked.withdraw(0n)).to.be.revertedWithCustomError(locked, "TooEarly").withArgs(anyValue, 4_000_000_000n);
  });

  it("should refuse with a text, a panic, an assertion and nothing", async () => {
    await expect(vault.deposit()).to.be.revertedWith("Vault: nothing given");
    await expect((await deploy(0n)).average()).to.be.revertedWithPanic(0x12);
    await expect(vault.impossible()).to.be.revertedWithPanic(0x01);
    await expect(vault.silent()).to.be.revertedWithoutReason();
    await expect(vault.silent()).to.be.reverted;
  });

  it("should estimate gas so that it suffices and is not much more", async () => {
    for (const count of [1n, 10n, 100n]) {
      const estimate = await vault.fill.estimateGas(count * 1000n, count);
      const receipt = await (await vault.fill(count * 1000n, count, { gasLimit: estimate })).wait();
      expect(receipt.status).to.equal(1);
      expect(estimate).to.be.lessThanOrEqual((receipt.gasUsed * 104n) / 100n);
    }
  });

  it("should record a transaction that fails, if it is sent in spite of the estimate", async () => {
    const sent = await vault.connect(other).withdraw(1n, { gasLimit: 100_000n });
    await expect(sent.wait()).to.be.rejectedWith("transaction execution reverted");
    expect((await ethers.provider.getTransactionReceipt(sent.hash)).status).to.equal(0);
  });

  it("should send many without waiting", async () => {
    const first = await owner.getNonce();
    const sent = [];
    for (let i = 0; i < 20; i++) {
      sent.push(vault.deposit({ value: 1n, nonce: first + i }));
    }
    const receipts = await Promise.all((await Promise.all(sent)).map((tx) => tx.wait()));
    expect(receipts.every((receipt) => receipt.status === 1)).to.equal(true);
  });

  it("should sign and find what was signed", async () => {
    const signature = await owner.signMessage("words");
    expect(ethers.verifyMessage("words", signature)).to.equal(owner.address);
    const events = await vault.queryFilter(vault.filters.Deposited(other.address));
    expect(events.map((event) => event.args.amount)).to.deep.equal([24n, 10n]);
  });

  it("should not be offered what only a development node can do", async () => {
    for (const method of ["evm_mine", "evm_increaseTime", "evm_snapshot", "hardhat_impersonateAccount", "hardhat_setBalance"]) {
      await expect(ethers.provider.send(method, [])).to.be.rejectedWith(`the method ${method} does not exist/is not available`);
    }
  });
});
