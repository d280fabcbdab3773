// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICocoAccess} from "./ICocoAccess.sol";
import {IERC165} from "./IERC165.sol";

/// @title The part that every confidential contract shares
/// @notice Who may read is for the contract to say ({_mayRead}). From that follow the three answers:
///
/// - `canRead`: whoever {_mayRead} names.
/// - `canCall`: a reader who calls directly; a reader through a contract that is a reader itself or is trusted
///   ({_isTrustedContract}); with no user, a trusted contract. *Never the user alone*: else any contract that a reader is
///   lured into calling could read with that reader's right, and publish.
/// - `canReadLog`: whoever the rule of that event names ({_eventRule}); without a rule, readers alone.
abstract contract CocoConfidential is ICocoAccess {
    /// @notice Who sees an event.
    enum EventRule {
        Readers, // who may read the contract
        Parties, // also whoever stands in an indexed topic as an address
        Everyone // anyone in the network
    }

    /// @notice Whether `user` may see this contract.
    /// @dev Has to be cheap: it is asked for every frame and every read. Never true for the zero address.
    function _mayRead(address user) internal view virtual returns (bool);

    /// @notice The rule of one event, as code:
    ///
    /// ```solidity
    /// function _eventRule(bytes32 signature) internal pure override returns (EventRule) {
    ///     return signature == Shipped.selector ? EventRule.Parties : EventRule.Readers;
    /// }
    /// ```
    /// @param signature the event's first topic
    function _eventRule(bytes32 signature) internal view virtual returns (EventRule) {
        signature;
        return EventRule.Readers;
    }

    /// @notice Whether the contract `caller` may call here on behalf of those who may read, and in checks of its own.
    function _isTrustedContract(address caller) internal view virtual returns (bool) {
        caller;
        return false;
    }

    /// @inheritdoc ICocoAccess
    function canRead(address user) public view virtual returns (bool) {
        return user != address(0) && _mayRead(user);
    }

    /// @inheritdoc ICocoAccess
    function canCall(address user, address caller, bytes4 selector) public view virtual returns (bool) {
        selector;
        if (user == address(0)) return _isTrustedContract(caller);
        if (!canRead(user)) return false;
        return caller == user || canRead(caller) || _isTrustedContract(caller);
    }

    /// @inheritdoc ICocoAccess
    function canReadLog(address user, bytes32[] calldata topics) public view virtual returns (bool) {
        if (topics.length == 0) return false;
        EventRule rule = _eventRule(topics[0]);
        if (rule == EventRule.Everyone) return true;
        if (rule == EventRule.Readers || user == address(0)) return false;
        for (uint256 i = 1; i < topics.length; i++) {
            if (topics[i] == bytes32(uint256(uint160(user)))) return true;
        }
        return false;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view virtual returns (bool) {
        return interfaceId == type(ICocoAccess).interfaceId || interfaceId == type(IERC165).interfaceId;
    }
}
