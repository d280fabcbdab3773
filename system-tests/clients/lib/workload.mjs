// A few hundred transactions of every kind that an explorer has to make sense of.
import { ContractFactory, id, parseEther, toBeHex, Wallet } from "ethers";
import { compile } from "./compile.mjs";

const ROUNDS = 12;
const ROUNDS_AT_A_TIME = 4;

/**
 * Sends them from several accounts through all nodes, and waits until every node has applied them.
 *
 * @returns {Promise<{token: string, spawner: string, hashes: string[]}>}
 */
export async function work(coco) {
  const owner = coco.pipelinedWallet(0, 0);
  const deploy = async (name, ...args) => {
    const { abi, bytecode } = compile(name);
    return new ContractFactory(abi, bytecode, owner).deploy(...args);
  };
  const spawner = await deploy("Spawner");
  const token = await deploy("TestToken", "Explored", "EXP", parseEther("1000"));
  const probe = await deploy("Probe", "explored", 100n);
  const deployments = [spawner, token, probe].map((contract) => contract.deploymentTransaction());
  const first = await Promise.all(deployments.map((sent) => sent.wait()));
  await coco.applied(Math.max(...first.map((receipt) => receipt.blockNumber)));

  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
  const senders = [0, 1, 2].map((account) => (account === 0 ? owner : coco.pipelinedWallet(account, account)));
  const all = [...deployments];
  // Each request has a connection of its own, so they arrive out of order; what waits behind a gap is limited to 64 of a sender.
  for (let from = 0; from < ROUNDS; from += ROUNDS_AT_A_TIME) {
    const sent = rounds
      .slice(from, from + ROUNDS_AT_A_TIME)
      .flatMap((round) => senders.flatMap((sender, i) => transactions({ spawner, token, probe }, sender, i, round)));
    all.push(...(await Promise.all(sent)));
  }
  const receipts = await Promise.all(all.map((transaction) => coco.providers[0].waitForTransaction(transaction.hash)));
  await coco.applied(Math.max(...receipts.map((receipt) => receipt.blockNumber)));
  return {
    token: await token.getAddress(),
    spawner: await spawner.getAddress(),
    hashes: all.map((transaction) => transaction.hash),
  };
}

/** One of each kind; gas limits are given, so that nothing waits for an estimate, and what must fail is sent. */
function transactions({ spawner, token, probe }, sender, index, round) {
  const gasLimit = 900_000n;
  const somebody = Wallet.createRandom().address;
  const [spawn, coin, store] = [spawner, token, probe].map((contract) => contract.connect(sender));
  return [
    sender.sendTransaction({
      to: somebody,
      value: 1_000n + BigInt(round),
      gasLimit: 21_000n,
      type: 2,
      maxFeePerGas: 7n,
      maxPriorityFeePerGas: 7n,
    }),
    sender.sendTransaction({ to: somebody, value: 1n, gasLimit: 21_000n, type: 0, gasPrice: 5n }),
    spawn.spread([somebody, Wallet.createRandom().address], { value: 10n, gasLimit }),
    spawn.make(2, { value: 6n, gasLimit }),
    spawn.makeAt(id(`${index} ${round} ${somebody}`), { value: 3n, gasLimit }),
    spawn.passThrough(somebody, { value: 4n, gasLimit }),
    spawn.tryAndFail(somebody, { value: 5n, gasLimit }),
    store.store(BigInt(round), 50n, {
      type: 1,
      value: 2n,
      gasLimit,
      accessList: [{ address: probe.target, storageKeys: [toBeHex(1, 32)] }],
    }),
    // Fails, and is recorded as failed; its ether comes back.
    store.store(BigInt(round), 101n, { value: 9n, gasLimit }),
    // Only the owner has tokens: the others' transfers fail.
    coin.scatter([somebody, somebody], 1n, { gasLimit }),
  ];
}
