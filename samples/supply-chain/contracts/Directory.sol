// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Catalogue} from "./Catalogue.sol";

/// @title Who takes part, and the list of products they trade in
/// @notice Open: everyone in the network reads it, and nobody changes it.
contract Directory {
    enum Kind {
        Retailer,
        Supplier
    }

    struct Party {
        string name;
        Kind kind;
        address account; // acts for the party
        address approver; // approves a retailer's orders; zero for suppliers
    }

    Catalogue public catalogue;
    Party[] private _parties;

    constructor(Catalogue catalogue_, Party[] memory all) {
        catalogue = catalogue_;
        for (uint256 i = 0; i < all.length; i++) {
            _parties.push(all[i]);
        }
    }

    /// @return all parties
    function parties() external view returns (Party[] memory) {
        return _parties;
    }
}
