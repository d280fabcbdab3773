const { expect } = require("chai");
const { ethers } = require("hardhat");
const { Subject } = require("../../support/subject");

const { MaxUint256, ZeroAddress, ZeroHash } = ethers;

describe("ERC-721, enumerable, with addresses, burnable, pausable, royalties, votes, with an owner", () => {
  let deed, holder, owner, ann, bob, stranger;
  const plainly = "safeTransferFrom(address,address,uint256)";
  const withData = "safeTransferFrom(address,address,uint256,bytes)";

  before(async () => {
    [owner, ann, bob, stranger] = await ethers.getSigners();
    deed = await Subject.deploy("Erc721");
    holder = await Subject.deploy("Holder");
  });

  it("should describe itself", async () => {
    await deed.reads("name", [], "Every Deed");
    await deed.reads("symbol", [], "DEED");
    await deed.reads("owner", [], owner.address);
    await deed.reads("paused", [], false);
    for (const known of ["0x80ac58cd", "0x780e9d63", "0x5b5e139f", "0x2a55205a", "0x49064906"]) {
      await deed.reads("supportsInterface", [known], true);
    }
    await deed.reads("eip712Domain", [], ["0x0f", "Every Deed", "1", 1337n, deed, ZeroHash, []]);
    await deed.reads("CLOCK_MODE", [], "mode=blocknumber&from=default");
  });

  it("should mint for its owner, to those who can take it", async () => {
    await deed.does(owner, "safeMint", [ann.address, 1n, "ipfs://one"], { emits: [[deed, "Transfer", ZeroAddress, ann, 1n], [deed, "MetadataUpdate", 1n]] });
    await deed.does(owner, "safeMint", [ann.address, 2n, "ipfs://two"]);
    await deed.does(owner, "safeMint", [holder.address, 3n, ""]);
    await deed.refuses(ann, "safeMint", [ann.address, 4n, ""], "OwnableUnauthorizedAccount", [ann.address]);
    await deed.refuses(owner, "safeMint", [ann.address, 1n, ""], "ERC721InvalidSender", [ZeroAddress]);
    await deed.refuses(owner, "safeMint", [deed.address, 4n, ""], "ERC721InvalidReceiver", [deed.address]);
    await deed.reads("tokenURI", [2n], "ipfs://two");
    await deed.refuses(ann, "tokenURI", [9n], "ERC721NonexistentToken", [9n]);
    await deed.reads("balanceOf", [ann.address], 2n);
    await deed.refuses(ann, "balanceOf", [ZeroAddress], "ERC721InvalidOwner", [ZeroAddress]);
    await deed.reads("ownerOf", [1n], ann.address);
    await deed.refuses(ann, "ownerOf", [9n], "ERC721NonexistentToken", [9n]);
  });

  it("should count and list", async () => {
    await deed.reads("totalSupply", [], 3n);
    await deed.reads("tokenByIndex", [2n], 3n);
    await deed.reads("tokenOfOwnerByIndex", [ann.address, 1n], 2n);
    await deed.refuses(ann, "tokenByIndex", [3n], "ERC721OutOfBoundsIndex", [ZeroAddress, 3n]);
    await deed.refuses(ann, "tokenOfOwnerByIndex", [ann.address, 2n], "ERC721OutOfBoundsIndex", [ann.address, 2n]);
  });

  it("should approve and transfer", async () => {
    await deed.does(ann, "approve", [bob.address, 1n], { emits: [[deed, "Approval", ann, bob, 1n]] });
    await deed.refuses(stranger, "approve", [bob.address, 1n], "ERC721InvalidApprover", [stranger.address]);
    await deed.reads("getApproved", [1n], bob.address);
    await deed.refuses(ann, "getApproved", [9n], "ERC721NonexistentToken", [9n]);
    await deed.refuses(stranger, "transferFrom", [ann.address, bob.address, 1n], "ERC721InsufficientApproval", [stranger.address, 1n]);
    await deed.refuses(bob, "transferFrom", [stranger.address, bob.address, 1n], "ERC721IncorrectOwner", [stranger.address, 1n, ann.address]);
    await deed.does(bob, "transferFrom", [ann.address, bob.address, 1n], { emits: [[deed, "Transfer", ann, bob, 1n]] });
    await deed.does(ann, "setApprovalForAll", [bob.address, true], { emits: [[deed, "ApprovalForAll", ann, bob, true]] });
    await deed.refuses(ann, "setApprovalForAll", [ZeroAddress, true], "ERC721InvalidOperator", [ZeroAddress]);
    await deed.reads("isApprovedForAll", [ann.address, bob.address], true);
    await deed.does(bob, plainly, [ann.address, holder.address, 2n], { emits: [[deed, "Transfer", ann, holder, 2n]] });
    await deed.does(bob, withData, [bob.address, ann.address, 1n, "0xc0ff"], { emits: [[deed, "Transfer", bob, ann, 1n]] });
    await deed.refuses(ann, plainly, [ann.address, deed.address, 1n], "ERC721InvalidReceiver", [deed.address]);
    await deed.refuses(ann, withData, [ann.address, deed.address, 1n, "0x01"], "ERC721InvalidReceiver", [deed.address]);
    await holder.reads("onERC721Received", [ann.address, bob.address, 1n, "0x"], "0x150b7a02");
  });

  it("should owe royalties", async () => {
    await deed.reads("royaltyInfo", [1n, 10_000n], [owner.address, 250n]);
    await deed.does(owner, "setRoyalty", [1n, bob.address, 1_000n]);
    await deed.reads("royaltyInfo", [1n, 10_000n], [bob.address, 1_000n]);
    await deed.refuses(owner, "setRoyalty", [1n, bob.address, 10_001n], "ERC2981InvalidTokenRoyalty", [1n, 10_001n, 10_000n]);
    await deed.refuses(ann, "setRoyalty", [1n, bob.address, 1n], "OwnableUnauthorizedAccount");
  });

  it("should count votes", async () => {
    await deed.does(ann, "delegate", [ann.address], { emits: [[deed, "DelegateVotesChanged", ann, 0n, 1n]] });
    await deed.reads("delegates", [ann.address], ann.address);
    await deed.reads("getVotes", [ann.address], 1n);
    await deed.reads("nonces", [ann.address], 0n);
    const types = { Delegation: [{ name: "delegatee", type: "address" }, { name: "nonce", type: "uint256" }, { name: "expiry", type: "uint256" }] };
    const domain = { name: "Every Deed", version: "1", chainId: 1337, verifyingContract: deed.address };
    const signature = await ann.signTypedData(domain, types, { delegatee: bob.address, nonce: 0n, expiry: MaxUint256 });
    const { v, r, s } = ethers.Signature.from(signature);
    const args = [bob.address, 0n, MaxUint256, v, r, s];
    const { blockNumber } = await deed.does(stranger, "delegateBySig", args, { emits: [[deed, "DelegateChanged", ann, ann, bob]] });
    await deed.refuses(stranger, "delegateBySig", args, "InvalidAccountNonce", [ann.address, 1n]);
    await deed.does(ann, "delegate", [ann.address]);
    await deed.reads("getPastVotes", [bob.address, blockNumber], 1n);
    await deed.reads("getPastTotalSupply", [blockNumber], 3n);
    expect(await deed.reads("clock")).to.be.greaterThanOrEqual(blockNumber);
    await deed.refuses(ann, "getPastVotes", [bob.address, 1n << 40n], "ERC5805FutureLookup");
    await deed.refuses(ann, "getPastTotalSupply", [1n << 40n], "ERC5805FutureLookup");
  });

  it("should pause and burn", async () => {
    await deed.refuses(ann, "pause", [], "OwnableUnauthorizedAccount", [ann.address]);
    await deed.does(owner, "pause", [], { emits: [[deed, "Paused", owner]] });
    await deed.refuses(ann, "transferFrom", [ann.address, bob.address, 1n], "EnforcedPause");
    await deed.refuses(ann, "unpause", [], "OwnableUnauthorizedAccount");
    await deed.does(owner, "unpause", [], { emits: [[deed, "Unpaused", owner]] });
    await deed.refuses(owner, "unpause", [], "ExpectedPause");
    await deed.refuses(stranger, "burn", [1n], "ERC721InsufficientApproval", [stranger.address, 1n]);
    await deed.does(ann, "burn", [1n], { emits: [[deed, "Transfer", ann, ZeroAddress, 1n]] });
    await deed.refuses(ann, "burn", [1n], "ERC721NonexistentToken", [1n]);
  });

  it("should change its owner and lose it", async () => {
    await deed.refuses(ann, "transferOwnership", [ann.address], "OwnableUnauthorizedAccount");
    await deed.refuses(owner, "transferOwnership", [ZeroAddress], "OwnableInvalidOwner", [ZeroAddress]);
    await deed.does(owner, "transferOwnership", [ann.address], { emits: [[deed, "OwnershipTransferred", owner, ann]] });
    await deed.refuses(owner, "renounceOwnership", [], "OwnableUnauthorizedAccount", [owner.address]);
    await deed.does(ann, "renounceOwnership", [], { emits: [[deed, "OwnershipTransferred", ann, ZeroAddress]] });
  });

  it("should have had every function called", () => {
    expect(deed.uncalled()).to.deep.equal([]);
  });
});
