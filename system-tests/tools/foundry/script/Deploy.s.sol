// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {PlainToken} from "contracts/Helpers.sol";
import {Vault} from "contracts/Vault.sol";
import {Base} from "./Base.sol";

/// A vault with its library, a token at an address known beforehand, and transactions of two senders.
contract Deploy is Base {
    function run() external returns (address payable vault, address token) {
        meet();
        bytes32 salt = cheats.envBytes32("SALT");
        cheats.startBroadcast(keys[0]);
        vault = payable(new Vault{value: 1000}(0));
        token = address(new PlainToken{salt: salt}("SALT"));
        Vault(vault).deposit{value: 24}();
        Vault(vault).withdraw(100);
        cheats.stopBroadcast();
        cheats.startBroadcast(keys[1]);
        (bool paid,) = vault.call{value: 76}("");
        require(paid && Vault(vault).deposits() == 2 && vault.balance == 1001);
        cheats.stopBroadcast();
    }
}
