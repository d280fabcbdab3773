// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Something of everything that a library has to encode, decode, estimate and watch.
contract Probe {
    event Stored(address indexed who, uint256 indexed key, uint256 value);

    error TooLarge(uint256 value, uint256 limit);

    /// Slot 0.
    mapping(uint256 => uint256) public values;
    /// Slot 1.
    uint256 public writes;
    /// Slot 2.
    string public name;
    uint256 public immutable limit;

    constructor(string memory name_, uint256 limit_) payable {
        name = name_;
        limit = limit_;
    }

    receive() external payable {}

    function store(uint256 key, uint256 value) external payable returns (uint256 previous) {
        if (value > limit) revert TooLarge(value, limit);
        previous = values[key];
        values[key] = value;
        writes++;
        emit Stored(msg.sender, key, value);
    }

    /// As many events as pairs, in one transaction.
    function storeMany(uint256[] calldata keys, uint256 value) external {
        for (uint256 i = 0; i < keys.length; i++) {
            values[keys[i]] = value;
            emit Stored(msg.sender, keys[i], value);
        }
    }

    /// What a contract sees of its block, to check overrides by.
    function environment()
        external
        view
        returns (uint256 number, uint256 timestamp, uint256 chainId, uint256 baseFee, uint256 gasLimit, address coinbase)
    {
        return (block.number, block.timestamp, block.chainid, block.basefee, block.gaslimit, block.coinbase);
    }

    function caller() external view returns (address sender, address origin, uint256 balance) {
        return (msg.sender, tx.origin, msg.sender.balance);
    }
}
