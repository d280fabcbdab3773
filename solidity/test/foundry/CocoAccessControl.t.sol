// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Base} from "./Base.sol";
import {ConfidentialToken, Token} from "../../contracts/examples/ConfidentialToken.sol";
import {Before, Proxy, Upgradeable} from "../../contracts/internal/Subjects.sol";

contract CocoAccessControlTest is Base {
    address private immutable minter = addressOf("minter");
    address private immutable stranger = addressOf("stranger");

    function testATokenBecomesConfidentialByAFewLines() external {
        assertFalse(isConfidential(address(new Token(address(this)))));
        ConfidentialToken token = new ConfidentialToken(address(this));
        assertReads(address(token), address(this));
        assertHidden(address(token), minter);
        token.grantRole(token.MINTER_ROLE(), minter);
        assertReads(address(token), minter);
        vm.prank(minter);
        token.mint(stranger, 5);
        assertEq(token.balanceOf(stranger), 5);
        assertHidden(address(token), stranger);
        token.revokeRole(token.MINTER_ROLE(), minter);
        assertHidden(address(token), minter);
    }

    function testATrustedContractEntersForReadersOnly() external {
        ConfidentialToken token = new ConfidentialToken(address(this));
        address exchange = addressOf("exchange");
        bytes4 selector = token.balanceOf.selector;
        assertBarred(address(token), address(this), exchange, selector);
        token.grantRole(token.COCO_TRUSTED_ROLE(), exchange);
        assertEnters(address(token), address(this), exchange, selector);
        assertEnters(address(token), address(0), exchange, selector);
        assertBarred(address(token), stranger, exchange, selector);
    }

    function testTheImplementationIsOpenAndItsProxyIsNot() external {
        Upgradeable implementation = new Upgradeable();
        assertEnters(address(implementation), stranger, addressOf("proxy"), implementation.value.selector);
        Proxy proxy = new Proxy(address(implementation));
        assertHidden(address(proxy), stranger);
        Upgradeable(address(proxy)).initialise(address(this));
        assertReads(address(proxy), address(this));
        assertHidden(address(proxy), stranger);
        assertEnters(address(implementation), stranger, address(proxy), implementation.value.selector);
    }

    function testAnImplementationThatWasInitialisedItselfIsNotOpen() external {
        Upgradeable implementation = new Upgradeable();
        implementation.initialise(address(this));
        assertHidden(address(implementation), stranger);
    }

    function testRolesFromBeforeAnUpgradeCount() external {
        Proxy proxy = new Proxy(address(new Before()));
        Before(address(proxy)).initialise(address(this));
        assertFalse(isConfidential(address(proxy)));
        proxy.upgrade(address(new Upgradeable()));
        assertReads(address(proxy), address(this));
        assertHidden(address(proxy), stranger);
        assertEq(Upgradeable(address(proxy)).value(), 42);
    }
}
