package coco.ledgers.ethereum.rpc;

import coco.evm.types.Word;
import tools.jackson.databind.JsonNode;

/** Which block a request means: a number, a hash (EIP-1898), or a word. */
sealed interface BlockTag {
    BlockTag LATEST = new Named(false);

    /** The block with a number, which may not exist. */
    record Numbered(long number) implements BlockTag {}

    /** The block with a hash of 32 bytes, which may not exist. */
    @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
    record Hashed(byte[] hash) implements BlockTag {}

    /** The newest block: latest, safe and finalized are the same one, since a committed block is final. */
    record Named(boolean pending) implements BlockTag {}

    /** The first block. */
    record Earliest() implements BlockTag {}

    /** Reads a number, a word, a hash, or an object with one of them (EIP-1898). */
    static BlockTag parse(JsonNode node, int index) throws RpcException {
        if (node.isObject()) {
            return parseObject(node, index);
        }
        boolean hash = node.isString() && node.stringValue().length() == 66;
        return hash ? new Hashed(Params.fixed(node, 32, "common.Hash", index)) : parseNumber(node, index);
    }

    /** Reads a number or a word, where a hash is none of the choices. */
    static BlockTag parseNumber(JsonNode node, int index) throws RpcException {
        if (!node.isString()) {
            throw RpcException.invalidArgument(index, "invalid block number or hash");
        }
        String text = node.stringValue();
        return switch (text) {
            case "latest", "safe", "finalized" -> LATEST;
            case "pending" -> new Named(true);
            case "earliest" -> new Earliest();
            default -> number(text, index);
        };
    }

    private static BlockTag parseObject(JsonNode node, int index) throws RpcException {
        JsonNode hash = Params.present(node, "blockHash");
        JsonNode number = Params.present(node, "blockNumber");
        if (hash != null && number != null) {
            throw RpcException.invalidArgument(
                    index, "cannot specify both BlockHash and BlockNumber, choose one or the other");
        }
        JsonNode canonical = Params.present(node, "requireCanonical");
        if (canonical != null && !canonical.isBoolean()) {
            throw RpcException.invalidArgument(
                    index, "json: cannot unmarshal into Go struct field erased.requireCanonical of type bool");
        }
        if (hash != null) {
            return new Hashed(Params.fixed(hash, 32, "common.Hash", index));
        }
        if (number == null) {
            throw RpcException.invalidArgument(index, "invalid block number or hash");
        }
        return parseNumber(number, index);
    }

    private static BlockTag number(String text, int index) throws RpcException {
        String fault = Params.quantityFault(text);
        if (fault != null) {
            throw RpcException.invalidArgument(index, fault);
        }
        Word number = Word.fromHex(text.substring(2));
        if (!number.fitsLong()) {
            throw RpcException.invalidArgument(
                    index, number.bitLength() > 64 ? "hex number > 64 bits" : "block number larger than int64");
        }
        return new Numbered(number.l0());
    }
}
