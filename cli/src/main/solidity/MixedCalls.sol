// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// What "coco demo compare" calls where the main network's transactions call any contract: one call does a little of
/// everything that contracts do, so that a machine that has executed some thousand of them has seen all instructions.
/// What a sender's call costs depends on that sender's calls before it, and on nothing else.
contract MixedCalls {
    event Worked(address indexed who, uint256 indexed seed, bytes32 indexed result, bytes note);
    event Settled(address indexed who, int256 change);

    error Refused(uint256 seed, string why);

    struct Order {
        uint128 amount;
        uint64 count;
        bool open;
        address owner;
    }

    /// Hand-written, as the compiler's contracts of 2017 were; it ends by a jump to nowhere.
    address private constant OLD = 0xc0C0000000000000000000000000000000000003;

    mapping(address => Order) private orders;
    mapping(address => mapping(uint256 => uint256)) private ledger;
    mapping(address => bytes) private notes;

    /// A little of everything; the seed decides which branches.
    function work(uint256 seed, bytes calldata note) external payable returns (bytes32 result) {
        result = keccak256(abi.encode(msg.sender, seed, note));
        Order storage order = orders[msg.sender];
        order.amount = uint128(uint256(result) | 1);
        order.count += 1;
        order.open = seed % 2 == 0;
        order.owner = msg.sender;
        for (uint256 i = 0; i < 4; i++) {
            result ^= bytes32(price(uint112(uint256(result) >> 16), uint112(seed | 1_000_003), i + 1));
            result ^= bytes32(arithmetic(int256(uint256(result)), int256(seed) - int256(i)));
        }
        ledger[msg.sender][seed % 3] = uint256(result) | 1;
        notes[msg.sender] = note;
        result ^= sorted(seed) ^ copies(note) ^ surroundings() ^ precompiles(result);
        (bool delegated, bytes memory given) = address(this).delegatecall(abi.encodeCall(this.fee, (seed, order.amount)));
        require(delegated, "fee");
        result ^= bytes32(abi.decode(given, (uint256)));
        try this.refuse{gas: 30_000}(seed) returns (uint256 given256) {
            result ^= bytes32(given256);
        } catch (bytes memory why) {
            result ^= keccak256(why);
        }
        (bool ended, ) = OLD.call{gas: seed % 5 == 0 ? 500 : 12_000}(abi.encodePacked(result, seed));
        result ^= bytes32(uint256(ended ? 1 : 2));
        if (seed % 32 == 5) {
            for (uint256 i = 0; i < 1_100; i++) {
                result ^= bytes32(i);
            }
        }
        if (seed % 16 == 3) {
            assembly {
                pop(create(0, 0, 0))
                pop(create2(0, 0, 0, result))
            }
        }
        logs(result, note.length);
        emit Worked(msg.sender, seed, result, note);
        emit Settled(msg.sender, int256(seed) - int256(uint256(order.count)));
    }

    /// As an exchange of two reserves does it.
    function price(uint112 reserveIn, uint112 reserveOut, uint256 amount) private pure returns (uint256) {
        uint256 withFee = amount * 997;
        uint256 out = (withFee * reserveOut) / (uint256(reserveIn) * 1000 + withFee);
        uint256 root = reserveIn;
        for (uint256 x = root / 2 + 1; x < root && x > 2 ** 96; x = (uint256(reserveIn) / x + x) / 2) {
            root = x;
        }
        return out ^ root;
    }

    function arithmetic(int256 a, int256 b) private pure returns (uint256 r) {
        assembly {
            r := add(mul(a, b), sub(a, b))
            r := xor(r, or(div(a, or(b, 1)), and(mod(a, or(b, 1)), not(b))))
            r := xor(r, add(sdiv(a, or(b, 1)), smod(a, or(b, 3))))
            r := xor(r, addmod(a, b, 0xffffffff00000001))
            r := xor(r, mulmod(a, b, 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f))
            r := xor(r, exp(or(a, 1), and(b, 0xff)))
            r := xor(r, signextend(byte(31, a), b))
            r := xor(r, shl(and(a, 0xff), sar(and(b, 0x3f), shr(3, a))))
            if or(or(lt(a, b), gt(r, a)), or(slt(b, r), sgt(a, r))) { r := add(r, eq(a, b)) }
            if iszero(r) { r := 1 }
        }
    }

    function sorted(uint256 seed) private pure returns (bytes32) {
        uint256[] memory some = new uint256[](7);
        for (uint256 i = 0; i < some.length; i++) {
            some[i] = uint256(keccak256(abi.encodePacked(uint32(seed), uint8(i))));
        }
        for (uint256 i = 1; i < some.length; i++) {
            for (uint256 j = i; j > 0 && some[j - 1] > some[j]; j--) {
                (some[j - 1], some[j]) = (some[j], some[j - 1]);
            }
        }
        return keccak256(abi.encodePacked(some));
    }

    function copies(bytes calldata note) private returns (bytes32 result) {
        assembly {
            let at := mload(0x40)
            calldatacopy(at, note.offset, note.length)
            codecopy(add(at, 64), 0, 96)
            extcodecopy(address(), add(at, 160), 4, 64)
            mcopy(add(at, 224), at, 128)
            mstore8(add(at, 7), calldataload(4))
            tstore(1, keccak256(at, 352))
            result := xor(tload(1), xor(codesize(), calldatasize()))
        }
    }

    function surroundings() private view returns (bytes32) {
        bytes memory all = abi.encode(address(this).balance, msg.sender.balance > 0, address(this).codehash, msg.sig);
        return keccak256(abi.encodePacked(all, tx.origin, tx.gasprice, block.chainid, msg.sender.code.length, msg.value));
    }

    function precompiles(bytes32 seed) private view returns (bytes32 result) {
        result = sha256(abi.encode(seed));
        result ^= bytes32(ripemd160(abi.encode(seed)));
        address signer = ecrecover(seed, 27, bytes32(uint256(seed) >> 8), bytes32(uint256(seed) >> 9));
        result ^= bytes32(uint256(uint160(signer)));
        (, bytes memory same) = address(4).staticcall(abi.encode(seed, signer));
        result ^= keccak256(same);
    }

    function fee(uint256 seed, uint256 amount) external payable returns (uint256) {
        return (amount * (seed % 30 + 1)) / 10_000 + ledger[msg.sender][seed % 3];
    }

    function refuse(uint256 seed) external view returns (uint256) {
        require(msg.sender == address(this), "only by itself");
        if (seed % 5 == 0) {
            uint256[] memory none = new uint256[](1);
            return none[seed % 5 + 1];
        }
        if (seed % 7 == 0) {
            require(seed == 0, "seven");
        }
        if (seed % 11 == 0) {
            assembly {
                invalid()
            }
        }
        revert Refused(seed, "as always");
    }

    function logs(bytes32 result, uint256 length) private {
        assembly {
            mstore(0, result)
            log0(0, 32)
            log1(0, and(length, 31), result)
            log2(0, 0, result, length)
        }
    }
}
