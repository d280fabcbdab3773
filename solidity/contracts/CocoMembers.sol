// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoConfidential} from "./CocoConfidential.sol";

/// @title A list of members with roles
/// @notice Whoever has a role may read. Administrators grant and revoke roles and name the contracts that may call here.
/// Roles are bits, so that one storage slot answers for a member; 1 and 2 are taken, a contract numbers its own from 4 on:
///
/// ```solidity
/// contract Order is CocoMembers {
///     uint256 public constant SUPPLIER = 4;
///     constructor() CocoMembers(msg.sender) {}
///     function confirm() external onlyRole(SUPPLIER) { ... }
/// }
/// ```
abstract contract CocoMembers is CocoConfidential {
    /// @notice May read, and nothing else.
    uint256 public constant READER = 1;

    /// @notice Grants and revokes roles, trusts contracts. There is always at least one.
    uint256 public constant ADMINISTRATOR = 2;

    /// @notice The roles of `member` are now `roles`; 0: a member no longer.
    event RolesChanged(address indexed member, uint256 roles);

    /// @notice `subject` may call here on behalf of members from now on, or no longer.
    event TrustChanged(address indexed subject, bool trusted);

    /// @notice `who` has not the role that this needs.
    error MissingRole(address who, uint256 role);

    /// @notice The last administrator would go.
    error LastAdministrator();

    /// @notice No role, or no address, was named.
    error Nothing();

    mapping(address => uint256) private _roles;
    mapping(address => bool) private _trusted;
    uint256 private _administrators;

    /// @param administrator the first administrator
    constructor(address administrator) {
        _grant(administrator, ADMINISTRATOR);
    }

    modifier onlyRole(uint256 role) {
        if (_roles[msg.sender] & role == 0) revert MissingRole(msg.sender, role);
        _;
    }

    /// @return the roles of `member`, a bit each; 0: not a member
    function rolesOf(address member) public view returns (uint256) {
        return _roles[member];
    }

    /// @return whether `member` has one of `roles`
    function hasRole(address member, uint256 roles) public view returns (bool) {
        return _roles[member] & roles != 0;
    }

    /// @notice Gives `member` all of `roles`, beside those they have.
    function grant(address member, uint256 roles) external onlyRole(ADMINISTRATOR) {
        _grant(member, roles);
    }

    /// @notice Takes all of `roles` from `member`. From the next block on, who has none left sees nothing here.
    function revoke(address member, uint256 roles) external onlyRole(ADMINISTRATOR) {
        _revoke(member, roles);
    }

    /// @notice Gives up own roles.
    function renounce(uint256 roles) external {
        _revoke(msg.sender, roles);
    }

    /// @notice Lets the contract `subject` call here for members, or no longer. What it learns is its own to disclose.
    function trust(address subject, bool trusted) external onlyRole(ADMINISTRATOR) {
        _trust(subject, trusted);
    }

    /// @return whether the contract `subject` may call here for members
    function isTrusted(address subject) public view returns (bool) {
        return _trusted[subject];
    }

    function _grant(address member, uint256 roles) internal {
        if (member == address(0) || roles == 0) revert Nothing();
        _set(member, _roles[member] | roles);
    }

    function _revoke(address member, uint256 roles) internal {
        if (member == address(0) || roles == 0) revert Nothing();
        _set(member, _roles[member] & ~roles);
    }

    function _trust(address subject, bool trusted) internal {
        if (subject == address(0)) revert Nothing();
        if (_trusted[subject] == trusted) return;
        _trusted[subject] = trusted;
        emit TrustChanged(subject, trusted);
    }

    function _mayRead(address user) internal view virtual override returns (bool) {
        return _roles[user] != 0;
    }

    function _isTrustedContract(address caller) internal view virtual override returns (bool) {
        return _trusted[caller];
    }

    function _set(address member, uint256 roles) private {
        uint256 before = _roles[member];
        if (before == roles) return;
        bool administered = before & ADMINISTRATOR != 0;
        bool administers = roles & ADMINISTRATOR != 0;
        if (administers && !administered) _administrators++;
        if (administered && !administers && --_administrators == 0) revert LastAdministrator();
        _roles[member] = roles;
        emit RolesChanged(member, roles);
    }
}
