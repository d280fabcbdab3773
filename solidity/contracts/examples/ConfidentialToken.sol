// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {CocoAccessControl} from "../mixins/CocoAccessControl.sol";

/// @title An existing token as it was
contract Token is ERC20, AccessControl {
    bytes32 public constant MINTER_ROLE = keccak256("minter");

    constructor(address administrator) ERC20("Pallet", "PLT") {
        _grantRole(DEFAULT_ADMIN_ROLE, administrator);
    }

    function mint(address to, uint256 amount) external onlyRole(MINTER_ROLE) {
        _mint(to, amount);
    }

    function supportsInterface(bytes4 interfaceId) public view virtual override returns (bool) {
        return super.supportsInterface(interfaceId);
    }
}

/// @title The same token, confidential: its administrators, minters and readers see it, nobody else
contract ConfidentialToken is Token, CocoAccessControl {
    constructor(address administrator) Token(administrator) {}

    function _readingRoles() internal pure override returns (bytes32[] memory roles) {
        roles = new bytes32[](3);
        roles[0] = DEFAULT_ADMIN_ROLE;
        roles[1] = COCO_READER_ROLE;
        roles[2] = MINTER_ROLE;
    }

    // Solidity asks which of two bases is meant; the answer is always "both".
    function supportsInterface(bytes4 id) public view override(Token, CocoAccessControl) returns (bool) {
        return super.supportsInterface(id);
    }

    function _grantRole(bytes32 role, address account)
        internal
        override(AccessControl, CocoAccessControl)
        returns (bool)
    {
        return super._grantRole(role, account);
    }
}
