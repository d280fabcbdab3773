// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A token in the shape that most deployed ones have: mappings, an allowance, custom errors, one function through which
/// every change of a balance goes, and an event for each. Whoever asks gets new coins: it is for measuring only.
contract Token {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error InvalidSender(address sender);
    error InvalidReceiver(address receiver);
    error InvalidApprover(address approver);
    error InvalidSpender(address spender);
    error InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error InsufficientAllowance(address spender, uint256 allowance, uint256 needed);

    mapping(address account => uint256) private balances;
    mapping(address owner => mapping(address spender => uint256)) private allowances;
    uint256 private supply;

    function totalSupply() external view returns (uint256) {
        return supply;
    }

    function balanceOf(address account) public view returns (uint256) {
        return balances[account];
    }

    function allowance(address owner, address spender) public view returns (uint256) {
        return allowances[owner][spender];
    }

    function transfer(address to, uint256 value) public returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) public returns (bool) {
        permit(msg.sender, spender, value, true);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) public returns (bool) {
        spend(from, msg.sender, value);
        move(from, to, value);
        return true;
    }

    function mint(address to, uint256 value) public {
        if (to == address(0)) {
            revert InvalidReceiver(address(0));
        }
        update(address(0), to, value);
    }

    function move(address from, address to, uint256 value) internal {
        if (from == address(0)) {
            revert InvalidSender(address(0));
        }
        if (to == address(0)) {
            revert InvalidReceiver(address(0));
        }
        update(from, to, value);
    }

    function update(address from, address to, uint256 value) internal virtual {
        if (from == address(0)) {
            supply += value;
        } else {
            uint256 balance = balances[from];
            if (balance < value) {
                revert InsufficientBalance(from, balance, value);
            }
            unchecked {
                balances[from] = balance - value;
            }
        }
        if (to == address(0)) {
            unchecked {
                supply -= value;
            }
        } else {
            unchecked {
                balances[to] += value;
            }
        }
        emit Transfer(from, to, value);
    }

    function permit(address owner, address spender, uint256 value, bool tell) internal {
        if (owner == address(0)) {
            revert InvalidApprover(address(0));
        }
        if (spender == address(0)) {
            revert InvalidSpender(address(0));
        }
        allowances[owner][spender] = value;
        if (tell) {
            emit Approval(owner, spender, value);
        }
    }

    function spend(address owner, address spender, uint256 value) internal {
        uint256 allowed = allowance(owner, spender);
        if (allowed < type(uint256).max) {
            if (allowed < value) {
                revert InsufficientAllowance(spender, allowed, value);
            }
            unchecked {
                permit(owner, spender, allowed - value, false);
            }
        }
    }
}
