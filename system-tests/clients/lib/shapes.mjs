// The forms of what Ethereum's JSON-RPC gives back, after the execution-apis specification.
import assert from "node:assert/strict";

export const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]*)$/;
export const DATA = /^0x([0-9a-f]{2})*$/;
export const HASH = /^0x[0-9a-f]{64}$/;
export const ADDRESS = /^0x[0-9a-f]{40}$/;
const BLOOM = /^0x[0-9a-f]{512}$/;
const NONCE = /^0x[0-9a-f]{16}$/;

const orNull = (form) => ({ form, optional: true });

const BLOCK = {
  number: QUANTITY,
  hash: HASH,
  parentHash: HASH,
  nonce: NONCE,
  sha3Uncles: HASH,
  logsBloom: BLOOM,
  transactionsRoot: HASH,
  stateRoot: HASH,
  receiptsRoot: HASH,
  miner: ADDRESS,
  difficulty: QUANTITY,
  extraData: DATA,
  size: QUANTITY,
  gasLimit: QUANTITY,
  gasUsed: QUANTITY,
  timestamp: QUANTITY,
  mixHash: HASH,
  baseFeePerGas: QUANTITY,
  withdrawalsRoot: HASH,
  blobGasUsed: QUANTITY,
  excessBlobGas: QUANTITY,
  parentBeaconBlockRoot: HASH,
  requestsHash: HASH,
};

const TRANSACTION = {
  blockHash: HASH,
  blockNumber: QUANTITY,
  from: ADDRESS,
  gas: QUANTITY,
  gasPrice: QUANTITY,
  hash: HASH,
  input: DATA,
  nonce: QUANTITY,
  to: orNull(ADDRESS),
  transactionIndex: QUANTITY,
  value: QUANTITY,
  type: QUANTITY,
  r: QUANTITY,
  s: QUANTITY,
  v: QUANTITY,
};

const RECEIPT = {
  transactionHash: HASH,
  transactionIndex: QUANTITY,
  blockHash: HASH,
  blockNumber: QUANTITY,
  from: ADDRESS,
  to: orNull(ADDRESS),
  cumulativeGasUsed: QUANTITY,
  gasUsed: QUANTITY,
  contractAddress: orNull(ADDRESS),
  logsBloom: BLOOM,
  type: QUANTITY,
  status: /^0x[01]$/,
  effectiveGasPrice: QUANTITY,
};

const LOG = {
  address: ADDRESS,
  data: DATA,
  blockHash: HASH,
  blockNumber: QUANTITY,
  transactionHash: HASH,
  transactionIndex: QUANTITY,
  logIndex: QUANTITY,
};

function check(value, shape, what) {
  for (const [field, rule] of Object.entries(shape)) {
    const form = rule.form ?? rule;
    if (rule.optional && value[field] === null) {
      continue;
    }
    assert.match(String(value[field]), form, `${what}.${field}`);
  }
}

export function checkBlock(block, full = false) {
  check(block, BLOCK, `block ${block.number}`);
  assert.ok(Array.isArray(block.uncles) && block.uncles.length === 0);
  assert.deepEqual(block.withdrawals, []);
  block.transactions.forEach((transaction) => (full ? checkTransaction(transaction) : assert.match(transaction, HASH)));
}

export function checkTransaction(transaction) {
  const what = `transaction ${transaction.hash}`;
  check(transaction, TRANSACTION, what);
  if (Number(transaction.type) > 0) {
    check(transaction, { chainId: QUANTITY, yParity: /^0x[01]$/ }, what);
    assert.ok(Array.isArray(transaction.accessList), what);
  }
  if (Number(transaction.type) > 1) {
    check(transaction, { maxFeePerGas: QUANTITY, maxPriorityFeePerGas: QUANTITY }, what);
  }
}

export function checkReceipt(receipt) {
  check(receipt, RECEIPT, `receipt ${receipt.transactionHash}`);
  receipt.logs.forEach(checkLog);
}

export function checkLog(log) {
  check(log, LOG, `log ${log.transactionHash}/${log.logIndex}`);
  assert.equal(log.removed, false);
  assert.ok(log.topics.length <= 4);
  log.topics.forEach((topic) => assert.match(topic, HASH));
}
