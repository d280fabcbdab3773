// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// One function for each thing that tracers tell in a way of their own.
contract Inner {
    uint256 public kept;

    event Kept(address indexed by, uint256 value);

    error Refused(uint256 code);

    constructor(uint256 value) payable {
        kept = value;
    }

    function keep(uint256 value) external payable returns (uint256) {
        emit Kept(msg.sender, value);
        kept = value;
        return value + 1;
    }

    function fail(string calldata reason) external {
        emit Kept(msg.sender, 99);
        kept = 99;
        revert(reason);
    }

    function refuse() external pure {
        revert Refused(7);
    }

    function burn() external pure {
        assembly {
            invalid()
        }
    }

    function loop() external pure {
        while (true) {}
    }

    function end(address payable heir) external {
        selfdestruct(heir);
    }
}

contract Traced {
    uint256 public first;
    uint256 public second;
    Inner public inner;
    Inner public last;

    constructor() payable {
        first = 5;
        inner = new Inner(3);
    }

    receive() external payable {}

    function nested() external payable returns (uint256) {
        first = inner.keep{value: msg.value}(11);
        (bool ok, ) = address(this).call{gas: 200_000}(abi.encodeWithSignature("again()"));
        require(ok);
        return inner.kept();
    }

    function again() external {
        second = first;
        first = 0;
        inner.keep(12);
    }

    function caught() external {
        try inner.fail("not today") {} catch {}
        try inner.refuse() {} catch {}
        try inner.burn{gas: 30_000}() {} catch {}
        try inner.loop{gas: 30_000}() {} catch {}
        inner.keep(1);
    }

    function reverts() external {
        first = 1;
        inner.fail("not at all");
    }

    function refuses() external view {
        inner.refuse();
    }

    function panics(uint256 by) external view returns (uint256) {
        return first / by;
    }

    function makes() external payable {
        last = new Inner{value: msg.value}(8);
        new Inner{salt: bytes32(uint256(1))}(9);
    }

    function delegates() external {
        (bool ok, ) = address(inner).delegatecall(abi.encodeCall(Inner.keep, (77)));
        require(ok);
    }

    function ends(address payable heir) external payable {
        Inner(new Inner{value: msg.value}(1)).end(heir);
        inner.end(heir);
    }

    function precompiles() external returns (bytes32 hash, address signer) {
        hash = sha256("abc");
        signer = ecrecover(hash, 27, bytes32(uint256(1)), bytes32(uint256(2)));
        (bool ok, bytes memory out) = address(4).staticcall(hex"010203");
        (bool bad, ) = address(6).staticcall(hex"ff00000000000000000000000000000000000000000000000000000000000000");
        require(ok && !bad);
        first = out.length;
    }

    function looks(address other) external returns (uint256) {
        second = other.balance + other.code.length + uint256(other.codehash);
        return second;
    }

    function broke() external returns (bool ok) {
        (ok, ) = address(inner).call{value: 1000 ether}("");
        first = 2;
    }
}
