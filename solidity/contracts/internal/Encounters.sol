// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CocoConfidential} from "../CocoConfidential.sol";
import {CocoMembers} from "../CocoMembers.sol";

// What the node's own tests of enforcement meet: confidential contracts, and contracts that try to get at them.

/// @notice A contract without rules.
contract Plain {
    uint256 public value = 7;

    function set(uint256 value_) external {
        value = value_;
    }
}

/// @notice A secret that members share.
contract Secret is CocoMembers {
    event Read(uint256 secret);

    uint256 public secret = 42;
    Plain public child;

    constructor() payable CocoMembers(msg.sender) {}

    function write(uint256 secret_) external {
        secret = secret_;
    }

    function tell() external returns (uint256) {
        emit Read(secret);
        return secret;
    }

    function spawn() external returns (Plain) {
        child = new Plain();
        return child;
    }

    function useChild() external returns (uint256) {
        child.set(9);
        return child.value();
    }

    function callOneself() external view returns (uint256) {
        return this.secret();
    }

    function destroy() external {
        selfdestruct(payable(msg.sender));
    }
}

/// @notice Members share it; callers only leave something there, and see nothing; one event is for everybody to see.
contract Letterbox is CocoMembers {
    /// @notice May call, and not read.
    uint256 public constant CALLER = 4;

    event Announced(uint256 letters);
    event Left(bytes32 letter);

    uint256 public letters;

    constructor(address reader, address caller) CocoMembers(msg.sender) {
        _grant(reader, READER);
        _grant(caller, CALLER);
    }

    function announce() external {
        emit Announced(letters);
        emit Left(bytes32(letters));
    }

    function leave(bytes32 letter) external {
        letters++;
        emit Left(letter);
    }

    function canCall(address user, address caller, bytes4 selector) public view override returns (bool) {
        bool leaves = user == caller && selector == this.leave.selector && hasRole(user, CALLER);
        return leaves || super.canCall(user, caller, selector);
    }

    function _mayRead(address user) internal view override returns (bool) {
        return rolesOf(user) & ~CALLER != 0;
    }

    function _eventRule(bytes32 signature) internal pure override returns (EventRule) {
        return signature == Announced.selector ? EventRule.Everyone : EventRule.Readers;
    }
}

/// @notice Anybody may see what it makes being made.
contract LetterboxMaker {
    event Made(address letterbox);

    function make(address reader, address caller) external {
        emit Made(address(new Letterbox(reader, caller)));
    }
}

/// @notice Tries to get at others, with everything the EVM offers.
contract Prober {
    event Result(bool done, bytes data);

    function call(address target, bytes calldata data) public payable returns (bool done, bytes memory result) {
        (done, result) = target.call{value: msg.value}(data);
        emit Result(done, result);
    }

    function view_(address target, bytes calldata data) external returns (bool done, bytes memory result) {
        (done, result) = target.staticcall(data);
        emit Result(done, result);
    }

    function delegate(address target, bytes calldata data) external returns (bool done, bytes memory result) {
        (done, result) = target.delegatecall(data);
        emit Result(done, result);
    }

    function callCode(address target, bytes calldata data) external returns (bool done) {
        bytes memory input = data;
        assembly {
            done := callcode(gas(), target, 0, add(input, 32), mload(input), 0, 0)
        }
        emit Result(done, "");
    }

    function both(address one, address other, bytes calldata data) external {
        call(one, data);
        call(other, data);
    }

    function balance(address target) external returns (uint256 result) {
        result = target.balance;
        emit Result(true, abi.encode(result));
    }

    function codeHash(address target) external returns (bytes32 result) {
        result = target.codehash;
        emit Result(true, abi.encode(result));
    }

    function codeSize(address target) external returns (uint256 result) {
        result = target.code.length;
        emit Result(true, abi.encode(result));
    }

    function codeCopy(address target) external returns (bytes memory result) {
        result = new bytes(32);
        assembly {
            extcodecopy(target, add(result, 32), 0, 32)
        }
        emit Result(true, result);
    }

    /// @notice Calls from so many frames further down.
    function deep(uint256 frames, address target, bytes calldata data) external returns (bool done, bytes memory result) {
        if (frames == 0) return call(target, data);
        (done, result) = address(this).call(abi.encodeCall(this.deep, (frames - 1, target, data)));
    }
}

/// @notice Asks from its constructor.
contract ConstructorProbe {
    event Result(bool done, bytes data);

    constructor(address target, bytes memory data) {
        (bool done, bytes memory result) = target.call(data);
        emit Result(done, result);
    }
}

/// @notice Makes contracts, some of which fail.
contract Maker {
    event Made(address contract_);
    event Result(bool done, bytes data);

    error Enough();

    function make() external returns (Secret made) {
        made = new Secret();
        emit Made(address(made));
    }

    function makeAndTell() external {
        Secret made = new Secret();
        emit Made(address(made));
        (bool done, bytes memory result) = address(made).call(abi.encodeCall(Secret.tell, ()));
        emit Result(done, result);
    }

    function makeThenRevert() external {
        new Secret();
        revert Enough();
    }

    function attempt() external {
        try this.makeThenRevert() {} catch {}
    }

    function makeAndDestroy() external {
        Secret made = new Secret();
        made.grant(tx.origin, made.ADMINISTRATOR());
        made.destroy();
    }
}

/// @notice A token that opens {Gated}, and that anyone may borrow for the length of a call.
contract GateToken {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function flash(uint256 amount, address target, bytes calldata data) external {
        balanceOf[tx.origin] += amount;
        Prober(target).call(target, data);
        balanceOf[tx.origin] -= amount;
    }

    function flashInto(uint256 amount, Prober prober, address target, bytes calldata data) external {
        balanceOf[tx.origin] += amount;
        prober.call(target, data);
        balanceOf[tx.origin] -= amount;
    }
}

/// @notice Lets in whoever has enough of a token, through whatever contract.
contract Gated is CocoConfidential {
    GateToken private immutable token;

    uint256 public secret = 43;

    constructor(GateToken token_) {
        token = token_;
    }

    function _mayRead(address user) internal view override returns (bool) {
        return token.balanceOf(user) >= 100;
    }

    function _isTrustedContract(address) internal pure override returns (bool) {
        return true;
    }
}

/// @notice Looks, in its check, at all that a caller could try to shape.
contract Shaped is CocoConfidential {
    uint256 public secret = 44;

    mapping(uint256 => uint256) private warm;

    function prepare(address target, bytes calldata data) external returns (bool done, bytes memory result) {
        assembly {
            tstore(0, 1)
        }
        warm[1] = 1;
        (done, result) = target.call(data);
    }

    function _mayRead(address) internal view override returns (bool) {
        uint256 transient_;
        assembly {
            transient_ := tload(0)
        }
        uint256 before = gasleft();
        uint256 read = warm[1];
        bool isWarm = before - gasleft() < 2_000 + (read & 0);
        return transient_ == 1 || isWarm || tx.origin == address(0xdead) || msg.sender == address(0xdead);
    }

    function _isTrustedContract(address) internal pure override returns (bool) {
        return true;
    }
}

/// @notice Changes its mind about what it is.
contract Turncoat is CocoMembers {
    enum Mind {
        Confidential,
        Open,
        Reverts,
        Malformed
    }

    Mind private mind;

    constructor() CocoMembers(msg.sender) {}

    function turn(Mind mind_) external {
        mind = mind_;
    }

    function supportsInterface(bytes4 id) public view override returns (bool) {
        if (id == 0x01ffc9a7 || id == 0xffffffff || mind == Mind.Confidential) return super.supportsInterface(id);
        if (mind == Mind.Open) return false;
        if (mind == Mind.Reverts) revert();
        assembly {
            mstore(0, 2)
            return(0, 32)
        }
    }
}

/// @notice Asks itself, through another, in its own check; lets in whom that does not stop.
contract Reentrant is CocoConfidential {
    Mirror private immutable mirror;

    uint256 public secret = 45;

    constructor(Mirror mirror_) {
        mirror = mirror_;
    }

    function _mayRead(address user) internal view override returns (bool) {
        try mirror.reflect(this, user) returns (uint256 told) {
            return told == 45;
        } catch {
            return false;
        }
    }
}

/// @notice Calls back whoever calls.
contract Mirror {
    function reflect(Reentrant whom, address) external view returns (uint256) {
        return whom.secret();
    }
}

/// @notice Burns as much gas as it is given when asked, except for what ERC-165 asks.
contract Burner is CocoConfidential {
    uint256 public secret = 46;

    function _mayRead(address) internal pure override returns (bool) {
        while (true) {}
        return true;
    }
}

/// @notice Kills itself in its check, as far as a static call lets it.
contract Suicidal is CocoConfidential {
    uint256 public secret = 47;

    function canRead(address) public view override returns (bool) {
        address payable nobody = payable(address(0xdead));
        function(address payable) internal destroy = _destroy;
        function(address payable) internal view asView;
        assembly {
            asView := destroy
        }
        asView(nobody);
        return true;
    }

    function _destroy(address payable heir) private {
        selfdestruct(heir);
    }

    function _mayRead(address) internal pure override returns (bool) {
        return true;
    }
}

/// @notice Belongs to whoever made it, knows nothing of confidentiality, and makes others.
contract Owned {
    event Set(uint256 value);

    error NotTheOwner();

    address public owner = msg.sender;
    uint256 public value = 48;
    Plain public child;

    function transferOwnership(address to) external {
        if (msg.sender != owner) revert NotTheOwner();
        owner = to;
    }

    function set(uint256 value_) external {
        if (msg.sender != owner) revert NotTheOwner();
        value = value_;
        emit Set(value_);
    }

    function tell() external returns (uint256) {
        emit Set(value);
        return value;
    }

    function spawn() external {
        child = new Plain();
    }

    function destroy() external {
        selfdestruct(payable(msg.sender));
    }
}

/// @notice Has a rule when it likes, which names one friend.
contract Weathercock is CocoConfidential {
    uint256 public secret = 49;
    bool private says;
    address private friend;

    function turn(bool says_, address friend_) external {
        says = says_;
        friend = friend_;
    }

    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == 0x01ffc9a7 || (says && super.supportsInterface(id));
    }

    function _mayRead(address user) internal view override returns (bool) {
        return user == friend;
    }
}
