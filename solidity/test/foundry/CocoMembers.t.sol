// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICocoAccess} from "../../contracts/ICocoAccess.sol";
import {CocoMembers} from "../../contracts/CocoMembers.sol";
import {Base} from "./Base.sol";
import {FollowsLedger, Ledger, Liar, Notices, YesMan} from "../../contracts/internal/Subjects.sol";

contract CocoMembersTest is Base {
    address private immutable clerk = addressOf("clerk");
    address private immutable stranger = addressOf("stranger");
    Ledger private ledger;

    function setUp() external {
        ledger = new Ledger();
    }

    function testStrangersSeeNothingAndMembersDo() external {
        assertReads(address(ledger), address(this));
        assertHidden(address(ledger), stranger);
        assertHidden(address(ledger), address(0));
        ledger.grant(clerk, ledger.CLERK());
        assertReads(address(ledger), clerk);
        ledger.revoke(clerk, ledger.CLERK());
        assertHidden(address(ledger), clerk);
    }

    function testAStrangeContractHasNoRightOfItsCaller(address contractOfNobody, bytes4 selector) external {
        vm.assume(contractOfNobody != address(this) && contractOfNobody != address(0));
        assertBarred(address(ledger), address(this), contractOfNobody, selector);
    }

    function testATrustedContractEntersForMembersOnly(bytes4 selector) external {
        address desk = addressOf("desk");
        ledger.trust(desk, true);
        assertEnters(address(ledger), address(this), desk, selector);
        assertBarred(address(ledger), stranger, desk, selector);
        assertHidden(address(ledger), desk);
        ledger.trust(desk, false);
        assertBarred(address(ledger), address(this), desk, selector);
    }

    function testWithNoUserOnlyTrustedContractsEnter() external {
        FollowsLedger follower = new FollowsLedger(ledger);
        assertBarred(address(ledger), address(0), address(follower), Ledger.enter.selector);
        ledger.trust(address(follower), true);
        assertEnters(address(ledger), address(0), address(follower), Ledger.enter.selector);
        assertHidden(address(ledger), address(0));
    }

    function testTheLastAdministratorStays() external {
        uint256 administrator = ledger.ADMINISTRATOR();
        vm.expectRevert(CocoMembers.LastAdministrator.selector);
        ledger.renounce(administrator);
        ledger.grant(clerk, administrator);
        ledger.renounce(administrator);
        assertHidden(address(ledger), address(this));
        assertReads(address(ledger), clerk);
    }

    function testOnlyAdministratorsGrant(address who) external {
        vm.assume(who != address(this));
        uint256 role = ledger.CLERK();
        vm.expectRevert(abi.encodeWithSelector(CocoMembers.MissingRole.selector, who, ledger.ADMINISTRATOR()));
        vm.prank(who);
        ledger.grant(who, role);
    }

    function testNothingIsNotGranted() external {
        vm.expectRevert(CocoMembers.Nothing.selector);
        ledger.grant(address(0), 1);
        vm.expectRevert(CocoMembers.Nothing.selector);
        ledger.grant(clerk, 0);
    }

    function testRolesAreBits(uint256 first, uint256 second) external {
        first &= ~ledger.ADMINISTRATOR();
        second &= ~ledger.ADMINISTRATOR();
        vm.assume(first != 0 && second != 0);
        ledger.grant(clerk, first);
        ledger.grant(clerk, second);
        assertEq(ledger.rolesOf(clerk), first | second);
        ledger.revoke(clerk, first);
        assertEq(ledger.rolesOf(clerk), second & ~first);
    }

    function testEventsFollowTheirRules() external {
        Notices notices = new Notices();
        address party = addressOf("party");
        bytes32 asTopic = bytes32(uint256(uint160(party)));
        bytes32[] memory topics = new bytes32[](3);
        (topics[0], topics[1], topics[2]) = (Notices.Addressed.selector, bytes32(uint256(1)), asTopic);
        assertLogShown(address(notices), party, topics);
        assertLogHidden(address(notices), stranger, topics);
        topics[0] = Notices.Internal.selector;
        assertLogHidden(address(notices), party, topics);
        topics[0] = Notices.Public.selector;
        assertLogShown(address(notices), stranger, topics);
        topics[0] = keccak256("Unknown()");
        assertLogHidden(address(notices), party, topics);
        assertLogHidden(address(notices), party, new bytes32[](0));
        topics[0] = asTopic;
        topics[2] = 0;
        assertLogHidden(address(notices), party, topics);
    }

    function testAddressesWithDirtyUpperBitsAreNoParties(uint96 dirt) external {
        vm.assume(dirt != 0);
        Notices notices = new Notices();
        bytes32[] memory topics = new bytes32[](2);
        topics[0] = Notices.Addressed.selector;
        topics[1] = bytes32((uint256(dirt) << 160) | uint256(uint160(stranger)));
        assertLogHidden(address(notices), stranger, topics);
    }

    function testTheInterfaceIdIsThatOfTheDocument() external pure {
        bytes4 id = ICocoAccess.canRead.selector ^ ICocoAccess.canCall.selector ^ ICocoAccess.canReadLog.selector;
        assertFalse(type(ICocoAccess).interfaceId != id);
    }

    function testNonsenseIsNo() external {
        for (uint256 kind = 0; kind < uint256(Liar.Kind.YesToAll); kind++) {
            Liar liar = new Liar(Liar.Kind(kind));
            assertConfidential(address(liar));
            assertHidden(address(liar), address(this));
        }
        assertReads(address(new Liar(Liar.Kind.YesToAll)), stranger);
        assertFalse(isConfidential(address(new YesMan())));
        assertFalse(isConfidential(stranger));
    }
}
