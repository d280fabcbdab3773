// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Erc20} from "contracts/Erc20.sol";
import {Base} from "../script/Base.sol";
import {Tokens} from "../script/Tokens.s.sol";
import {Uniswap} from "../script/Uniswap.s.sol";

/// The scripts once more, in forge's own machine on top of the network's state.
contract TokensTest is Tokens {
    function testEveryFunction() external {
        this.run();
    }

    function _begin(uint256 who) internal override {
        cheats.startPrank(vm.addr(keys[who]));
    }

    function _end() internal override {
        cheats.stopPrank();
    }
}

contract UniswapTest is Uniswap {
    function testEveryFunction() external {
        this.run();
    }

    function _begin(uint256 who) internal override {
        cheats.startPrank(vm.addr(keys[who]));
    }

    function _end() internal override {
        cheats.stopPrank();
    }
}

/// What a fork reads of a token that was deployed and used on the network.
contract ForkTest is Base {
    Erc20 private token;
    uint256 private fork;

    function setUp() external {
        meet();
        token = Erc20(cheats.envAddress("TOKEN"));
        fork = cheats.createSelectFork(cheats.envString("FORK_URL"), cheats.envUint("BLOCK_AFTER"));
    }

    function testReadsTheNewestState() external view {
        require(block.number == cheats.envUint("BLOCK_AFTER") && block.chainid == 1337);
        require(token.balanceOf(ann) == 1000 && token.totalSupply() == 1_000_000 ether);
        require(cheats.load(address(token), keccak256(abi.encode(ann, 0))) == bytes32(uint256(1000)));
        require(address(token).codehash == cheats.envBytes32("CODE_HASH") && admin.balance == cheats.envUint("BALANCE"));
    }

    function testReadsAnEarlierState() external {
        cheats.rollFork(cheats.envUint("BLOCK_BEFORE"));
        require(block.number == cheats.envUint("BLOCK_BEFORE"));
        require(token.balanceOf(ann) == 0 && token.balanceOf(admin) == 1_000_000 ether);
    }

    function testChangesNothingButTheFork() external {
        cheats.prank(ann);
        token.transfer(bob, 400);
        require(token.balanceOf(ann) == 600 && token.balanceOf(bob) == 400);
    }
}
