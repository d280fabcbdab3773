// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoMembers} from "../../contracts/CocoMembers.sol";
import {Base} from "./Base.sol";
import {PurchaseOrder} from "../../contracts/examples/PurchaseOrder.sol";

contract PurchaseOrderTest is Base {
    address private immutable supplier = addressOf("supplier");
    address private immutable other = addressOf("other");

    function testAnAssignedSupplierFindsTheOrderAndNobodyElse() external {
        PurchaseOrder order = new PurchaseOrder("pallets", 20);
        assertHidden(address(order), supplier);
        order.assign(supplier);
        assertReads(address(order), supplier);
        assertHidden(address(order), other);
        vm.prank(supplier);
        order.fulfil();
        order.revoke(supplier, order.SUPPLIER());
        assertHidden(address(order), supplier);
        bytes32[] memory topics = new bytes32[](2);
        (topics[0], topics[1]) = (PurchaseOrder.Assigned.selector, bytes32(uint256(uint160(supplier))));
        assertLogShown(address(order), supplier, topics);
        assertLogHidden(address(order), other, topics);
        vm.expectRevert(abi.encodeWithSelector(CocoMembers.MissingRole.selector, supplier, order.SUPPLIER()));
        vm.prank(supplier);
        order.fulfil();
    }
}
