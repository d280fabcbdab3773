package coco.ledgers.ethereum.rpc;

import coco.evm.transition.BlobParameters;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Block;
import coco.evm.types.Bloom;
import coco.evm.types.Header;
import coco.evm.types.Log;
import coco.evm.types.Transaction;
import coco.evm.types.Withdrawal;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Blocks, transactions, receipts and logs in the shapes of the JSON-RPC specification. */
final class BlockJson {
    /** First byte of a list in RLP: a transaction without a type is one. */
    private static final int LIST_PREFIX = 0xC0;

    private static final JsonText.Name BLOCK_HASH = JsonText.Name.ofDigits("blockHash");
    private static final JsonText.Name BLOCK_NUMBER = JsonText.Name.ofDigits("blockNumber");
    private static final JsonText.Name BLOCK_TIMESTAMP = JsonText.Name.ofDigits("blockTimestamp");
    private static final JsonText.Name TRANSACTION_INDEX = JsonText.Name.ofDigits("transactionIndex");
    private static final JsonText.Name GAS_PRICE = JsonText.Name.ofDigits("gasPrice");
    private static final JsonText.Name FROM = JsonText.Name.ofDigits("from");
    private static final JsonText.Name GAS = JsonText.Name.ofDigits("gas");
    private static final JsonText.Name MAX_FEE_PER_GAS = JsonText.Name.ofDigits("maxFeePerGas");
    private static final JsonText.Name MAX_PRIORITY_FEE_PER_GAS = JsonText.Name.ofDigits("maxPriorityFeePerGas");
    private static final JsonText.Name HASH = JsonText.Name.ofDigits("hash");
    private static final JsonText.Name INPUT = JsonText.Name.ofDigits("input");
    private static final JsonText.Name NONCE = JsonText.Name.ofDigits("nonce");
    private static final JsonText.Name TO = JsonText.Name.ofDigits("to");
    private static final JsonText.Name VALUE = JsonText.Name.ofDigits("value");
    private static final JsonText.Name TYPE = JsonText.Name.ofDigits("type");
    private static final JsonText.Name CHAIN_ID = JsonText.Name.ofDigits("chainId");
    private static final JsonText.Name Y_PARITY = JsonText.Name.ofDigits("yParity");
    private static final JsonText.Name MAX_FEE_PER_BLOB_GAS = JsonText.Name.ofDigits("maxFeePerBlobGas");
    private static final JsonText.Name V = JsonText.Name.ofDigits("v");
    private static final JsonText.Name R = JsonText.Name.ofDigits("r");
    private static final JsonText.Name S = JsonText.Name.ofDigits("s");
    private static final JsonText.Name ADDRESS = JsonText.Name.ofDigits("address");
    private static final JsonText.Name ACCESS_LIST = JsonText.Name.ofArray("accessList");
    private static final JsonText.Name STORAGE_KEYS = JsonText.Name.ofArray("storageKeys");
    private static final JsonText.Name BLOB_VERSIONED_HASHES = JsonText.Name.ofArray("blobVersionedHashes");
    private static final JsonText.Name AUTHORIZATION_LIST = JsonText.Name.ofArray("authorizationList");
    private static final JsonText.Name TO_NOBODY = JsonText.Name.ofNulls("to");
    private static final JsonText.Name NO_PLACE =
            JsonText.Name.ofNulls("blockHash", "blockNumber", "blockTimestamp", "transactionIndex");

    private BlockJson() {}

    static void block(JsonGenerator out, ChainReader.Block block, boolean fullTransactions) {
        out.writeStartObject();
        header(out, block.header(), block.hash());
        out.writeArrayPropertyStart("transactions");
        long bodyBytes = fullTransactions ? transactions(out, block) : transactionHashes(out, block);
        out.writeEndArray();
        Hexes.quantity(out, "size", blockBytes(block, bodyBytes));
        out.writeArrayPropertyStart("uncles");
        block.ommers().forEach(ommer -> out.writeString(Hexes.data(ommer.hash())));
        out.writeEndArray();
        if (block.header().withdrawalsRoot() != null) {
            withdrawals(out, block.withdrawals());
        }
        out.writeEndObject();
    }

    /** Gives the length of what they are in the block's RLP. */
    private static long transactions(JsonGenerator out, ChainReader.Block block) {
        long bytes = 0;
        JsonText text = new JsonText();
        place(text, block.header(), block.hash());
        int place = text.length();
        for (int i = 0; i < block.size(); i++) {
            LedgerBlock.Executed entry = block.entries().transactions().get(i);
            ExecutedTransaction.Signed signed = ExecutedTransaction.Signed.decode(entry.payload());
            bytes += itemBytes(signed.transaction().encoded());
            text.cut(place);
            transaction(text, block.header(), i, entry.id(), signed.transaction(), signed.sender());
            text.writeTo(out);
        }
        return bytes;
    }

    private static long transactionHashes(JsonGenerator out, ChainReader.Block block) {
        long bytes = 0;
        for (LedgerBlock.Executed entry : block.entries().transactions()) {
            bytes += itemBytes(ExecutedTransaction.Signed.encoded(entry.payload()));
            Hexes.data(out, entry.id());
        }
        return bytes;
    }

    /** The length of a transaction in the RLP of a block: of a list, or of a string where it has a type. */
    private static long itemBytes(byte[] encoded) {
        boolean isLegacy = (encoded[0] & 0xFF) >= LIST_PREFIX;
        return isLegacy ? encoded.length : listBytes(encoded.length);
    }

    static void withdrawals(JsonGenerator out, List<Withdrawal> withdrawals) {
        out.writeArrayPropertyStart("withdrawals");
        for (Withdrawal withdrawal : withdrawals) {
            out.writeStartObject();
            Hexes.quantity(out, "index", withdrawal.index());
            Hexes.quantity(out, "validatorIndex", withdrawal.validatorIndex());
            Hexes.address(out, "address", withdrawal.address());
            Hexes.quantity(out, "amount", withdrawal.amountGwei());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** An ommer: a block of which nothing but the header is known. */
    static void ommer(JsonGenerator out, Header header) {
        out.writeStartObject();
        header(out, header, header.hash());
        Hexes.quantity(out, "size", new Block(header, List.of(), List.of(), null).encode().length);
        out.writeArrayPropertyStart("uncles").writeEndArray();
        out.writeEndObject();
    }

    /** The fields of a header, without the object around them. */
    static void header(JsonGenerator out, Header header, byte[] hash) {
        Hexes.quantity(out, "number", header.number());
        Hexes.data(out, "hash", hash);
        Hexes.data(out, "parentHash", header.parentHash());
        Hexes.data(out, "nonce", header.nonce());
        Hexes.data(out, "mixHash", header.mixHash());
        Hexes.data(out, "sha3Uncles", header.ommersHash());
        Hexes.data(out, "logsBloom", header.logsBloom().bytes());
        Hexes.data(out, "stateRoot", header.stateRoot());
        Hexes.data(out, "transactionsRoot", header.transactionsRoot());
        Hexes.data(out, "receiptsRoot", header.receiptsRoot());
        Hexes.address(out, "miner", header.beneficiary());
        Hexes.quantity(out, "difficulty", header.difficulty());
        Hexes.data(out, "extraData", header.extraData());
        Hexes.quantity(out, "gasLimit", header.gasLimit());
        Hexes.quantity(out, "gasUsed", header.gasUsed());
        Hexes.quantity(out, "timestamp", header.timestamp());
        ifPresent(header.baseFeePerGas(), fee -> Hexes.quantity(out, "baseFeePerGas", fee));
        ifPresent(header.withdrawalsRoot(), root -> Hexes.data(out, "withdrawalsRoot", root));
        ifPresent(header.blobGasUsed(), gas -> Hexes.quantity(out, "blobGasUsed", gas));
        ifPresent(header.excessBlobGas(), gas -> Hexes.quantity(out, "excessBlobGas", gas));
        ifPresent(header.parentBeaconBlockRoot(), root -> Hexes.data(out, "parentBeaconBlockRoot", root));
        ifPresent(header.requestsHash(), hashed -> Hexes.data(out, "requestsHash", hashed));
    }

    private static <T> void ifPresent(@Nullable T value, Consumer<T> write) {
        if (value != null) {
            write.accept(value);
        }
    }

    private static long blockBytes(ChainReader.Block block, long bodyBytes) {
        long ommers = block.ommers().stream()
                .mapToLong(ommer -> ommer.encode().length)
                .sum();
        long items = block.header().encode().length + listBytes(bodyBytes) + listBytes(ommers);
        if (block.header().withdrawalsRoot() != null) {
            items += listBytes(block.withdrawals().stream()
                    .mapToLong(withdrawal -> withdrawal.encode().length)
                    .sum());
        }
        return listBytes(items);
    }

    /** The length of a list, or of a string of more than one byte, with so many bytes inside. */
    private static long listBytes(long inside) {
        return inside <= 55 ? 1 + inside : 1 + (71 - Long.numberOfLeadingZeros(inside)) / 8 + inside;
    }

    static void transaction(JsonGenerator out, ChainReader.Block block, int ordinal, ExecutedTransaction executed) {
        byte[] hash = block.entries().transactions().get(ordinal).id();
        transaction(out, block.header(), block.hash(), ordinal, hash, executed.transaction(), executed.sender());
    }

    /** A transaction in a block with this header, which need not be of the chain. */
    static void transaction(
            JsonGenerator out,
            Header header,
            byte[] blockHash,
            int ordinal,
            byte[] hash,
            Transaction transaction,
            Address sender) {
        JsonText text = new JsonText();
        place(text, header, blockHash);
        transaction(text, header, ordinal, hash, transaction, sender);
        text.writeTo(out);
    }

    /** What all transactions of a block begin with. */
    private static void place(JsonText text, Header header, byte[] blockHash) {
        text.beginObject().data(BLOCK_HASH, blockHash);
        text.quantity(BLOCK_NUMBER, header.number()).quantity(BLOCK_TIMESTAMP, header.timestamp());
    }

    private static void transaction(
            JsonText text, Header header, int ordinal, byte[] hash, Transaction transaction, Address sender) {
        text.quantity(TRANSACTION_INDEX, ordinal);
        text.quantity(GAS_PRICE, effectiveGasPrice(transaction, header));
        fields(text, hash, transaction, sender);
        text.endObject();
    }

    /** A transaction that is in no block yet. */
    static void pooled(JsonGenerator out, Transaction transaction, Address sender) {
        JsonText text = new JsonText().beginObject().nothing(NO_PLACE);
        // As geth has it: what it would pay at most.
        text.quantity(GAS_PRICE, transaction.maxFeePerGas());
        fields(text, transaction.hash(), transaction, sender);
        text.endObject().writeTo(out);
    }

    /** A transaction that nobody has signed yet. */
    static void unsigned(JsonGenerator out, Transaction transaction, Address sender) {
        JsonText text = new JsonText().beginObject().quantity(GAS_PRICE, transaction.maxFeePerGas());
        fields(text, transaction.hash(), transaction, sender);
        text.endObject().writeTo(out);
    }

    private static void fields(JsonText text, byte[] hash, Transaction transaction, Address sender) {
        text.address(FROM, sender).quantity(GAS, transaction.gasLimit());
        boolean dynamic =
                transaction.type() != Transaction.Type.LEGACY && transaction.type() != Transaction.Type.ACCESS_LIST;
        if (dynamic) {
            text.quantity(MAX_FEE_PER_GAS, transaction.maxFeePerGas());
            text.quantity(MAX_PRIORITY_FEE_PER_GAS, transaction.maxPriorityFeePerGas());
        }
        text.data(HASH, hash).data(INPUT, transaction.data()).quantity(NONCE, transaction.nonce());
        if (transaction.to() == null) {
            text.nothing(TO_NOBODY);
        } else {
            text.address(TO, transaction.to());
        }
        text.quantity(VALUE, transaction.value());
        text.quantity(TYPE, transaction.type().code());
        if (transaction.replayProtected()) {
            text.quantity(CHAIN_ID, transaction.chainId());
        }
        if (transaction.type() != Transaction.Type.LEGACY) {
            text.beginArray(ACCESS_LIST);
            entries(text, transaction.accessList());
            text.endArray();
            text.quantity(Y_PARITY, transaction.yParity());
        }
        if (transaction.type() == Transaction.Type.BLOB) {
            text.quantity(MAX_FEE_PER_BLOB_GAS, transaction.maxFeePerBlobGas());
            text.beginArray(BLOB_VERSIONED_HASHES);
            transaction.blobHashes().forEach(text::data);
            text.endArray();
        }
        if (transaction.type() == Transaction.Type.SET_CODE) {
            authorizations(text, transaction);
        }
        text.quantity(V, transaction.v()).quantity(R, transaction.r()).quantity(S, transaction.s());
    }

    /** An access list as a value of its own. */
    static void accessList(JsonGenerator out, List<AccessListEntry> entries) {
        JsonText text = new JsonText().beginArray();
        entries(text, entries);
        text.endArray().writeTo(out);
    }

    private static void entries(JsonText text, List<AccessListEntry> entries) {
        for (AccessListEntry entry : entries) {
            text.beginObject().address(ADDRESS, entry.address()).beginArray(STORAGE_KEYS);
            entry.storageKeys().forEach(key -> text.data(key.toBytes32()));
            text.endArray().endObject();
        }
    }

    private static void authorizations(JsonText text, Transaction transaction) {
        text.beginArray(AUTHORIZATION_LIST);
        for (Authorization tuple : transaction.authorizations()) {
            text.beginObject().quantity(CHAIN_ID, tuple.chainId()).address(ADDRESS, tuple.address());
            text.quantity(NONCE, tuple.nonce()).quantity(Y_PARITY, tuple.yParity());
            text.quantity(R, tuple.r()).quantity(S, tuple.s()).endObject();
        }
        text.endArray();
    }

    private static void recipient(JsonGenerator out, Transaction transaction) {
        if (transaction.to() == null) {
            out.writeNullProperty("to");
        } else {
            Hexes.address(out, "to", transaction.to());
        }
    }

    private static Word effectiveGasPrice(Transaction transaction, Header header) {
        Word baseFee = header.baseFeePerGas();
        return transaction.effectiveGasPrice(baseFee == null ? Word.ZERO : baseFee);
    }

    /** @param blobBaseFee wei per blob gas in this block */
    static void receipt(
            JsonGenerator out,
            ChainReader.Block block,
            int ordinal,
            ExecutedTransaction executed,
            ExecutedTransaction.Totals before,
            Word blobBaseFee) {
        Transaction transaction = executed.transaction();
        Header header = block.header();
        out.writeStartObject();
        if (transaction.type() == Transaction.Type.BLOB) {
            Hexes.quantity(
                    out,
                    "blobGasUsed",
                    BlobParameters.GAS_PER_BLOB * transaction.blobHashes().size());
            Hexes.quantity(out, "blobGasPrice", blobBaseFee);
        }
        Hexes.data(out, "blockHash", block.hash());
        Hexes.quantity(out, "blockNumber", header.number());
        if (executed.created() == null) {
            out.writeNullProperty("contractAddress");
        } else {
            Hexes.address(out, "contractAddress", executed.created());
        }
        Hexes.quantity(out, "cumulativeGasUsed", before.gasUsed() + executed.gasUsed());
        Hexes.quantity(out, "effectiveGasPrice", effectiveGasPrice(transaction, header));
        Hexes.address(out, "from", executed.sender());
        Hexes.quantity(out, "gasUsed", executed.gasUsed());
        out.writeArrayPropertyStart("logs");
        byte[] hash = block.entries().transactions().get(ordinal).id();
        for (int i = 0; i < executed.logs().size(); i++) {
            log(out, header, block.hash(), hash, ordinal, executed.logs().get(i), before.logs() + i);
        }
        out.writeEndArray();
        Hexes.data(out, "logsBloom", Bloom.ofLogs(executed.logs()).bytes());
        if (executed.postState() == null) {
            Hexes.quantity(out, "status", executed.success() ? 1 : 0);
        } else {
            Hexes.data(out, "root", executed.postState());
        }
        recipient(out, transaction);
        Hexes.data(out, "transactionHash", hash);
        Hexes.quantity(out, "transactionIndex", ordinal);
        Hexes.quantity(out, "type", transaction.type().code());
        out.writeEndObject();
    }

    static void log(JsonGenerator out, ChainReader.Block block, ChainReader.Writer writer, Log log, int logIndex) {
        log(out, block.header(), block.hash(), writer.transactionHash(), writer.ordinal(), log, logIndex);
    }

    /** A log in a block with this header, which need not be of the chain. */
    static void log(
            JsonGenerator out,
            Header header,
            byte[] blockHash,
            byte[] transactionHash,
            int ordinal,
            Log log,
            int logIndex) {
        out.writeStartObject();
        Hexes.address(out, "address", log.address());
        out.writeArrayPropertyStart("topics");
        log.topics().forEach(topic -> Hexes.data(out, topic));
        out.writeEndArray();
        Hexes.data(out, "data", log.data());
        Hexes.quantity(out, "blockNumber", header.number());
        Hexes.data(out, "transactionHash", transactionHash);
        Hexes.quantity(out, "transactionIndex", ordinal);
        Hexes.data(out, "blockHash", blockHash);
        Hexes.quantity(out, "blockTimestamp", header.timestamp());
        Hexes.quantity(out, "logIndex", logIndex);
        out.writeBooleanProperty("removed", false);
        out.writeEndObject();
    }
}
