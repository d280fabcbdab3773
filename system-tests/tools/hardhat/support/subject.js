// A contract of which every function has to be called: by the table-like tests of test/every-function.
const { basename } = require("node:path");
const { expect } = require("chai");
const { ethers } = require("hardhat");
const { calls, contracts } = require("./record");

/** Nothing that a network estimates, so that two networks get the same signed bytes. */
const FIXED = { gasLimit: 8_000_000n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };

class Subject {
  constructor(name, contract) {
    this.name = name;
    this.contract = contract;
    this.address = contract.target;
    contracts[contract.target.toLowerCase()] = name;
  }

  static async deploy(name, ...args) {
    return Subject.of(name, await ethers.getContractFactory(name), ...args);
  }

  /** Of a package's artifact, a file below node_modules. */
  static async published(file, ...args) {
    const { contractName, abi, bytecode } = Subject.artifact(file);
    const [signer] = await ethers.getSigners();
    return Subject.of(contractName, new ethers.ContractFactory(abi, bytecode, signer), ...args);
  }

  static artifact(file) {
    const { abi, bytecode } = require(file);
    return { contractName: basename(file, ".json"), abi, bytecode: bytecode.startsWith("0x") ? bytecode : `0x${bytecode}` };
  }

  static async of(name, factory, ...args) {
    const contract = await factory.deploy(...args, FIXED);
    await contract.waitForDeployment();
    return new Subject(name, contract);
  }

  as(signer, name) {
    return this.contract.connect(signer).getFunction(name);
  }

  /** The function answers that; with no expectation, it answers. */
  async reads(name, args = [], expected = undefined) {
    const [signer] = await ethers.getSigners();
    const result = await this.as(signer, name).staticCall(...args);
    if (expected !== undefined) {
      expect(plain(result), name).to.deep.equal(plain(expected));
    }
    return result;
  }

  /** The transaction succeeds, with these events of these contracts in this order: [subject or contract, name, ...args]. */
  async does(signer, name, args = [], { value, emits = [], returns } = {}) {
    const overrides = value === undefined ? {} : { value };
    const result = await this.as(signer, name).staticCall(...args, overrides);
    if (returns !== undefined) {
      expect(plain(result), name).to.deep.equal(plain(returns));
    }
    const receipt = await (await this.as(signer, name).send(...args, { ...FIXED, ...overrides })).wait();
    this.emitted(receipt, name, emits);
    return receipt;
  }

  emitted(receipt, name, emits) {
    expect(receipt.status).to.equal(1);
    let from = 0;
    for (const [subject, event, ...expected] of emits) {
      const { contract } = subject;
      const topic = contract.interface.getEvent(event).topicHash;
      const at = receipt.logs.findIndex((log, i) => i >= from && log.address === subject.address && log.topics[0] === topic);
      expect(at, `${name} emits ${event}`).to.not.equal(-1);
      const parsed = contract.interface.parseLog(receipt.logs[at]);
      expected.forEach((arg, i) => arg === undefined || expect(plain(parsed.args[i]), `${event}[${i}]`).to.deep.equal(plain(arg)));
      from = at + 1;
    }
  }

  /** The call reverts with that custom error or, if it has no such error, that text; and so does the transaction. */
  async refuses(signer, name, args, error, errorArgs = undefined, { value } = {}) {
    const overrides = value === undefined ? {} : { value };
    const call = this.as(signer, name).staticCall(...args, overrides);
    if (error === undefined) {
      // Either no data at all or an invalid instruction.
      await expect(call, name).to.be.rejected;
    } else if (typeof error === "string" && this.contract.interface.getError(error.replaceAll(" ", ""))) {
      const matched = expect(call, name).to.be.revertedWithCustomError(this.contract, error);
      await (errorArgs === undefined ? matched : matched.withArgs(...errorArgs));
    } else {
      await expect(call, name).to.be.revertedWith(error);
    }
    const sent = await this.as(signer, name).send(...args, { ...FIXED, ...overrides });
    await expect(sent.wait(), name).to.be.rejected;
    expect((await ethers.provider.getTransactionReceipt(sent.hash)).status).to.equal(0);
  }

  /** The functions of the ABI of which no call has succeeded yet. */
  uncalled() {
    const to = this.address.toLowerCase();
    const done = new Set(calls.filter((call) => call.to?.toLowerCase() === to && call.result !== undefined).map((call) => call.data.slice(0, 10)));
    const { interface: abi } = this.contract;
    return abi.fragments
      .filter((fragment) => fragment.type === "function" && !done.has(fragment.selector))
      .map((fragment) => fragment.format("sighash"));
  }
}

function plain(value) {
  if (Array.isArray(value)) {
    return [...value].map(plain);
  }
  return typeof value === "number" ? BigInt(value) : (value?.target ?? value?.address ?? value);
}

module.exports = { FIXED, Subject };
