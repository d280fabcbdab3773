// eth_getProof (EIP-1186), followed by another implementation of the trie, from the block's state root alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { ContractFactory, decodeRlp, getBytes, keccak256, toBeHex, toQuantity } from "ethers";
import { connect } from "../lib/network.mjs";

/** Init code: slot 1 gets 7, slot 2 gets 2^255, and the code is one STOP. */
const INIT_CODE = "0x6007600155600160ff1b60025560015ff3";

let network;

before(async () => {
  network = await connect();
});

after(() => network?.stop());

/** What the nodes prove of a key under a root; null if they prove that there is nothing. */
async function proven(root, key, nodes) {
  const value = await verifyMerkleProof(getBytes(key), nodes.map((node) => getBytes(node)), {
    root: getBytes(root),
    useKeyHashing: true,
  });
  return value === null ? null : decodeRlp(value);
}

test("accounts and slots are proven under the state root", async () => {
  const wallet = network.wallet(0, 0);
  const contract = await new ContractFactory([], INIT_CODE, wallet).deploy();
  const receipt = await contract.deploymentTransaction().wait();
  const tag = toQuantity(receipt.blockNumber);
  const { stateRoot } = await wallet.provider.send("eth_getBlockByNumber", [tag, false]);
  const slots = ["0x1", toBeHex(2, 32), "0x3"];
  for (const address of [contract.target, wallet.address]) {
    const proof = await wallet.provider.send("eth_getProof", [address, slots, tag]);
    const [nonce, balance, storageHash, codeHash] = await proven(stateRoot, address, proof.accountProof);
    assert.equal(BigInt(nonce === "0x" ? 0 : nonce), BigInt(proof.nonce));
    assert.equal(BigInt(balance === "0x" ? 0 : balance), BigInt(proof.balance));
    assert.equal(storageHash, proof.storageHash);
    assert.equal(codeHash, proof.codeHash);
  }
  const proof = await wallet.provider.send("eth_getProof", [contract.target, slots, tag]);
  assert.equal(proof.codeHash, keccak256("0x00"));
  assert.deepEqual(proof.storageProof.map((slot) => slot.value), ["0x7", toBeHex(1n << 255n), "0x0"]);
  for (const [i, slot] of proof.storageProof.entries()) {
    const value = await proven(proof.storageHash, toBeHex(i + 1, 32), slot.proof);
    assert.equal(value === null ? 0n : BigInt(value), BigInt(slot.value));
  }
  const absent = await wallet.provider.send("eth_getProof", ["0x00000000000000000000000000000000000ab5e7", [], tag]);
  assert.equal(await proven(stateRoot, absent.address, absent.accountProof), null);
});
