// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {
    IERC20Errors,
    IERC721Errors,
    IERC1155Errors
} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Erc1155} from "contracts/Erc1155.sol";
import {Erc20} from "contracts/Erc20.sol";
import {Erc721} from "contracts/Erc721.sol";
import {Holder} from "contracts/Helpers.sol";
import {Base} from "./Base.sol";

/// Calls every function of the three tokens, with successes as transactions and failures as calls.
contract Tokens is Base {
    Erc20 internal coin;
    Erc721 internal deed;
    Erc1155 internal things;
    Holder internal holder;

    function run() external returns (address erc20, address erc721, address erc1155) {
        meet();
        _deploy();
        _coin();
        _coinVotes();
        _deed();
        _deedEnds();
        _things();
        return (address(coin), address(deed), address(things));
    }

    function _deploy() internal by(0) {
        coin = new Erc20();
        deed = new Erc721();
        things = new Erc1155();
        holder = new Holder();
    }

    function _coin() internal {
        require(keccak256(bytes(coin.name())) == keccak256("Every Box") && bytes(coin.symbol()).length == 3);
        require(coin.decimals() == 18 && coin.totalSupply() == coin.balanceOf(admin));
        require(coin.supportsInterface(0x7965db0b) && !coin.paused());
        (,, string memory version, uint256 chain,,,) = coin.eip712Domain();
        require(chain == block.chainid && bytes(version).length == 1);
        _coinByAdmin();
        _coinByAnn();
        _coinByBob();
        require(coin.allowance(ann, bob) == 40);
        refuses(stranger, address(coin), abi.encodeCall(coin.transfer, (ann, 1)), custom(IERC20Errors.ERC20InsufficientBalance.selector));
        refuses(bob, address(coin), abi.encodeCall(coin.transferFrom, (ann, bob, 41)), custom(IERC20Errors.ERC20InsufficientAllowance.selector));
        refuses(ann, address(coin), abi.encodeCall(coin.approve, (address(0), 1)), custom(IERC20Errors.ERC20InvalidSpender.selector));
        refuses(ann, address(coin), abi.encodeCall(coin.mint, (ann, 1)), custom(IAccessControl.AccessControlUnauthorizedAccount.selector));
        refuses(stranger, address(coin), abi.encodeCall(coin.burn, (1)), custom(IERC20Errors.ERC20InsufficientBalance.selector));
        refuses(stranger, address(coin), abi.encodeCall(coin.burnFrom, (ann, 1)), custom(IERC20Errors.ERC20InsufficientAllowance.selector));
        refuses(ann, address(coin), abi.encodeCall(coin.pause, ()), custom(IAccessControl.AccessControlUnauthorizedAccount.selector));
        refuses(admin, address(coin), abi.encodeCall(coin.unpause, ()), custom(Pausable.ExpectedPause.selector));
        refuses(ann, address(coin), abi.encodeCall(coin.grantRole, (0, ann)), custom(IAccessControl.AccessControlUnauthorizedAccount.selector));
        refuses(ann, address(coin), abi.encodeCall(coin.revokeRole, (0, admin)), custom(IAccessControl.AccessControlUnauthorizedAccount.selector));
        refuses(ann, address(coin), abi.encodeCall(coin.renounceRole, (0, admin)), custom(IAccessControl.AccessControlBadConfirmation.selector));
    }

    function _coinByAdmin() internal by(0) {
        coin.transfer(ann, 1000);
        coin.mint(ann, 50);
        coin.pause();
        coin.unpause();
        coin.grantRole(coin.MINTER_ROLE(), ann);
        require(coin.hasRole(coin.MINTER_ROLE(), ann) && coin.getRoleAdmin(coin.MINTER_ROLE()) == coin.DEFAULT_ADMIN_ROLE());
        coin.revokeRole(coin.MINTER_ROLE(), ann);
        require(coin.hasRole(coin.PAUSER_ROLE(), admin));
        coin.renounceRole(coin.MINTER_ROLE(), admin);
    }

    function _coinByAnn() internal by(1) {
        coin.approve(bob, 300);
        coin.burn(50);
    }

    function _coinByBob() internal by(2) {
        coin.transferFrom(ann, bob, 200);
        coin.burnFrom(ann, 60);
    }

    function _coinVotes() internal {
        require(coin.clock() == block.number && bytes(coin.CLOCK_MODE()).length > 0);
        bytes32 typed = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 digest = _digest(coin.DOMAIN_SEPARATOR(), keccak256(abi.encode(typed, ann, bob, 77, coin.nonces(ann), type(uint256).max)));
        _permit(digest);
        require(coin.allowance(ann, bob) == 77);
        (uint8 v, bytes32 r, bytes32 s) = cheats.sign(keys[1], digest);
        refuses(bob, address(coin), abi.encodeCall(coin.permit, (ann, bob, 77, type(uint256).max, v, r, s)), custom(0x4b800e46));
        _delegate(keccak256(abi.encode(keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)"), bob, 1, type(uint256).max)));
        refuses(bob, address(coin), abi.encodeCall(coin.delegateBySig, (bob, 1, 1, v, r, s)), custom(0x4683af0e));
        require(coin.delegates(ann) == bob && coin.getVotes(bob) == coin.balanceOf(ann) && coin.numCheckpoints(bob) > 0);
        require(coin.checkpoints(bob, 0)._value > 0);
        coin.getPastVotes(ann, 0);
        coin.getPastTotalSupply(0);
        refuses(ann, address(coin), abi.encodeCall(coin.getPastVotes, (ann, 1 << 40)), custom(0xecd3f81e));
        refuses(ann, address(coin), abi.encodeCall(coin.getPastTotalSupply, (1 << 40)), custom(0xecd3f81e));
    }

    function _permit(bytes32 digest) internal by(3) {
        (uint8 v, bytes32 r, bytes32 s) = cheats.sign(keys[1], digest);
        coin.permit(ann, bob, 77, type(uint256).max, v, r, s);
    }

    function _delegate(bytes32 content) internal by(1) {
        coin.delegate(ann);
        (uint8 v, bytes32 r, bytes32 s) = cheats.sign(keys[1], _digest(coin.DOMAIN_SEPARATOR(), content));
        coin.delegateBySig(bob, 1, type(uint256).max, v, r, s);
    }

    function _deed() internal {
        require(bytes(deed.name()).length > 0 && bytes(deed.symbol()).length > 0 && deed.owner() == admin && !deed.paused());
        require(deed.supportsInterface(0x80ac58cd));
        deed.eip712Domain();
        _deedByOwner();
        require(deed.totalSupply() == 3 && deed.tokenByIndex(2) == 3 && deed.tokenOfOwnerByIndex(ann, 1) == 2);
        require(deed.balanceOf(ann) == 2 && deed.ownerOf(1) == ann && bytes(deed.tokenURI(1)).length == 10);
        (address receiver, uint256 royalty) = deed.royaltyInfo(1, 10_000);
        require(receiver == bob && royalty == 1_000);
        _deedByAnn();
        require(deed.getApproved(1) == bob && deed.isApprovedForAll(ann, bob));
        _deedByBob();
        refuses(ann, address(deed), abi.encodeCall(deed.safeMint, (ann, 9, "")), custom(Ownable.OwnableUnauthorizedAccount.selector));
        refuses(ann, address(deed), abi.encodeCall(deed.setRoyalty, (1, ann, 1)), custom(Ownable.OwnableUnauthorizedAccount.selector));
        refuses(ann, address(deed), abi.encodeCall(deed.tokenURI, (9)), custom(IERC721Errors.ERC721NonexistentToken.selector));
        refuses(ann, address(deed), abi.encodeCall(deed.ownerOf, (9)), custom(IERC721Errors.ERC721NonexistentToken.selector));
        refuses(ann, address(deed), abi.encodeCall(deed.tokenByIndex, (9)), custom(0xa57d13dc));
        refuses(stranger, address(deed), abi.encodeCall(deed.approve, (bob, 1)), custom(IERC721Errors.ERC721InvalidApprover.selector));
        refuses(stranger, address(deed), abi.encodeCall(deed.transferFrom, (ann, bob, 1)), custom(IERC721Errors.ERC721InsufficientApproval.selector));
        refuses(ann, address(deed), abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", ann, address(deed), 1), custom(IERC721Errors.ERC721InvalidReceiver.selector));
        refuses(stranger, address(deed), abi.encodeCall(deed.burn, (1)), custom(IERC721Errors.ERC721InsufficientApproval.selector));
    }

    function _deedByOwner() internal by(0) {
        deed.safeMint(ann, 1, "ipfs://one");
        deed.safeMint(ann, 2, "ipfs://two");
        deed.safeMint(address(holder), 3, "");
        deed.setRoyalty(1, bob, 1_000);
        deed.pause();
        deed.unpause();
    }

    function _deedByAnn() internal by(1) {
        deed.approve(bob, 1);
        deed.setApprovalForAll(bob, true);
    }

    function _deedByBob() internal by(2) {
        deed.transferFrom(ann, bob, 1);
        deed.safeTransferFrom(ann, address(holder), 2);
        deed.safeTransferFrom(bob, ann, 1, hex"c0ff");
    }

    function _deedEnds() internal {
        bytes32 content = keccak256(abi.encode(keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)"), bob, deed.nonces(ann), type(uint256).max));
        _deedVotes(content);
        require(deed.delegates(ann) == bob && deed.getVotes(bob) == 0 && deed.clock() == block.number && bytes(deed.CLOCK_MODE()).length > 0);
        deed.getPastVotes(ann, 0);
        deed.getPastTotalSupply(0);
        refuses(ann, address(deed), abi.encodeCall(deed.transferOwnership, (ann)), custom(Ownable.OwnableUnauthorizedAccount.selector));
        _deedOwner();
        _deedNewOwner();
        refuses(admin, address(deed), abi.encodeCall(deed.pause, ()), custom(Ownable.OwnableUnauthorizedAccount.selector));
    }

    function _deedVotes(bytes32 content) internal by(1) {
        deed.delegate(ann);
        (,,, uint256 chain, address self,,) = deed.eip712Domain();
        bytes32 kind = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 domain = keccak256(abi.encode(kind, keccak256("Every Deed"), keccak256("1"), chain, self));
        (uint8 v, bytes32 r, bytes32 s) = cheats.sign(keys[1], _digest(domain, content));
        deed.delegateBySig(bob, 0, type(uint256).max, v, r, s);
        deed.burn(1);
    }

    function _deedOwner() internal by(0) {
        deed.transferOwnership(ann);
    }

    function _deedNewOwner() internal by(1) {
        deed.renounceOwnership();
    }

    function _things() internal {
        _thingsByAdmin();
        require(things.balanceOf(ann, 1) == 10 && things.exists(3) && things.totalSupply() == 560 && things.totalSupply(2) == 220);
        require(things.balanceOfBatch(_pair(ann, address(holder)), _pair(1, 3))[1] == 30);
        require(bytes(things.uri(1)).length == 10 && things.supportsInterface(0xd9b67a26) && !things.paused());
        (, uint256 royalty) = things.royaltyInfo(1, 10_000);
        require(royalty == 100 && things.getRoleAdmin(0) == things.DEFAULT_ADMIN_ROLE());
        _thingsByAnn();
        require(things.isApprovedForAll(ann, bob));
        _thingsByBob();
        refuses(ann, address(things), abi.encodeCall(things.mint, (ann, 1, 1, "")), custom(IAccessControl.AccessControlUnauthorizedAccount.selector));
        refuses(ann, address(things), abi.encodeCall(things.setURI, (1, "x")), custom(IAccessControl.AccessControlUnauthorizedAccount.selector));
        refuses(ann, address(things), abi.encodeCall(things.safeTransferFrom, (ann, bob, 1, 100, "")), custom(IERC1155Errors.ERC1155InsufficientBalance.selector));
        refuses(stranger, address(things), abi.encodeCall(things.safeTransferFrom, (ann, bob, 1, 1, "")), custom(IERC1155Errors.ERC1155MissingApprovalForAll.selector));
        refuses(ann, address(things), abi.encodeCall(things.safeBatchTransferFrom, (ann, address(things), _pair(1, 2), _pair(1, 1), "")), custom(IERC1155Errors.ERC1155InvalidReceiver.selector));
        refuses(ann, address(things), abi.encodeCall(things.burnBatch, (ann, _pair(1, 2), _pair(1, 9_999))), custom(IERC1155Errors.ERC1155InsufficientBalance.selector));
        refuses(ann, address(things), abi.encodeCall(things.setApprovalForAll, (address(0), true)), custom(IERC1155Errors.ERC1155InvalidOperator.selector));
        _thingsEnd();
        refuses(admin, address(things), abi.encodeCall(things.pause, ()), custom(IAccessControl.AccessControlUnauthorizedAccount.selector));
    }

    function _thingsByAdmin() internal by(0) {
        things.mint(ann, 1, 10, "");
        things.mintBatch(address(holder), _pair(2, 3), _pair(20, 30), hex"aa");
        things.mintBatch(ann, _pair(2, 3), _pair(200, 300), "");
        things.setURI(1, "ipfs://one");
        things.pause();
        things.unpause();
    }

    function _thingsByAnn() internal by(1) {
        things.safeTransferFrom(ann, bob, 1, 4, "");
        things.setApprovalForAll(bob, true);
        things.burn(ann, 1, 1);
    }

    function _thingsByBob() internal by(2) {
        things.safeBatchTransferFrom(ann, address(holder), _pair(1, 2), _pair(1, 100), hex"beef");
        things.burnBatch(ann, _pair(2, 3), _pair(2, 3));
    }

    function _thingsEnd() internal by(0) {
        things.grantRole("A", ann);
        require(things.hasRole("A", ann));
        things.revokeRole("A", ann);
        things.renounceRole(0, admin);
    }

    function _digest(bytes32 domain, bytes32 content) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, content));
    }

    function _pair(uint256 a, uint256 b) private pure returns (uint256[] memory both) {
        both = new uint256[](2);
        (both[0], both[1]) = (a, b);
    }

    function _pair(address a, address b) private pure returns (address[] memory both) {
        both = new address[](2);
        (both[0], both[1]) = (a, b);
    }
}
