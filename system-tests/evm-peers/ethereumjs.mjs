// Runs messages on @ethereumjs/evm: one JSON object a line on standard input, one a line on standard output.
//
// In:  { hardfork, chainId, origin, gasPrice, blobHashes: [], absentPrecompiles: [], blockHashes: { number: hash },
//        block: { number, timestamp, gasLimit, baseFee, randomness, coinbase, blobBaseFee },
//        accounts: [{ address, nonce, balance, code, storage: { key: value } }],
//        calls: [{ kind, target, value, data, gas, warm: [] }] }
// Out: [{ halt, gasLeft, refund, output, logs: [], state: { keccak(address): { nonce, balance, codeHash, storage } } }],
//      or { error } if the machine threw
//
// Each call is a transaction of its own. Numbers are decimal strings, bytes and storage 0x and hexadecimal digits.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Mainnet, createCustomCommon } from "@ethereumjs/common";
import { createEVM, getActivePrecompiles } from "@ethereumjs/evm";
import { RLP } from "@ethereumjs/rlp";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import {
  Account,
  bigIntToBytes,
  bytesToBigInt,
  bytesToHex,
  createAccountFromRLP,
  createAddressFromString,
  hexToBytes,
  setLengthLeft,
  unpadBytes,
} from "@ethereumjs/util";

const NO_HASH = `0x${"00".repeat(32)}`;

// Without this the machine throws where point evaluation is called. A proof is looked at only if its commitment fits its hash,
// which random input does not.
const kzg = {
  verifyProof() {
    throw new Error("a commitment that fits");
  },
};

function header(block) {
  return {
    number: BigInt(block.number),
    coinbase: createAddressFromString(block.coinbase),
    timestamp: BigInt(block.timestamp),
    difficulty: bytesToBigInt(hexToBytes(block.randomness)),
    prevRandao: hexToBytes(block.randomness),
    gasLimit: BigInt(block.gasLimit),
    baseFeePerGas: BigInt(block.baseFee),
    getBlobGasPrice: () => BigInt(block.blobBaseFee),
  };
}

async function machine(scenario) {
  const common = createCustomCommon({ chainId: scenario.chainId }, Mainnet, { hardfork: scenario.hardfork, customCrypto: { kzg } });
  const stateManager = new MerkleStateManager({ common });
  const blockchain = {
    getBlock: async (number) => ({ hash: () => hexToBytes(scenario.blockHashes[number] ?? NO_HASH) }),
    putBlock: async () => {},
    shallowCopy: () => blockchain,
  };
  const customPrecompiles = scenario.absentPrecompiles.map((address) => ({ address: createAddressFromString(address) }));
  const evm = await createEVM({ common, stateManager, blockchain, customPrecompiles });
  for (const { address, nonce, balance, code, storage } of scenario.accounts) {
    const at = createAddressFromString(address);
    await stateManager.putAccount(at, new Account(BigInt(nonce), BigInt(balance)));
    if (code !== "0x") {
      await stateManager.putCode(at, hexToBytes(code));
    }
    for (const [key, value] of Object.entries(storage)) {
      await stateManager.putStorage(at, setLengthLeft(hexToBytes(key), 32), unpadBytes(hexToBytes(value)));
    }
  }
  await stateManager.flush();
  stateManager.originalStorageCache.clear();
  return { common, stateManager, evm };
}

async function run({ common, stateManager, evm }, scenario, call) {
  if (common.isActivatedEIP(2929)) {
    for (const address of getActivePrecompiles(common).keys()) {
      evm.journal.addAlwaysWarmAddress(`0x${address}`);
    }
    call.warm.forEach((address) => evm.journal.addAlwaysWarmAddress(address));
  }
  const { execResult } = await evm.runCall({
    caller: createAddressFromString(scenario.origin),
    origin: createAddressFromString(scenario.origin),
    to: call.kind === "CREATE" ? undefined : createAddressFromString(call.target),
    isStatic: call.kind === "STATICCALL",
    value: BigInt(call.value),
    data: hexToBytes(call.data),
    gasLimit: BigInt(call.gas),
    gasPrice: BigInt(scenario.gasPrice),
    block: { header: header(scenario.block) },
    blobVersionedHashes: scenario.blobHashes,
  });
  const ended = {
    halt: execResult.exceptionError?.error ?? "success",
    gasLeft: (BigInt(call.gas) - execResult.executionGasUsed).toString(),
    refund: (execResult.gasRefund ?? 0n).toString(),
    output: bytesToHex(execResult.returnValue),
    logs: (execResult.logs ?? []).map(([address, topics, data]) => ({
      address: bytesToHex(address),
      topics: topics.map((topic) => bytesToHex(topic)),
      data: bytesToHex(data),
    })),
  };
  await endTransaction(common, evm, stateManager, execResult);
  ended.state = await dump(stateManager);
  return ended;
}

// What @ethereumjs/vm does behind a transaction's message.
async function endTransaction(common, evm, stateManager, { selfdestruct, createdAddresses }) {
  for (const address of selfdestruct?.keys() ?? []) {
    if (!common.isActivatedEIP(6780) || createdAddresses?.has(address)) {
      await evm.journal.deleteAccount(createAddressFromString(address));
    }
  }
  await evm.journal.cleanup();
  stateManager.originalStorageCache.clear();
  evm.transientStorage?.clear();
  await stateManager.flush();
}

async function dump(stateManager) {
  const state = {};
  // A copy, because the original keeps the tries of storage that is gone.
  const copy = stateManager.shallowCopy();
  const accounts = (await copy._trie.getValueMap()).values;
  for (const [hash, encoded] of Object.entries(accounts)) {
    const account = createAccountFromRLP(hexToBytes(encoded));
    const slots = (await copy._getStorageTrie(hexToBytes(hash), account).getValueMap()).values;
    state[hash] = {
      nonce: account.nonce.toString(),
      balance: account.balance.toString(),
      codeHash: bytesToHex(account.codeHash),
      storage: Object.fromEntries(
        Object.entries(slots).map(([key, value]) => [key, bytesToHex(RLP.decode(hexToBytes(value)))]),
      ),
    };
  }
  return state;
}

const manifest = new URL("node_modules/@ethereumjs/evm/package.json", import.meta.url);
process.stdout.write(`@ethereumjs/evm ${JSON.parse(readFileSync(manifest, "utf8")).version}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  let answer = [];
  try {
    const scenario = JSON.parse(line);
    const made = await machine(scenario);
    for (const call of scenario.calls) {
      answer.push(await run(made, scenario, call));
    }
  } catch (e) {
    answer = { error: `${e.stack ?? JSON.stringify(e)}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
