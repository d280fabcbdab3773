require("@nomicfoundation/hardhat-ethers");
require("@nomicfoundation/hardhat-chai-matchers");

const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
const { version } = require("solc/package.json");

// The compiler from npm instead of the one that Hardhat downloads: for machines that reach npm and nothing else.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async (args, hre, runSuper) =>
  args.solcVersion === version
    ? { compilerPath: require.resolve("solc/soljson.js"), isSolcJs: true, version, longVersion: version }
    : runSuper(args),
);

module.exports = {
  solidity: { version, settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "prague" } },
  paths: { sources: "contracts", tests: "test/hardhat", artifacts: "out/artifacts", cache: "out/cache" },
  mocha: { timeout: 60_000 },
};
