// Notes every call and transaction that passes to the network, so that two networks can be compared, and sets the clock
// of a network that allows it: TRANSCRIPT names the file to write, TIMES one whose times the blocks are to have.
const { readFileSync, writeFileSync } = require("node:fs");
const { extendProvider } = require("hardhat/config");
const { ProviderWrapper } = require("hardhat/plugins");

const calls = [];
const contracts = {};
const times = process.env.TIMES ? JSON.parse(readFileSync(process.env.TIMES, "utf8")).times : undefined;
let sent = 0;

class Recorder extends ProviderWrapper {
  async request(args) {
    const { method, params } = args;
    const sends = method === "eth_sendRawTransaction";
    if (!sends && method !== "eth_call") {
      return this._wrappedProvider.request(args);
    }
    if (sends && times) {
      await this._wrappedProvider.request({ method: "evm_setNextBlockTimestamp", params: [times[sent]] });
    }
    sent += sends ? 1 : 0;
    const note = { method, ...(sends ? { raw: params[0] } : params[0]) };
    calls.push(note);
    try {
      note.result = await this._wrappedProvider.request(args);
      return note.result;
    } catch (e) {
      note.revert = typeof e.data === "string" ? e.data : e.data?.data;
      throw e;
    }
  }
}

extendProvider((provider) => new Recorder(provider));

/** Writes what was noted, with the receipt of every transaction. */
async function save(provider) {
  if (!process.env.TRANSCRIPT) {
    return;
  }
  const receipts = [];
  const times = [];
  for (const { result } of calls.filter((call) => call.method === "eth_sendRawTransaction")) {
    const receipt = await provider.send("eth_getTransactionReceipt", [result]);
    receipts.push(receipt);
    times.push(Number((await provider.send("eth_getBlockByNumber", [receipt.blockNumber, false])).timestamp));
  }
  writeFileSync(process.env.TRANSCRIPT, JSON.stringify({ contracts, calls, receipts, times }));
}

module.exports = { calls, contracts, save };
