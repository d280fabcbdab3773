// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// An OpenZeppelin token with every way to fail: custom errors of the library, one of its own, a reason text, a panic.
contract TestToken is ERC20, Ownable {
    error Refused(address who, uint256 amount);

    constructor(string memory name, string memory symbol, uint256 supply) ERC20(name, symbol) Ownable(msg.sender) {
        _mint(msg.sender, supply);
    }

    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    function refuse(uint256 amount) external view {
        revert Refused(msg.sender, amount);
    }

    function refuseWithText() external pure {
        revert("not on a Sunday");
    }

    function divide(uint256 a, uint256 b) external pure returns (uint256) {
        return a / b;
    }

    /// Three events in one transaction, to tell log indexes apart.
    function scatter(address[] calldata to, uint256 amount) external {
        for (uint256 i = 0; i < to.length; i++) {
            _transfer(msg.sender, to[i], amount);
        }
    }
}
