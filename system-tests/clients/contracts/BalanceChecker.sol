// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

interface Token {
    function balanceOf(address account) external view returns (uint256);
}

/// The interface of the contract by which wallets read all balances of all accounts in one eth_call.
contract BalanceChecker {
    /// Balances by account, then by token; address 0 stands for ether, and what is no token holds 0.
    function balances(address[] calldata users, address[] calldata tokens) external view returns (uint256[] memory out) {
        out = new uint256[](users.length * tokens.length);
        for (uint256 i = 0; i < users.length; i++) {
            for (uint256 j = 0; j < tokens.length; j++) {
                uint256 at = i * tokens.length + j;
                if (tokens[j] == address(0)) {
                    out[at] = users[i].balance;
                } else if (tokens[j].code.length > 0) {
                    out[at] = Token(tokens[j]).balanceOf(users[i]);
                }
            }
        }
    }
}
