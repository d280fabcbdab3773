import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { Contract, ContractFactory, keccak256, parseEther } from "ethers";
import { compile } from "../lib/compile.mjs";
import { connect } from "../lib/network.mjs";

const require = createRequire(import.meta.url);
const artifact = (path) => {
  const { abi, bytecode } = JSON.parse(readFileSync(require.resolve(path), "utf8"));
  return { abi, bytecode: bytecode.startsWith("0x") ? bytecode : `0x${bytecode}` };
};
const FACTORY = artifact("@uniswap/v2-core/build/UniswapV2Factory.json");
const PAIR = artifact("@uniswap/v2-core/build/UniswapV2Pair.json");
const ROUTER = artifact("@uniswap/v2-periphery/build/UniswapV2Router02.json");
const WETH = artifact("@uniswap/v2-periphery/build/WETH9.json");
const FOREVER = 2n ** 63n;

/** What the pair pays out, by the formula of its white paper: 0.3 % stay in the pool. */
const amountOut = (amountIn, reserveIn, reserveOut) => {
  const withFee = amountIn * 997n;
  return (withFee * reserveOut) / (reserveIn * 1000n + withFee);
};

describe("Uniswap V2, from its published packages", () => {
  let coco;
  let owner;
  const at = {};

  before(async () => {
    coco = await connect();
    owner = coco.wallet(0, 1);
    const token = compile("TestToken");
    at.weth = await deploy(WETH);
    at.factory = await deploy(FACTORY, owner.address);
    at.router = await deploy(ROUTER, await at.factory.getAddress(), await at.weth.getAddress());
    at.token = await deploy(token, "Coco Test", "CTT", parseEther("1000000"));
    at.other = await deploy(token, "Other", "OTH", parseEther("1000000"));
  });
  after(() => coco?.stop());

  async function deploy({ abi, bytecode }, ...args) {
    const contract = await new ContractFactory(abi, bytecode, owner).deploy(...args);
    const receipt = await contract.deploymentTransaction().wait();
    await coco.applied(receipt.blockNumber);
    return contract;
  }

  /** Sends through the node of that index and waits until every node has it. */
  async function send(contract, node, account, method, ...args) {
    const receipt = await (await contract.connect(coco.wallet(account, node))[method](...args)).wait();
    assert.equal(receipt.status, 1);
    await coco.applied(receipt.blockNumber);
    return receipt;
  }

  async function pairOf(a, b) {
    const address = await at.factory.getPair(await a.getAddress(), await b.getAddress());
    return new Contract(address, PAIR.abi, coco.providers[coco.providers.length - 1]);
  }

  it("should derive the pair's address from the code hash that the router was compiled with", () => {
    assert.equal(keccak256(PAIR.bytecode), "0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f");
  });

  it("should create a pair with ether when liquidity is added through a node", async () => {
    const tokens = parseEther("1000");
    const ether = parseEther("10");
    await send(at.token, 1, 0, "approve", await at.router.getAddress(), tokens);
    const receipt = await send(at.router, 2, 0, "addLiquidityETH", await at.token.getAddress(), tokens, tokens, ether, owner.address, FOREVER, {
      value: ether,
    });
    const pair = await pairOf(at.token, at.weth);
    const [reserve0, reserve1] = await pair.getReserves();
    const tokenFirst = (await pair.token0()) === (await at.token.getAddress());
    assert.deepEqual(tokenFirst ? [reserve0, reserve1] : [reserve1, reserve0], [tokens, ether]);
    assert.equal(await at.weth.balanceOf(await pair.getAddress()), ether);
    // MINIMUM_LIQUIDITY is locked for ever; the rest of sqrt(x·y) is the provider's.
    assert.equal(await pair.balanceOf(owner.address), parseEther("100") - 1000n);
    const created = receipt.logs.map((log) => at.factory.interface.parseLog(log)).find((event) => event?.name === "PairCreated");
    assert.equal(created.args.pair, await pair.getAddress());
  });

  it("should swap ether for tokens at the price of the formula", async () => {
    const pair = await pairOf(at.token, at.weth);
    const buyer = coco.wallet(1, 0);
    const paid = parseEther("1");
    const expected = amountOut(paid, parseEther("10"), parseEther("1000"));
    const path = [await at.weth.getAddress(), await at.token.getAddress()];
    assert.deepEqual([...(await at.router.getAmountsOut(paid, path))], [paid, expected]);

    const before = await coco.providers[0].getBalance(buyer.address);
    const receipt = await send(at.router, 0, 1, "swapExactETHForTokens", expected, path, buyer.address, FOREVER, { value: paid });

    assert.equal(await at.token.balanceOf(buyer.address), expected);
    assert.equal(before - (await coco.providers[0].getBalance(buyer.address)), paid + receipt.gasUsed * receipt.gasPrice);
    const swap = receipt.logs.map((log) => pair.interface.parseLog(log)).find((event) => event?.name === "Swap");
    assert.equal(swap.args.to, buyer.address);
    assert.equal(swap.args.amount0Out + swap.args.amount1Out, expected);
  });

  it("should swap over two pairs when there is no direct one", async () => {
    const amount = parseEther("500");
    const router = await at.router.getAddress();
    await send(at.token, 2, 0, "approve", router, amount + parseEther("10"));
    await send(at.other, 0, 0, "approve", router, amount);
    const [tokenAddress, otherAddress] = [await at.token.getAddress(), await at.other.getAddress()];
    await send(at.router, 1, 0, "addLiquidity", tokenAddress, otherAddress, amount, amount, 0n, 0n, owner.address, FOREVER);

    const path = [await at.weth.getAddress(), tokenAddress, otherAddress];
    const paid = parseEther("0.1");
    const quoted = await at.router.getAmountsOut(paid, path);
    const buyer = coco.wallet(2, 2);
    await send(at.router, 2, 2, "swapExactETHForTokens", quoted[2], path, buyer.address, FOREVER, { value: paid });
    assert.equal(await at.other.balanceOf(buyer.address), quoted[2]);
  });

  it("should refuse with the router's words when the price is worse than asked", async () => {
    const path = [await at.weth.getAddress(), await at.token.getAddress()];
    const swap = at.router.connect(coco.wallet(1, 2)).swapExactETHForTokens;
    await assert.rejects(swap(parseEther("900"), path, owner.address, FOREVER, { value: 1_000n }), (e) => {
      assert.equal(e.reason, "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT");
      return true;
    });
    await assert.rejects(swap(0n, path, owner.address, 1n, { value: 1_000n }), (e) => e.reason === "UniswapV2Router: EXPIRED");
  });

  it("should pay out when liquidity is removed", async () => {
    const pair = await pairOf(at.token, at.other);
    const liquidity = await pair.balanceOf(owner.address);
    await send(pair, 0, 0, "approve", await at.router.getAddress(), liquidity);
    const before = await at.other.balanceOf(owner.address);
    const addresses = [await at.token.getAddress(), await at.other.getAddress()];
    await send(at.router, 1, 0, "removeLiquidity", ...addresses, liquidity, 1n, 1n, owner.address, FOREVER);
    assert.equal(await pair.balanceOf(owner.address), 0n);
    assert.ok((await at.other.balanceOf(owner.address)) > before);
  });
});
