const { expect } = require("chai");
const { ethers } = require("hardhat");
const { save } = require("../../support/record");
const { Subject } = require("../../support/subject");

const { MaxUint256, ZeroAddress, ZeroHash, id } = ethers;
const SUPPLY = ethers.parseEther("1000000");

after(() => save(ethers.provider));

describe("ERC-20, burnable, pausable, permit, votes, with roles", () => {
  let token, admin, ann, bob, stranger;
  const pauser = id("PAUSER_ROLE");
  const minter = id("MINTER_ROLE");

  before(async () => {
    [admin, ann, bob, stranger] = await ethers.getSigners();
    token = await Subject.deploy("Erc20");
  });

  it("should describe itself", async () => {
    await token.reads("name", [], "Every Box");
    await token.reads("symbol", [], "EVB");
    await token.reads("decimals", [], 18);
    await token.reads("totalSupply", [], SUPPLY);
    await token.reads("balanceOf", [admin.address], SUPPLY);
    await token.reads("PAUSER_ROLE", [], pauser);
    await token.reads("MINTER_ROLE", [], minter);
    await token.reads("DEFAULT_ADMIN_ROLE", [], ZeroHash);
    await token.reads("supportsInterface", ["0x7965db0b"], true);
    await token.reads("supportsInterface", ["0xffffffff"], false);
    await token.reads("paused", [], false);
    await token.reads("CLOCK_MODE", [], "mode=blocknumber&from=default");
    await token.reads("eip712Domain", [], ["0x0f", "Every Box", "1", 1337n, token, ZeroHash, []]);
    await token.reads("DOMAIN_SEPARATOR", [], ethers.TypedDataEncoder.hashDomain(await domain()));
  });

  it("should transfer, approve and spend", async () => {
    await token.does(admin, "transfer", [ann.address, 1000n], { returns: true, emits: [[token, "Transfer", admin, ann, 1000n]] });
    await token.refuses(stranger, "transfer", [ann.address, 1n], "ERC20InsufficientBalance", [stranger.address, 0n, 1n]);
    await token.refuses(admin, "transfer", [ZeroAddress, 1n], "ERC20InvalidReceiver", [ZeroAddress]);
    await token.does(ann, "approve", [bob.address, 300n], { returns: true, emits: [[token, "Approval", ann, bob, 300n]] });
    await token.refuses(ann, "approve", [ZeroAddress, 1n], "ERC20InvalidSpender", [ZeroAddress]);
    await token.reads("allowance", [ann.address, bob.address], 300n);
    await token.does(bob, "transferFrom", [ann.address, bob.address, 200n], { returns: true, emits: [[token, "Transfer", ann, bob, 200n]] });
    await token.refuses(bob, "transferFrom", [ann.address, bob.address, 101n], "ERC20InsufficientAllowance", [bob.address, 100n, 101n]);
  });

  it("should mint for minters and burn for owners", async () => {
    await token.does(admin, "mint", [ann.address, 50n], { emits: [[token, "Transfer", ZeroAddress, ann, 50n]] });
    await token.refuses(ann, "mint", [ann.address, 1n], "AccessControlUnauthorizedAccount", [ann.address, minter]);
    await token.refuses(admin, "mint", [ann.address, 1n << 208n], "ERC20ExceededSafeSupply");
    await token.does(ann, "burn", [50n], { emits: [[token, "Transfer", ann, ZeroAddress, 50n]] });
    await token.refuses(stranger, "burn", [1n], "ERC20InsufficientBalance");
    await token.does(bob, "burnFrom", [ann.address, 60n], { emits: [[token, "Transfer", ann, ZeroAddress, 60n]] });
    await token.refuses(bob, "burnFrom", [ann.address, 60n], "ERC20InsufficientAllowance", [bob.address, 40n, 60n]);
  });

  it("should stand still while it is paused", async () => {
    await token.refuses(ann, "pause", [], "AccessControlUnauthorizedAccount", [ann.address, pauser]);
    await token.does(admin, "pause", [], { emits: [[token, "Paused", admin]] });
    await token.refuses(ann, "transfer", [bob.address, 1n], "EnforcedPause");
    await token.refuses(admin, "pause", [], "EnforcedPause");
    await token.does(admin, "unpause", [], { emits: [[token, "Unpaused", admin]] });
    await token.refuses(admin, "unpause", [], "ExpectedPause");
    await token.refuses(ann, "unpause", [], "AccessControlUnauthorizedAccount");
  });

  it("should give, take and lay down roles", async () => {
    await token.does(admin, "grantRole", [minter, ann.address], { emits: [[token, "RoleGranted", minter, ann, admin]] });
    await token.reads("hasRole", [minter, ann.address], true);
    await token.reads("getRoleAdmin", [minter], ZeroHash);
    await token.refuses(ann, "grantRole", [minter, bob.address], "AccessControlUnauthorizedAccount", [ann.address, ZeroHash]);
    await token.does(admin, "revokeRole", [minter, ann.address], { emits: [[token, "RoleRevoked", minter, ann, admin]] });
    await token.refuses(ann, "revokeRole", [minter, bob.address], "AccessControlUnauthorizedAccount");
    await token.does(admin, "grantRole", [pauser, ann.address]);
    await token.refuses(admin, "renounceRole", [pauser, ann.address], "AccessControlBadConfirmation");
    await token.does(ann, "renounceRole", [pauser, ann.address], { emits: [[token, "RoleRevoked", pauser, ann, ann]] });
  });

  it("should take a permit once", async () => {
    const fields = { owner: ann.address, spender: bob.address, value: 77n, nonce: await token.reads("nonces", [ann.address]), deadline: MaxUint256 };
    const types = { Permit: ["owner:address", "spender:address", "value:uint256", "nonce:uint256", "deadline:uint256"].map(field) };
    const sign = async (signer, changed = {}) => {
      const { v, r, s } = ethers.Signature.from(await signer.signTypedData(await domain(), types, { ...fields, ...changed }));
      return [ann.address, bob.address, 77n, changed.deadline ?? MaxUint256, v, r, s];
    };
    await token.refuses(stranger, "permit", await sign(ann, { deadline: 1n }), "ERC2612ExpiredSignature", [1n]);
    await token.refuses(stranger, "permit", await sign(bob), "ERC2612InvalidSigner", [bob.address, ann.address]);
    const permit = await sign(ann);
    await token.does(stranger, "permit", permit, { emits: [[token, "Approval", ann, bob, 77n]] });
    await token.refuses(stranger, "permit", permit, "ERC2612InvalidSigner");
    await token.reads("nonces", [ann.address], 1n);
  });

  it("should count votes of delegates, now and then", async () => {
    await token.does(admin, "delegate", [admin.address], { emits: [[token, "DelegateChanged", admin, ZeroAddress, admin]] });
    const before = await token.reads("getVotes", [admin.address]);
    const { blockNumber } = await token.does(admin, "transfer", [ann.address, 5n], { emits: [[token, "DelegateVotesChanged", admin, before, before - 5n]] });
    await token.does(ann, "transfer", [admin.address, 5n]);
    await token.reads("getPastVotes", [admin.address, blockNumber], before - 5n);
    await token.reads("getPastTotalSupply", [blockNumber], SUPPLY - 60n);
    await token.reads("numCheckpoints", [admin.address], 3n);
    expect((await token.reads("checkpoints", [admin.address, 1n]))[0]).to.equal(BigInt(blockNumber));
    expect(await token.reads("clock")).to.be.greaterThanOrEqual(blockNumber);
    await token.reads("delegates", [admin.address], admin.address);
    await token.refuses(ann, "getPastVotes", [ann.address, 1n << 40n], "ERC5805FutureLookup");
    await token.refuses(ann, "getPastTotalSupply", [1n << 40n], "ERC5805FutureLookup");

    const types = { Delegation: ["delegatee:address", "nonce:uint256", "expiry:uint256"].map(field) };
    const message = { delegatee: bob.address, nonce: 1n, expiry: MaxUint256 };
    const { v, r, s } = ethers.Signature.from(await ann.signTypedData(await domain(), types, message));
    const args = [bob.address, 1n, MaxUint256, v, r, s];
    await token.does(stranger, "delegateBySig", args, { emits: [[token, "DelegateChanged", ann, ZeroAddress, bob]] });
    await token.refuses(stranger, "delegateBySig", args, "InvalidAccountNonce", [ann.address, 2n]);
    await token.refuses(stranger, "delegateBySig", [bob.address, 2n, 1n, v, r, s], "VotesExpiredSignature", [1n]);
  });

  it("should have had every function called", () => {
    expect(token.uncalled()).to.deep.equal([]);
  });

  async function domain() {
    return { name: "Every Box", version: "1", chainId: 1337, verifyingContract: token.address };
  }
});

function field(text) {
  const [name, type] = text.split(":");
  return { name, type };
}
