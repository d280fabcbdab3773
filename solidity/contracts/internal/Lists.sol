// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICocoReaders} from "../ICocoReaders.sol";

// What the tests of `CocoReaders` deploy through it, and what tries to get at its lists.

/// @notice Belongs to whoever made it, and was written by somebody who never heard of confidentiality.
contract Estate {
    error NotTheOwner();
    error Refused(uint256 price);

    address public owner = msg.sender;
    uint256 public price;

    constructor(uint256 price_) payable {
        if (price_ == 13) revert Refused(price_);
        price = price_;
    }

    function transferOwnership(address to) external {
        if (msg.sender != owner) revert NotTheOwner();
        owner = to;
    }
}

/// @notice Calls for whoever asks, as a multicall or a wallet does.
contract Errand {
    function run(address to, bytes calldata data) external returns (bytes memory result) {
        bool done;
        (done, result) = to.call(data);
        if (!done) {
            assembly {
                revert(add(result, 32), mload(result))
            }
        }
    }

    function runHere(address code, bytes calldata data) external returns (bool done) {
        (done,) = code.delegatecall(data);
    }
}

/// @notice Names somebody while it is being made.
contract Intruder {
    constructor(ICocoReaders lists, address made, address[] memory readers) {
        lists.name(made, readers);
    }
}
