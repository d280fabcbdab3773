// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {CocoMembers} from "../CocoMembers.sol";
import {CocoAccessControl} from "../mixins/CocoAccessControl.sol";

/// @notice Members and nothing else: what this library's own tests look at.
contract Ledger is CocoMembers {
    uint256 public constant CLERK = 4;
    uint256 public entries;

    constructor() CocoMembers(msg.sender) {}

    function enter() external onlyRole(CLERK) {
        entries++;
    }
}

/// @notice A confidential contract that reads another one in its own check.
contract FollowsLedger is CocoMembers {
    Ledger private immutable ledger;

    constructor(Ledger ledger_) CocoMembers(msg.sender) {
        ledger = ledger_;
    }

    function _mayRead(address user) internal view override returns (bool) {
        return super._mayRead(user) || ledger.hasRole(user, 4);
    }
}

/// @notice Events of all three kinds.
contract Notices is CocoMembers {
    event Internal(address indexed who);
    event Addressed(address indexed from, address indexed to, uint256 amount);
    event Public(uint256 number);

    constructor() CocoMembers(msg.sender) {}

    function _eventRule(bytes32 signature) internal pure override returns (EventRule) {
        if (signature == Public.selector) return EventRule.Everyone;
        return signature == Addressed.selector ? EventRule.Parties : EventRule.Readers;
    }
}

/// @notice Roles given by an initialiser, for use behind a proxy.
contract Upgradeable is CocoAccessControl {
    uint256 public value;

    function initialise(address administrator) external {
        _grantRole(DEFAULT_ADMIN_ROLE, administrator);
        value = 42;
    }
}

/// @notice The same without confidentiality: what is upgraded.
contract Before is AccessControl {
    uint256 public value;

    function initialise(address administrator) external {
        _grantRole(DEFAULT_ADMIN_ROLE, administrator);
        value = 42;
    }
}

/// @notice A proxy with nothing of its own.
contract Proxy {
    // keccak256("eip1967.proxy.implementation") - 1
    bytes32 private constant SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    constructor(address implementation) {
        upgrade(implementation);
    }

    function upgrade(address implementation) public {
        assembly {
            sstore(SLOT, implementation)
        }
    }

    fallback() external {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), sload(SLOT), 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch done
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }
}

/// @notice Answers that are no answers.
contract Liar {
    enum Kind {
        Reverts,
        BurnsGas,
        SaysTwo,
        SaysTooMuch,
        SaysNothing,
        YesToAll
    }

    Kind private immutable kind;

    constructor(Kind kind_) {
        kind = kind_;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id != 0xffffffff;
    }

    fallback() external {
        Kind how = kind;
        if (how == Kind.Reverts) revert();
        if (how == Kind.BurnsGas) while (true) {}
        if (how == Kind.SaysNothing) return;
        uint256 word = how == Kind.SaysTwo ? 2 : 1;
        uint256 length = how == Kind.SaysTooMuch ? 64 : 32;
        assembly {
            mstore(0, word)
            mstore(32, word)
            return(0, length)
        }
    }
}

/// @notice Says that it has every interface, the impossible one too.
contract YesMan {
    fallback() external {
        assembly {
            mstore(0, 1)
            return(0, 32)
        }
    }
}
