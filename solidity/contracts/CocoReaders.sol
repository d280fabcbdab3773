// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICocoReaders} from "./ICocoReaders.sol";

/// @title The system contract behind `ICocoReaders`
/// @notice Part of a network's genesis, and of no use elsewhere. Why it is as it is: docs/design/access.md of Coco.
/// @dev A slot's first 20 bytes are the contract whose list it belongs to, so that a state can be shown to that contract's
/// keeper without those of others: slot 0 of a list has the number of readers above the keeper's address, the following ones
/// have the readers in ascending order. Nothing is hashed, so no two lists meet.
contract CocoReaders is ICocoReaders {
    address private constant HERE = 0xC0C0000000000000000000000000000000000001;

    /// @dev Who asks for the network: nobody has its key, and no code is there.
    address private constant NETWORK = 0xfFfFFffFffffFFffFffFFFFFFfFFFfFfFFfFfFfD;

    /// @dev Searched in at most nine reads, and 5.8 million gas to write.
    uint256 private constant MOST = 256;

    /// @dev Not code that runs elsewhere, and nobody who was called by somebody else.
    modifier bySigner() {
        if (address(this) != HERE || msg.sender != tx.origin) revert OnlyWhoSigns(msg.sender);
        _;
    }

    modifier byKeeper(address made) {
        (address keeper,) = _head(made);
        if (msg.sender != keeper) revert NotTheKeeper(msg.sender, made);
        _;
    }

    /// @inheritdoc ICocoReaders
    function create(bytes32 salt, bytes calldata creation, address[] calldata readers, bytes calldata first)
        external
        payable
        bySigner
        returns (address made)
    {
        bytes memory code = creation;
        bytes32 ownSalt = _saltOf(msg.sender, salt);
        made = _addressOf(ownSalt, keccak256(code));
        _write(made, msg.sender, readers);
        emit Created(made, msg.sender);
        address there;
        assembly ("memory-safe") {
            there := create2(callvalue(), add(code, 32), mload(code), ownSalt)
        }
        if (there == address(0)) _fail(made);
        if (first.length != 0) {
            (bool done,) = made.call(first);
            if (!done) _fail(made);
        }
        if (made.code.length == 0) revert NotMade(made);
    }

    /// @inheritdoc ICocoReaders
    function name(address made, address[] calldata readers) external bySigner byKeeper(made) {
        _write(made, msg.sender, readers);
        emit Named(made);
    }

    /// @inheritdoc ICocoReaders
    function handOver(address made, address keeper) external bySigner byKeeper(made) {
        (, uint256 readers) = _head(made);
        _setHead(made, keeper, readers);
        emit HandedOver(made, keeper);
    }

    /// @inheritdoc ICocoReaders
    function isReader(address made, address user) external view returns (bool) {
        (address keeper, uint256 readers) = _head(made);
        if (msg.sender != NETWORK && msg.sender != keeper) revert NotTheKeeper(msg.sender, made);
        if (user == address(0)) return false;
        return user == keeper || _isListed(made, readers, user);
    }

    /// @inheritdoc ICocoReaders
    function addressOf(address keeper, bytes32 salt, bytes32 creationHash) external pure returns (address) {
        return _addressOf(_saltOf(keeper, salt), creationHash);
    }

    function _saltOf(address keeper, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(keeper, salt));
    }

    function _addressOf(bytes32 ownSalt, bytes32 creationHash) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), HERE, ownSalt, creationHash)))));
    }

    /// @dev With the reason that the other gave, if it gave one.
    function _fail(address made) private pure {
        uint256 length;
        assembly {
            length := returndatasize()
        }
        if (length == 0) revert NotMade(made);
        assembly ("memory-safe") {
            let reason := mload(64)
            returndatacopy(reason, 0, length)
            revert(reason, length)
        }
    }

    function _write(address made, address keeper, address[] calldata readers) private {
        if (readers.length > MOST) revert TooManyReaders(readers.length, MOST);
        uint256 slot = _slot(made);
        address before = address(0);
        for (uint256 i = 0; i < readers.length; i++) {
            address reader = readers[i];
            if (reader <= before) revert NotAscending(reader);
            uint256 word = uint160(reader);
            assembly {
                sstore(add(slot, add(i, 1)), word)
            }
            before = reader;
        }
        _setHead(made, keeper, readers.length);
    }

    function _setHead(address made, address keeper, uint256 readers) private {
        uint256 slot = _slot(made);
        uint256 head = (readers << 160) | uint160(keeper);
        assembly {
            sstore(slot, head)
        }
    }

    function _head(address made) private view returns (address, uint256) {
        uint256 slot = _slot(made);
        uint256 head;
        assembly {
            head := sload(slot)
        }
        return (address(uint160(head)), head >> 160);
    }

    function _isListed(address made, uint256 readers, address user) private view returns (bool) {
        uint256 slot = _slot(made) + 1;
        uint256 low = 0;
        uint256 high = readers;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            uint256 word;
            assembly {
                word := sload(add(slot, middle))
            }
            address reader = address(uint160(word));
            if (reader == user) return true;
            if (reader < user) low = middle + 1;
            else high = middle;
        }
        return false;
    }

    function _slot(address made) private pure returns (uint256) {
        return uint256(uint160(made)) << 96;
    }
}
