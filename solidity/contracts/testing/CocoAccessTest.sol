// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICocoAccess} from "../ICocoAccess.sol";

/// @title Assertions about a confidential contract, for tests in Foundry
/// @notice They ask as Coco does: the whole handshake of ERC-165, with the gas that a check gets; what reverts or is
/// malformed is "no".
///
/// ```solidity
/// contract OrderTest is Test, CocoAccessTest {
///     function testStrangersSeeNothing() external {
///         assertConfidential(address(order));
///         assertReads(address(order), buyer);
///         assertHidden(address(order), stranger);
///     }
/// }
/// ```
abstract contract CocoAccessTest {
    /// @notice Gas of one question; the network's own cap is a setting, this is its default.
    uint256 internal constant CHECK_GAS = 1_000_000;

    bytes4 private constant ERC165 = 0x01ffc9a7;

    error NotConfidential(address subject);
    error CannotRead(address subject, address user);
    error CanRead(address subject, address user);
    error CannotCall(address subject, address user, address caller, bytes4 selector);
    error CanCall(address subject, address user, address caller, bytes4 selector);
    error CannotReadLog(address subject, address user);
    error CanReadLog(address subject, address user);

    /// @notice Fails unless Coco will take `subject` for confidential.
    function assertConfidential(address subject) internal view {
        if (!isConfidential(subject)) revert NotConfidential(subject);
    }

    /// @notice Fails unless `user` may read `subject` and call it directly, with any function.
    function assertReads(address subject, address user) internal view {
        assertConfidential(subject);
        if (!mayRead(subject, user)) revert CannotRead(subject, user);
        if (!mayCall(subject, user, user, 0)) revert CannotCall(subject, user, user, 0);
    }

    /// @notice Fails if `user` may read `subject`, or may call it directly.
    function assertHidden(address subject, address user) internal view {
        assertConfidential(subject);
        if (mayRead(subject, user)) revert CanRead(subject, user);
        if (mayCall(subject, user, user, 0)) revert CanCall(subject, user, user, 0);
    }

    /// @notice Fails unless a call of `caller` on behalf of `user` may enter `subject`.
    function assertEnters(address subject, address user, address caller, bytes4 selector) internal view {
        if (!mayCall(subject, user, caller, selector)) revert CannotCall(subject, user, caller, selector);
    }

    /// @notice Fails if a call of `caller` on behalf of `user` may enter `subject`: ask it of a contract that you do not know,
    /// with a user who may read.
    function assertBarred(address subject, address user, address caller, bytes4 selector) internal view {
        assertConfidential(subject);
        if (mayCall(subject, user, caller, selector)) revert CanCall(subject, user, caller, selector);
    }

    /// @notice Fails unless `user`, who may not read `subject`, sees an event with these topics.
    function assertLogShown(address subject, address user, bytes32[] memory topics) internal view {
        if (!mayReadLog(subject, user, topics)) revert CannotReadLog(subject, user);
    }

    /// @notice Fails if `user`, who may not read `subject`, sees an event with these topics.
    function assertLogHidden(address subject, address user, bytes32[] memory topics) internal view {
        assertConfidential(subject);
        if (mayReadLog(subject, user, topics)) revert CanReadLog(subject, user);
    }

    function isConfidential(address subject) internal view returns (bool) {
        return _yes(subject, abi.encodeWithSelector(ERC165, ERC165))
            && _no(subject, abi.encodeWithSelector(ERC165, bytes4(0xffffffff)))
            && _yes(subject, abi.encodeWithSelector(ERC165, type(ICocoAccess).interfaceId));
    }

    function mayRead(address subject, address user) internal view returns (bool) {
        return _yes(subject, abi.encodeCall(ICocoAccess.canRead, (user)));
    }

    function mayCall(address subject, address user, address caller, bytes4 selector) internal view returns (bool) {
        return _yes(subject, abi.encodeCall(ICocoAccess.canCall, (user, caller, selector)));
    }

    function mayReadLog(address subject, address user, bytes32[] memory topics) internal view returns (bool) {
        return _yes(subject, abi.encodeCall(ICocoAccess.canReadLog, (user, topics)));
    }

    function _yes(address subject, bytes memory question) private view returns (bool) {
        (bool known, uint256 answer) = _ask(subject, question);
        return known && answer == 1;
    }

    function _no(address subject, bytes memory question) private view returns (bool) {
        (bool known, uint256 answer) = _ask(subject, question);
        return known && answer == 0;
    }

    function _ask(address subject, bytes memory question) private view returns (bool known, uint256 answer) {
        (bool success, bytes memory data) = subject.staticcall{gas: CHECK_GAS}(question);
        if (!success || data.length != 32) return (false, 0);
        answer = abi.decode(data, (uint256));
        known = answer < 2;
    }
}
