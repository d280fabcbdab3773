package coco.ledgers.ethereum.rpc;

import coco.evm.transition.TransactionMessage;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Word;
import coco.ledgers.ethereum.simulation.CallRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The object that describes a transaction to be simulated, or to be filled in. */
final class Calls {
    private Calls() {}

    /** Reads it: what it names, and nothing else. */
    static CallRequest request(JsonNode call, long chainId) throws RpcException {
        if (!call.isObject()) {
            throw RpcException.invalidArgument(
                    0, "json: cannot unmarshal non-object into Go value of type ethapi.TransactionArgs");
        }
        JsonNode chain = Params.present(call, "chainId");
        if (chain != null && !Params.quantity(chain, "hexutil.Big", 0).equals(Word.of(chainId))) {
            throw RpcException.server("chainId does not match node's (have=" + Params.quantity(chain, "hexutil.Big", 0)
                    + ", want=" + chainId + ")");
        }
        Word price = word(Params.present(call, "gasPrice"));
        Word most = word(Params.present(call, "maxFeePerGas"));
        Word tip = word(Params.present(call, "maxPriorityFeePerGas"));
        if (price != null && (most != null || tip != null)) {
            throw RpcException.server("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
        }
        return new CallRequest(
                address(Params.present(call, "from")),
                address(Params.present(call, "to")),
                number(Params.present(call, "gas")),
                price,
                most,
                tip,
                word(Params.present(call, "value")),
                number(Params.present(call, "nonce")),
                data(call),
                accessList(Params.present(call, "accessList")),
                authorizations(Params.present(call, "authorizationList")),
                blobHashes(Params.present(call, "blobVersionedHashes")),
                word(Params.present(call, "maxFeePerBlobGas")));
    }

    /**
     * Reads what a single call executes.
     *
     * @param gasCap the gas it gets if it names none, and at most
     */
    static TransactionMessage parse(JsonNode call, long chainId, long gasCap) throws RpcException {
        return message(request(call, chainId), gasCap);
    }

    /**
     * What a single call executes.
     *
     * @param gasCap the gas it gets if it names none, and at most
     */
    static TransactionMessage message(CallRequest request, long gasCap) {
        Long named = request.gas();
        long gas = named == null || Long.compareUnsigned(named, gasCap) > 0 ? gasCap : named;
        return request.message(0, gas);
    }

    /** The same with another gas limit. */
    static TransactionMessage withGas(TransactionMessage message, long gas) {
        if (gas == message.gasLimit()) {
            return message;
        }
        return new TransactionMessage(
                message.type(),
                message.sender(),
                message.nonce(),
                gas,
                message.maxFeePerGas(),
                message.maxPriorityFeePerGas(),
                message.to(),
                message.value(),
                message.data(),
                message.accessList(),
                message.authorizations(),
                message.blobHashes(),
                message.maxFeePerBlobGas());
    }

    private static byte[] data(JsonNode call) throws RpcException {
        JsonNode data = Params.present(call, "data");
        JsonNode input = Params.present(call, "input");
        byte[] former = data == null ? new byte[0] : Params.bytes(data, "hexutil.Bytes", 0);
        byte[] newer = input == null ? former : Params.bytes(input, "hexutil.Bytes", 0);
        if (data != null && !Arrays.equals(former, newer)) {
            throw RpcException.server(
                    "both \"data\" and \"input\" are set and not equal. Please use \"input\" to pass transaction call"
                            + " data");
        }
        return newer;
    }

    private static @Nullable List<AccessListEntry> accessList(@Nullable JsonNode node) throws RpcException {
        if (node == null) {
            return null;
        }
        List<AccessListEntry> entries = new ArrayList<>();
        for (JsonNode entry : array(node, "types.AccessList")) {
            List<Word> keys = new ArrayList<>();
            for (JsonNode key : array(entry.get("storageKeys"), "[]common.Hash")) {
                keys.add(Word.ofBytes32(Params.fixed(key, 32, "common.Hash", 0), 0));
            }
            entries.add(new AccessListEntry(required(entry, "address"), keys));
        }
        return entries;
    }

    private static @Nullable List<Authorization> authorizations(@Nullable JsonNode node) throws RpcException {
        if (node == null) {
            return null;
        }
        List<Authorization> tuples = new ArrayList<>();
        for (JsonNode tuple : array(node, "[]types.SetCodeAuthorization")) {
            Long nonce = number(Params.present(tuple, "nonce"));
            Word parity = orZero(word(Params.present(tuple, "yParity")));
            tuples.add(new Authorization(
                    orZero(word(Params.present(tuple, "chainId"))),
                    required(tuple, "address"),
                    nonce == null ? 0 : nonce,
                    parity.bitLength() > 8 ? 255 : (int) parity.l0(),
                    orZero(word(Params.present(tuple, "r"))),
                    orZero(word(Params.present(tuple, "s")))));
        }
        return tuples;
    }

    private static @Nullable List<byte[]> blobHashes(@Nullable JsonNode node) throws RpcException {
        if (node == null) {
            return null;
        }
        List<byte[]> hashes = new ArrayList<>();
        for (JsonNode hash : array(node, "[]common.Hash")) {
            hashes.add(Params.fixed(hash, 32, "common.Hash", 0));
        }
        return hashes;
    }

    private static List<JsonNode> array(@Nullable JsonNode node, String type) throws RpcException {
        List<JsonNode> values = new ArrayList<>();
        if (node != null && !node.isNull()) {
            if (!node.isArray()) {
                throw RpcException.invalidArgument(0, "json: cannot unmarshal into Go value of type " + type);
            }
            node.forEach(values::add);
        }
        return values;
    }

    private static Address required(JsonNode node, String name) throws RpcException {
        Address address = address(Params.present(node, name));
        if (address == null) {
            throw RpcException.invalidArgument(0, "missing required field '" + name + "'");
        }
        return address;
    }

    private static @Nullable Address address(@Nullable JsonNode node) throws RpcException {
        return node == null ? null : Address.of(Params.fixed(node, Address.SIZE, "common.Address", 0));
    }

    private static @Nullable Long number(@Nullable JsonNode node) throws RpcException {
        return node == null ? null : (Long) Params.quantity64(node, "hexutil.Uint64", 0);
    }

    private static @Nullable Word word(@Nullable JsonNode node) throws RpcException {
        return node == null ? null : Params.quantity(node, "hexutil.Big", 0);
    }

    private static Word orZero(@Nullable Word value) {
        return value == null ? Word.ZERO : value;
    }
}
