import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Contract, ContractFactory, JsonRpcProvider, keccak256, parseEther, toQuantity, Wallet } from "ethers";
import { createPublicClient, createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { compile } from "../lib/compile.mjs";
import { connect } from "../lib/network.mjs";
import { RpcConnection } from "../lib/rpc.mjs";
import { signIn } from "../lib/sessions.mjs";
import { checkBlock, checkReceipt, checkTransaction, QUANTITY } from "../lib/shapes.mjs";
import { chainOf } from "../lib/viem.mjs";

const METAMASK = "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn";
/** EIP-1193: not authorised. */
const UNAUTHORIZED = 4100;

/** The whole of what a user of a wallet gets: a URL to type in, which says who asks. Nothing stands before the node. */
describe("a personal URL, as the only thing that a wallet knows", () => {
  let coco;
  let wallet;
  let token;
  let stranger;
  let url;
  let abi;

  before(async () => {
    coco = await connect();
    const deployer = coco.wallet(8, 1);
    const compiled = compile("PermitToken");
    abi = compiled.abi;
    token = await deploy(compiled, deployer);
    stranger = await deploy(compiled, deployer);
    wallet = await coco.newcomer();
    await done(deployer.sendTransaction({ to: wallet.address, value: parseEther("10") }));
    await done(token.transfer(wallet.address, 500n));
    url = await personalUrl([await token.getAddress()]);
  });
  after(() => coco?.stop());

  async function deploy({ abi, bytecode }, deployer) {
    const contract = await new ContractFactory(abi, bytecode, deployer).deploy();
    await done(Promise.resolve(contract.deploymentTransaction()));
    return contract;
  }

  async function done(sent) {
    const receipt = await (await sent).wait();
    assert.equal(receipt.status, 1);
    await coco.applied(receipt.blockNumber);
    return receipt;
  }

  /** What coco access wallet does. */
  async function personalUrl(contracts) {
    const session = await signIn(coco.nodeUrls[0], wallet);
    const answer = await fetch(`${coco.nodeUrls[0]}/access/wallets`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${session}` },
      body: JSON.stringify({ contracts, seconds: 3_600, label: "test" }),
    });
    assert.equal(answer.status, 201);
    return coco.nodeUrls[0] + (await answer.json()).path;
  }

  const tokensOf = async (address) => token.balanceOf(address);

  it("should do for ethers, which is told nothing of identities", async () => {
    const provider = new JsonRpcProvider(url, undefined, { pollingInterval: 50, cacheTimeout: -1 });
    try {
      const to = Wallet.createRandom().address;
      const own = new Contract(await token.getAddress(), abi, wallet.connect(provider));
      assert.equal(await own.symbol(), "PMT");
      assert.equal(await own.balanceOf(wallet.address), 500n);
      const sent = await own.transfer(to, 20n);
      const receipt = await sent.wait();
      assert.equal(receipt.status, 1);
      assert.equal((await provider.getTransaction(sent.hash)).hash, sent.hash);
      const fee = receipt.gasUsed * receipt.gasPrice;
      assert.equal(await provider.getBalance(wallet.address), parseEther("10") - fee);
      await coco.applied(receipt.blockNumber);
      assert.equal(await tokensOf(to), 20n);
      await assert.rejects(own.transfer(to, 10n ** 30n), (e) => e.code === "CALL_EXCEPTION");
    } finally {
      provider.destroy();
    }
  });

  it("should do for viem, which is told nothing of identities", async () => {
    const chain = chainOf(coco);
    const pace = { pollingInterval: 50, cacheTime: 0 };
    const client = createPublicClient({ chain, transport: http(url), ...pace });
    const account = privateKeyToAccount(wallet.privateKey);
    const signer = createWalletClient({ chain, transport: http(url), account, ...pace });
    const address = await token.getAddress();
    const to = Wallet.createRandom().address;
    assert.equal(await client.getChainId(), Number(coco.chainId));
    const { request } = await client.simulateContract({ account, address, abi, functionName: "transfer", args: [to, 30n] });
    const hash = await signer.writeContract(request);
    const receipt = await client.waitForTransactionReceipt({ hash });
    assert.equal(receipt.status, "success");
    assert.equal((await client.getTransaction({ hash })).from.toLowerCase(), wallet.address.toLowerCase());
    await coco.applied(Number(receipt.blockNumber));
    assert.equal(await tokensOf(to), 30n);
  });

  it("should do for what MetaMask asks from its start to confirmed", async () => {
    const rpc = new RpcConnection(url, { origin: METAMASK, "sec-fetch-mode": "cors", "sec-fetch-site": "none" });
    try {
      const from = wallet.address.toLowerCase();
      const to = (await token.getAddress()).toLowerCase();
      const data = token.interface.encodeFunctionData("transfer", [Wallet.createRandom().address, 40n]);
      assert.equal(BigInt(await rpc.send("eth_chainId")), coco.chainId);
      assert.equal(await rpc.send("net_version"), String(coco.chainId));
      assert.match(await rpc.send("eth_getBalance", from, "latest"), QUANTITY);
      assert.notEqual(await rpc.send("eth_getCode", to, "latest"), "0x");
      const block = await rpc.send("eth_getBlockByNumber", "latest", false);
      checkBlock(block);
      const gas = await rpc.send("eth_estimateGas", { from, to, value: "0x0", data });
      const history = await rpc.send("eth_feeHistory", "0x5", block.number, [10, 20, 30]);
      const maxFeePerGas = BigInt(history.baseFeePerGas.at(-1)) * 2n;
      const nonce = await rpc.send("eth_getTransactionCount", from, "pending");
      const raw = await wallet.signTransaction({
        type: 2,
        chainId: coco.chainId,
        nonce: Number(nonce),
        to,
        data,
        gasLimit: (BigInt(gas) * 3n) / 2n,
        maxFeePerGas,
        maxPriorityFeePerGas: 0n,
      });
      const hash = await rpc.send("eth_sendRawTransaction", raw);
      assert.equal(hash, keccak256(raw));
      let receipt = null;
      for (let attempt = 0; receipt === null && attempt < 200; attempt++) {
        await rpc.send("eth_blockNumber");
        receipt = await rpc.send("eth_getTransactionReceipt", hash);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      checkReceipt(receipt);
      assert.equal(receipt.status, "0x1");
      checkTransaction(await rpc.send("eth_getTransactionByHash", hash));
      checkBlock(await rpc.send("eth_getBlockByHash", receipt.blockHash, false));
    } finally {
      rpc.close();
    }
  });

  it("should give a page that asks through the wallet no more than that", async () => {
    const rpc = new RpcConnection(url, { origin: METAMASK });
    try {
      const other = coco.wallet(8, 0).address.toLowerCase();
      const elsewhere = (await stranger.getAddress()).toLowerCase();
      const sent = await done(coco.wallet(8, 0).sendTransaction({ to: other }));
      for (const [method, ...params] of [
        ["eth_getBalance", other, "latest"],
        ["eth_getCode", elsewhere, "latest"],
        ["eth_call", { to: elsewhere, data: "0x95d89b41" }, "latest"],
        ["eth_getLogs", { fromBlock: "0x0" }],
        ["eth_getBlockByNumber", toQuantity(sent.blockNumber), true],
        ["eth_getStorageAt", (await token.getAddress()).toLowerCase(), "0x0", "latest"],
        ["debug_traceTransaction", sent.hash],
      ]) {
        await assert.rejects(rpc.send(method, ...params), (e) => e.code === UNAUTHORIZED, method);
      }
      assert.equal(await rpc.send("eth_getTransactionReceipt", sent.hash), null);
    } finally {
      rpc.close();
    }
  });
});
