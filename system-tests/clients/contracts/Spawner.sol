// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

contract Child {
    address public immutable parent = msg.sender;

    constructor() payable {}

    receive() external payable {}

    function leave(address payable heir) external {
        selfdestruct(heir);
    }
}

/// Moves ether and makes contracts where no transaction says so: what explorers call internal transactions.
contract Spawner {
    event Made(address indexed child, uint256 value);

    receive() external payable {}

    function spread(address payable[] calldata to) external payable {
        for (uint256 i = 0; i < to.length; i++) {
            (bool paid, ) = to[i].call{value: msg.value / to.length}("");
            require(paid, "not paid");
        }
    }

    function make(uint256 count) external payable {
        for (uint256 i = 0; i < count; i++) {
            emit Made(address(new Child{value: msg.value / count}()), msg.value / count);
        }
    }

    function makeAt(bytes32 salt) external payable {
        emit Made(address(new Child{value: msg.value, salt: salt}()), msg.value);
    }

    /// A contract that comes and goes in one transaction (EIP-6780) and leaves its ether to somebody.
    function passThrough(address payable heir) external payable {
        new Child{value: msg.value}().leave(heir);
    }

    /// A payment that is taken back by a revert that the caller survives.
    function tryAndFail(address payable to) external payable {
        try this.payAndRevert{value: msg.value}(to) {
            revert("unreachable");
        } catch {}
        (bool back, ) = msg.sender.call{value: msg.value}("");
        require(back, "not paid back");
    }

    function payAndRevert(address payable to) external payable {
        (bool paid, ) = to.call{value: msg.value}("");
        require(!paid, "taken back");
    }
}
