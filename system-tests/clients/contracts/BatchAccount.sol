// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// What an account of a wallet delegates to (EIP-7702): several calls in one transaction, by the account itself only.
contract BatchAccount {
    event Executed(uint256 calls);

    error NotTheAccount(address sender);

    struct Call {
        address to;
        uint256 value;
        bytes data;
    }

    receive() external payable {}

    function execute(Call[] calldata calls) external payable {
        if (msg.sender != address(this)) revert NotTheAccount(msg.sender);
        for (uint256 i = 0; i < calls.length; i++) {
            (bool done, bytes memory output) = calls[i].to.call{value: calls[i].value}(calls[i].data);
            if (!done) {
                assembly {
                    revert(add(output, 32), mload(output))
                }
            }
        }
        emit Executed(calls.length);
    }
}
