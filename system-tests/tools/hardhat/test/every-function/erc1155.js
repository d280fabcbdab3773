const { expect } = require("chai");
const { ethers } = require("hardhat");
const { Subject } = require("../../support/subject");

const { ZeroAddress, ZeroHash, id } = ethers;

describe("ERC-1155, burnable, pausable, supply, with addresses, royalties, with roles", () => {
  let things, holder, admin, ann, bob, stranger;
  const role = id("A_ROLE");

  before(async () => {
    [admin, ann, bob, stranger] = await ethers.getSigners();
    things = await Subject.deploy("Erc1155");
    holder = await Subject.deploy("Holder");
  });

  it("should mint, one kind or many", async () => {
    await things.does(admin, "mint", [ann.address, 1n, 10n, "0x"], { emits: [[things, "TransferSingle", admin, ZeroAddress, ann, 1n, 10n]] });
    await things.refuses(ann, "mint", [ann.address, 1n, 10n, "0x"], "AccessControlUnauthorizedAccount", [ann.address, ZeroHash]);
    await things.refuses(admin, "mint", [ZeroAddress, 1n, 10n, "0x"], "ERC1155InvalidReceiver", [ZeroAddress]);
    await things.refuses(admin, "mint", [things.address, 1n, 10n, "0x"], "ERC1155InvalidReceiver", [things.address]);
    await things.does(admin, "mintBatch", [holder.address, [2n, 3n], [20n, 30n], "0xaa"], {
      emits: [[things, "TransferBatch", admin, ZeroAddress, holder, [2n, 3n], [20n, 30n]]],
    });
    await things.refuses(admin, "mintBatch", [ann.address, [2n], [1n, 2n], "0x"], "ERC1155InvalidArrayLength", [1n, 2n]);
    await things.does(admin, "mintBatch", [ann.address, [2n, 3n], [200n, 300n], "0x"]);
  });

  it("should say what there is", async () => {
    await things.reads("balanceOf", [ann.address, 1n], 10n);
    await things.reads("balanceOfBatch", [[ann.address, holder.address], [1n, 3n]], [10n, 30n]);
    await things.refuses(ann, "balanceOfBatch", [[ann.address], [1n, 3n]], "ERC1155InvalidArrayLength", [2n, 1n]);
    await things.reads("exists", [3n], true);
    await things.reads("exists", [4n], false);
    await things.reads("totalSupply()", [], 560n);
    await things.reads("totalSupply(uint256)", [2n], 220n);
    await things.reads("uri", [1n], "ipfs://all/{id}");
    await things.does(admin, "setURI", [1n, "ipfs://one"], { emits: [[things, "URI", "ipfs://one", 1n]] });
    await things.refuses(ann, "setURI", [1n, "x"], "AccessControlUnauthorizedAccount");
    await things.reads("uri", [1n], "ipfs://one");
    await things.reads("royaltyInfo", [1n, 5_000n], [admin.address, 50n]);
    await things.reads("supportsInterface", ["0xd9b67a26"], true);
    await things.reads("paused", [], false);
  });

  it("should transfer, one kind or many", async () => {
    await things.does(ann, "safeTransferFrom", [ann.address, bob.address, 1n, 4n, "0x"], { emits: [[things, "TransferSingle", ann, ann, bob, 1n, 4n]] });
    await things.refuses(ann, "safeTransferFrom", [ann.address, bob.address, 1n, 7n, "0x"], "ERC1155InsufficientBalance", [ann.address, 6n, 7n, 1n]);
    await things.refuses(bob, "safeTransferFrom", [ann.address, bob.address, 1n, 1n, "0x"], "ERC1155MissingApprovalForAll", [bob.address, ann.address]);
    await things.does(ann, "setApprovalForAll", [bob.address, true], { emits: [[things, "ApprovalForAll", ann, bob, true]] });
    await things.refuses(ann, "setApprovalForAll", [ZeroAddress, true], "ERC1155InvalidOperator", [ZeroAddress]);
    await things.reads("isApprovedForAll", [ann.address, bob.address], true);
    await things.does(bob, "safeBatchTransferFrom", [ann.address, holder.address, [1n, 2n], [1n, 100n], "0xbeef"], {
      emits: [[things, "TransferBatch", bob, ann, holder, [1n, 2n], [1n, 100n]]],
    });
    await things.refuses(bob, "safeBatchTransferFrom", [ann.address, things.address, [1n], [1n], "0x"], "ERC1155InvalidReceiver", [things.address]);
    await holder.reads("onERC1155Received", [ann.address, bob.address, 1n, 1n, "0x"], "0xf23a6e61");
    await holder.reads("onERC1155BatchReceived", [ann.address, bob.address, [], [], "0x"], "0xbc197c81");
    await holder.reads("supportsInterface", ["0x4e2312e0"], true);
  });

  it("should pause and burn", async () => {
    await things.refuses(ann, "pause", [], "AccessControlUnauthorizedAccount");
    await things.does(admin, "pause", [], { emits: [[things, "Paused", admin]] });
    await things.refuses(ann, "burn", [ann.address, 1n, 1n], "EnforcedPause");
    await things.refuses(ann, "unpause", [], "AccessControlUnauthorizedAccount");
    await things.does(admin, "unpause", [], { emits: [[things, "Unpaused", admin]] });
    await things.does(ann, "burn", [ann.address, 1n, 1n], { emits: [[things, "TransferSingle", ann, ann, ZeroAddress, 1n, 1n]] });
    await things.refuses(stranger, "burn", [ann.address, 1n, 1n], "ERC1155MissingApprovalForAll", [stranger.address, ann.address]);
    await things.does(bob, "burnBatch", [ann.address, [2n, 3n], [2n, 3n]], { emits: [[things, "TransferBatch", bob, ann, ZeroAddress, [2n, 3n], [2n, 3n]]] });
    await things.refuses(ann, "burnBatch", [ann.address, [2n], [1_000n]], "ERC1155InsufficientBalance", [ann.address, 98n, 1_000n, 2n]);
  });

  it("should give, take and lay down roles", async () => {
    await things.reads("DEFAULT_ADMIN_ROLE", [], ZeroHash);
    await things.reads("getRoleAdmin", [role], ZeroHash);
    await things.does(admin, "grantRole", [role, ann.address], { emits: [[things, "RoleGranted", role, ann, admin]] });
    await things.reads("hasRole", [role, ann.address], true);
    await things.refuses(ann, "grantRole", [role, bob.address], "AccessControlUnauthorizedAccount");
    await things.does(admin, "revokeRole", [role, ann.address], { emits: [[things, "RoleRevoked", role, ann, admin]] });
    await things.refuses(ann, "revokeRole", [role, bob.address], "AccessControlUnauthorizedAccount");
    await things.refuses(ann, "renounceRole", [ZeroHash, admin.address], "AccessControlBadConfirmation");
    await things.does(admin, "renounceRole", [ZeroHash, admin.address], { emits: [[things, "RoleRevoked", ZeroHash, admin, admin]] });
  });

  it("should have had every function called", () => {
    expect(things.uncalled()).to.deep.equal([]);
  });
});
