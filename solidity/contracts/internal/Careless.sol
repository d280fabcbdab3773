// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoConfidential} from "../CocoConfidential.sol";
import {CocoMembers} from "../CocoMembers.sol";
import {ICocoAccess} from "../ICocoAccess.sol";
import {IERC165} from "../IERC165.sol";

// Each of these gives something away. The command that looks for such has to find it: one mistake a contract.

/// @notice Everybody in the network reads it.
contract Gossip {
    event Paid(address indexed to, uint256 amount);

    uint256 public balance;
    string private _memo;

    function memo() external view returns (string memory) {
        return _memo;
    }

    function pay(address to, uint256 amount) external {
        balance += amount;
        emit Paid(to, amount);
    }
}

/// @notice Has the rules, and never says so.
contract Silent {
    address private immutable _owner = msg.sender;

    function canRead(address user) public view returns (bool) {
        return user == _owner;
    }

    function canCall(address user, address caller, bytes4) external view returns (bool) {
        return caller == user && canRead(user);
    }

    function canReadLog(address, bytes32[] calldata) external pure returns (bool) {
        return false;
    }
}

/// @notice Says that it has some other interface.
contract Mumbling is CocoMembers {
    constructor() CocoMembers(msg.sender) {}

    function supportsInterface(bytes4 interfaceId) public pure override returns (bool) {
        return interfaceId == type(IERC165).interfaceId;
    }
}

/// @notice Lets in whatever a member calls.
contract Trusting is CocoMembers {
    constructor() CocoMembers(msg.sender) {}

    function canCall(address user, address caller, bytes4 selector) public view override returns (bool) {
        if (user == address(0)) return _isTrustedContract(caller);
        selector;
        return canRead(user);
    }
}

/// @notice The same, told in other words.
contract TrustingStill is CocoMembers {
    constructor() CocoMembers(msg.sender) {}

    function canCall(address user, address, bytes4) public view override returns (bool allowed) {
        if (!canRead(user)) return false;
        bool listed = hasRole(user, READER);
        allowed = listed || user == address(this);
    }
}

/// @notice One of its views is everybody's.
contract Porous is CocoMembers {
    uint256 private _price;

    constructor() CocoMembers(msg.sender) {}

    function price() external view returns (uint256) {
        return _price;
    }

    function canCall(address user, address caller, bytes4 selector) public view override returns (bool) {
        if (selector == this.price.selector) return true;
        return super.canCall(user, caller, selector);
    }
}

/// @notice Everybody reads it, by its own rule.
contract Open is CocoConfidential {
    function _mayRead(address) internal pure override returns (bool) {
        return true;
    }
}

/// @notice Events that nobody thought of are everybody's.
contract Loud is CocoMembers {
    event Sealed(bytes32 indexed what);
    event Opened(bytes32 indexed what);

    constructor() CocoMembers(msg.sender) {}

    function act(bytes32 what) external {
        emit Sealed(what);
        emit Opened(what);
    }

    function _eventRule(bytes32 signature) internal pure override returns (EventRule) {
        if (signature == Sealed.selector) return EventRule.Readers;
        return EventRule.Everyone;
    }
}

/// @notice All events are everybody's.
contract Louder is CocoMembers {
    event Told(uint256 what);

    constructor() CocoMembers(msg.sender) {}

    function act(uint256 what) external {
        emit Told(what);
    }

    function canReadLog(address user, bytes32[] calldata) public pure override returns (bool) {
        return user != address(0) ? true : false;
    }
}

/// @notice Whoever comes first owns it.
contract Ownerless is CocoConfidential {
    address private _owner;

    function claim() external {
        if (_owner == address(0)) _owner = msg.sender;
    }

    function _mayRead(address user) internal view override returns (bool) {
        return user == _owner;
    }
}

/// @notice Runs whatever code its storage names.
contract Puppet is CocoMembers {
    address private _code;

    constructor(address code) CocoMembers(msg.sender) {
        _code = code;
    }

    function run(bytes calldata data) external returns (bool done) {
        (done,) = _code.delegatecall(data);
    }
}

/// @notice The same in assembly, for whatever code its caller names.
contract Marionette is CocoMembers {
    constructor() CocoMembers(msg.sender) {}

    function run(address code) external {
        assembly {
            pop(delegatecall(gas(), code, 0, 0, 0, 0))
        }
    }
}

/// @notice Makes none of these mistakes, by hand.
contract Careful is ICocoAccess {
    address private immutable _owner;
    address private immutable _library;
    mapping(address => bool) private _readers;

    event Done(uint256 what);

    constructor(address library_) {
        _owner = msg.sender;
        _library = library_;
        _admit(msg.sender);
    }

    function run(uint256 what) external {
        (bool done,) = _library.delegatecall(abi.encode(what));
        require(done);
        emit Done(what);
    }

    function canRead(address user) public view returns (bool) {
        return user == _owner || _readers[user];
    }

    function canCall(address user, address caller, bytes4) external view returns (bool) {
        require(caller != address(0));
        bool direct = caller == user;
        if (!canRead(user)) return false;
        return direct || _readers[caller];
    }

    function canReadLog(address user, bytes32[] calldata topics) external view returns (bool) {
        return topics.length > 0 && topics[0] == Done.selector && _readers[user];
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7 || id == type(ICocoAccess).interfaceId;
    }

    function _admit(address reader) private {
        _readers[reader] = true;
    }
}
