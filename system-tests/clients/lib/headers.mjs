// Recomputes what a node claims, from the fields it gives, with libraries that know nothing of Coco.
import { createMPT } from "@ethereumjs/mpt";
import { encodeRlp, getBytes, hexlify, keccak256, stripZerosLeft, toBeHex, Transaction } from "ethers";

/** A quantity as RLP wants it: without leading zeros, zero as nothing. */
export function quantity(value) {
  return BigInt(value) === 0n ? "0x" : stripZerosLeft(toBeHex(BigInt(value)));
}

/** The hash of a block given by eth_getBlockBy…; fields appear as their fork brought them. */
export function blockHash(block) {
  const fields = [
    block.parentHash,
    block.sha3Uncles,
    block.miner,
    block.stateRoot,
    block.transactionsRoot,
    block.receiptsRoot,
    block.logsBloom,
    quantity(block.difficulty),
    quantity(block.number),
    quantity(block.gasLimit),
    quantity(block.gasUsed),
    quantity(block.timestamp),
    block.extraData,
    block.mixHash,
    block.nonce,
  ];
  const later = [
    ["baseFeePerGas", quantity],
    ["withdrawalsRoot", String],
    ["blobGasUsed", quantity],
    ["excessBlobGas", quantity],
    ["parentBeaconBlockRoot", String],
    ["requestsHash", String],
  ];
  for (const [name, encode] of later) {
    if (block[name] !== undefined && block[name] !== null) {
      fields.push(encode(block[name]));
    }
  }
  return keccak256(encodeRlp(fields));
}

/** The signed bytes of a transaction given by eth_getTransactionByHash. */
export function rawTransaction(tx) {
  const type = Number(tx.type);
  const fields = {
    type,
    chainId: tx.chainId === undefined || tx.chainId === null ? undefined : BigInt(tx.chainId),
    nonce: Number(tx.nonce),
    to: tx.to,
    value: BigInt(tx.value),
    gasLimit: BigInt(tx.gas),
    data: tx.input,
  };
  if (type >= 2) {
    fields.maxFeePerGas = BigInt(tx.maxFeePerGas);
    fields.maxPriorityFeePerGas = BigInt(tx.maxPriorityFeePerGas);
  } else {
    fields.gasPrice = BigInt(tx.gasPrice);
  }
  if (type >= 1) {
    fields.accessList = tx.accessList;
  }
  if (type === 4) {
    fields.authorizationList = tx.authorizationList.map(({ chainId, address, nonce, yParity, r, s }) => ({
      chainId: BigInt(chainId),
      address,
      nonce: BigInt(nonce),
      signature: { r: pad(r), s: pad(s), yParity: Number(yParity) },
    }));
  }
  const transaction = Transaction.from(fields);
  transaction.signature = type === 0 ? { r: pad(tx.r), s: pad(tx.s), v: BigInt(tx.v) } : { r: pad(tx.r), s: pad(tx.s), yParity: Number(tx.yParity) };
  return transaction.serialized;
}

function pad(value) {
  return toBeHex(BigInt(value), 32);
}

/** The consensus encoding of a receipt given by eth_getTransactionReceipt. */
export function rawReceipt(receipt) {
  const logs = receipt.logs.map((log) => [log.address, log.topics, log.data]);
  const body = encodeRlp([quantity(receipt.status), quantity(receipt.cumulativeGasUsed), receipt.logsBloom, logs]);
  const type = Number(receipt.type);
  return type === 0 ? body : `${toBeHex(type, 1)}${body.slice(2)}`;
}

/** The root of the trie that maps RLP(index) to the value at that index. */
export async function listRoot(values) {
  const trie = await createMPT();
  for (let i = 0; i < values.length; i++) {
    await trie.put(getBytes(encodeRlp(quantity(i))), getBytes(values[i]));
  }
  return hexlify(trie.root());
}

/** The 2048-bit filter over addresses and topics of all logs. */
export function bloomOf(logs) {
  const bits = new Uint8Array(256);
  for (const log of logs) {
    for (const item of [log.address, ...log.topics]) {
      const hash = getBytes(keccak256(item));
      for (const i of [0, 2, 4]) {
        const bit = ((hash[i] << 8) | hash[i + 1]) & 2047;
        bits[255 - (bit >> 3)] |= 1 << (bit & 7);
      }
    }
  }
  return hexlify(bits);
}
