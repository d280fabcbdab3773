// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoMembers} from "../CocoMembers.sol";

/// @title What a supplier has in stock, for those it shows it to
contract Inventory is CocoMembers {
    event Counted(string product, uint256 quantity);

    mapping(string product => uint256 quantity) public stock;

    constructor() CocoMembers(msg.sender) {}

    function count(string calldata product, uint256 quantity) external onlyRole(ADMINISTRATOR) {
        stock[product] = quantity;
        emit Counted(product, quantity);
    }
}
