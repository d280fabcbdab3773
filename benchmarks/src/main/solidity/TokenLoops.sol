// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Token} from "./Token.sol";

/// Many of one thing in one call: as calls to a token, or inside of a token of its own.
contract TokenLoops is Token {
    /// Sends one coin to each of `count` receivers, each by a call.
    function transfers(Token token, uint256 count) external returns (uint256) {
        for (uint256 i = 1; i <= count; i++) {
            require(token.transfer(address(uint160(i)), 1));
        }
        return token.balanceOf(address(this));
    }

    function mints(uint256 count) external returns (uint256) {
        for (uint256 i = 0; i < count; i++) {
            mint(msg.sender, i);
        }
        return balanceOf(msg.sender);
    }

    /// The contract approves the sender, who spends it.
    function approvals(uint256 count) external returns (uint256) {
        mint(address(this), count * count);
        for (uint256 i = 0; i < count; i++) {
            permit(address(this), msg.sender, i, true);
            transferFrom(address(this), address(uint160(i % 64 + 1)), i);
        }
        return balanceOf(address(1));
    }
}
