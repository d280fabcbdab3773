// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Vm} from "forge-std/Vm.sol";
import {CocoAccessTest} from "../../contracts/testing/CocoAccessTest.sol";

/// @notice The little of forge-std's Test that these tests need; npm has no release of it that needs nothing else.
abstract contract Base is CocoAccessTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error Unequal(bytes32 seen, bytes32 expected);
    error NotSo();

    function addressOf(string memory name) internal pure returns (address) {
        return address(uint160(uint256(keccak256(bytes(name)))));
    }

    function assertEq(uint256 seen, uint256 expected) internal pure {
        if (seen != expected) revert Unequal(bytes32(seen), bytes32(expected));
    }

    function assertFalse(bool claim) internal pure {
        if (claim) revert NotSo();
    }
}
