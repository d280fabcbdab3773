package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.AccountProof;
import coco.ledgers.ethereum.chain.StateReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** eth_getProof (EIP-1186) and eth_getStorageValues: several slots of any kept state at once. */
final class ProofMethods {
    /** Most slots of one request: geth's limit. */
    private static final int MAX_SLOTS = 1_024;

    private static final int HEX_DIGITS_OF_A_WORD = 64;

    void register(Map<String, Method> methods) {
        Method.forWholeSight(methods, "eth_getProof", Method.onProcessors(ProofMethods::getProof));
        methods.put("eth_getStorageValues", Method.onProcessors(ProofMethods::getStorageValues));
    }

    private static String tooMany() {
        return "too many slots (max " + MAX_SLOTS + ")";
    }

    private static Answer getProof(Exchange exchange, Params params) throws RpcException {
        params.atMost(3);
        Address address = params.address(0);
        List<String> names = new ArrayList<>();
        List<Word> slots = new ArrayList<>();
        for (JsonNode key : keys(params.required(1), 1)) {
            if (slots.size() == MAX_SLOTS) {
                throw new RpcException(RpcException.INVALID_PARAMS, tooMany());
            }
            Word slot = Params.slot(key, 1);
            slots.add(slot);
            names.add(name(key.stringValue(), slot));
        }
        AccountProof proof = exchange.at(params.blockOrLatest(2)).state().prove(address, slots);
        return out -> {
            out.writeStartObject();
            Hexes.address(out, "address", address);
            nodes(out, "accountProof", proof.nodes());
            Hexes.quantity(out, "balance", proof.balance());
            Hexes.data(out, "codeHash", proof.codeHash());
            Hexes.quantity(out, "nonce", proof.nonce());
            Hexes.data(out, "storageHash", proof.storageRoot());
            out.writeArrayPropertyStart("storageProof");
            for (int i = 0; i < names.size(); i++) {
                AccountProof.Slot slot = proof.slots().get(i);
                out.writeStartObject();
                out.writeStringProperty("key", names.get(i));
                Hexes.quantity(out, "value", slot.value());
                nodes(out, "proof", slot.nodes());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        };
    }

    /** As geth has it, a key comes back in full if it was given in full, else as a quantity. */
    private static String name(String given, Word slot) {
        int digits = given.startsWith("0x") || given.startsWith("0X") ? given.length() - 2 : given.length();
        return digits + (digits & 1) == HEX_DIGITS_OF_A_WORD ? Hexes.data(slot.toBytes32()) : slot.toQuantity();
    }

    private static void nodes(JsonGenerator out, String name, List<byte[]> nodes) {
        out.writeArrayPropertyStart(name);
        nodes.forEach(node -> out.writeString(Hexes.data(node)));
        out.writeEndArray();
    }

    private static JsonNode keys(JsonNode node, int index) throws RpcException {
        if (!node.isArray()) {
            throw RpcException.invalidArgument(
                    index, "json: cannot unmarshal non-array into Go value of type []string");
        }
        return node;
    }

    private static Answer getStorageValues(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        JsonNode request = params.required(0);
        if (!request.isObject()) {
            throw RpcException.invalidArgument(
                    0, "json: cannot unmarshal non-object into Go value of type map[common.Address][]common.Hash");
        }
        Map<Address, List<Word>> wanted = new LinkedHashMap<>();
        int count = 0;
        for (Map.Entry<String, JsonNode> entry : request.properties()) {
            JsonNode name = JsonNodeFactory.instance.stringNode(entry.getKey());
            Address address = Address.of(Params.fixed(name, Address.SIZE, "common.Address", 0));
            List<Word> slots = new ArrayList<>();
            for (JsonNode key : keys(entry.getValue(), 0)) {
                if (count++ == MAX_SLOTS) {
                    throw new RpcException(RpcException.CLIENT_LIMIT_EXCEEDED, tooMany());
                }
                slots.add(Word.ofBytes32(Params.fixed(key, Word.SIZE, "common.Hash", 0), 0));
            }
            wanted.put(address, slots);
        }
        if (count == 0) {
            throw new RpcException(RpcException.INVALID_PARAMS, "empty request");
        }
        StateReader state = exchange.at(params.blockOrLatest(1)).state();
        return out -> {
            out.writeStartObject();
            for (Map.Entry<Address, List<Word>> entry : wanted.entrySet()) {
                out.writeArrayPropertyStart(entry.getKey().hex());
                for (Word slot : entry.getValue()) {
                    out.writeString(
                            Hexes.data(state.storage(entry.getKey(), slot).toBytes32()));
                }
                out.writeEndArray();
            }
            out.writeEndObject();
        };
    }
}
