// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoMembers} from "../CocoMembers.sol";

/// @title A purchase order that only its buyer and the suppliers it was assigned to can find
contract PurchaseOrder is CocoMembers {
    uint256 public constant SUPPLIER = 4;

    /// @notice Shown to the supplier it names, also after the order was taken from them.
    event Assigned(address indexed supplier);
    event Fulfilled(address indexed supplier);

    string public product;
    uint256 public quantity;
    bool public fulfilled;

    error AlreadyFulfilled();

    constructor(string memory product_, uint256 quantity_) CocoMembers(msg.sender) {
        product = product_;
        quantity = quantity_;
    }

    function assign(address supplier) external onlyRole(ADMINISTRATOR) {
        _grant(supplier, SUPPLIER);
        emit Assigned(supplier);
    }

    function fulfil() external onlyRole(SUPPLIER) {
        if (fulfilled) revert AlreadyFulfilled();
        fulfilled = true;
        emit Fulfilled(msg.sender);
    }

    function _eventRule(bytes32 signature) internal pure override returns (EventRule) {
        return signature == Assigned.selector ? EventRule.Parties : EventRule.Readers;
    }
}
