// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";

interface IPair {
    function token0() external view returns (address);
    function token1() external view returns (address);
}

/// Keeps a hundredth of each transfer, so that Uniswap's functions for such tokens have something to support.
contract FeeToken is ERC20 {
    constructor() ERC20("Fee", "FEE") {
        _mint(msg.sender, 1_000_000 ether);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0) || to == address(0)) {
            super._update(from, to, value);
        } else {
            uint256 fee = value / 100;
            super._update(from, address(this), fee);
            super._update(from, to, value - fee);
        }
    }
}

/// A token without any extension.
contract PlainToken is ERC20 {
    constructor(string memory symbol) ERC20(symbol, symbol) {
        _mint(msg.sender, 1_000_000 ether);
    }
}

/// Takes tokens of both kinds; pays a flash swap back with what it owns.
contract Holder is ERC721Holder, ERC1155Holder {
    event Flashed(address sender, uint256 amount0, uint256 amount1, bytes data);

    function uniswapV2Call(address sender, uint256 amount0, uint256 amount1, bytes calldata data) external {
        emit Flashed(sender, amount0, amount1, data);
        if (amount0 > 0) {
            ERC20(IPair(msg.sender).token0()).transfer(msg.sender, amount0 + amount0 / 100 + 1);
        }
        if (amount1 > 0) {
            ERC20(IPair(msg.sender).token1()).transfer(msg.sender, amount1 + amount1 / 100 + 1);
        }
    }
}
