// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Script} from "forge-std/Script.sol";

/// Cheatcodes that the forge-std of npm is too old to know.
interface Cheats {
    function envOr(string calldata name, string calldata other) external view returns (string memory);
    function deriveKey(string calldata phrase, uint32 index) external pure returns (uint256);
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function readFile(string calldata path) external view returns (string memory);
    function parseBytes(string calldata text) external pure returns (bytes memory);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function startBroadcast(uint256 key) external;
    function stopBroadcast() external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function prank(address sender) external;
    function createSelectFork(string calldata url) external returns (uint256);
    function createSelectFork(string calldata url, uint256 blockNumber) external returns (uint256);
    function rollFork(uint256 blockNumber) external;
    function load(address account, bytes32 slot) external view returns (bytes32);
    function deal(address account, uint256 balance) external;
    function envString(string calldata name) external view returns (string memory);
    function envAddress(string calldata name) external view returns (address);
    function envUint(string calldata name) external view returns (uint256);
    function envBytes32(string calldata name) external view returns (bytes32);
}

/// Steps that a script sends as transactions, and that a test plays on a fork.
abstract contract Base is Script {
    Cheats internal constant cheats = Cheats(address(bytes20(uint160(uint256(keccak256("hevm cheat code"))))));

    uint256[4] internal keys;
    address internal admin;
    address internal ann;
    address internal bob;
    address internal stranger;

    function meet() internal {
        string memory phrase = cheats.envOr("TEST_PHRASE", "test test test test test test test test test test test junk");
        for (uint32 i = 0; i < 4; i++) {
            keys[i] = cheats.deriveKey(phrase, i);
        }
        (admin, ann, bob, stranger) =
            (cheats.addr(keys[0]), cheats.addr(keys[1]), cheats.addr(keys[2]), cheats.addr(keys[3]));
    }

    /// What follows is sent by that account.
    modifier by(uint256 who) {
        _begin(who);
        _;
        _end();
    }

    function _begin(uint256 who) internal virtual {
        cheats.startBroadcast(keys[who]);
    }

    function _end() internal virtual {
        cheats.stopBroadcast();
    }

    /// The call reverts with an error that begins with these bytes; nothing is sent.
    function refuses(address who, address target, bytes memory data, bytes memory begin) internal {
        refuses(who, target, 0, data, begin);
    }

    function refuses(address who, address target, uint256 value, bytes memory data, bytes memory begin) internal {
        cheats.prank(who);
        (bool done, bytes memory given) = target.call{value: value}(data);
        require(!done, "a call that has to be refused was not");
        require(given.length >= begin.length, "a refusal says too little");
        for (uint256 i = 0; i < begin.length; i++) {
            require(given[i] == begin[i], "a refusal says something else");
        }
    }

    function text(string memory words) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("Error(string)", words);
    }

    function custom(bytes4 selector) internal pure returns (bytes memory) {
        return abi.encodePacked(selector);
    }
}
