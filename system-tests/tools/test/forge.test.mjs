// forge on Coco: deployments, scripts of many transactions, tests on a fork; and every function of the tokens and of
// Uniswap V2 by scripts, which say what they called.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { concat, getCreate2Address, hexlify, id, Interface, keccak256 } from "ethers";
import { sameOnAnvil } from "../lib/replay.mjs";
import { account, ask, coco, forge, freshPhrase, fund, here, receiptOf, startAnvil } from "../lib/tools.mjs";

const require = createRequire(import.meta.url);
const DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
const compiled = (file, name = file) => JSON.parse(readFileSync(join(here, `foundry/out/${file}.sol/${name}.json`), "utf8"));

/** Answers that are times or numbers of blocks. */
const BY_BLOCK = ["clock()", "getReserves()", "price0CumulativeLast()", "price1CumulativeLast()", "checkpoints(address,uint32)"];
const MASKED = new Set([...BY_BLOCK, "getPastVotes(address,uint256)", "getPastTotalSupply(uint256)"].map((f) => id(f).slice(0, 10)));

async function forgeDoes(args, env) {
  const { code, stdout, stderr } = await forge(args, env);
  assert.equal(code, 0, `forge ${args.join(" ")}\n${stdout}\n${stderr}`);
  return stdout;
}

/** The JSON document at the end of an output, on one line or on many. */
const lastJson = (text) => JSON.parse(text.slice(text.search(/^\{/m)));

/** Runs a script. @returns what it returned, the calls it made, and the hashes of what it sent, in order */
async function script(name, url, env, ...more) {
  const stdout = await forgeDoes(["script", `foundry/script/${name}.s.sol`, "--rpc-url", url, "--offline", "--json", ...more], env);
  const lines = stdout.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const { returns, traces } = lines[0];
  const returned = Object.fromEntries(Object.entries(returns).map(([key, { value }]) => [key, value.toLowerCase()]));
  const calls = traces.flatMap(([, { arena }]) => arena.map((node) => node.trace)).filter((trace) => trace.depth === 1);
  return { returned, calls, hashes: lines.filter((line) => line.tx_hash).map((line) => line.tx_hash) };
}

/** Functions of an ABI that no call of the script reached with success. */
function uncalled(abi, addresses, calls) {
  const done = new Set(calls.filter((call) => call.success && addresses.includes(call.address)).map((call) => call.data.slice(0, 10)));
  return new Interface(abi).fragments
    .filter((fragment) => fragment.type === "function" && !done.has(fragment.selector))
    .map((fragment) => fragment.format("sighash"));
}

async function receiptsOf(url, hashes) {
  const receipts = [];
  for (const hash of hashes) {
    receipts.push(await receiptOf(url, hash));
  }
  const position = (receipt) => [Number(receipt.blockNumber), Number(receipt.transactionIndex)];
  const order = (a, b) => position(a)[0] - position(b)[0] || position(a)[1] - position(b)[1];
  return receipts.sort(order);
}

describe("forge", () => {
  const phrase = freshPhrase();
  const url = coco[2];
  let anvil;

  before(async () => {
    await forgeDoes(["build", "--offline"]);
    anvil = await startAnvil();
    await ask(anvil.url, "evm_mine");
  });
  after(() => anvil?.stop());

  async function everyFunction(name, subjects, ...more) {
    const own = freshPhrase();
    const env = { TEST_PHRASE: own };
    await fund(url, own);
    for (let i = 0; i < 4; i++) {
      await ask(anvil.url, "anvil_setBalance", account(own, i).address, "0x1b1ae4d6e2ef500000");
    }
    // What a script simulates in one block needs more gas in several: votes are noted once a block.
    const ours = await script(name, url, env, "--broadcast", "--gas-estimate-multiplier", "300", ...more);
    for (const [key, abi] of Object.entries(subjects(ours.returned))) {
      assert.deepEqual(uncalled(abi, key.split(","), ours.calls), [], name);
    }
    const theirs = await script(name, anvil.url, env);
    assert.deepEqual(ours.returned, theirs.returned);
    const answers = ({ calls }) =>
      calls
        .filter((call) => Object.values(ours.returned).includes(call.address))
        .map(({ address, data, success, output }) => ({ address, data, success, output: MASKED.has(data.slice(0, 10)) ? "" : output }));
    assert.deepEqual(answers(ours), answers(theirs));
    assert.ok(answers(ours).filter((call) => !call.success).length > 15);
    const receipts = await receiptsOf(url, ours.hashes);
    assert.ok(receipts.every((receipt) => receipt.status === "0x1"));
    await sameOnAnvil(url, receipts, own);
    return `${answers(ours).length} calls and ${receipts.length} receipts equal`;
  }

  it("should call every function of the tokens by a script", async (t) => {
    const abi = (name) => compiled(name).abi;
    const subjects = ({ erc20, erc721, erc1155 }) => ({ [erc20]: abi("Erc20"), [erc721]: abi("Erc721"), [erc1155]: abi("Erc1155") });
    t.diagnostic(await everyFunction("Tokens", subjects, "--slow"));
  });

  it("should call every function of Uniswap V2 by a script", async (t) => {
    const published = (file) => require(`@uniswap/${file}.json`).abi;
    const subjects = ({ weth9, factory_, pair_, single_, router02 }) => ({
      [weth9]: published("v2-periphery/build/WETH9"),
      [factory_]: published("v2-core/build/UniswapV2Factory"),
      [`${pair_},${single_}`]: published("v2-core/build/UniswapV2Pair"),
      [router02]: published("v2-periphery/build/UniswapV2Router02"),
    });
    t.diagnostic(await everyFunction("Uniswap", subjects, "--legacy"));
  });

  it("should deploy a contract, its library first", async () => {
    await fund(url, phrase);
    const key = account(phrase, 0).privateKey;
    const create = async (contract, ...more) => {
      const args = ["create", contract, "--rpc-url", url, "--private-key", key, "--broadcast", "--offline", "--json", ...more];
      return lastJson(await forgeDoes(args));
    };
    const library = await create("hardhat/contracts/Vault.sol:Shares", "--legacy");
    const linked = ["--libraries", `hardhat/contracts/Vault.sol:Shares:${library.deployedTo}`];
    const vault = await create("hardhat/contracts/Vault.sol:Vault", ...linked, "--value", "5", "--constructor-args", "12345");
    const receipt = await receiptOf(url, vault.transactionHash);
    assert.equal(receipt.contractAddress.toLowerCase(), vault.deployedTo.toLowerCase());
    assert.equal(BigInt(await ask(url, "eth_getBalance", vault.deployedTo, "latest")), 5n);
    assert.ok((await ask(url, "eth_getCode", vault.deployedTo, "latest")).includes(library.deployedTo.slice(2).toLowerCase()));
    assert.equal(BigInt(await ask(url, "eth_call", { to: vault.deployedTo, data: id("unlockTime()").slice(0, 10) }, "latest")), 12345n);
  });

  it("should run a script with a library, CREATE2 and two senders", async () => {
    const own = freshPhrase();
    await fund(url, own);
    const salt = hexlify(randomBytes(32));
    const { returned, hashes } = await script("Deploy", url, { TEST_PHRASE: own, SALT: salt }, "--broadcast");
    const receipts = await receiptsOf(url, hashes);
    assert.ok(hashes.length >= 6 && receipts.every((receipt) => receipt.status === "0x1"), `${hashes.length} transactions`);
    const symbol = new Interface(["constructor(string)"]).encodeDeploy(["SALT"]);
    const initHash = keccak256(concat([compiled("Helpers", "PlainToken").bytecode.object, symbol]));
    assert.equal(returned.token, getCreate2Address(DEPLOYER, salt, initHash).toLowerCase());
    assert.notEqual(await ask(url, "eth_getCode", returned.token, "latest"), "0x");
    assert.equal(BigInt(await ask(url, "eth_getBalance", returned.vault, "latest")), 1001n);
    await sameOnAnvil(url, receipts, own);
  });

  it("should test on a fork: what is there, what was, and every function again", async () => {
    const own = freshPhrase();
    await fund(url, own);
    const key = account(own, 0).privateKey;
    const args = ["create", "hardhat/contracts/Erc20.sol:Erc20", "--rpc-url", url, "--private-key", key, "--broadcast", "--offline", "--json"];
    const { deployedTo, transactionHash } = lastJson(await forgeDoes(args));
    const before = await receiptOf(url, transactionHash);
    const data = new Interface(compiled("Erc20").abi).encodeFunctionData("transfer", [account(own, 1).address, 1000]);
    const transfer = { to: deployedTo, data, nonce: 1, gasLimit: 200_000, gasPrice: 0, type: 0, chainId: 1337 };
    const after = await receiptOf(url, await ask(url, "eth_sendRawTransaction", await account(own, 0).signTransaction(transfer)));
    const env = {
      TEST_PHRASE: own,
      FORK_URL: url,
      TOKEN: deployedTo,
      BLOCK_BEFORE: String(Number(before.blockNumber)),
      BLOCK_AFTER: String(Number(after.blockNumber)),
      CODE_HASH: keccak256(await ask(url, "eth_getCode", deployedTo, "latest")),
      BALANCE: String(BigInt(await ask(url, "eth_getBalance", account(own, 0).address, "latest"))),
    };
    const report = lastJson(await forgeDoes(["test", "--fork-url", url, "--offline", "--json"], env));
    const results = Object.values(report).flatMap((suite) => Object.entries(suite.test_results));
    assert.deepEqual(results.filter(([, result]) => result.status !== "Success").map(([test, { reason }]) => `${test}: ${reason}`), []);
    assert.equal(results.length, 5);
  });
});
