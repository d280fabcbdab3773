package coco.ledgers.ethereum.rpc;

import coco.evm.transition.TransactionMessage;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The object that describes a transaction to be simulated. */
final class Calls {
    private Calls() {}

    /**
     * Reads it.
     *
     * @param gasCap the gas it gets if it names none, and at most
     */
    static TransactionMessage parse(JsonNode call, long chainId, Word baseFee, long gasCap) throws RpcException {
        if (!call.isObject()) {
            throw RpcException.invalidArgument(
                    0, "json: cannot unmarshal non-object into Go value of type ethapi.TransactionArgs");
        }
        JsonNode chain = Params.present(call, "chainId");
        if (chain != null && !Params.quantity(chain, "hexutil.Big", 0).equals(Word.of(chainId))) {
            throw RpcException.server("chainId does not match node's (have=" + Params.quantity(chain, "hexutil.Big", 0)
                    + ", want=" + chainId + ")");
        }
        List<AccessListEntry> accessList = accessList(Params.present(call, "accessList"));
        List<Authorization> authorizations = authorizations(Params.present(call, "authorizationList"));
        Fees fees = fees(call, baseFee);
        JsonNode gas = Params.present(call, "gas");
        long limit = gas == null ? gasCap : Params.quantity64(gas, "hexutil.Uint64", 0);
        Address from = address(Params.present(call, "from"));
        return new TransactionMessage(
                authorizations.isEmpty() ? fees.type(accessList) : Transaction.Type.SET_CODE,
                from == null ? Address.ZERO : from,
                0,
                Long.compareUnsigned(limit, gasCap) > 0 ? gasCap : limit,
                fees.most(),
                fees.tip(),
                address(Params.present(call, "to")),
                word(Params.present(call, "value")),
                data(call),
                accessList,
                authorizations,
                List.of(),
                Word.ZERO);
    }

    /** The same with another gas limit. */
    static TransactionMessage withGas(TransactionMessage message, long gas) {
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

    private record Fees(Word most, Word tip, boolean dynamic) {
        Transaction.Type type(List<AccessListEntry> accessList) {
            if (dynamic) {
                return Transaction.Type.DYNAMIC_FEE;
            }
            return accessList.isEmpty() ? Transaction.Type.LEGACY : Transaction.Type.ACCESS_LIST;
        }
    }

    private static Fees fees(JsonNode call, Word baseFee) throws RpcException {
        JsonNode price = Params.present(call, "gasPrice");
        JsonNode most = Params.present(call, "maxFeePerGas");
        JsonNode tip = Params.present(call, "maxPriorityFeePerGas");
        if (price != null && (most != null || tip != null)) {
            throw RpcException.server("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
        }
        if (price != null) {
            Word both = word(price);
            return new Fees(both, both, false);
        }
        Word tipped = word(tip);
        return new Fees(
                most == null && tip != null ? tipped.plus(baseFee) : word(most), tipped, most != null || tip != null);
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

    private static List<AccessListEntry> accessList(@Nullable JsonNode node) throws RpcException {
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

    private static List<Authorization> authorizations(@Nullable JsonNode node) throws RpcException {
        List<Authorization> tuples = new ArrayList<>();
        for (JsonNode tuple : array(node, "[]types.SetCodeAuthorization")) {
            JsonNode nonce = Params.present(tuple, "nonce");
            Word parity = word(Params.present(tuple, "yParity"));
            tuples.add(new Authorization(
                    word(Params.present(tuple, "chainId")),
                    required(tuple, "address"),
                    nonce == null ? 0 : Params.quantity64(nonce, "hexutil.Uint64", 0),
                    parity.bitLength() > 8 ? 255 : (int) parity.l0(),
                    word(Params.present(tuple, "r")),
                    word(Params.present(tuple, "s"))));
        }
        return tuples;
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

    private static Word word(@Nullable JsonNode node) throws RpcException {
        return node == null ? Word.ZERO : Params.quantity(node, "hexutil.Big", 0);
    }
}
