// The EVM of ethereumjs, told by lines on standard input what to do, one answer for each:
//   put ADDRESS CODE                    puts a contract there
//   setup ADDRESS INPUT                 calls it, for good
//   run ADDRESS INPUT GAS REPETITIONS   calls it so often on the same state: gas used, output, processor time in microseconds
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { SimpleStateManager } from "@ethereumjs/statemanager";
import { Account, bytesToUnprefixedHex, createAddressFromString, hexToBytes } from "@ethereumjs/util";

const USER = createAddressFromString("0x000000000000000000000000" + "00000acc00000001".padStart(16, "0"));

const common = new Common({ chain: Mainnet, hardfork: Hardfork.Paris });
const stateManager = new SimpleStateManager({ common });
const evm = await createEVM({ common, stateManager });

function call(target, input, gas) {
  return evm.runCall({
    caller: USER,
    origin: USER,
    to: createAddressFromString(target),
    data: hexToBytes(`0x${input}`),
    gasLimit: BigInt(gas),
    gasPrice: 0n,
    value: 0n,
  });
}

async function put(target, code) {
  const address = createAddressFromString(target);
  await stateManager.putAccount(address, new Account(1n, 0n));
  await stateManager.putCode(address, hexToBytes(`0x${code}`));
}

async function setup(target, input) {
  const { execResult } = await call(target, input, 10_000_000);
  if (execResult.exceptionError) {
    throw new Error(execResult.exceptionError.error);
  }
}

async function run(target, input, gas, repetitions) {
  const start = process.cpuUsage();
  let result;
  for (let i = 0; i < repetitions; i++) {
    // What a slot was at the start of the transaction is remembered until somebody says that it is over.
    stateManager.originalStorageCache.clear();
    await evm.journal.checkpoint();
    result = (await call(target, input, gas)).execResult;
    await evm.journal.revert();
    await evm.journal.cleanup();
  }
  const used = process.cpuUsage(start);
  if (result.exceptionError) {
    throw new Error(result.exceptionError.error);
  }
  return `${result.executionGasUsed} ${bytesToUnprefixedHex(result.returnValue)} ${used.user + used.system}`;
}

const commands = { put, setup, run };
await stateManager.putAccount(USER, new Account(1n, 1n << 40n));
const manifest = new URL("node_modules/@ethereumjs/evm/package.json", import.meta.url);
console.log(`@ethereumjs/evm ${JSON.parse(readFileSync(manifest, "utf8")).version}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...words] = line.split(" ");
  try {
    console.log(`ok ${(await commands[command](...words)) ?? ""}`);
  } catch (e) {
    console.log(`failed: ${e.message}`);
  }
}
