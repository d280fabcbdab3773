// An indexer such as Blockscout's, reduced to what it asks of a node and what it keeps.

/** As Blockscout is configured by default: blocks and receipts in tens to hundreds, traces in tens. */
const BLOCKS_A_BATCH = 50;
const RECEIPTS_A_BATCH = 250;
const TRACES_A_BATCH = 10;

const hex = (number) => `0x${number.toString(16)}`;

/** Blocks with their transactions, from..to, both included. */
export function fetchBlocks(rpc, from, to) {
  const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return rpc.batches(
    numbers.map((number) => ["eth_getBlockByNumber", hex(number), true]),
    BLOCKS_A_BATCH,
  );
}

export function fetchReceipts(rpc, transactions) {
  return rpc.batches(
    transactions.map(({ hash }) => ["eth_getTransactionReceipt", hash]),
    RECEIPTS_A_BATCH,
  );
}

export function fetchReceiptsByBlock(rpc, blocks) {
  return rpc.batches(
    blocks.map(({ number }) => ["eth_getBlockReceipts", number]),
    BLOCKS_A_BATCH,
  );
}

/** The call frames of transactions, with the logs in them. */
export function fetchTraces(rpc, transactions) {
  return rpc.batches(
    transactions.map(({ hash }) => [
      "debug_traceTransaction",
      hash,
      { tracer: "callTracer", timeout: "60s", tracerConfig: { withLog: true } },
    ]),
    TRACES_A_BATCH,
  );
}

export function fetchBlockTraces(rpc, blocks) {
  return rpc.batches(
    blocks.map(({ number }) => [
      "debug_traceBlockByNumber",
      number,
      { tracer: "callTracer", timeout: "60s", tracerConfig: { withLog: true } },
    ]),
    TRACES_A_BATCH,
  );
}

/** OpenEthereum's traces, by block. */
export function fetchReplays(rpc, blocks) {
  return rpc.batches(
    blocks.map(({ number }) => ["trace_replayBlockTransactions", number, ["trace"]]),
    TRACES_A_BATCH,
  );
}

export function fetchBalances(rpc, addresses, number) {
  return rpc.batches(
    addresses.map((address) => ["eth_getBalance", address, hex(number)]),
    RECEIPTS_A_BATCH,
  );
}

export function fetchCodes(rpc, addresses, number) {
  return rpc.batches(
    addresses.map((address) => ["eth_getCode", address, hex(number)]),
    RECEIPTS_A_BATCH,
  );
}

/** Frames that took effect, outermost first: a failed one takes back all that it called. */
export function effective(frame) {
  return frame.error ? [] : [frame, ...(frame.calls ?? []).flatMap(effective)];
}

const MOVING = ["CALL", "CREATE", "CREATE2", "SELFDESTRUCT"];

/** The payments among frames: {from, to, value}. */
export function payments(frames) {
  return frames
    .filter(({ type, value }) => MOVING.includes(type) && BigInt(value ?? 0) > 0n)
    .map(({ from, to, value }) => ({ from, to, value: BigInt(value) }));
}

/** The same from OpenEthereum's traces of a transaction. */
export function paymentsOfTraces(traces) {
  const failed = traces.filter(({ error }) => error).map(({ traceAddress }) => traceAddress);
  const undone = ({ traceAddress }) => failed.some((prefix) => prefix.every((step, i) => traceAddress[i] === step));
  return traces
    .filter((trace) => !undone(trace))
    .map(({ type, action, result }) => {
      switch (type) {
        case "call":
          return { from: action.from, to: action.to, value: ["call"].includes(action.callType) ? action.value : "0x0" };
        case "create":
          return { from: action.from, to: result.address, value: action.value };
        case "suicide":
          return { from: action.address, to: action.refundAddress, value: action.balance };
        default:
          throw new Error(`a trace of type ${type}`);
      }
    })
    .map(({ from, to, value }) => ({ from, to, value: BigInt(value) }))
    .filter(({ value }) => value > 0n);
}

/** By how much balances change by transactions: payments and fees; the tip is the block producer's, the base fee nobody's. */
export function balanceChanges(blocks, receipts, traces) {
  const changes = new Map();
  const add = (address, value) => changes.set(address, (changes.get(address) ?? 0n) + value);
  let at = 0;
  for (const block of blocks) {
    for (const transaction of block.transactions) {
      const [receipt, trace] = [receipts[at], traces[at]];
      at++;
      const gas = BigInt(receipt.gasUsed);
      add(transaction.from, -gas * BigInt(receipt.effectiveGasPrice));
      add(block.miner, gas * (BigInt(receipt.effectiveGasPrice) - BigInt(block.baseFeePerGas)));
      for (const { from, to, value } of payments(effective(trace))) {
        add(from, -value);
        add(to, value);
      }
    }
  }
  return changes;
}
