// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoMembers} from "@coco-framework/solidity/contracts/CocoMembers.sol";
import {Catalogue} from "./Catalogue.sol";

/// @title One purchase order
/// @notice Its buyer, its approver and the suppliers it was assigned to find it; for all others there is nothing at its
/// address. From {CocoMembers} come `grant` and `revoke`, which the buyer uses to let others in and out again, and all that
/// the network asks. Every event is for readers alone: who was let out again does not even see that it once was in.
contract PurchaseOrder is CocoMembers {
    uint256 public constant SUPPLIER = 4;
    uint256 public constant APPROVER = 8;

    /// @notice A draft is its author's own affair: it stays off the ledger, and an order begins as created.
    enum Status {
        Drafted,
        Created,
        Approved,
        Fulfilled
    }

    struct Line {
        string upc;
        uint32 quantity;
        uint64 subtotal; // in cents
    }

    event Created(address indexed buyer, address indexed approver, bytes16 indexed number);
    event Assigned(address indexed supplier);
    event Approved(address indexed approver);
    event Fulfilled(address indexed supplier);

    /// @notice An order has at least one line.
    error NoLines();

    /// @notice Line number `line`, from 1, orders nothing.
    error NoQuantity(uint256 line);

    /// @notice Who buys does not approve.
    error ApproverIsBuyer();

    /// @notice Only `approver` approves this order.
    error NotTheApprover(address who, address approver);

    /// @notice The order would have to be `needed`, and is `status`.
    error WrongStatus(Status status, Status needed);

    address private _buyer;
    address private _approver;
    address private _fulfiller;
    bytes16 private _number;
    Status private _status;
    Line[] private _lines;

    /// @param number drawn at random, so that it tells nothing
    constructor(Catalogue catalogue, bytes16 number, address approver, Line[] memory lines) CocoMembers(msg.sender) {
        if (approver == msg.sender) revert ApproverIsBuyer();
        if (lines.length == 0) revert NoLines();
        for (uint256 i = 0; i < lines.length; i++) {
            if (lines[i].quantity == 0) revert NoQuantity(i + 1);
            catalogue.requireProduct(lines[i].upc);
            _lines.push(lines[i]);
        }
        (_buyer, _approver, _number, _status) = (msg.sender, approver, number, Status.Created);
        _grant(approver, APPROVER);
        emit Created(msg.sender, approver, number);
    }

    /// @return buyer who ordered
    /// @return approver who approves
    /// @return fulfiller the supplier that fulfilled it; zero before
    /// @return number of the order
    /// @return status how far it is
    /// @return lines what is ordered
    function order()
        external
        view
        returns (
            address buyer,
            address approver,
            address fulfiller,
            bytes16 number,
            Status status,
            Line[] memory lines
        )
    {
        return (_buyer, _approver, _fulfiller, _number, _status, _lines);
    }

    /// @notice Lets `supplier` find the order and fulfil it.
    function assign(address supplier) external onlyRole(ADMINISTRATOR) {
        _grant(supplier, SUPPLIER);
        emit Assigned(supplier);
    }

    function approve() external {
        if (msg.sender != _approver) revert NotTheApprover(msg.sender, _approver);
        _advance(Status.Created, Status.Approved);
        emit Approved(msg.sender);
    }

    function fulfil() external onlyRole(SUPPLIER) {
        _advance(Status.Approved, Status.Fulfilled);
        _fulfiller = msg.sender;
        emit Fulfilled(msg.sender);
    }

    function _advance(Status from, Status to) private {
        if (_status != from) revert WrongStatus(_status, from);
        _status = to;
    }
}
