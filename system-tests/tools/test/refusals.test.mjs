// What is refused, in whose words: geth's stand, Coco gives them to the letter, and anvil does or is listed here with why not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { AbiCoder, concat, encodeRlp, Interface, keccak256, toBeArray } from "ethers";
import { account, ask, CHAIN_ID, coco, freshPhrase, fund, here, receiptOf, rpc, startAnvil } from "../lib/tools.mjs";

const vault = (name) => JSON.parse(readFileSync(join(here, `hardhat/artifacts/contracts/Vault.sol/${name}.json`), "utf8"));
const ORDER = BigInt("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
describe("what is refused", () => {
  const phrase = freshPhrase();
  const [ann, bob, poor] = [0, 1, 3].map((i) => account(phrase, i));
  const url = coco[0];
  let anvil;
  let vaultAddress;

  before(async () => {
    anvil = await startAnvil();
    for (const network of [url, anvil.url]) {
      await fund(network, phrase, 2);
      const library = await sent(network, { data: vault("Shares").bytecode, nonce: 0, gasLimit: 1_000_000 });
      const { bytecode, linkReferences } = vault("Vault");
      const [{ start }] = linkReferences["contracts/Vault.sol"].Shares;
      const split = 2 + 2 * start;
      const linked = bytecode.slice(0, split) + library.contractAddress.slice(2) + bytecode.slice(split + 40);
      const data = concat([linked, AbiCoder.defaultAbiCoder().encode(["uint256"], [4_000_000_000])]);
      vaultAddress = (await sent(network, { data, nonce: 1, gasLimit: 3_000_000 })).contractAddress;
    }
  });
  after(() => anvil?.stop());

  const sign = (wallet, fields) => {
    const price = (fields.type ?? 2) >= 2 ? { maxFeePerGas: 10, maxPriorityFeePerGas: 0 } : { gasPrice: 10 };
    return wallet.signTransaction({ chainId: CHAIN_ID, nonce: 2, gasLimit: 100_000, type: 2, to: bob.address, ...price, ...fields });
  };
  const sent = async (network, fields) => receiptOf(network, await ask(network, "eth_sendRawTransaction", await sign(ann, { to: undefined, maxFeePerGas: 0, ...fields })));

  const pack = (name, ...args) => new Interface(vault("Vault").abi).encodeFunctionData(name, args);

  const raw = async (fields, wallet = ann) => ["eth_sendRawTransaction", await sign(wallet, fields)];
  const call = (fields, method = "eth_call") => [method, { from: bob.address, to: vaultAddress, ...fields }, "latest"];
  const init = (code, gas = "0x186a0", method = "eth_call") => call({ to: undefined, data: code, gas }, method);

  /** Signed by hand: libraries refuse to. */
  function byHand(changed, malleable = false) {
    const fields = { nonce: 2n, tip: 0n, cap: 10n, gas: 100_000n, ...changed };
    const number = (n) => (BigInt(n) === 0n ? "0x" : toBeArray(n));
    const body = [CHAIN_ID, fields.nonce, fields.tip, fields.cap, fields.gas].map(number).concat([bob.address, "0x", "0x", []]);
    const { r, s, yParity } = ann.signingKey.sign(keccak256(concat(["0x02", encodeRlp(body)])));
    const signature = malleable ? [1 - yParity, r, ORDER - BigInt(s)] : [yParity, r, s];
    return ["eth_sendRawTransaction", concat(["0x02", encodeRlp([...body, ...signature.map(number)])])];
  }

  const refused = (code, message) => `${code} ${message}`;
  const ACCEPTED = "accepted";
  const said = ({ result, error }) => (result === undefined ? refused(error.code, error.message) : ACCEPTED);

  /** Why anvil says something else. */
  const CODE = "EIP-1474's code, and words without figures; geth has -32000 for all that its pool refuses";
  const MINES = "takes it, and finds out when it mines; geth's pool asks before";
  const DECODES = "decodes with alloy, which says neither what nor where; geth says what its RLP decoder found";
  const SOLIDITY = "knows custom errors and says panics its own way; geth leaves the first to who has the ABI";
  const MACHINE = "an internal error with revm's name of it; geth has -32000 and its own names";
  const CHECKS = "checks arguments with serde; geth with encoding/json";
  const LAX = "takes what geth refuses";
  /** Why Coco does. */
  const RLP = "names the byte instead of the Go type";
  const DETAIL = "only tracers know the instruction and the height of the stack";

  /** Each: the name, the request, geth's code and words, what anvil says instead and why, what Coco says instead and why. */
  async function cases() {
    const signed = (await raw({}))[1];
    const gapped = await raw({ nonce: 60, maxFeePerGas: 100, maxPriorityFeePerGas: 100 });
    const owner = `0x245aecd3: 000000000000000000000000${bob.address.slice(2).toLowerCase()}`;
    const funds = (who, gas) => `err: insufficient funds for gas * price + value: address ${who} have 0 want 1 (supplied gas ${gas})`;
    const unprotected = { type: 0, nonce: 2, gasLimit: 21_000, gasPrice: 0, to: bob.address, chainId: 0n };
    const future = "-32602 BlockOutOfRangeError: block height is HEIGHT but requested was 16777215";
    return [
      ["nonce too low", await raw({ nonce: 0 }), -32000, "nonce too low: next nonce 2, tx nonce 0", ["-32003 nonce too low", CODE]],
      ["no ether", await raw({ nonce: 0, value: 1, maxFeePerGas: 0 }, poor), -32000, "insufficient funds for gas * price + value: balance 0, tx cost 1, overshot 1", ["-32003 Insufficient funds for gas * price + value", CODE]],
      ["no ether for gas", await raw({ nonce: 0 }, poor), -32000, "insufficient funds for gas * price + value: balance 0, tx cost 1000000, overshot 1000000", ["-32003 Insufficient funds for gas * price + value", CODE]],
      ["intrinsic gas", await raw({ gasLimit: 20_999 }), -32000, "intrinsic gas too low: gas 20999, minimum needed 21000", ["-32000 intrinsic gas too low", CODE]],
      ["floor of data gas", await raw({ data: `0x${"ff".repeat(1000)}`, gasLimit: 40_000 }), -32000, "insufficient gas for floor data gas cost: gas 40000, minimum needed 61000", [ACCEPTED, MINES]],
      ["another chain", await raw({ chainId: 1n }), -32000, "invalid sender: invalid chain id for signer: have 1 want 1337", ["-32003 invalid chain id for signer", CODE]],
      ["no chain", ["eth_sendRawTransaction", await ann.signTransaction(unprotected)], -32000, "only replay-protected (EIP-155) transactions allowed over RPC", [ACCEPTED, LAX]],
      ["tip above the fee cap", byHand({ tip: 11n }), -32000, "max priority fee per gas higher than max fee per gas", ["-32003 max priority fee per gas higher than max fee per gas", CODE]],
      ["more gas than a block", await raw({ gasLimit: 200_000_001 }), -32000, "exceeds block gas limit", ["-32000 intrinsic gas too high -- tx.gas_limit > env.block.gas_limit", CODE]],
      ["more gas than EIP-7825 lets", await raw({ gasLimit: 16_777_217 }), -32000, "transaction gas limit too high (cap: 16777216, tx: 16777217)", ["-32000 intrinsic gas too high -- tx.gas_limit > env.cfg.tx_gas_limit_cap", CODE]],
      ["init code of EIP-3860", await raw({ to: null, data: `0x${"00".repeat(49_153)}`, gasLimit: 10_000_000 }), -32000, "max initcode size exceeded: code size 49153, limit 49152", ["-32003 max initcode size exceeded", CODE]],
      ["more than 128 KiB", await raw({ data: `0x${"00".repeat(131_072)}`, gasLimit: 10_000_000 }), -32000, "oversized data: transaction size 131181, limit 131072", [ACCEPTED, LAX]],
      ["high s of EIP-2", byHand({}, true), -32000, "invalid sender: invalid transaction v, r, s values", [ACCEPTED, LAX]],
      ["no authorization", await raw({ type: 4, authorizationList: [] }), -32000, "set code tx must have at least one authorization tuple", [ACCEPTED, MINES]],
      ["known already", gapped, -32000, "already known", ["-32003 transaction already imported", CODE], undefined, gapped],
      ["not a tenth dearer", await raw({ nonce: 60, maxFeePerGas: 109, maxPriorityFeePerGas: 109 }), -32000, "replacement transaction underpriced", [ACCEPTED, "asks for more of either price; geth for a tenth more of both"], undefined, gapped],

      ["no bytes", ["eth_sendRawTransaction", "0x"], -32000, "typed transaction too short", ["-32602 Empty transaction data", DECODES]],
      ["a type alone", ["eth_sendRawTransaction", "0x02"], -32000, "typed transaction too short", ["-32602 Failed to decode transaction", DECODES]],
      ["an unknown type", ["eth_sendRawTransaction", "0x05c0"], -32000, "transaction type not supported", ["-32602 Failed to decode transaction", DECODES]],
      ["an empty list", ["eth_sendRawTransaction", "0xc0"], -32000, "rlp: too few elements for types.LegacyTx", ["-32602 Failed to decode transaction", DECODES], ["-32000 rlp: missing item at byte 1", RLP]],
      ["an empty list with a type", ["eth_sendRawTransaction", "0x02c0"], -32000, "rlp: too few elements for types.DynamicFeeTx", ["-32602 Failed to decode transaction", DECODES], ["-32000 rlp: missing item at byte 1", RLP]],
      ["a byte too few", ["eth_sendRawTransaction", signed.slice(0, -2)], -32000, "rlp: value size exceeds available input length", ["-32602 Failed to decode transaction", DECODES], ["-32000 rlp: truncated at byte 0", RLP]],
      ["a byte too many", ["eth_sendRawTransaction", `${signed}00`], -32000, "rlp: input contains more than one value", [ACCEPTED, LAX], [`-32000 rlp: trailing bytes at byte ${signed.length / 2 - 2}`, RLP]],
      ["no hexadecimal", ["eth_sendRawTransaction", "0xzz"], -32602, "invalid argument 0: json: cannot unmarshal invalid hex string into Go value of type hexutil.Bytes", ['-32602 invalid value: string "0xzz", expected a valid hex string', CHECKS]],
      ["half a byte", ["eth_sendRawTransaction", "0x123"], -32602, "invalid argument 0: json: cannot unmarshal hex string of odd length into Go value of type hexutil.Bytes", ['-32602 invalid value: string "0x123", expected a valid hex string', CHECKS]],
      ["no 0x", ["eth_sendRawTransaction", "02"], -32602, "invalid argument 0: json: cannot unmarshal hex string without 0x prefix into Go value of type hexutil.Bytes", ["-32602 Failed to decode transaction", CHECKS]],
      ["nothing", ["eth_sendRawTransaction"], -32602, "missing value for required argument 0", ["-32602 expected params sequence with length 1 but got 0", CHECKS]],

      ["a text", call({ data: pack("deposit") }), 3, "execution reverted: Vault: nothing given"],
      ["a text, estimating", call({ data: pack("deposit") }, "eth_estimateGas"), 3, "execution reverted: Vault: nothing given"],
      ["a custom error", call({ data: pack("withdraw", 1) }), 3, "execution reverted", [`3 execution reverted: custom error ${owner}`, SOLIDITY]],
      ["a custom error, estimating", call({ data: pack("withdraw", 1) }, "eth_estimateGas"), 3, "execution reverted", [`3 execution reverted: custom error ${owner}`, SOLIDITY]],
      ["a panic", call({ data: pack("average") }), 3, "execution reverted: division or modulo by zero", ["3 execution reverted: panic: division or modulo by zero (0x12)", SOLIDITY]],
      ["an assertion", call({ data: pack("impossible") }), 3, "execution reverted: assert(false)", ["3 execution reverted: panic: assertion failed (0x01)", SOLIDITY]],
      ["a revert without data", call({ data: pack("silent") }), 3, "execution reverted"],
      ["a revert without data, estimating", call({ data: pack("silent") }, "eth_estimateGas"), 3, "execution reverted"],
      ["INVALID", init("0xfe"), -32000, "invalid opcode: INVALID", ["-32603 EVM error InvalidFEOpcode", MACHINE], ["-32000 invalid opcode", DETAIL]],
      ["no instruction", init("0x0c"), -32000, "invalid opcode: opcode 0xc not defined", ["-32603 EVM error OpcodeNotFound", MACHINE], ["-32000 invalid opcode", DETAIL]],
      ["an empty stack", init("0x50"), -32000, "stack underflow (0 <=> 1)", ["-32603 EVM error StackUnderflow", MACHINE], ["-32000 stack underflow", DETAIL]],
      ["a loop", init("0x5b600056"), -32000, "out of gas", ["-32603 EVM error OutOfGas", MACHINE]],
      ["a loop, estimating", init("0x5b600056", "0x30d40", "eth_estimateGas"), -32000, "gas required exceeds allowance (200000)", ["-32003 Out of gas: gas required exceeds allowance: 200000", CODE]],
      ["a jump to nowhere", init("0x600056"), -32000, "invalid jump destination", ["-32603 EVM error InvalidJump", MACHINE]],
      ["code of EIP-3541", init("0x60ef60005360016000f3"), -32000, "invalid code: must not begin with 0xef", ["-32603 EVM error CreateContractStartingWithEF", MACHINE]],
      ["code of EIP-170", init("0x6160016000f3", "0xf42400"), -32000, "max code size exceeded", ["-32603 EVM error CreateContractSizeLimit", MACHINE]],
      ["ether that is not there", call({ from: poor.address, value: "0x1" }), -32000, funds(poor.address, 50_000_000), ["-32003 Insufficient funds for gas * price + value", CODE]],
      ["ether that is not there, estimating", call({ from: poor.address, value: "0x1" }, "eth_estimateGas"), -32000, funds(poor.address, 16_777_216), ["-32003 Insufficient funds for gas * price + value", CODE]],
      ["a call without its intrinsic gas", call({ gas: "0x5207" }), -32000, "err: intrinsic gas too low: have 20999, want 21000 (supplied gas 20999)", ["-32000 intrinsic gas too high -- CallGasCostMoreThanGasLimit", CODE]],
      ["two prices", call({ maxFeePerGas: "0x1", gasPrice: "0x2" }), -32000, "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified", ["3 execution reverted: Vault: nothing given", LAX]],
      ["two inputs", call({ data: "0x01", input: "0x02" }), -32000, 'both "data" and "input" are set and not equal. Please use "input" to pass transaction call data', ["3 execution reverted", LAX]],
      ["init code of EIP-3860 in a call", call({ to: undefined, data: `0x${"00".repeat(49_153)}` }), -32000, "err: max initcode size exceeded: code size 49153 limit 49152 (supplied gas 50000000)", ["-32003 max initcode size exceeded", CODE]],

      ["a call in a block to come", ["eth_call", { to: bob.address }, "0xffffff"], -32000, "header not found", [future, CODE]],
      ["a balance in a block to come", ["eth_getBalance", bob.address, "0xffffff"], -32000, "header not found", [future, CODE]],
      ["a call in no block", ["eth_call", { to: bob.address }, { blockHash: `0x${"11".repeat(32)}` }], -32000, "header not found", ["-32001 Resource not found", CODE]],
      ["no method", ["eth_fly"], -32601, "the method eth_fly does not exist/is not available", ["-32601 Method not found", CHECKS]],
      ["no address", ["eth_getBalance", "0x12", "latest"], -32602, "invalid argument 0: hex string has length 2, want 40 for common.Address", ["-32602 invalid string length", CHECKS]],
      ["no arguments", ["eth_getBalance"], -32602, "missing value for required argument 0", ["-32602 invalid length 0, expected tuple variant EthRequest::EthGetBalance with 2 elements", CHECKS]],
      ["an argument nobody takes", ["eth_chainId", 1], -32602, "too many arguments, want at most 0", ["-32602 invalid type: number, expected unit", CHECKS]],
      ["no block", ["eth_getBalance", bob.address, "yesterday"], -32602, "invalid argument 1: hex string without 0x prefix", ["-32602 hex string without 0x prefix", CHECKS]],
      ["a leading zero", ["eth_getBlockByNumber", "0x01", false], -32602, "invalid argument 0: hex number with leading zero digits", [ACCEPTED, LAX]],
      ["logs backwards", ["eth_getLogs", { fromBlock: "0x2", toBlock: "0x1" }], -32602, "invalid block range params", [ACCEPTED, LAX]],
      ["logs of two kinds", ["eth_getLogs", { fromBlock: "0x2", blockHash: `0x${"11".repeat(32)}` }], -32602, "invalid argument 0: cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other", ["-32602 cannot specify both blockHash and fromBlock/toBlock, choose one or the other", CHECKS]],
      ["logs of no block", ["eth_getLogs", { blockHash: `0x${"11".repeat(32)}` }], -32000, "unknown block"],
    ];
  }

  it("should be refused in geth's words, and otherwise for a reason that is listed", async (t) => {
    const list = await cases();
    // What anvil takes is not mined, as the next case has the same nonce.
    await ask(anvil.url, "evm_setAutomine", false);
    const wrong = [];
    let [anvils, cocos] = [0, 0];
    for (const [name, [method, ...params], code, message, [theirs, why] = [], [ours, reason] = [], prepare] of list) {
      const geth = refused(code, message);
      const words = async (network) => {
        if (prepare) {
          assert.match(said(await rpc(network, ...prepare)), /accepted|already/);
        }
        return said(await rpc(network, method, ...params)).replace(/height is \d+/, "height is HEIGHT");
      };
      const expect = (who, given, wanted) => given === wanted || wrong.push(`${name}: ${who}\n  says  ${given}\n  wants ${wanted}`);
      expect(`Coco (${reason ?? "as geth"})`, await words(url), ours ?? geth);
      expect(`anvil (${why ?? "as geth"})`, await words(anvil.url), theirs ?? geth);
      await ask(anvil.url, "anvil_dropAllTransactions");
      for (const listed of [theirs, ours]) {
        assert.notEqual(listed, geth, `${name}: what is listed is no deviation`);
      }
      anvils += theirs === undefined ? 0 : 1;
      cocos += ours === undefined ? 0 : 1;
    }
    t.diagnostic(`${list.length} refusals, ${cocos} in other words than geth's by Coco, ${anvils} by anvil`);
    assert.deepEqual(wrong, [], wrong.join("\n"));
  });

  it("should take a nonce that is too high, as the pool may get those before", async () => {
    const request = await raw({ nonce: 50 });
    assert.equal(said(await rpc(url, ...request)), ACCEPTED);
    assert.equal(said(await rpc(anvil.url, ...request)), ACCEPTED);
    assert.equal((await ask(url, "eth_getTransactionByHash", keccak256(request[1]))).blockHash, null);
  });
});
