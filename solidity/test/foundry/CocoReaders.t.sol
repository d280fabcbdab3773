// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoReaders} from "../../contracts/CocoReaders.sol";
import {ICocoReaders} from "../../contracts/ICocoReaders.sol";
import {Errand, Estate} from "../../contracts/internal/Lists.sol";
import {Base} from "./Base.sol";

/// @notice Whatever lists there are and whoever asks.
contract CocoReadersTest is Base {
    ICocoReaders private constant LISTS = ICocoReaders(0xC0C0000000000000000000000000000000000001);
    address private constant NETWORK = 0xfFfFFffFffffFFffFffFFFFFFfFFFfFfFFfFfFfD;

    address private immutable keeper = addressOf("keeper");
    address private immutable stranger = addressOf("stranger");

    function setUp() external {
        vm.etch(address(LISTS), type(CocoReaders).runtimeCode);
    }

    function creation() private pure returns (bytes memory) {
        return abi.encodePacked(type(Estate).creationCode, abi.encode(7));
    }

    function create(address[] memory readers, bytes32 salt) private returns (address made) {
        vm.prank(keeper, keeper);
        made = LISTS.create(salt, creation(), readers, "");
    }

    function isReader(address made, address user) private returns (bool) {
        vm.prank(NETWORK);
        return LISTS.isReader(made, user);
    }

    /// @dev Some addresses in ascending order, from random numbers.
    function ascending(uint256 seed, uint256 count) private pure returns (address[] memory readers) {
        readers = new address[](count);
        uint160 next = 0;
        for (uint256 i = 0; i < count; i++) {
            next += 1 + uint160(uint256(keccak256(abi.encode(seed, i))) >> 104);
            readers[i] = address(next);
        }
    }

    function contains(address[] memory readers, address user) private pure returns (bool) {
        for (uint256 i = 0; i < readers.length; i++) {
            if (readers[i] == user) return true;
        }
        return false;
    }

    function testFindsWhoIsListedAndNobodyElse(uint256 seed, uint8 count, address user, bytes32 salt) external {
        address[] memory readers = ascending(seed, count);
        address made = create(readers, salt);
        for (uint256 i = 0; i < count; i++) {
            if (!isReader(made, readers[i])) revert NotSo();
            address below = address(uint160(readers[i]) - 1);
            if (isReader(made, below) != contains(readers, below)) revert NotSo();
        }
        if (isReader(made, user) != (user == keeper || contains(readers, user))) revert NotSo();
    }

    /// @notice Of an earlier, longer list nothing is left.
    function testReplacesTheWholeList(uint256 seed, uint256 other, uint8 before, uint8 later) external {
        address[] memory first = ascending(seed, before);
        address[] memory second = ascending(other, later);
        address made = create(first, 0);
        vm.prank(keeper, keeper);
        LISTS.name(made, second);
        for (uint256 i = 0; i < before; i++) {
            if (isReader(made, first[i]) != contains(second, first[i])) revert NotSo();
        }
        for (uint256 j = 0; j < later; j++) {
            if (!isReader(made, second[j])) revert NotSo();
        }
    }

    function testNobodyButTheKeeperWhoSignsChangesAnything(address caller, address origin, bytes32 salt) external {
        vm.assume(caller != address(0) && origin != address(0));
        vm.assume(caller != keeper || origin != keeper);
        vm.assume(caller.code.length == 0);
        address made = create(new address[](0), salt);
        address[] memory readers = new address[](1);
        readers[0] = stranger;
        vm.prank(caller, origin);
        try LISTS.name(made, readers) {
            revert NotSo();
        } catch {}
        vm.prank(caller, origin);
        try LISTS.handOver(made, stranger) {
            revert NotSo();
        } catch {}
        assertFalse(isReader(made, stranger));
    }

    function testNoContractIsNamedForThatIsThere(address made, address caller) external {
        vm.assume(caller != address(0));
        vm.prank(caller, caller);
        try LISTS.name(made, new address[](0)) {
            revert NotSo();
        } catch {}
        vm.prank(caller, caller);
        try LISTS.handOver(made, caller) {
            revert NotSo();
        } catch {}
    }

    function testLeadsWhereItSays(address one, address other, bytes32 salt) external {
        vm.assume(one != other && one != address(0));
        address expected = LISTS.addressOf(one, salt, keccak256(creation()));
        if (expected == LISTS.addressOf(other, salt, keccak256(creation()))) revert NotSo();
        vm.prank(one, one);
        if (LISTS.create(salt, creation(), new address[](0), "") != expected) revert NotSo();
    }

    /// @notice Code that somebody else runs has none of it.
    function testIsOfNoUseElsewhere() external {
        Errand errand = new Errand();
        bytes memory data = abi.encodeCall(ICocoReaders.create, (0, creation(), new address[](0), ""));
        vm.prank(stranger, stranger);
        assertFalse(errand.runHere(address(LISTS), data));
        vm.etch(stranger, type(CocoReaders).runtimeCode);
        vm.prank(keeper, keeper);
        (bool done,) = stranger.call(data);
        assertFalse(done);
    }
}
