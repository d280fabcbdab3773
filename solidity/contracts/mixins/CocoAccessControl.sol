// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {CocoConfidential} from "../CocoConfidential.sol";

/// @title OpenZeppelin's AccessControl decides who may read
/// @notice For contracts that have roles already: whoever has a role that {_readingRoles} lists may read, and contracts with
/// {COCO_TRUSTED_ROLE} may call for them. Without an override, administrators and {COCO_READER_ROLE} read.
/// @dev Behind a proxy, Coco asks the proxy, whose storage has the roles, and also the implementation, whose code runs. An
/// implementation holds nothing and was never initialised: it answers "open". A proxy never does: before its initialisation
/// nobody may read it, and when it is upgraded to an implementation with this mixin, the roles it has count at once.
abstract contract CocoAccessControl is AccessControl, CocoConfidential {
    bytes32 public constant COCO_READER_ROLE = keccak256("coco.reader");
    bytes32 public constant COCO_TRUSTED_ROLE = keccak256("coco.trusted");

    /// @custom:storage-location erc7201:coco.access-control
    struct CocoAccessControlStorage {
        bool initialised; // a role was given, in this storage
    }

    // keccak256(abi.encode(uint256(keccak256("coco.access-control")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x7d1df84d4628de3a0c4d72d10b480109d86be0af718c6ed27805d7e292cb1d00;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable _code = address(this);

    /// @return roles whose holders may read
    function _readingRoles() internal view virtual returns (bytes32[] memory roles) {
        roles = new bytes32[](2);
        roles[0] = DEFAULT_ADMIN_ROLE;
        roles[1] = COCO_READER_ROLE;
    }

    function _grantRole(bytes32 role, address account) internal virtual override returns (bool) {
        CocoAccessControlStorage storage own = _cocoStorage();
        if (!own.initialised) own.initialised = true;
        return super._grantRole(role, account);
    }

    function _mayRead(address user) internal view virtual override returns (bool) {
        if (_isBareImplementation()) return true;
        bytes32[] memory roles = _readingRoles();
        for (uint256 i = 0; i < roles.length; i++) {
            if (hasRole(roles[i], user)) return true;
        }
        return false;
    }

    function _isTrustedContract(address caller) internal view virtual override returns (bool) {
        return hasRole(COCO_TRUSTED_ROLE, caller);
    }

    /// @inheritdoc CocoConfidential
    function canCall(address user, address caller, bytes4 selector) public view virtual override returns (bool) {
        return _isBareImplementation() || super.canCall(user, caller, selector);
    }

    function supportsInterface(bytes4 interfaceId)
        public
        view
        virtual
        override(AccessControl, CocoConfidential)
        returns (bool)
    {
        return AccessControl.supportsInterface(interfaceId) || CocoConfidential.supportsInterface(interfaceId);
    }

    function _isBareImplementation() private view returns (bool) {
        return address(this) == _code && !_cocoStorage().initialised;
    }

    function _cocoStorage() private pure returns (CocoAccessControlStorage storage own) {
        assembly {
            own.slot := STORAGE_LOCATION
        }
    }
}
