// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// Its functions are external, so that it is deployed by itself and linked.
library Shares {
    function share(uint256 amount, uint256 basisPoints) external pure returns (uint256) {
        return amount * basisPoints / 10_000;
    }
}

/// Keeps ether until a time. One of each way a contract refuses: custom errors, a text, a panic, an assertion, no data.
contract Vault {
    error TooEarly(uint256 now_, uint256 unlockTime);
    error NotOwner(address caller);
    error Short(uint256 wanted, uint256 there);

    event Deposited(address indexed from, uint256 amount);
    event Withdrawn(address indexed to, uint256 amount, uint256 fee);

    uint256 public immutable unlockTime;
    address public immutable owner;
    uint256 public deposits;
    mapping(address => uint256) public given;

    constructor(uint256 unlockTime_) payable {
        unlockTime = unlockTime_;
        owner = msg.sender;
    }

    receive() external payable {
        deposit();
    }

    function deposit() public payable {
        require(msg.value > 0, "Vault: nothing given");
        deposits++;
        given[msg.sender] += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    function withdraw(uint256 amount) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        if (block.timestamp < unlockTime) revert TooEarly(block.timestamp, unlockTime);
        if (amount > address(this).balance) revert Short(amount, address(this).balance);
        uint256 fee = Shares.share(amount, 100);
        emit Withdrawn(msg.sender, amount, fee);
        payable(msg.sender).transfer(amount - fee);
    }

    function average() external view returns (uint256) {
        return address(this).balance / deposits;
    }

    function impossible() external view {
        assert(deposits > type(uint128).max);
    }

    function silent() external pure {
        revert();
    }

    /// Needs a different amount of gas for each size, so that an estimate has to be one.
    function fill(uint256 from, uint256 count) external {
        for (uint256 i = from; i < from + count; i++) {
            given[address(uint160(i + 1))] = i + 1;
        }
    }
}
