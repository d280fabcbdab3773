// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title ERC-165: which interfaces a contract has
interface IERC165 {
    /// @param interfaceId the exclusive or of the selectors of an interface's functions
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
}
