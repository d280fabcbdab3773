// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// The token of "coco bench": what ERC-20 asks of a transfer, written as plainly as the published ones, and a way to give
/// many accounts a balance in one transaction.
contract BenchToken {
    event Transfer(address indexed from, address indexed to, uint256 value);

    error InsufficientBalance(address from, uint256 balance, uint256 value);
    error InvalidReceiver(address to);

    mapping(address => uint256) private balances;
    uint256 public totalSupply;

    function balanceOf(address account) external view returns (uint256) {
        return balances[account];
    }

    function transfer(address to, uint256 value) external returns (bool) {
        if (to == address(0)) revert InvalidReceiver(to);
        uint256 balance = balances[msg.sender];
        if (balance < value) revert InsufficientBalance(msg.sender, balance, value);
        unchecked {
            balances[msg.sender] = balance - value;
            balances[to] += value;
        }
        emit Transfer(msg.sender, to, value);
        return true;
    }

    /// Gives each account of a packed list (20 bytes each) a balance, and an equal share of the ether sent along.
    function fill(bytes calldata accounts, uint256 value) external payable {
        uint256 count = accounts.length / 20;
        uint256 share = count == 0 ? 0 : msg.value / count;
        for (uint256 i = 0; i < count; i++) {
            address account = address(bytes20(accounts[i * 20:i * 20 + 20]));
            if (value > 0) balances[account] = value;
            if (share > 0) {
                (bool sent, ) = account.call{value: share}("");
                require(sent, "not paid");
            }
        }
        totalSupply += value * count;
    }
}
