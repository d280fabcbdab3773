// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The system's list of products
/// @notice Open: everyone in the network reads it, and nobody changes it.
contract Catalogue {
    struct Product {
        string upc;
        string name;
        uint64 price; // of one, in cents
    }

    /// @notice No product has this code.
    error UnknownProduct(string upc);

    Product[] private _products;
    mapping(string upc => bool) private _known;

    constructor(Product[] memory all) {
        for (uint256 i = 0; i < all.length; i++) {
            _products.push(all[i]);
            _known[all[i].upc] = true;
        }
    }

    /// @return all products, in the order of the list
    function products() external view returns (Product[] memory) {
        return _products;
    }

    /// @notice Fails unless `upc` is in the list.
    function requireProduct(string calldata upc) external view {
        if (!_known[upc]) revert UnknownProduct(upc);
    }
}
