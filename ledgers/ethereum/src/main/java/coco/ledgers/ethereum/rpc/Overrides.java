package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Withdrawal;
import coco.evm.types.Word;
import coco.ledgers.ethereum.simulation.AccountOverride;
import coco.ledgers.ethereum.simulation.BlockOverrides;
import coco.ledgers.ethereum.simulation.StateOverrides;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads the objects that say what a simulation has otherwise than the chain. Null and missing mean: nothing. */
final class Overrides {
    private Overrides() {}

    /**
     * State overrides: an object from addresses to what is different.
     *
     * @param index of the parameter, for errors
     */
    static StateOverrides state(@Nullable JsonNode node, int index) throws RpcException {
        if (node == null || node.isNull()) {
            return StateOverrides.NONE;
        }
        List<AccountOverride> accounts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : object(node, "override.StateOverride", index)) {
            accounts.add(account(address(text(entry.getKey()), index), entry.getValue(), index));
        }
        return new StateOverrides(accounts);
    }

    private static AccountOverride account(Address address, JsonNode node, int index) throws RpcException {
        object(node, "override.OverrideAccount", index);
        JsonNode nonce = Params.present(node, "nonce");
        JsonNode code = Params.present(node, "code");
        JsonNode balance = Params.present(node, "balance");
        JsonNode movedTo = Params.present(node, "movePrecompileToAddress");
        return new AccountOverride(
                address,
                nonce == null ? null : (Long) Params.quantity64(nonce, "hexutil.Uint64", index),
                code == null ? null : Params.bytes(code, "hexutil.Bytes", index),
                balance == null ? null : Params.quantity(balance, "hexutil.Big", index),
                movedTo == null ? null : address(movedTo, index),
                slots(Params.present(node, "state"), index),
                slots(Params.present(node, "stateDiff"), index));
    }

    private static @Nullable Map<Word, Word> slots(@Nullable JsonNode node, int index) throws RpcException {
        if (node == null) {
            return null;
        }
        Map<Word, Word> slots = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object(node, "map[common.Hash]common.Hash", index)) {
            slots.put(hash(text(entry.getKey()), index), hash(entry.getValue(), index));
        }
        return slots;
    }

    /**
     * Block overrides: an object with header fields, under the names of the specification or those that geth had
     * before.
     *
     * @param index of the parameter, for errors
     */
    static BlockOverrides block(@Nullable JsonNode node, int index) throws RpcException {
        if (node == null || node.isNull()) {
            return BlockOverrides.NONE;
        }
        object(node, "override.BlockOverrides", index);
        JsonNode time = Params.present(node, "time");
        JsonNode gasLimit = Params.present(node, "gasLimit");
        JsonNode recipient = either(node, "feeRecipient", "coinbase");
        JsonNode random = either(node, "prevRandao", "random");
        JsonNode beaconRoot = Params.present(node, "beaconRoot");
        return new BlockOverrides(
                quantity(Params.present(node, "number"), index),
                quantity(Params.present(node, "difficulty"), index),
                time == null ? null : (Long) Params.quantity64(time, "hexutil.Uint64", index),
                gasLimit == null ? null : (Long) Params.quantity64(gasLimit, "hexutil.Uint64", index),
                recipient == null ? null : address(recipient, index),
                random == null ? null : hash(random, index).toBytes32(),
                quantity(either(node, "baseFeePerGas", "baseFee"), index),
                quantity(Params.present(node, "blobBaseFee"), index),
                beaconRoot == null ? null : hash(beaconRoot, index).toBytes32(),
                withdrawals(Params.present(node, "withdrawals"), index));
    }

    /** The same for single calls, which have no use for what only whole blocks have. */
    static BlockOverrides blockOfCall(@Nullable JsonNode node, int index) throws RpcException {
        BlockOverrides overrides = block(node, index);
        String useless =
                overrides.beaconRoot() != null ? "beaconRoot" : overrides.withdrawals() != null ? "withdrawals" : null;
        if (useless != null) {
            throw RpcException.server("block override \"" + useless + "\" is not supported for this RPC method");
        }
        Word number = overrides.number();
        if (number != null && number.bitLength() > 64) {
            throw RpcException.invalidArgument(index, "hex number > 64 bits");
        }
        return overrides;
    }

    private static @Nullable List<Withdrawal> withdrawals(@Nullable JsonNode node, int index) throws RpcException {
        if (node == null) {
            return null;
        }
        if (!node.isArray()) {
            throw Params.mistyped(node, "types.Withdrawals", index);
        }
        List<Withdrawal> withdrawals = new ArrayList<>();
        for (JsonNode each : node) {
            object(each, "types.Withdrawal", index);
            JsonNode address = Params.present(each, "address");
            withdrawals.add(new Withdrawal(
                    number(each, "index", index),
                    number(each, "validatorIndex", index),
                    address == null ? Address.ZERO : address(address, index),
                    number(each, "amount", index)));
        }
        return withdrawals;
    }

    private static long number(JsonNode node, String name, int index) throws RpcException {
        JsonNode value = Params.present(node, name);
        return value == null ? 0 : Params.quantity64(value, "hexutil.Uint64", index);
    }

    private static @Nullable JsonNode either(JsonNode node, String name, String former) {
        JsonNode value = Params.present(node, name);
        return value == null ? Params.present(node, former) : value;
    }

    private static @Nullable Word quantity(@Nullable JsonNode node, int index) throws RpcException {
        return node == null ? null : Params.quantity(node, "hexutil.Big", index);
    }

    private static Address address(JsonNode node, int index) throws RpcException {
        return Address.of(Params.fixed(node, Address.SIZE, "common.Address", index));
    }

    private static Word hash(JsonNode node, int index) throws RpcException {
        return Word.ofBytes32(Params.fixed(node, 32, "common.Hash", index), 0);
    }

    private static JsonNode text(String name) {
        return JsonNodeFactory.instance.stringNode(name);
    }

    private static Iterable<Map.Entry<String, JsonNode>> object(JsonNode node, String type, int index)
            throws RpcException {
        if (!node.isObject()) {
            throw Params.mistyped(node, type, index);
        }
        return node.properties();
    }
}
