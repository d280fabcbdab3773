require("@nomicfoundation/hardhat-ethers");
require("@nomicfoundation/hardhat-chai-matchers");
// The tests' own: notes which functions were called and what came of it. A project does not need it.
require("./support/record");

const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
const { version } = require("solc/package.json");

// The compiler from npm instead of the one that Hardhat downloads: for machines that reach npm and nothing else.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async (args, hre, runSuper) =>
  args.solcVersion === version
    ? { compilerPath: require.resolve("solc/soljson.js"), isSolcJs: true, version, longVersion: version }
    : runSuper(args),
);

// The accounts that "coco up" funds; never for anything of value.
const accounts = { mnemonic: process.env.TEST_PHRASE ?? "test test test test test test test test test test test junk" };
const chainId = 1337;

module.exports = {
  solidity: {
    version,
    settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "prague" },
  },
  networks: {
    coco: { url: process.env.COCO_URL ?? "http://127.0.0.1:8545", chainId, accounts, timeout: 60_000 },
    anvil: { url: process.env.ANVIL_URL ?? "http://127.0.0.1:8546", chainId, accounts },
  },
  mocha: { timeout: 120_000 },
};
