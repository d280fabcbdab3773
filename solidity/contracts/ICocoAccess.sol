// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC165} from "./IERC165.sol";

/// @title What a confidential contract answers
/// @notice Coco asks these questions before it shows anything of a contract or lets a call into it. A contract that says by
/// ERC-165 that it has this interface is confidential from then on; one that does not is read by everyone in the network.
/// @dev Coco asks in a context of its own: a static call with its own gas, no access list, a reserved address as caller and
/// origin. An answer that reverts, runs out of gas or is malformed counts as "no".
interface ICocoAccess is IERC165 {
    /// @notice May `user` see this contract: code, storage, transactions, receipts, events, results of calls?
    /// @param user who asks, as the node has authenticated them
    function canRead(address user) external view returns (bool);

    /// @notice May a frame that serves `user` enter this contract?
    /// @param user the authenticated end of the chain of calls: a transaction's sender, a session's address; zero where
    /// another confidential contract's own check calls
    /// @param caller who calls directly: `user`, or a contract
    /// @param selector the first four bytes of the call's data, zero if there are fewer
    function canCall(address user, address caller, bytes4 selector) external view returns (bool);

    /// @notice May `user`, who may not read the contract, see this one event?
    /// @param topics of the event, the hash of its signature first
    function canReadLog(address user, bytes32[] calldata topics) external view returns (bool);
}
