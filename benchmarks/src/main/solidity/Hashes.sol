// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A chain of hashes, each of the one before and a number.
contract Hashes {
    function chain(uint256 count) external pure returns (bytes32 last) {
        for (uint256 i = 0; i < count; i++) {
            last = keccak256(abi.encodePacked(last, i));
        }
    }
}
