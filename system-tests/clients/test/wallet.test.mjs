import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  ContractFactory,
  Interface,
  keccak256,
  parseEther,
  toQuantity,
  Transaction,
  Wallet,
  ZeroAddress,
} from "ethers";
import { compile } from "../lib/compile.mjs";
import { connect } from "../lib/network.mjs";
import { RpcConnection } from "../lib/rpc.mjs";
import { ADDRESS, checkBlock, checkReceipt, checkTransaction, DATA, HASH, QUANTITY } from "../lib/shapes.mjs";

/** MetaMask's id in the Chrome Web Store. Its background page sends it as Origin, and never a cookie. */
const METAMASK = "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn";
const CHECKER = new Interface(["function balances(address[] users, address[] tokens) view returns (uint256[])"]);
const TOKEN = new Interface([
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function balanceOf(address) view returns (uint256)",
  "function transfer(address to, uint256 value) returns (bool)",
  "function supportsInterface(bytes4) view returns (bool)",
]);
const PERCENTILES = [10, 20, 30];

/** The requests of MetaMask's network, block, asset, gas and transaction controllers, as they send them: one by one. */
describe("a wallet in a browser", () => {
  let coco;
  let wallet;
  let rpc;
  let checker;
  let token;

  before(async () => {
    coco = await connect();
    const deployer = coco.wallet(8, 0);
    checker = await deploy(compile("BalanceChecker"), deployer);
    token = await deploy(compile("PermitToken"), deployer);
    wallet = await coco.newcomer();
    await done(deployer.sendTransaction({ to: wallet.address, value: parseEther("10") }));
    await done(token.transfer(wallet.address, 500n));
    rpc = new RpcConnection(coco.urls[0], {
      origin: METAMASK,
      "user-agent": "Mozilla/5.0",
      "sec-fetch-mode": "cors",
      "sec-fetch-site": "none",
    });
  });
  after(() => {
    rpc?.close();
    coco?.stop();
  });

  async function deploy({ abi, bytecode }, deployer) {
    const contract = await new ContractFactory(abi, bytecode, deployer).deploy();
    await done(Promise.resolve(contract.deploymentTransaction()));
    return contract;
  }

  async function done(sent) {
    const receipt = await (await sent).wait();
    await coco.applied(receipt.blockNumber);
    return receipt;
  }

  /** What the popup shows as its owner's wealth. */
  async function balances() {
    const data = CHECKER.encodeFunctionData("balances", [[wallet.address], [ZeroAddress, await token.getAddress()]]);
    const output = await rpc.send("eth_call", { to: (await checker.getAddress()).toLowerCase(), data }, "latest");
    const [[ether, tokens]] = CHECKER.decodeFunctionResult("balances", output);
    return { ether, tokens };
  }

  /** Fees as the gas controller works them out. */
  async function fees() {
    const block = await rpc.send("eth_getBlockByNumber", "latest", false);
    const history = await rpc.send("eth_feeHistory", "0x5", block.number, PERCENTILES);
    assert.match(await rpc.send("eth_gasPrice"), QUANTITY);
    const blocks = history.gasUsedRatio.length;
    assert.equal(blocks, Math.min(5, Number(block.number) + 1));
    assert.equal(Number(history.oldestBlock), Number(block.number) - blocks + 1);
    assert.equal(history.baseFeePerGas.length, blocks + 1);
    assert.equal(history.baseFeePerGas[blocks - 1], block.baseFeePerGas);
    assert.ok(history.gasUsedRatio.every((ratio) => typeof ratio === "number" && ratio >= 0 && ratio <= 1));
    assert.equal(history.reward.length, blocks);
    for (const rewards of history.reward) {
      assert.equal(rewards.length, PERCENTILES.length);
      rewards.forEach((reward) => assert.match(reward, QUANTITY));
      assert.deepEqual(
        rewards,
        [...rewards].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
      );
    }
    const maxPriorityFeePerGas = BigInt(history.reward.at(-1)[1]);
    return { maxPriorityFeePerGas, maxFeePerGas: BigInt(history.baseFeePerGas.at(-1)) * 2n + maxPriorityFeePerGas };
  }

  async function polledReceipt(hash) {
    for (let attempt = 0; attempt < 200; attempt++) {
      await rpc.send("eth_blockNumber");
      const receipt = await rpc.send("eth_getTransactionReceipt", hash);
      if (receipt !== null) {
        return receipt;
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("no receipt came");
  }

  /** From the confirmation screen to "confirmed". */
  async function send({ to, value = 0n, data = "0x" }) {
    const from = wallet.address.toLowerCase();
    const code = await rpc.send("eth_getCode", to, "latest");
    assert.equal(code === "0x", data === "0x");
    const block = await rpc.send("eth_getBlockByNumber", "latest", false);
    checkBlock(block);
    const draft = { from, to, value: toQuantity(value), ...(data === "0x" ? {} : { data }) };
    const estimate = await rpc.send("eth_estimateGas", draft);
    assert.match(estimate, QUANTITY);
    assert.ok(BigInt(estimate) < BigInt(block.gasLimit));
    const { maxFeePerGas, maxPriorityFeePerGas } = await fees();
    const nonce = await rpc.send("eth_getTransactionCount", from, "pending");
    assert.equal(await rpc.send("eth_getTransactionCount", from, await rpc.send("eth_blockNumber")), nonce);
    // The wallet's margin is half as much again, but a plain payment needs none.
    const gasLimit = data === "0x" ? BigInt(estimate) : (BigInt(estimate) * 3n) / 2n;
    const fields = {
      type: 2,
      chainId: coco.chainId,
      nonce: Number(nonce),
      to,
      value,
      data,
      gasLimit,
      maxFeePerGas,
      maxPriorityFeePerGas,
    };
    const raw = await wallet.signTransaction(fields);
    const hash = await rpc.send("eth_sendRawTransaction", raw);
    assert.equal(hash, keccak256(raw));

    const receipt = await polledReceipt(hash);
    checkReceipt(receipt);
    assert.equal(receipt.status, "0x1");
    assert.equal(receipt.from, from);
    const found = await rpc.send("eth_getTransactionByHash", hash);
    checkTransaction(found);
    assert.equal(found.blockHash, receipt.blockHash);
    assert.equal(Transaction.from(raw).from.toLowerCase(), found.from);
    const included = await rpc.send("eth_getBlockByHash", receipt.blockHash, false);
    checkBlock(included);
    assert.equal(included.transactions[Number(receipt.transactionIndex)], hash);
    assert.equal(included.number, receipt.blockNumber);
    assert.equal(BigInt(await rpc.send("eth_getTransactionCount", from, "latest")), BigInt(nonce) + 1n);
    assert.ok(BigInt(receipt.effectiveGasPrice) <= maxFeePerGas);
    return { fee: BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice), receipt };
  }

  it("should be told at its start which network this is", async () => {
    const chainId = await rpc.send("eth_chainId");
    assert.match(chainId, QUANTITY);
    assert.equal(await rpc.send("net_version"), String(BigInt(chainId)));
    const height = await rpc.send("eth_blockNumber");
    assert.match(height, QUANTITY);
    for (const full of [false, true]) {
      const block = await rpc.send("eth_getBlockByNumber", "latest", full);
      checkBlock(block, full);
      // What says that the network knows EIP-1559.
      assert.match(block.baseFeePerGas, QUANTITY);
      assert.ok(BigInt(block.number) >= BigInt(height));
    }
    assert.ok(BigInt(await rpc.send("eth_getBalance", wallet.address.toLowerCase(), "latest")) === parseEther("10"));
    assert.equal(await rpc.send("eth_syncing"), false);
    assert.match(await rpc.send("web3_clientVersion"), /.+/);
  });

  it("should read all balances in one call, and a token's face", async () => {
    assert.deepEqual(await balances(), { ether: parseEther("10"), tokens: 500n });
    const to = (await token.getAddress()).toLowerCase();
    const ask = async (name, ...args) =>
      TOKEN.decodeFunctionResult(
        name,
        await rpc.send("eth_call", { to, data: TOKEN.encodeFunctionData(name, args) }, "latest"),
      )[0];
    assert.equal(await ask("symbol"), "PMT");
    assert.equal(await ask("decimals"), 18n);
    assert.equal(await ask("balanceOf", wallet.address), 500n);
    // Whether it is an ERC-721, which it is not: a revert is an answer, and its words and code are what wallets look at.
    await assert.rejects(
      ask("supportsInterface", "0x80ac58cd"),
      (e) => e.code === 3 && /execution reverted/.test(e.message) && DATA.test(e.data),
    );
    const nobody = Wallet.createRandom().address.toLowerCase();
    assert.equal(await rpc.send("eth_call", { to: nobody, data: "0x95d89b41" }, "latest"), "0x");
  });

  it("should pay ether, and lose what was paid and the fee", async () => {
    const before = await balances();
    const to = Wallet.createRandom().address.toLowerCase();
    const { fee } = await send({ to, value: parseEther("1.25") });
    assert.equal(before.ether - (await balances()).ether, parseEther("1.25") + fee);
    assert.equal(BigInt(await rpc.send("eth_getBalance", to, "latest")), parseEther("1.25"));
  });

  it("should pay tokens, and find the transfer in the receipt", async () => {
    const to = Wallet.createRandom().address.toLowerCase();
    const { receipt } = await send({
      to: (await token.getAddress()).toLowerCase(),
      data: TOKEN.encodeFunctionData("transfer", [to, 123n]),
    });
    assert.equal(receipt.logs.length, 1);
    assert.match(receipt.logs[0].address, ADDRESS);
    assert.match(receipt.logs[0].topics[0], HASH);
    assert.equal((await balances()).tokens, 377n);
  });

  it("should warn before it sends what would fail", async () => {
    const from = wallet.address.toLowerCase();
    const to = (await token.getAddress()).toLowerCase();
    const data = TOKEN.encodeFunctionData("transfer", [from, 10n ** 30n]);
    await assert.rejects(
      rpc.send("eth_estimateGas", { from, to, value: "0x0", data }),
      (e) => e.code === 3 && DATA.test(e.data),
    );
    await assert.rejects(
      rpc.send("eth_estimateGas", { from, to: from, value: toQuantity(parseEther("100")) }),
      (e) => e.code === -32000 && /insufficient funds/.test(e.message),
    );
    const spent = {
      type: 2,
      chainId: coco.chainId,
      nonce: 0,
      to: from,
      gasLimit: 21_000n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    };
    await assert.rejects(rpc.send("eth_sendRawTransaction", await wallet.signTransaction(spent)), (e) =>
      /nonce too low/.test(e.message),
    );
  });

  it("should be admitted as an extension of any browser, unlike a page", async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    const statuses = {};
    const admitted = [
      METAMASK,
      "moz-extension://7e9a0b1c-2222-4333-8444-555566667777",
      "safari-web-extension://A1B2C3D4-0000-4000-8000-111122223333",
    ];
    for (const origin of [...admitted, "https://app.example", "http://localhost:1", "null"]) {
      const { status, headers } = await rpc.exchange(body, { headers: { origin } });
      statuses[origin] = status;
      assert.equal(headers["access-control-allow-origin"], admitted.includes(origin) ? origin : undefined, origin);
      assert.equal(headers["access-control-allow-credentials"], undefined);
    }
    assert.deepEqual(Object.values(statuses), [200, 200, 200, 403, 403, 403]);
    const asked = {
      origin: METAMASK,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    };
    const { status, headers } = await rpc.exchange("", { method: "OPTIONS", headers: asked });
    assert.equal(status, 204);
    assert.match(headers["access-control-allow-methods"], /POST/);
    assert.match(headers["access-control-allow-headers"], /content-type/i);
  });
});
