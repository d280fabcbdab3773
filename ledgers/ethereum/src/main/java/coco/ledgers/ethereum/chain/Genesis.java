package coco.ledgers.ethereum.chain;

import coco.crypto.Keccak256;
import coco.evm.code.CodeCache;
import coco.evm.transition.BlockPolicy;
import coco.evm.transition.BlockReplay;
import coco.evm.transition.ChainRules;
import coco.evm.transition.FeeMarket;
import coco.evm.trie.MerklePatricia;
import coco.evm.types.Address;
import coco.evm.types.Bloom;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Word;
import coco.kv.Draft;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.access.CheckSite;
import coco.ledgers.ethereum.access.Enforcement;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A genesis document in geth's format: the first block's header fields, the chain's configuration, and accounts with
 * balance, nonce, code and storage. The block it makes has the hash that other clients compute.
 *
 * <p>Some of its fields hold for the whole chain, where Ethereum would let each block choose: the fees' beneficiary
 * and, unless the fee market is Ethereum's, the gas limit and the base fee (constant, so that a consortium's gas stays
 * as free as it was made). Four fields are not geth's: {@code transactionGasCap}, {@code feeMarket} ({@code constant}
 * or {@code eip1559}), {@code imported}, which names the last block that came from another network, and {@code
 * packedAlloc}, which may stand in place of {@code alloc}: see {@link PackedAlloc}.
 */
public final class Genesis {
    private static final String FEE_MARKET = "feeMarket";
    private static final String CONSTANT = "constant";
    private static final String EIP_1559 = "eip1559";
    /** Gas limit of a document that names none, as geth has it. */
    private static final long DEFAULT_GAS_LIMIT = 4_712_388;
    /** Base fee of a document that names none: 1 gwei (EIP-1559). */
    private static final Word DEFAULT_BASE_FEE = Word.of(1_000_000_000);

    private static final Word DEFAULT_DIFFICULTY = Word.of(131_072);
    private static final byte[] ZERO_HASH = new byte[32];
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final JsonNode document;
    private final ChainConfig config;
    private final long gasLimit;
    private final Word baseFee;
    private final Address beneficiary;
    private final long transactionGasCap;
    private final boolean market;
    private final @Nullable Imported imported;

    private Genesis(JsonNode document) {
        this.document = document;
        this.transactionGasCap = number("transactionGasCap", ChainRules.DEFAULT_TRANSACTION_GAS_CAP);
        this.config = ChainConfig.parse(document.get("config"), transactionGasCap);
        long limit = number("gasLimit", 0);
        this.gasLimit = limit == 0 ? DEFAULT_GAS_LIMIT : limit;
        boolean london = config.fork(0, number("timestamp", 0)).has(Fork.LONDON);
        this.baseFee = london ? word("baseFeePerGas", DEFAULT_BASE_FEE) : Word.ZERO;
        this.beneficiary = Address.of(bytes("coinbase", Address.SIZE));
        this.market = isMarket(document.get(FEE_MARKET));
        this.imported = Imported.parse(document.get("imported"));
    }

    private static boolean isMarket(@Nullable JsonNode name) {
        return switch (name == null || name.isNull() ? CONSTANT : name.asString("")) {
            case CONSTANT -> false;
            case EIP_1559 -> true;
            default ->
                throw new LedgerException("\"feeMarket\" of the genesis document is neither constant nor eip1559");
        };
    }

    /**
     * The last block of another network's history, with which this chain began.
     *
     * @param number unsigned
     * @param hash of its header, 32 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Read field by field.
    public record Imported(long number, byte[] hash) {
        private static @Nullable Imported parse(@Nullable JsonNode node) {
            if (node == null || node.isNull()) {
                return null;
            }
            Word number = quantity(node.get("number"), Word.ZERO, "\"imported.number\"");
            byte[] hash = hex(node.path("hash").asString(""), "\"imported.hash\"");
            if (!number.fitsLong() || hash.length != 32) {
                throw new LedgerException("\"imported\" of the genesis document names no block");
            }
            return new Imported(number.l0(), hash);
        }

        /** What is wrong if the chain has this header; null if nothing is. */
        public @Nullable String difference(Header header) {
            return header.number() == number && !java.util.Arrays.equals(header.hash(), hash)
                    ? "block " + Long.toUnsignedString(number) + " of the imported history is "
                            + HexFormat.of().formatHex(header.hash()) + ", not "
                            + HexFormat.of().formatHex(hash) + " as the constitution says"
                    : null;
        }
    }

    /**
     * Reads a document.
     *
     * @throws LedgerException if it is not a valid one; the text says what is wrong
     */
    public static Genesis parse(byte[] json) {
        try {
            return new Genesis(MAPPER.readTree(json));
        } catch (JacksonException e) {
            throw new LedgerException("the genesis document is not JSON: " + e.getOriginalMessage());
        }
    }

    /** The number of the first block, unsigned; 0 unless the document says otherwise. */
    public long number() {
        return number("number", 0);
    }

    /** Chain id and forks. */
    public ChainConfig config() {
        return config;
    }

    /**
     * What holds for a block before anything is in it.
     *
     * @param rules of its fork, with the blob parameters of its time
     * @param baseFee wei per gas that it burns
     * @param gasLimit most gas that it may use
     * @param excessBlobGas its running excess of blob gas, unsigned; 0 before Cancun
     * @param blobBaseFee wei per blob gas
     */
    public record Next(ChainRules rules, Word baseFee, long gasLimit, long excessBlobGas, Word blobBaseFee) {}

    /** What holds for the first block. */
    Next first() {
        ChainRules rules = config.rules(number(), number("timestamp", 0));
        long excess = number("excessBlobGas", 0);
        return new Next(rules, baseFee, gasLimit, excess, rules.blobs().baseFee(excess));
    }

    /** What holds for the block after {@code parent} if it has the parent's time. */
    public Next next(Header parent) {
        return next(parent, parent.timestamp());
    }

    /** What holds for the block after {@code parent} that has this time. */
    public Next next(Header parent, long timestampSeconds) {
        ChainRules rules = config.rules(parent.number() + 1, timestampSeconds);
        long excess = rules.fork().has(Fork.CANCUN) ? rules.blobs().excess(rules.fork(), parent) : 0;
        Word blobBaseFee = rules.blobs().baseFee(excess);
        if (!market) {
            return new Next(rules, baseFee, gasLimit, excess, blobBaseFee);
        }
        return new Next(
                rules,
                rules.fork().has(Fork.LONDON) ? baseFeeAfter(parent) : Word.ZERO,
                FeeMarket.gasLimitAfter(rules.fork(), parent),
                excess,
                blobBaseFee);
    }

    /**
     * The market's price; where something may be hidden the same as before, because it would follow from the gas of
     * what is hidden. Whether it may is seen by the block before, which is blinded then, or not shown as it is.
     */
    private Word baseFeeAfter(Header parent) {
        Word fee = parent.baseFeePerGas();
        boolean isOwn = imported == null || parent.number() > imported.number();
        boolean isHiding = isOwn && (BlockPolicy.isBlinded(parent) || Sight.isRedacted(parent));
        return isHiding && fee != null ? fee : FeeMarket.baseFeeAfter(parent);
    }

    /** Wei per blob gas in the block with this header; zero before Cancun. */
    public Word blobBaseFee(Header header) {
        Long excess = header.excessBlobGas();
        return excess == null
                ? Word.ZERO
                : config.rules(header.number(), header.timestamp()).blobs().baseFee(excess);
    }

    /** Whether base fee and gas limit follow the blocks before, as Ethereum's do. */
    public boolean hasMarket() {
        return market;
    }

    /** What blocks of this chain may do that those of a public one may not. */
    BlockPolicy policy() {
        return new BlockPolicy(market ? null : baseFee, true, true, true);
    }

    /** The last block of the history that this chain began with; null if it has none of others. */
    public @Nullable Imported imported() {
        return imported;
    }

    /** Wei per gas that the first block burns, and every one unless the fee market is Ethereum's. */
    public Word baseFee() {
        return baseFee;
    }

    /** Most gas that one transaction may ask for since Osaka (EIP-7825); the document may name its own. */
    public long transactionGasCap() {
        return transactionGasCap;
    }

    /** Who gets the fees of every block. */
    public Address beneficiary() {
        return beneficiary;
    }

    /** Writes the accounts into an empty state and gives the first block. */
    public LedgerBlock write(Draft state) {
        JsonNode alloc = alloc();
        WriteSet accounts = writeAccounts(state, alloc);
        Header header = header(state.digest(EthereumMaps.ACCOUNTS));
        Transaction chain = new Transaction(state);
        mark(state, alloc, header, chain);
        Head head = Head.of(header);
        chain.put(EthereumMaps.CHAIN, EthereumMaps.headKey(), head.encode());
        chain.put(EthereumMaps.CHAIN, EthereumMaps.blockHashKey(head.number()), head.hash());
        WriteSet chainWrites = chain.writes();
        state.apply(chainWrites);
        byte[] writes = WriteSet.merge(List.of(accounts, chainWrites)).serialise();
        return new LedgerBlock(List.of(), header.encode(), writes);
    }

    /** Not kept: it may be large, and is needed once. */
    private JsonNode alloc() {
        JsonNode packed = document.get(PackedAlloc.FIELD);
        JsonNode alloc = document.get("alloc");
        boolean none = alloc == null || alloc.isNull();
        if (packed == null || packed.isNull()) {
            return none ? MAPPER.createObjectNode() : alloc;
        }
        if (!none) {
            throw new LedgerException("the genesis document has both \"alloc\" and \"" + PackedAlloc.FIELD + "\"");
        }
        return PackedAlloc.unpack(packed.asString(""));
    }

    /** What the document brings is asked like what a transaction makes. */
    private void mark(Draft state, JsonNode alloc, Header header, Transaction into) {
        List<Address> contracts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : alloc.properties()) {
            if (entry.getValue().hasNonNull("code")) {
                contracts.add(address(entry.getKey()));
            }
        }
        ChainRules rules = config.rules(header.number(), header.timestamp());
        CheckSite site = new CheckSite(new StateReader(state), rules, BlockReplay.environment(rules, header));
        Enforcement.ofGenesis(site, contracts, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES))
                .write(into);
    }

    private WriteSet writeAccounts(Draft state, JsonNode alloc) {
        Transaction storage = new Transaction(state);
        for (Map.Entry<String, JsonNode> entry : alloc.properties()) {
            writeStorage(storage, EthereumMaps.accountKey(address(entry.getKey())), entry.getValue());
        }
        WriteSet storageWrites = storage.writes();
        state.apply(storageWrites);
        Transaction accounts = new Transaction(state);
        for (Map.Entry<String, JsonNode> entry : alloc.properties()) {
            writeAccount(state, accounts, EthereumMaps.accountKey(address(entry.getKey())), entry.getValue());
        }
        WriteSet accountWrites = accounts.writes();
        state.apply(accountWrites);
        return WriteSet.merge(List.of(storageWrites, accountWrites));
    }

    private static void writeStorage(Transaction into, byte[] key, JsonNode account) {
        JsonNode storage = account.get("storage");
        if (storage == null || storage.isNull()) {
            return;
        }
        for (Map.Entry<String, JsonNode> slot : storage.properties()) {
            Word value = Word.ofBytes(hex(slot.getValue().asString(), "a storage value"));
            if (!value.isZero()) {
                Word name = Word.ofBytes(hex(slot.getKey(), "a storage key"));
                into.put(EthereumMaps.STORAGE, EthereumMaps.slotKey(key, name), value.toMinimalBytes());
            }
        }
    }

    private static void writeAccount(Draft state, Transaction into, byte[] key, JsonNode account) {
        byte[] codeHash = null;
        JsonNode code = account.get("code");
        if (code != null && !code.isNull()) {
            byte[] bytes = hex(code.asString(), "an account's code");
            if (bytes.length > 0) {
                codeHash = Keccak256.hash(bytes);
                into.put(EthereumMaps.CODE, codeHash, bytes);
            }
        }
        byte[] root = state.digest(EthereumMaps.STORAGE, key);
        boolean empty = java.util.Arrays.equals(root, Account.NO_STORAGE);
        Word balance = quantity(account.get("balance"), Word.ZERO, "an account's balance");
        Word nonce = quantity(account.get("nonce"), Word.ZERO, "an account's nonce");
        into.put(EthereumMaps.ACCOUNTS, key, new Account(nonce.l0(), balance, empty ? null : root, codeHash).encode());
    }

    private Header header(byte[] stateRoot) {
        long number = number("number", 0);
        long timestamp = number("timestamp", 0);
        Fork fork = config.fork(number, timestamp);
        boolean cancun = fork.has(Fork.CANCUN);
        Word difficulty = fork.has(Fork.PARIS) ? Word.ZERO : DEFAULT_DIFFICULTY;
        return new Header(
                bytes("parentHash", 32),
                Header.NO_OMMERS,
                beneficiary,
                stateRoot,
                MerklePatricia.emptyRoot(),
                MerklePatricia.emptyRoot(),
                new Bloom(),
                word("difficulty", difficulty),
                number,
                gasLimit,
                number("gasUsed", 0),
                timestamp,
                document.hasNonNull("extraData") ? hex(document.get("extraData").asString(), "extraData") : new byte[0],
                bytes("mixHash", 32),
                java.util.Arrays.copyOfRange(Word.of(number("nonce", 0)).toBytes32(), 24, 32),
                fork.has(Fork.LONDON) ? baseFee : null,
                fork.has(Fork.SHANGHAI) ? MerklePatricia.emptyRoot() : null,
                cancun ? (Long) number("blobGasUsed", 0) : null,
                cancun ? (Long) number("excessBlobGas", 0) : null,
                cancun ? ZERO_HASH : null,
                fork.has(Fork.PRAGUE) ? Header.NO_REQUESTS : null);
    }

    private long number(String name, long absent) {
        Word value = word(name, Word.of(absent));
        if (!value.fitsLong()) {
            throw new LedgerException("\"" + name + "\" of the genesis document is too large");
        }
        return value.l0();
    }

    private Word word(String name, Word absent) {
        return quantity(document.get(name), absent, "\"" + name + "\"");
    }

    /** Exactly {@code length} bytes; zeros where the document has none. */
    private byte[] bytes(String name, int length) {
        if (!document.hasNonNull(name)) {
            return new byte[length];
        }
        byte[] bytes = hex(document.get(name).asString(), "\"" + name + "\"");
        if (bytes.length != length) {
            throw new LedgerException("\"" + name + "\" of the genesis document has not " + length + " bytes");
        }
        return bytes;
    }

    private static Address address(String name) {
        byte[] bytes = hex(name, "an address");
        if (bytes.length != Address.SIZE) {
            throw new LedgerException("not an address in the genesis document: " + name);
        }
        return Address.of(bytes);
    }

    /** A number, given as a JSON number, in decimal, or as hexadecimal digits after 0x. */
    private static Word quantity(@Nullable JsonNode node, Word absent, String what) {
        if (node == null || node.isNull()) {
            return absent;
        }
        try {
            String text = node.asString();
            return text.startsWith("0x")
                    ? Word.of(new BigInteger(text.substring(2), 16))
                    : Word.of(new BigInteger(text));
        } catch (IllegalArgumentException | JacksonException e) {
            throw new LedgerException(what + " of the genesis document is not a number: " + node);
        }
    }

    private static byte[] hex(String text, String what) {
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        try {
            return HexFormat.of().parseHex((digits.length() & 1) == 0 ? digits : "0" + digits);
        } catch (IllegalArgumentException e) {
            throw new LedgerException(what + " of the genesis document is not hexadecimal");
        }
    }
}
