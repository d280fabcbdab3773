// The same signed transactions to Coco and to anvil, whose blocks get the times of Coco's: equal receipts, equal answers
// of eth_call, equal revert data. Only what reads the number of the block or its randomness is left out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { AbiCoder, concat, getCreateAddress, Interface, toBeHex, zeroPadValue } from "ethers";
import { account, ask, CHAIN_ID, coco, comparable, freshPhrase, fund, here, receiptOf, rpc, startAnvil } from "../lib/tools.mjs";

const vaultOf = (name) => JSON.parse(readFileSync(join(here, `hardhat/artifacts/contracts/Vault.sol/${name}.json`), "utf8"));

/** Contracts in their own bytecode: what they do stands beside them. */
const INIT = {
  returnsNothing: "0x",
  returnsOneByteOfCode: "0x60016000f3",
  reverts: "0x60006000fd",
  isInvalid: "0xfe",
  runsOutOfGas: "0x5b600056",
  // EIP-3541: code that begins with 0xef.
  returnsEf: "0x60ef60005360016000f3",
  // EIP-170: one byte more than 24,576.
  returnsTooMuch: "0x6160016000f3",
  underflowsItsStack: "0x50",
  jumpsNowhere: "0x600056",
  // LOG0 to LOG4 of 32 bytes each.
  logs: "0x60206000a0600160206000a16002600160206000a260036002600160206000a3600460036002600160206000a400",
  // Sets a slot, clears it again: a refund.
  refunds: "0x60016000556000600055",
  // SELFDESTRUCT in the transaction of its creation: EIP-6780.
  destroysItself: "0x33ff",
  // BLOBHASH(0), BLOBBASEFEE, MCOPY, TLOAD and TSTORE, PUSH0, CLZ.
  usesNewInstructions: "0x5f495f554a6001555f5f60205e60015f5d5f5c600255600f1e60035500",
};

/** Runtime code that answers with what the instruction pushes. */
const answering = (instructions) => concat([instructions, "0x5f5260205ff3"]);
const deploying = (runtime) => {
  const length = (runtime.length - 2) / 2;
  return concat(["0x61", toBeHex(length, 2), "0x80600a5f395ff3", runtime]);
};

describe("anvil as the oracle", () => {
  const phrase = freshPhrase();
  const [ann, bob, carol] = [0, 1, 2].map((i) => account(phrase, i));
  const nonces = new Map();
  const url = coco[0];
  let anvil;
  let compared = 0;
  const statuses = { "0x0": 0, "0x1": 0 };

  before(async () => {
    anvil = await startAnvil();
    await fund(url, phrase, 3);
    await fund(anvil.url, phrase, 3);
  });
  after(() => anvil?.stop());

  /** Sends to both; the receipts are equal. @returns Coco's */
  async function same(name, wallet, fields) {
    const nonce = nonces.get(wallet.address) ?? 0;
    nonces.set(wallet.address, nonce + 1);
    const price = (fields.type ?? 2) >= 2 ? { maxFeePerGas: 0, maxPriorityFeePerGas: 0 } : { gasPrice: 0 };
    const raw = await wallet.signTransaction({ chainId: CHAIN_ID, nonce, gasLimit: 1_000_000, type: 2, ...price, ...fields });
    const receipt = await receiptOf(url, await ask(url, "eth_sendRawTransaction", raw));
    const { timestamp } = await ask(url, "eth_getBlockByNumber", receipt.blockNumber, false);
    await ask(anvil.url, "evm_setNextBlockTimestamp", Number(timestamp));
    const theirs = await receiptOf(anvil.url, await ask(anvil.url, "eth_sendRawTransaction", raw));
    assert.deepEqual(comparable(receipt), comparable(theirs), name);
    compared++;
    statuses[receipt.status]++;
    return receipt;
  }

  /** Asks both; the answers, or the data of the revert, are equal. @returns Coco's */
  async function sameAnswer(name, method, ...params) {
    const [ours, theirs] = [await rpc(url, method, ...params), await rpc(anvil.url, method, ...params)];
    assert.deepEqual(ours.result, theirs.result, name);
    assert.equal(ours.error === undefined, theirs.error === undefined, name);
    assert.equal(ours.error?.data ?? "0x", theirs.error?.data ?? "0x", name);
    compared++;
    return ours.result ?? ours.error;
  }

  it("should agree on transfers of every type", async () => {
    const to = bob.address;
    await same("legacy", ann, { type: 0, to, value: 1, gasLimit: 21_000 });
    const accessList = [{ address: to, storageKeys: [zeroPadValue("0x01", 32), zeroPadValue("0x02", 32)] }];
    await same("access list", ann, { type: 1, to, value: 2, accessList });
    await same("fee market", ann, { to, value: 3 });
    await same("fee market with access list and data", ann, { to, value: 3, accessList, data: "0x00ff00ff" });
    await same("to itself", ann, { to: ann.address, value: 4 });
    await same("to nobody yet", ann, { to: zeroPadValue("0xc0c0", 20), value: 0 });
    await same("much data: the floor of EIP-7623", ann, { to, data: `0x${"ff".repeat(5_000)}` });
    const authorize = (signer, address, nonce, chainId = CHAIN_ID) => signer.authorize({ address, nonce, chainId });
    const list = [await authorize(carol, bob.address, 0), await authorize(carol, bob.address, 7), await authorize(carol, ann.address, 1, 0n), await authorize(carol, ann.address, 2, 5n)];
    await same("authorizations of EIP-7702, of which two are void", ann, { type: 4, to, authorizationList: list });
    nonces.set(carol.address, 2);
    await sameAnswer("the code of who delegated", "eth_getCode", carol.address, "latest");
    await same("from an account that delegated", carol, { to, value: 5 });
    for (const { address } of [ann, bob, carol]) {
      await sameAnswer("balance", "eth_getBalance", address, "latest");
      await sameAnswer("nonce", "eth_getTransactionCount", address, "latest");
    }
  });

  it("should agree on creations, also on those that fail", async () => {
    for (const [name, data] of Object.entries(INIT)) {
      const { contractAddress } = await same(name, ann, { data, gasLimit: 400_000 });
      await sameAnswer(name, "eth_getCode", contractAddress, "latest");
      await sameAnswer(name, "eth_getTransactionCount", contractAddress, "latest");
      for (let slot = 0; slot < 4; slot++) {
        await sameAnswer(name, "eth_getStorageAt", contractAddress, toBeHex(slot, 32), "latest");
      }
      await sameAnswer(name, "eth_call", { from: ann.address, data, gas: "0x61a80" }, "latest");
    }
    await same("creation with value", ann, { data: "0x", value: 9 });
    await same("creation too short of gas for its code", ann, { data: deploying(`0x${"00".repeat(1_000)}`), gasLimit: 100_000 });
  });

  it("should agree on what instructions answer", async () => {
    const environment = { ADDRESS: "0x30", BALANCE: "0x3031", ORIGIN: "0x32", CALLER: "0x33", CALLVALUE: "0x34", CALLDATASIZE: "0x36", CODESIZE: "0x38" };
    const chain = { GASPRICE: "0x3a", GASLIMIT: "0x45", CHAINID: "0x46", SELFBALANCE: "0x47", BASEFEE: "0x48", COINBASE: "0x41", CODEHASH: "0x303f", GAS: "0x5a" };
    const sums = { EXP: "0x61010060030a", SDIV: "0x60035f0305", SIGNEXTEND: "0x60ff5f0b", BYTE: "0x61ff00601e1a", CLZ: "0x60011e", KECCAK: "0x60205f20" };
    for (const [name, instructions] of Object.entries({ ...environment, ...chain, ...sums })) {
      const { contractAddress } = await same(name, bob, { data: deploying(answering(instructions)) });
      const call = { from: ann.address, to: contractAddress, data: "0x0102", gas: "0x30d40" };
      await sameAnswer(name, "eth_call", call, "latest");
    }
  });

  it("should agree on precompiled contracts", async () => {
    const inputs = ["0x", `0x${"11".repeat(128)}`, `0x${"00".repeat(31)}01${"00".repeat(31)}01${"00".repeat(31)}05020305`, `0x${"00".repeat(192)}`];
    for (const index of [...Array(17).keys()].map((i) => i + 1).concat(256)) {
      const to = toBeHex(index, 20);
      for (const data of inputs) {
        await sameAnswer(`precompile ${index}`, "eth_call", { from: ann.address, to, data, gas: "0xf4240" }, "latest");
      }
      await same(`precompile ${index}`, bob, { to, data: inputs[2] });
    }
  });

  it("should agree on a contract with a library, and on each way it refuses", async () => {
    const library = await same("library", ann, { data: vaultOf("Shares").bytecode });
    const { bytecode, abi, linkReferences } = vaultOf("Vault");
    const [{ start }] = linkReferences["contracts/Vault.sol"].Shares;
    const at = 2 + 2 * start;
    const linked = bytecode.slice(0, at) + library.contractAddress.slice(2) + bytecode.slice(at + 40);
    const vault = await same("vault", ann, { data: concat([linked, AbiCoder.defaultAbiCoder().encode(["uint256"], [4_000_000_000])]), value: 1000, gasLimit: 3_000_000 });
    const to = vault.contractAddress;
    assert.equal(to.toLowerCase(), getCreateAddress({ from: ann.address, nonce: nonces.get(ann.address) - 1 }).toLowerCase());
    const pack = (name, ...args) => new Interface(abi).encodeFunctionData(name, args);
    // The error with the time in it comes last: the clocks of two networks differ when nothing is sent.
    const refusals = { owner: pack("withdraw", 1), assertion: pack("impossible"), panic: pack("average"), silent: pack("silent"), text: pack("deposit"), unknown: "0x12345678" };
    for (const [name, data] of Object.entries(refusals)) {
      await sameAnswer(name, "eth_call", { from: bob.address, to, data }, "latest");
      await same(name, bob, { to, data });
    }
    await same("ether without data", bob, { to, value: 5 });
    await same("deposit", bob, { to, data: pack("deposit"), value: 6 });
    await same("fill", bob, { to, data: pack("fill", 0, 20), gasLimit: 2_000_000 });
    await same("fill again, where there is something already", bob, { to, data: pack("fill", 10, 20), gasLimit: 2_000_000 });
    await same("fill without enough gas", bob, { to, data: pack("fill", 100, 20), gasLimit: 100_000 });
    await same("too early", ann, { to, data: pack("withdraw", 1) });
    for (const name of ["deposits", "owner", "unlockTime", "average"]) {
      await sameAnswer(name, "eth_call", { to, data: pack(name) }, "latest");
    }
    await sameAnswer("given", "eth_call", { to, data: pack("given", bob.address) }, "latest");
  });

  it("should have compared a lot", (t) => {
    const words = `${compared} receipts and answers equal; ${statuses["0x1"]} transactions succeeded, ${statuses["0x0"]} failed`;
    t.diagnostic(words);
    assert.ok(compared > 250 && statuses["0x1"] > 40 && statuses["0x0"] > 15, words);
  });
});
