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
    private BlockJson() {}

    static void block(JsonGenerator out, ChainReader.Block block, boolean fullTransactions) {
        out.writeStartObject();
        header(out, block.header(), block.hash());
        long bodyBytes = 0;
        out.writeArrayPropertyStart("transactions");
        for (int i = 0; i < block.size(); i++) {
            LedgerBlock.Executed entry = block.entries().transactions().get(i);
            ExecutedTransaction executed = ExecutedTransaction.decode(entry.payload());
            bodyBytes += itemBytes(executed.transaction());
            if (fullTransactions) {
                transaction(out, block, i, executed);
            } else {
                Hexes.data(out, entry.id());
            }
        }
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

    private static long itemBytes(Transaction transaction) {
        long length = transaction.encoded().length;
        return transaction.type() == Transaction.Type.LEGACY ? length : listBytes(length);
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
        out.writeStartObject();
        Hexes.data(out, "blockHash", blockHash);
        Hexes.quantity(out, "blockNumber", header.number());
        Hexes.quantity(out, "blockTimestamp", header.timestamp());
        Hexes.quantity(out, "transactionIndex", ordinal);
        Hexes.quantity(out, "gasPrice", effectiveGasPrice(transaction, header));
        fields(out, hash, transaction, sender);
        out.writeEndObject();
    }

    /** A transaction that is in no block yet. */
    static void pooled(JsonGenerator out, Transaction transaction, Address sender) {
        out.writeStartObject();
        out.writeNullProperty("blockHash");
        out.writeNullProperty("blockNumber");
        out.writeNullProperty("blockTimestamp");
        out.writeNullProperty("transactionIndex");
        // As geth has it: what it would pay at most.
        Hexes.quantity(out, "gasPrice", transaction.maxFeePerGas());
        fields(out, transaction.hash(), transaction, sender);
        out.writeEndObject();
    }

    /** A transaction that nobody has signed yet. */
    static void unsigned(JsonGenerator out, Transaction transaction, Address sender) {
        out.writeStartObject();
        Hexes.quantity(out, "gasPrice", transaction.maxFeePerGas());
        fields(out, transaction.hash(), transaction, sender);
        out.writeEndObject();
    }

    private static void fields(JsonGenerator out, byte[] hash, Transaction transaction, Address sender) {
        Hexes.address(out, "from", sender);
        Hexes.quantity(out, "gas", transaction.gasLimit());
        boolean dynamic =
                transaction.type() != Transaction.Type.LEGACY && transaction.type() != Transaction.Type.ACCESS_LIST;
        if (dynamic) {
            Hexes.quantity(out, "maxFeePerGas", transaction.maxFeePerGas());
            Hexes.quantity(out, "maxPriorityFeePerGas", transaction.maxPriorityFeePerGas());
        }
        Hexes.data(out, "hash", hash);
        Hexes.data(out, "input", transaction.data());
        Hexes.quantity(out, "nonce", transaction.nonce());
        recipient(out, transaction);
        Hexes.quantity(out, "value", transaction.value());
        Hexes.quantity(out, "type", transaction.type().code());
        if (transaction.replayProtected()) {
            Hexes.quantity(out, "chainId", transaction.chainId());
        }
        if (transaction.type() != Transaction.Type.LEGACY) {
            accessList(out, transaction.accessList());
            Hexes.quantity(out, "yParity", transaction.yParity());
        }
        if (transaction.type() == Transaction.Type.BLOB) {
            Hexes.quantity(out, "maxFeePerBlobGas", transaction.maxFeePerBlobGas());
            out.writeArrayPropertyStart("blobVersionedHashes");
            transaction.blobHashes().forEach(blob -> Hexes.data(out, blob));
            out.writeEndArray();
        }
        if (transaction.type() == Transaction.Type.SET_CODE) {
            authorizations(out, transaction);
        }
        Hexes.quantity(out, "v", transaction.v());
        Hexes.quantity(out, "r", transaction.r());
        Hexes.quantity(out, "s", transaction.s());
    }

    private static void recipient(JsonGenerator out, Transaction transaction) {
        if (transaction.to() == null) {
            out.writeNullProperty("to");
        } else {
            Hexes.address(out, "to", transaction.to());
        }
    }

    static void accessList(JsonGenerator out, List<AccessListEntry> entries) {
        out.writeArrayPropertyStart("accessList");
        for (AccessListEntry entry : entries) {
            out.writeStartObject();
            Hexes.address(out, "address", entry.address());
            out.writeArrayPropertyStart("storageKeys");
            entry.storageKeys().forEach(key -> Hexes.data(out, key.toBytes32()));
            out.writeEndArray().writeEndObject();
        }
        out.writeEndArray();
    }

    private static void authorizations(JsonGenerator out, Transaction transaction) {
        out.writeArrayPropertyStart("authorizationList");
        for (Authorization tuple : transaction.authorizations()) {
            out.writeStartObject();
            Hexes.quantity(out, "chainId", tuple.chainId());
            Hexes.address(out, "address", tuple.address());
            Hexes.quantity(out, "nonce", tuple.nonce());
            Hexes.quantity(out, "yParity", tuple.yParity());
            Hexes.quantity(out, "r", tuple.r());
            Hexes.quantity(out, "s", tuple.s());
            out.writeEndObject();
        }
        out.writeEndArray();
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
        for (int i = 0; i < executed.logs().size(); i++) {
            log(out, block, ordinal, executed.logs().get(i), before.logs() + i);
        }
        out.writeEndArray();
        Hexes.data(out, "logsBloom", Bloom.ofLogs(executed.logs()).bytes());
        if (executed.postState() == null) {
            Hexes.quantity(out, "status", executed.success() ? 1 : 0);
        } else {
            Hexes.data(out, "root", executed.postState());
        }
        recipient(out, transaction);
        Hexes.data(
                out,
                "transactionHash",
                block.entries().transactions().get(ordinal).id());
        Hexes.quantity(out, "transactionIndex", ordinal);
        Hexes.quantity(out, "type", transaction.type().code());
        out.writeEndObject();
    }

    static void log(JsonGenerator out, ChainReader.Block block, int ordinal, Log log, int logIndex) {
        byte[] transactionHash = block.entries().transactions().get(ordinal).id();
        log(out, block.header(), block.hash(), transactionHash, ordinal, log, logIndex);
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
