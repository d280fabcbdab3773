// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoMembers} from "@coco-framework/solidity/contracts/CocoMembers.sol";
import {Catalogue} from "./Catalogue.sol";

/// @title What one supplier has in stock
/// @notice Seen by the supplier and by those whom it grants `READER`.
contract Inventory is CocoMembers {
    struct Item {
        string upc;
        uint32 quantity;
    }

    event Opened(address indexed supplier);
    event Counted(string upc, uint32 quantity);

    address public supplier;
    Catalogue private _catalogue;
    Item[] private _items;
    mapping(string upc => uint256) private _places; // in _items, from 1

    constructor(Catalogue catalogue) CocoMembers(msg.sender) {
        (supplier, _catalogue) = (msg.sender, catalogue);
        emit Opened(msg.sender);
    }

    /// @return all that was ever counted, with its newest quantity
    function items() external view returns (Item[] memory) {
        return _items;
    }

    /// @notice There are `quantity` of a product now.
    function count(string calldata upc, uint32 quantity) external onlyRole(ADMINISTRATOR) {
        uint256 place = _places[upc];
        if (place == 0) {
            _catalogue.requireProduct(upc);
            _items.push(Item(upc, quantity));
            _places[upc] = _items.length;
        } else {
            _items[place - 1].quantity = quantity;
        }
        emit Counted(upc, quantity);
    }
}
