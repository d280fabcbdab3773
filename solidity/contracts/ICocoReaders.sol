// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Readers for contracts that have no rule of their own
/// @notice A system contract of Coco networks, at 0xC0C0000000000000000000000000000000000001. Who deploys a contract through it
/// names who may see and call that contract; the network asks it as it asks contracts that implement `ICocoAccess`. The account
/// that deployed is the contract's keeper: it reads, and changes the list. A list can be emptied, but never taken away.
/// @dev Only accounts that sign the transaction and call directly create and change. Nobody but a contract's keeper and the
/// network reads what is kept here; transactions to it are seen by their sender only.
interface ICocoReaders {
    /// @notice A contract was made. Shown, as the other events, to who may read that contract.
    event Created(address indexed made, address indexed keeper);

    /// @notice The list of a contract is another one.
    event Named(address indexed made);

    /// @notice Somebody else keeps the list; nobody, if that is the zero address.
    event HandedOver(address indexed made, address indexed keeper);

    /// @notice The caller did not sign the transaction itself.
    error OnlyWhoSigns(address caller);

    /// @notice The caller does not keep the list of this contract, or it has none.
    error NotTheKeeper(address caller, address made);

    /// @notice More readers than a list can have.
    error TooManyReaders(uint256 readers, uint256 most);

    /// @notice Readers have to ascend, so none is there twice and none is zero.
    error NotAscending(address reader);

    /// @notice There is no code where the contract should be, or the call after its creation failed without a reason.
    error NotMade(address made);

    /// @notice Deploys a contract (CREATE2) that only its keeper and the readers see and call.
    /// @param salt with the caller's address and the creation code it gives the address: see `addressOf`
    /// @param creation code and arguments of the constructor, which finds this contract as `msg.sender`, and is given the value
    /// @param readers accounts, and contracts that may call for them, in ascending order; the keeper need not be among them
    /// @param first a call of the new contract, made by this one in the same transaction, such as `transferOwnership`; none if
    /// empty
    function create(bytes32 salt, bytes calldata creation, address[] calldata readers, bytes calldata first)
        external
        payable
        returns (address made);

    /// @notice Replaces the list: from the next block on only these (and the keeper) see the contract, with all its history.
    function name(address made, address[] calldata readers) external;

    /// @notice Gives the list to another account, which has to sign itself; to nobody if it is zero, so that the list stays as
    /// it is.
    function handOver(address made, address keeper) external;

    /// @notice May `user` see the contract? For its keeper, and for the network.
    function isReader(address made, address user) external view returns (bool);

    /// @notice Where `create` will put a contract.
    /// @param creationHash of the creation code, arguments included
    function addressOf(address keeper, bytes32 salt, bytes32 creationHash) external view returns (address);
}
