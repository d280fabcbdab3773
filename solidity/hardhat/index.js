// Assertions about a confidential contract, for tests with Hardhat (or plain ethers). They ask as Coco does: the whole
// handshake of ERC-165, with the gas that a check gets; what reverts or is malformed is "no".
const { Interface, ZeroAddress, getAddress, id } = require("ethers");

const access = new Interface([
  "function supportsInterface(bytes4) view returns (bool)",
  "function canRead(address user) view returns (bool)",
  "function canCall(address user, address caller, bytes4 selector) view returns (bool)",
  "function canReadLog(address user, bytes32[] topics) view returns (bool)",
]);

/** Gas of one question; the network's own cap is a setting, this is its default. */
const CHECK_GAS = 1_000_000n;

const NO_SELECTOR = "0x00000000";

/** The id of ICocoAccess: the exclusive or of its selectors. */
const INTERFACE_ID = toSelector(
  ["canRead", "canCall", "canReadLog"].map((name) => BigInt(access.getFunction(name).selector)).reduce((a, b) => a ^ b),
);

function toSelector(value) {
  return "0x" + value.toString(16).padStart(8, "0");
}

/** Errors that say nothing about the contract. Hardhat, ethers and nodes word a failed call in many ways. */
const UNREACHED = new Set(["NETWORK_ERROR", "SERVER_ERROR", "TIMEOUT", "ECONNREFUSED", "UNSUPPORTED_OPERATION", "INVALID_ARGUMENT"]);

const addressOf = async (subject) => getAddress(typeof subject === "string" ? subject : await subject.getAddress());

/**
 * What a contract answers to Coco.
 * @param runner whatever can call: ethers.provider of Hardhat, or a provider of ethers
 */
function cocoAccess(runner) {
  async function ask(subject, name, args) {
    try {
      const data = await runner.call({ to: await addressOf(subject), data: access.encodeFunctionData(name, args), gasLimit: CHECK_GAS });
      return data.length === 66 && BigInt(data) < 2n ? BigInt(data) === 1n : undefined;
    } catch (error) {
      if (UNREACHED.has(error.code)) throw error;
      return undefined;
    }
  }

  const isConfidential = async (subject) =>
    (await ask(subject, "supportsInterface", ["0x01ffc9a7"])) === true &&
    (await ask(subject, "supportsInterface", ["0xffffffff"])) === false &&
    (await ask(subject, "supportsInterface", [INTERFACE_ID])) === true;
  const mayRead = async (subject, user) => (await ask(subject, "canRead", [await addressOf(user)])) === true;
  const mayCall = async (subject, user, caller, selector = NO_SELECTOR) =>
    (await ask(subject, "canCall", [await addressOf(user), await addressOf(caller), selector])) === true;
  const mayReadLog = async (subject, user, topics) =>
    (await ask(subject, "canReadLog", [await addressOf(user), topics])) === true;

  function demand(holds, words) {
    if (!holds) throw new Error(words);
  }

  async function assertConfidential(subject) {
    demand(await isConfidential(subject), `${await addressOf(subject)} is not confidential: everybody in the network reads it`);
  }

  return {
    isConfidential,
    mayRead,
    mayCall,
    mayReadLog,
    /** Fails unless Coco will take the contract for confidential. */
    assertConfidential,
    /** Fails unless the user may read the contract, and call it directly. */
    async assertReads(subject, user) {
      await assertConfidential(subject);
      demand(await mayRead(subject, user), `${await addressOf(user)} may not read ${await addressOf(subject)}`);
      demand(await mayCall(subject, user, user), `${await addressOf(user)} may not call ${await addressOf(subject)}`);
    },
    /** Fails if the user may read the contract, or may call it directly. */
    async assertHidden(subject, user) {
      await assertConfidential(subject);
      demand(!(await mayRead(subject, user)), `${await addressOf(user)} may read ${await addressOf(subject)}`);
      demand(!(await mayCall(subject, user, user)), `${await addressOf(user)} may call ${await addressOf(subject)}`);
    },
    /** Fails if a contract that nobody knows may enter on behalf of the user: with a user who may read. */
    async assertBarred(subject, user, caller, selector = NO_SELECTOR) {
      await assertConfidential(subject);
      demand(
        !(await mayCall(subject, user, caller, selector)),
        `${await addressOf(caller)} may call ${await addressOf(subject)} with the right of ${await addressOf(user)}`,
      );
    },
    /** Fails unless who may not read the contract sees this event of it. */
    async assertLogShown(subject, user, topics) {
      demand(await mayReadLog(subject, user, topics), `${await addressOf(user)} does not see the event`);
    },
    /** Fails if who may not read the contract sees this event of it. */
    async assertLogHidden(subject, user, topics) {
      await assertConfidential(subject);
      demand(!(await mayReadLog(subject, user, topics)), `${await addressOf(user)} sees the event`);
    },
  };
}

module.exports = { cocoAccess, INTERFACE_ID, NOBODY: ZeroAddress, topic: id, ...require("./readers") };
