const { expect } = require("chai");
const { ethers } = require("hardhat");
const { FIXED, Subject } = require("../../support/subject");

const { MaxUint256, ZeroAddress, parseEther } = ethers;
const ETHER = parseEther("1");
const NEVER = MaxUint256;
const PAIR = Subject.artifact("@uniswap/v2-core/build/UniswapV2Pair.json");

describe("Uniswap V2, from its published packages", () => {
  let weth, factory, router, a, b, fee, pair, etherPair, feePair, single, holder, owner, ann, bob;

  before(async () => {
    [owner, ann, bob] = await ethers.getSigners();
    weth = await Subject.published("@uniswap/v2-periphery/build/WETH9.json");
    factory = await Subject.published("@uniswap/v2-core/build/UniswapV2Factory.json", owner.address);
    router = await Subject.published("@uniswap/v2-periphery/build/UniswapV2Router02.json", factory.address, weth.address);
    // Deployed by an account, which is then what the pair takes for its factory.
    single = await Subject.published("@uniswap/v2-core/build/UniswapV2Pair.json");
    a = await Subject.deploy("PlainToken", "A");
    b = await Subject.deploy("PlainToken", "B");
    fee = await Subject.deploy("FeeToken");
    holder = await Subject.deploy("Holder");
    for (const token of [a, b, fee]) {
      await token.does(owner, "approve", [router.address, MaxUint256]);
    }
  });

  describe("WETH9", () => {
    it("should wrap, move and unwrap ether", async () => {
      await weth.reads("name", [], "Wrapped Ether");
      await weth.reads("symbol", [], "WETH");
      await weth.reads("decimals", [], 18);
      await weth.does(owner, "deposit", [], { value: 1000n, emits: [[weth, "Deposit", owner, 1000n]] });
      // The package's build has no function for ether without data.
      await expect((await owner.sendTransaction({ to: weth.address, value: 10n, ...FIXED })).wait()).to.be.rejected;
      await weth.reads("totalSupply", [], 1000n);
      await weth.reads("balanceOf", [owner.address], 1000n);
      await weth.does(owner, "withdraw", [10n], { emits: [[weth, "Withdrawal", owner, 10n]] });
      await weth.refuses(owner, "withdraw", [991n]);
      await weth.does(owner, "approve", [ann.address, 5n], { returns: true, emits: [[weth, "Approval", owner, ann, 5n]] });
      await weth.reads("allowance", [owner.address, ann.address], 5n);
      await weth.does(ann, "transferFrom", [owner.address, ann.address, 4n], { returns: true, emits: [[weth, "Transfer", owner, ann, 4n]] });
      await weth.refuses(ann, "transferFrom", [owner.address, ann.address, 2n]);
      await weth.does(ann, "transfer", [owner.address, 4n], { returns: true, emits: [[weth, "Transfer", ann, owner, 4n]] });
      await weth.refuses(ann, "transfer", [owner.address, 1n]);
    });

    it("should have had every function called", () => expect(weth.uncalled()).to.deep.equal([]));
  });

  describe("the factory", () => {
    it("should make each pair once", async () => {
      const expected = pairAddress(a, b);
      await factory.does(ann, "createPair", [a.address, b.address], { returns: expected, emits: [[factory, "PairCreated", undefined, undefined, expected, 1n]] });
      await factory.refuses(ann, "createPair", [b.address, a.address], "UniswapV2: PAIR_EXISTS");
      await factory.refuses(ann, "createPair", [a.address, a.address], "UniswapV2: IDENTICAL_ADDRESSES");
      await factory.refuses(ann, "createPair", [a.address, ZeroAddress], "UniswapV2: ZERO_ADDRESS");
      await factory.reads("getPair", [b.address, a.address], expected);
      await factory.reads("allPairs", [0n], expected);
      await factory.reads("allPairsLength", [], 1n);
      await factory.refuses(ann, "allPairs", [1n]);
      pair = new Subject("UniswapV2Pair", new ethers.Contract(expected, PAIR.abi, owner));
    });

    it("should let its setter direct the fee", async () => {
      await factory.reads("feeTo", [], ZeroAddress);
      await factory.reads("feeToSetter", [], owner.address);
      await factory.refuses(ann, "setFeeTo", [ann.address], "UniswapV2: FORBIDDEN");
      await factory.does(owner, "setFeeTo", [bob.address]);
      await factory.refuses(ann, "setFeeToSetter", [ann.address], "UniswapV2: FORBIDDEN");
      await factory.does(owner, "setFeeToSetter", [ann.address]);
      await factory.reads("feeTo", [], bob.address);
      await factory.reads("feeToSetter", [], ann.address);
    });

    it("should have had every function called", () => expect(factory.uncalled()).to.deep.equal([]));
  });

  describe("a pair", () => {
    const [in0, in1] = [10_000n * ETHER, 40_000n * ETHER];
    let token0, token1;

    before(() => {
      [token0, token1] = BigInt(a.address) < BigInt(b.address) ? [a, b] : [b, a];
    });

    it("should describe itself", async () => {
      await pair.reads("name", [], "Uniswap V2");
      await pair.reads("symbol", [], "UNI-V2");
      await pair.reads("decimals", [], 18);
      await pair.reads("MINIMUM_LIQUIDITY", [], 1000n);
      await pair.reads("PERMIT_TYPEHASH", [], "0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9");
      await pair.reads("DOMAIN_SEPARATOR", [], ethers.TypedDataEncoder.hashDomain(domain(pair)));
      await pair.reads("factory", [], factory.address);
      await pair.reads("token0", [], token0.address);
      await pair.reads("token1", [], token1.address);
    });

    it("should be initialized by its factory alone", async () => {
      await single.does(owner, "initialize", [a.address, b.address]);
      await single.reads("token1", [], b.address);
      await single.refuses(ann, "initialize", [b.address, a.address], "UniswapV2: FORBIDDEN");
      await pair.refuses(owner, "initialize", [b.address, a.address], "UniswapV2: FORBIDDEN");
    });

    it("should mint liquidity for what it was sent", async () => {
      await pair.refuses(owner, "mint", [owner.address], "ds-math-sub-underflow");
      await token0.does(owner, "transfer", [pair.address, in0]);
      await token1.does(owner, "transfer", [pair.address, in1]);
      const liquidity = 20_000n * ETHER - 1000n;
      await pair.does(owner, "mint", [owner.address], {
        returns: liquidity,
        emits: [[pair, "Transfer", ZeroAddress, ZeroAddress, 1000n], [pair, "Transfer", ZeroAddress, owner, liquidity], [pair, "Sync", in0, in1], [pair, "Mint", owner, in0, in1]],
      });
      await pair.reads("kLast", [], in0 * in1);
      await pair.refuses(owner, "mint", [owner.address], "UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED");
      expect((await pair.reads("getReserves")).slice(0, 2)).to.deep.equal([in0, in1]);
      await pair.reads("totalSupply", [], liquidity + 1000n);
    });

    it("should swap, also in a flash", async () => {
      await token0.does(owner, "transfer", [pair.address, ETHER]);
      await pair.refuses(owner, "swap", [0n, 4n * ETHER, ann.address, "0x"], "UniswapV2: K");
      await pair.does(owner, "swap", [0n, 3n * ETHER, ann.address, "0x"], { emits: [[token1, "Transfer", pair, ann, 3n * ETHER], [pair, "Sync"], [pair, "Swap", owner, ETHER, 0n, 0n, 3n * ETHER, ann]] });
      await pair.refuses(owner, "swap", [0n, 0n, ann.address, "0x"], "UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT");
      await pair.refuses(owner, "swap", [0n, in1 * 2n, ann.address, "0x"], "UniswapV2: INSUFFICIENT_LIQUIDITY");
      await pair.refuses(owner, "swap", [0n, 1n, token0.address, "0x"], "UniswapV2: INVALID_TO");
      await pair.refuses(owner, "swap", [0n, 1n, ann.address, "0x"], "UniswapV2: INSUFFICIENT_INPUT_AMOUNT");
      await token1.does(owner, "transfer", [holder.address, 10n * ETHER]);
      await pair.does(owner, "swap", [0n, 5n * ETHER, holder.address, "0xf1a5"], { emits: [[holder, "Flashed", owner, 0n, 5n * ETHER, "0xf1a5"], [pair, "Swap"]] });
      expect(await pair.reads("price0CumulativeLast")).to.be.a("bigint");
      expect(await pair.reads("price1CumulativeLast")).to.be.a("bigint");
    });

    it("should skim and sync what was sent by mistake", async () => {
      await token0.does(owner, "transfer", [pair.address, 7n]);
      await pair.does(owner, "skim", [ann.address], { emits: [[token0, "Transfer", pair, ann, 7n]] });
      await token0.does(owner, "transfer", [pair.address, 9n]);
      await pair.does(owner, "sync", [], { emits: [[pair, "Sync"]] });
    });

    it("should be a token, with permits", async () => {
      await pair.does(owner, "transfer", [ann.address, 100n], { returns: true, emits: [[pair, "Transfer", owner, ann, 100n]] });
      await pair.refuses(ann, "transfer", [owner.address, 101n], "ds-math-sub-underflow");
      await pair.does(ann, "approve", [bob.address, 50n], { returns: true, emits: [[pair, "Approval", ann, bob, 50n]] });
      await pair.reads("allowance", [ann.address, bob.address], 50n);
      await pair.does(bob, "transferFrom", [ann.address, bob.address, 40n], { returns: true, emits: [[pair, "Transfer", ann, bob, 40n]] });
      await pair.refuses(bob, "transferFrom", [ann.address, bob.address, 11n], "ds-math-sub-underflow");
      await pair.reads("balanceOf", [bob.address], 40n);
      await pair.reads("nonces", [ann.address], 0n);
      const { v, r, s } = await permit(pair, ann, bob.address, 33n, NEVER);
      await pair.refuses(owner, "permit", [ann.address, bob.address, 33n, 1n, v, r, s], "UniswapV2: EXPIRED");
      await pair.does(owner, "permit", [ann.address, bob.address, 33n, NEVER, v, r, s], { emits: [[pair, "Approval", ann, bob, 33n]] });
      await pair.refuses(owner, "permit", [ann.address, bob.address, 33n, NEVER, v, r, s], "UniswapV2: INVALID_SIGNATURE");
    });

    it("should burn liquidity for its share", async () => {
      await pair.refuses(owner, "burn", [owner.address], "UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED");
      await pair.does(owner, "transfer", [pair.address, ETHER]);
      await pair.does(owner, "burn", [ann.address], { emits: [[pair, "Transfer", ZeroAddress, bob], [pair, "Transfer", pair, ZeroAddress, ETHER], [pair, "Sync"], [pair, "Burn", owner]] });
    });

    it("should have had every function called", () => {
      const left = new Set(single.uncalled());
      expect(pair.uncalled().filter((name) => left.has(name))).to.deep.equal([]);
    });
  });

  describe("the router", () => {
    const quoteOut = (x, rIn, rOut) => (x * 997n * rOut) / (rIn * 1000n + x * 997n);

    it("should describe itself and take no ether but its own", async () => {
      await router.reads("factory", [], factory.address);
      await router.reads("WETH", [], weth.address);
      const sent = await ann.sendTransaction({ to: router.address, value: 1n, ...FIXED });
      await expect(sent.wait()).to.be.rejected;
    });

    it("should calculate", async () => {
      await router.reads("quote", [10n, 100n, 300n], 30n);
      await router.refuses(ann, "quote", [0n, 1n, 1n], "UniswapV2Library: INSUFFICIENT_AMOUNT");
      await router.reads("getAmountOut", [100n, 10_000n, 10_000n], quoteOut(100n, 10_000n, 10_000n));
      await router.refuses(ann, "getAmountOut", [1n, 0n, 1n], "UniswapV2Library: INSUFFICIENT_LIQUIDITY");
      await router.reads("getAmountIn", [98n, 10_000n, 10_000n], 100n);
      await router.refuses(ann, "getAmountIn", [0n, 1n, 1n], "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT");
      const [, out] = await router.reads("getAmountsOut", [ETHER, [a.address, b.address]]);
      const [needed] = await router.reads("getAmountsIn", [out, [a.address, b.address]]);
      expect(needed).to.be.lessThanOrEqual(ETHER);
      await router.refuses(ann, "getAmountsOut", [1n, [a.address]], "UniswapV2Library: INVALID_PATH");
      await router.refuses(ann, "getAmountsIn", [1n, [a.address]], "UniswapV2Library: INVALID_PATH");
    });

    it("should add liquidity of tokens and of ether", async () => {
      await router.does(owner, "addLiquidity", [a.address, b.address, 100n * ETHER, 1000n * ETHER, 0n, 0n, owner.address, NEVER], { emits: [[pair, "Mint", router]] });
      await router.refuses(owner, "addLiquidity", [a.address, b.address, ETHER, ETHER, 2n * ETHER, 2n * ETHER, owner.address, NEVER], /INSUFFICIENT_._AMOUNT/);
      await router.refuses(owner, "addLiquidity", [a.address, b.address, 1n, 1n, 0n, 0n, owner.address, 1n], "UniswapV2Router: EXPIRED");
      const made = await factory.reads("getPair", [a.address, weth.address]);
      expect(made).to.equal(ZeroAddress);
      await router.does(owner, "addLiquidityETH", [a.address, 1000n * ETHER, 0n, 0n, owner.address, NEVER], { value: 5n * ETHER, emits: [[factory, "PairCreated"], [weth, "Deposit", router, 5n * ETHER]] });
      etherPair = new Subject("UniswapV2Pair", new ethers.Contract(pairAddress(a, weth), PAIR.abi, owner));
      await router.does(owner, "addLiquidityETH", [fee.address, 1000n * ETHER, 0n, 0n, owner.address, NEVER], { value: 5n * ETHER });
      feePair = new Subject("UniswapV2Pair", new ethers.Contract(pairAddress(fee, weth), PAIR.abi, owner));
      await router.refuses(owner, "addLiquidityETH", [a.address, ETHER, 0n, 0n, owner.address, 1n], "UniswapV2Router: EXPIRED", undefined, { value: 1n });
    });

    it("should swap tokens for tokens", async () => {
      const path = [a.address, b.address];
      const [, out] = await router.reads("getAmountsOut", [ETHER, path]);
      await router.does(owner, "swapExactTokensForTokens", [ETHER, out, path, ann.address, NEVER], { returns: [ETHER, out], emits: [[b, "Transfer", pair, ann, out], [pair, "Swap"]] });
      await router.refuses(owner, "swapExactTokensForTokens", [ETHER, out * 2n, path, ann.address, NEVER], "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT");
      const [needed] = await router.reads("getAmountsIn", [ETHER, path]);
      await router.does(owner, "swapTokensForExactTokens", [ETHER, needed, path, ann.address, NEVER], { returns: [needed, ETHER] });
      await router.refuses(owner, "swapTokensForExactTokens", [ETHER, 1n, path, ann.address, NEVER], "UniswapV2Router: EXCESSIVE_INPUT_AMOUNT");
      await router.refuses(ann, "swapExactTokensForTokens", [1n, 0n, path, ann.address, NEVER], "TransferHelper: TRANSFER_FROM_FAILED");
      await fee.does(owner, "transfer", [ann.address, ETHER]);
      await router.does(owner, "swapExactTokensForTokensSupportingFeeOnTransferTokens", [ETHER, 0n, [fee.address, weth.address], ann.address, NEVER], { emits: [[feePair, "Swap"]] });
      await router.refuses(owner, "swapExactTokensForTokensSupportingFeeOnTransferTokens", [ETHER, ETHER * 9n, [fee.address, weth.address], ann.address, NEVER], "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT");
      await router.refuses(owner, "swapExactTokensForTokens", [ETHER, 0n, [fee.address, weth.address], ann.address, NEVER], "UniswapV2: K");
    });

    it("should swap ether and tokens", async () => {
      const [to, from] = [[weth.address, a.address], [a.address, weth.address]];
      const value = parseEther("0.01");
      await router.does(owner, "swapExactETHForTokens", [0n, to, ann.address, NEVER], { value, emits: [[weth, "Deposit"], [etherPair, "Swap"]] });
      await router.refuses(owner, "swapExactETHForTokens", [0n, from, ann.address, NEVER], "UniswapV2Router: INVALID_PATH", undefined, { value });
      await router.does(owner, "swapETHForExactTokens", [ETHER, to, ann.address, NEVER], { value, emits: [[etherPair, "Swap"]] });
      await router.refuses(owner, "swapETHForExactTokens", [ETHER, to, ann.address, NEVER], "UniswapV2Router: EXCESSIVE_INPUT_AMOUNT", undefined, { value: 1n });
      await router.does(owner, "swapExactTokensForETH", [ETHER, 0n, from, ann.address, NEVER], { emits: [[weth, "Withdrawal", router]] });
      await router.refuses(owner, "swapExactTokensForETH", [ETHER, ETHER, from, ann.address, NEVER], "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT");
      await router.does(owner, "swapTokensForExactETH", [value, 100n * ETHER, from, ann.address, NEVER], { emits: [[weth, "Withdrawal", router, value]] });
      await router.refuses(owner, "swapTokensForExactETH", [value, 1n, from, ann.address, NEVER], "UniswapV2Router: EXCESSIVE_INPUT_AMOUNT");
      await router.does(owner, "swapExactETHForTokensSupportingFeeOnTransferTokens", [0n, [weth.address, fee.address], ann.address, NEVER], { value, emits: [[feePair, "Swap"]] });
      await router.refuses(owner, "swapExactETHForTokensSupportingFeeOnTransferTokens", [0n, from, ann.address, NEVER], "UniswapV2Router: INVALID_PATH", undefined, { value });
      await router.does(owner, "swapExactTokensForETHSupportingFeeOnTransferTokens", [ETHER, 0n, [fee.address, weth.address], ann.address, NEVER], { emits: [[weth, "Withdrawal", router]] });
      await router.refuses(owner, "swapExactTokensForETHSupportingFeeOnTransferTokens", [ETHER, ETHER, [fee.address, weth.address], ann.address, NEVER], "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT");
    });

    it("should remove liquidity", async () => {
      for (const each of [pair, etherPair, feePair]) {
        await each.does(owner, "approve", [router.address, ETHER * 3n]);
      }
      await router.does(owner, "removeLiquidity", [a.address, b.address, ETHER, 0n, 0n, ann.address, NEVER], { emits: [[pair, "Burn", router]] });
      await router.refuses(owner, "removeLiquidity", [a.address, b.address, ETHER, ETHER * 1000n, 0n, ann.address, NEVER], /INSUFFICIENT_._AMOUNT/);
      await router.does(owner, "removeLiquidityETH", [a.address, ETHER, 0n, 0n, ann.address, NEVER], { emits: [[weth, "Withdrawal", router]] });
      await router.refuses(ann, "removeLiquidityETH", [a.address, ETHER, 0n, 0n, ann.address, NEVER], "ds-math-sub-underflow");
      await router.does(owner, "removeLiquidityETHSupportingFeeOnTransferTokens", [fee.address, ETHER, 0n, 0n, ann.address, NEVER], { emits: [[weth, "Withdrawal", router]] });
      await router.refuses(owner, "removeLiquidityETH", [fee.address, ETHER, 0n, 0n, ann.address, NEVER], "TransferHelper: TRANSFER_FAILED");
      await router.refuses(owner, "removeLiquidityETHSupportingFeeOnTransferTokens", [fee.address, ETHER, 0n, ETHER * 9n, ann.address, NEVER], /INSUFFICIENT_._AMOUNT/);
    });

    it("should remove liquidity with a permit instead of an approval", async () => {
      for (const [name, subject, tokens, event] of [
        ["removeLiquidityWithPermit", pair, [a.address, b.address], [pair, "Burn"]],
        ["removeLiquidityETHWithPermit", etherPair, [a.address], [weth, "Withdrawal"]],
        ["removeLiquidityETHWithPermitSupportingFeeOnTransferTokens", feePair, [fee.address], [weth, "Withdrawal"]],
      ]) {
        const { v, r, s } = await permit(subject, owner, router.address, MaxUint256, NEVER);
        const args = [...tokens, ETHER, 0n, 0n, ann.address, NEVER, true, v, r, s];
        await router.does(owner, name, args, { emits: [event] });
        await router.refuses(owner, name, args, "UniswapV2: INVALID_SIGNATURE");
      }
    });

    it("should have had every function called", () => {
      expect(router.uncalled()).to.deep.equal([]);
    });
  });

  function pairAddress(x, y) {
    const [low, high] = [x.address, y.address].sort((l, r) => (BigInt(l) < BigInt(r) ? -1 : 1));
    return ethers.getCreate2Address(factory.address, ethers.solidityPackedKeccak256(["address", "address"], [low, high]), ethers.keccak256(PAIR.bytecode));
  }

  function domain(subject) {
    return { name: "Uniswap V2", version: "1", chainId: 1337, verifyingContract: subject.address };
  }

  async function permit(subject, signer, spender, value, deadline) {
    const types = { Permit: ["owner", "spender", "value", "nonce", "deadline"].map((name, i) => ({ name, type: i < 2 ? "address" : "uint256" })) };
    const nonce = await subject.reads("nonces", [signer.address]);
    return ethers.Signature.from(await signer.signTypedData(domain(subject), types, { owner: signer.address, spender, value, nonce, deadline }));
  }
});
