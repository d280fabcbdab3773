// Deploys contracts that have no rule of their own for readers whom the sender names: see contracts/ICocoReaders.sol.
const { Contract, concat, getAddress, hexlify, keccak256, randomBytes } = require("ethers");

/** Where the system contract is, on every network whose genesis has it. */
const READERS = "0xC0C0000000000000000000000000000000000001";

/** Most readers of one list. */
const MOST_READERS = 256;

const ABI = [
  "event Created(address indexed made, address indexed keeper)",
  "event Named(address indexed made)",
  "event HandedOver(address indexed made, address indexed keeper)",
  "error OnlyWhoSigns(address caller)",
  "error NotTheKeeper(address caller, address made)",
  "error TooManyReaders(uint256 readers, uint256 most)",
  "error NotAscending(address reader)",
  "error NotMade(address made)",
  "function create(bytes32 salt, bytes creation, address[] readers, bytes first) payable returns (address made)",
  "function name(address made, address[] readers)",
  "function handOver(address made, address keeper)",
  "function isReader(address made, address user) view returns (bool)",
  "function addressOf(address keeper, bytes32 salt, bytes32 creationHash) view returns (address)",
];

/** As the system contract wants them: ascending, each once. */
function sorted(readers) {
  const unique = [...new Set(readers.map((reader) => getAddress(reader)))];
  return unique.sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
}

const addressOf = async (subject) => getAddress(typeof subject === "string" ? subject : await subject.getAddress());

/**
 * The lists that a signer keeps.
 * @param signer an account that signs itself; a contract wallet cannot keep lists
 */
function cocoReaders(signer) {
  const lists = new Contract(READERS, ABI, signer);

  /** Without the system contract a call would go to an address that nobody has, and seem to succeed. */
  async function demandLists() {
    if ((await signer.provider.getCode(READERS)) === "0x") {
      throw new Error(`no system contract at ${READERS}: this network was founded without it, and the contract would be open or not there`);
    }
  }

  const addresses = async (readers) => sorted(await Promise.all(readers.map(addressOf)));

  return {
    lists,
    /**
     * Deploys a contract that only the signer and the readers see and call.
     * @param factory a ContractFactory of ethers
     * @param args of the constructor, which finds the system contract as msg.sender
     * @param readers accounts, and contracts that may call for them
     * @param options salt; first: [function, ...arguments], called on the new contract in the same transaction; overrides
     */
    async deploy(factory, args, readers, { salt = hexlify(randomBytes(32)), first, ...overrides } = {}) {
      await demandLists();
      const creation = concat([factory.bytecode, factory.interface.encodeDeploy(args)]);
      const made = await lists.addressOf(await signer.getAddress(), salt, keccak256(creation));
      const call = first === undefined ? "0x" : factory.interface.encodeFunctionData(first[0], first.slice(1));
      const sent = await lists.create(salt, creation, await addresses(readers), call, overrides);
      await sent.wait();
      return factory.attach(made).connect(signer);
    },
    /** Replaces the list of a contract. */
    async name(made, readers) {
      await demandLists();
      return (await lists.name(await addressOf(made), await addresses(readers))).wait();
    },
    /** Gives the list to another account, which has to sign itself. */
    async handOver(made, keeper) {
      await demandLists();
      return (await lists.handOver(await addressOf(made), await addressOf(keeper))).wait();
    },
    /** Whether an account is in the list of a contract that the signer keeps. */
    async isReader(made, user) {
      return lists.isReader(await addressOf(made), await addressOf(user));
    },
  };
}

module.exports = { cocoReaders, READERS, MOST_READERS };
