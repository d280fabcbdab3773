require("@nomicfoundation/hardhat-ethers");
require("@nomicfoundation/hardhat-chai-matchers");

const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
const { version } = require("solc/package.json");

// The compiler from npm instead of the one that Hardhat downloads.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async (args, hre, runSuper) =>
  args.solcVersion === version
    ? { compilerPath: require.resolve("solc/soljson.js"), isSolcJs: true, version, longVersion: version }
    : runSuper(args),
);

module.exports = {
  solidity: {
    version,
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: "prague",
      // The same sources always make the same code, so that a page can tell an order by its code.
      metadata: { bytecodeHash: "none", appendCBOR: false },
    },
  },
  paths: { artifacts: "out/artifacts", cache: "out/cache" },
  mocha: { timeout: 60_000 },
};
