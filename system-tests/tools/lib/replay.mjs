// The oracle's side of what a tool has sent to Coco: the same signed transactions in blocks cut and timed as Coco's.
import assert from "node:assert/strict";
import { Transaction, TransactionResponse } from "ethers";
import { account, ask, comparable, provider, startAnvil } from "./tools.mjs";

const GENEROUS = "0x21e19e0c9bab2400000";

/** The signed bytes of a transaction that a node knows. */
export async function rawTransaction(url, hash) {
  const source = provider(url);
  try {
    const found = await source.getTransaction(hash);
    assert.ok(found instanceof TransactionResponse, `no transaction ${hash}`);
    const { serialized, hash: again } = Transaction.from(found);
    assert.equal(again, hash);
    return serialized;
  } finally {
    source.destroy();
  }
}

/**
 * Replays transactions, given by their receipts in the order of the chain, whose senders are accounts of that phrase and
 * had nothing but ether before, and compares.
 */
export async function sameOnAnvil(url, receipts, phrase) {
  const anvil = await startAnvil("--no-mining", "--order", "fifo");
  try {
    for (let i = 0; i < 4; i++) {
      await ask(anvil.url, "anvil_setBalance", account(phrase, i).address, GENEROUS);
    }
    for (let first = 0; first < receipts.length; ) {
      const block = await ask(url, "eth_getBlockByNumber", receipts[first].blockNumber, false);
      let end = first;
      while (end < receipts.length && receipts[end].blockNumber === block.number) {
        await ask(anvil.url, "eth_sendRawTransaction", await rawTransaction(url, receipts[end].transactionHash));
        end++;
      }
      await ask(anvil.url, "evm_setNextBlockTimestamp", Number(block.timestamp));
      await ask(anvil.url, "evm_mine");
      first = end;
    }
    for (const [i, receipt] of receipts.entries()) {
      const theirs = await ask(anvil.url, "eth_getTransactionReceipt", receipt.transactionHash);
      assert.ok(theirs, `anvil has no receipt ${i}`);
      assert.deepEqual(comparable(receipt), comparable(theirs), `receipt ${i}`);
    }
  } finally {
    anvil.stop();
  }
}
