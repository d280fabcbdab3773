package coco.evm.types;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signed transaction of one of the types 0 (legacy, with or without EIP-155's chain id), 1 (EIP-2930), 2 (EIP-1559),
 * 3 (EIP-4844) and 4 (EIP-7702).
 *
 * <p>One class for all types, because whoever executes a transaction asks the same questions of each: fields that a
 * type lacks have the neutral value (no access list, no blobs), and the two fee fields of the types before EIP-1559
 * are both its gas price, as that EIP defines. It holds its own encoding, from which it was decoded or into which it
 * was built, so that its hash and its place in a block cost no second encoding.
 *
 * <p>{@link #decode} accepts only canonical bytes. That fields make sense together (a priority fee above the maximum,
 * a type 4 transaction without tuples) is judged where a transaction is executed, by the rules of a fork.
 */
public final class Transaction {
    /** The kinds of transaction, by the byte that starts their encoding. */
    public enum Type {
        LEGACY(0),
        ACCESS_LIST(1),
        DYNAMIC_FEE(2),
        BLOB(3),
        SET_CODE(4);

        private static final Type[] BY_CODE = values();

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** The number EIP-2718 knows the type by; 0 for legacy, whose encoding does not show it. */
        public int code() {
            return code;
        }

        /** The type of a number, null if there is none. */
        public static @Nullable Type of(int code) {
            return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        }
    }

    private static final byte[] EMPTY = new byte[0];

    private final Type type;
    private final boolean replayProtected;
    private final long chainId;
    private final long nonce;
    private final Word maxPriorityFeePerGas;
    private final Word maxFeePerGas;
    private final long gasLimit;
    private final @Nullable Address to;
    private final Word value;
    private final byte[] data;
    private final List<AccessListEntry> accessList;
    private final Word maxFeePerBlobGas;
    private final List<byte[]> blobHashes;
    private final List<Authorization> authorizations;
    /** Nobody has signed it, and its v is zero whatever the chain. */
    private final boolean unsigned;

    private final int yParity;
    private final Word r;
    private final Word s;
    private final byte[] encoded;
    private byte @Nullable [] hash;

    private Transaction(Builder fields, int yParity, Word r, Word s, byte @Nullable [] encoded) {
        this.type = fields.type;
        this.replayProtected = fields.type != Type.LEGACY || fields.replayProtected;
        this.chainId = fields.chainId;
        this.nonce = fields.nonce;
        this.maxPriorityFeePerGas = fields.maxPriorityFeePerGas;
        this.maxFeePerGas = fields.maxFeePerGas;
        this.gasLimit = fields.gasLimit;
        this.to = fields.to;
        this.value = fields.value;
        this.data = fields.data;
        this.accessList = List.copyOf(fields.accessList);
        this.maxFeePerBlobGas = fields.maxFeePerBlobGas;
        this.blobHashes = List.copyOf(fields.blobHashes);
        this.authorizations = List.copyOf(fields.authorizations);
        this.unsigned = fields.unsigned;
        this.yParity = yParity;
        this.r = r;
        this.s = s;
        this.encoded = encoded != null ? encoded : encode();
    }

    /** The type. */
    public Type type() {
        return type;
    }

    /** Whether the signature binds a chain: always, but for legacy transactions without EIP-155. */
    public boolean replayProtected() {
        return replayProtected;
    }

    /** The chain the signature binds, unsigned; 0 where it binds none. */
    public long chainId() {
        return chainId;
    }

    /** The sender's nonce, unsigned. */
    public long nonce() {
        return nonce;
    }

    /** Most the sender gives to the block's beneficiary per gas, in wei; the gas price for types 0 and 1. */
    public Word maxPriorityFeePerGas() {
        return maxPriorityFeePerGas;
    }

    /** Most the sender pays per gas altogether, in wei; the gas price for types 0 and 1. */
    public Word maxFeePerGas() {
        return maxFeePerGas;
    }

    /** Gas bought, unsigned. */
    public long gasLimit() {
        return gasLimit;
    }

    /** The recipient; null creates a contract. */
    public @Nullable Address to() {
        return to;
    }

    /** Wei that go along. */
    public Word value() {
        return value;
    }

    /** Call data or initialisation code; not to be changed. */
    public byte[] data() {
        return data;
    }

    /** Accounts and slots that are warm from the start. */
    public List<AccessListEntry> accessList() {
        return accessList;
    }

    /** Most the sender pays per blob gas, in wei; zero but for type 3. */
    public Word maxFeePerBlobGas() {
        return maxFeePerBlobGas;
    }

    /** Versioned hashes of blobs, 32 bytes each, not to be changed; none but for type 3. */
    public List<byte[]> blobHashes() {
        return blobHashes;
    }

    /** Delegations; none but for type 4. */
    public List<Authorization> authorizations() {
        return authorizations;
    }

    /** Parity of the signature's point: 0 or 1. */
    public int yParity() {
        return yParity;
    }

    /** The signature's v as JSON-RPC shows it: 27, 28 or EIP-155's for type 0, the parity for the others. */
    public Word v() {
        if (type != Type.LEGACY) {
            return Word.of(yParity);
        }
        if (unsigned) {
            return Word.ZERO;
        }
        return replayProtected ? Word.of(chainId).times(2).plus(Word.of(35 + yParity)) : Word.of(27 + yParity);
    }

    /** The signature's r. */
    public Word r() {
        return r;
    }

    /** The signature's s. */
    public Word s() {
        return s;
    }

    /** The encoding of EIP-2718: the type's byte and a list, or for legacy the list alone. Not to be changed. */
    public byte[] encoded() {
        return encoded;
    }

    /** The transaction's hash, 32 bytes, not to be changed. */
    public byte[] hash() {
        byte[] known = hash;
        if (known == null) {
            known = Keccak256.hash(encoded);
            hash = known;
        }
        return known;
    }

    /** What the sender signed, 32 bytes. */
    public byte[] signingHash() {
        RlpWriter out = new RlpWriter(encoded.length + 16);
        writeUnsigned(out);
        if (type == Type.LEGACY && replayProtected) {
            out.unsigned(chainId).unsigned(0).unsigned(0);
        }
        out.endList();
        return Keccak256.hash(out.buffer(), 0, out.sizeBytes());
    }

    /** Gas price paid at a base fee: min(maxFee, baseFee + maxPriorityFee) (EIP-1559). */
    public Word effectiveGasPrice(Word baseFeePerGas) {
        if (maxFeePerGas.compareTo(baseFeePerGas) <= 0) {
            return maxFeePerGas;
        }
        Word room = maxFeePerGas.minus(baseFeePerGas);
        return maxPriorityFeePerGas.compareTo(room) < 0 ? baseFeePerGas.plus(maxPriorityFeePerGas) : maxFeePerGas;
    }

    /** The sender, with a low s demanded (EIP-2); null where the signature is not valid. */
    public @Nullable Address sender(Secp256k1 curve) {
        return sender(curve, true);
    }

    /**
     * The sender; null where the signature is not valid.
     *
     * @param curve recovers the public key
     * @param lowSOnly whether a high s is invalid (EIP-2, since Homestead)
     */
    public @Nullable Address sender(Secp256k1 curve, boolean lowSOnly) {
        if (!Signatures.inRange(r, s) || (lowSOnly && !Signatures.lowS(s))) {
            return null;
        }
        return Signatures.recover(curve, signingHash(), r, s, yParity);
    }

    /**
     * Decodes what {@link #encoded} gives. The array is kept and must not be changed afterwards.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of a transaction of a known type
     */
    public static Transaction decode(byte[] bytes) throws MalformedException {
        if (bytes.length == 0) {
            throw new MalformedException("typed transaction too short");
        }
        int first = bytes[0] & 0xff;
        try {
            if (first >= 0xc0) {
                return decodeLegacy(bytes);
            }
            Type type = first == 0 ? null : Type.of(first);
            if (type == null) {
                throw new MalformedException("transaction type not supported");
            }
            return decodeTyped(type, bytes);
        } catch (RlpException e) {
            throw new MalformedException(e);
        }
    }

    private static Transaction decodeLegacy(byte[] bytes) throws RlpException, MalformedException {
        RlpReader in = new RlpReader(bytes);
        in.enterList();
        Builder fields = new Builder(Type.LEGACY);
        fields.nonce = in.unsigned64();
        fields.maxFeePerGas = Rlps.word(in);
        fields.maxPriorityFeePerGas = fields.maxFeePerGas;
        readCall(in, fields);
        long v = in.unsigned64();
        Word r = Rlps.word(in);
        Word s = Rlps.word(in);
        in.leaveList();
        in.finish();
        if (v == 27 || v == 28) {
            return new Transaction(fields, (int) v - 27, r, s, bytes);
        }
        // As an unsigned number: chain ids up to 2^63 fit EIP-155's v.
        if (Long.compareUnsigned(v, 35) < 0) {
            throw new MalformedException("invalid transaction v, r, s values");
        }
        fields.replayProtected = true;
        fields.chainId = (v - 35) >>> 1;
        return new Transaction(fields, (int) ((v - 35) & 1), r, s, bytes);
    }

    private static Transaction decodeTyped(Type type, byte[] bytes) throws RlpException, MalformedException {
        if (bytes.length == 1) {
            throw new MalformedException("typed transaction too short");
        }
        RlpReader in = new RlpReader(bytes, 1, bytes.length - 1);
        in.enterList();
        Builder fields = new Builder(type);
        fields.chainId = in.unsigned64();
        fields.nonce = in.unsigned64();
        fields.maxPriorityFeePerGas = Rlps.word(in);
        fields.maxFeePerGas = type == Type.ACCESS_LIST ? fields.maxPriorityFeePerGas : Rlps.word(in);
        readCall(in, fields);
        if (fields.to == null && (type == Type.BLOB || type == Type.SET_CODE)) {
            throw new MalformedException("a transaction of type " + type.code() + " cannot create a contract");
        }
        readAccessList(in, fields.accessList);
        if (type == Type.BLOB) {
            fields.maxFeePerBlobGas = Rlps.word(in);
            in.enterList();
            while (in.hasNext()) {
                fields.blobHashes.add(in.string(32));
            }
            in.leaveList();
        } else if (type == Type.SET_CODE) {
            in.enterList();
            while (in.hasNext()) {
                fields.authorizations.add(Authorization.read(in));
            }
            in.leaveList();
        }
        long parity = in.unsigned64();
        Word r = Rlps.word(in);
        Word s = Rlps.word(in);
        in.leaveList();
        in.finish();
        if (parity != 0 && parity != 1) {
            throw new MalformedException("invalid transaction v, r, s values");
        }
        return new Transaction(fields, (int) parity, r, s, bytes);
    }

    private static void readCall(RlpReader in, Builder fields) throws RlpException {
        fields.gasLimit = in.unsigned64();
        fields.to = Rlps.addressOrEmpty(in);
        fields.value = Rlps.word(in);
        fields.data = in.string();
    }

    private static void readAccessList(RlpReader in, List<AccessListEntry> accessList) throws RlpException {
        in.enterList();
        while (in.hasNext()) {
            in.enterList();
            Address address = Address.of(in.string(Address.SIZE));
            List<Word> slots = new ArrayList<>();
            in.enterList();
            while (in.hasNext()) {
                slots.add(Word.ofBytes32(in.string(32), 0));
            }
            in.leaveList();
            in.leaveList();
            accessList.add(new AccessListEntry(address, slots));
        }
        in.leaveList();
    }

    private byte[] encode() {
        RlpWriter out = new RlpWriter(data.length + 256);
        writeUnsigned(out);
        Rlps.word(out, v());
        Rlps.word(out, r);
        Rlps.word(out, s);
        return out.endList().toBytes();
    }

    /** Writes all but the signature and leaves the list open. */
    private void writeUnsigned(RlpWriter out) {
        if (type != Type.LEGACY) {
            out.raw(type.code()).beginList().unsigned(chainId);
        } else {
            out.beginList();
        }
        out.unsigned(nonce);
        Rlps.word(out, maxPriorityFeePerGas);
        if (type != Type.LEGACY && type != Type.ACCESS_LIST) {
            Rlps.word(out, maxFeePerGas);
        }
        out.unsigned(gasLimit);
        Rlps.addressOrEmpty(out, to);
        Rlps.word(out, value);
        out.string(data);
        if (type != Type.LEGACY) {
            writeAccessList(out);
        }
        if (type == Type.BLOB) {
            Rlps.word(out, maxFeePerBlobGas);
            out.beginList();
            blobHashes.forEach(out::string);
            out.endList();
        } else if (type == Type.SET_CODE) {
            out.beginList();
            authorizations.forEach(authorization -> authorization.write(out));
            out.endList();
        }
    }

    private void writeAccessList(RlpWriter out) {
        out.beginList();
        for (AccessListEntry entry : accessList) {
            out.beginList().string(entry.address().bytes()).beginList();
            for (Word slot : entry.storageKeys()) {
                out.string(slot.toBytes32());
            }
            out.endList().endList();
        }
        out.endList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Transaction that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return "Transaction[0x" + HexFormat.of().formatHex(hash()) + "]";
    }

    /** Starts a transaction of a type with neutral fields: for whoever signs, not for what arrives. */
    public static Builder builder(Type type) {
        return new Builder(type);
    }

    /** The fields of a transaction that is about to be signed. */
    public static final class Builder {
        private final Type type;
        private boolean replayProtected;
        private boolean unsigned;
        private long chainId;
        private long nonce;
        private Word maxPriorityFeePerGas = Word.ZERO;
        private Word maxFeePerGas = Word.ZERO;
        private long gasLimit;
        private @Nullable Address to;
        private Word value = Word.ZERO;
        private byte[] data = EMPTY;
        private List<AccessListEntry> accessList = new ArrayList<>();
        private Word maxFeePerBlobGas = Word.ZERO;
        private List<byte[]> blobHashes = new ArrayList<>();
        private List<Authorization> authorizations = new ArrayList<>();

        private Builder(Type type) {
            this.type = type;
        }

        /** Binds the signature to a chain; a legacy transaction without this call is valid on every chain. */
        public Builder chainId(long unsigned) {
            this.chainId = unsigned;
            this.replayProtected = true;
            return this;
        }

        public Builder nonce(long unsigned) {
            this.nonce = unsigned;
            return this;
        }

        /** Both fee fields, in wei. */
        public Builder gasPrice(Word wei) {
            this.maxPriorityFeePerGas = wei;
            this.maxFeePerGas = wei;
            return this;
        }

        public Builder fees(Word maxPriorityFeePerGasWei, Word maxFeePerGasWei) {
            this.maxPriorityFeePerGas = maxPriorityFeePerGasWei;
            this.maxFeePerGas = maxFeePerGasWei;
            return this;
        }

        public Builder gasLimit(long unsigned) {
            this.gasLimit = unsigned;
            return this;
        }

        public Builder to(@Nullable Address recipient) {
            this.to = recipient;
            return this;
        }

        public Builder value(Word wei) {
            this.value = wei;
            return this;
        }

        public Builder data(byte[] bytes) {
            this.data = bytes;
            return this;
        }

        public Builder accessList(List<AccessListEntry> entries) {
            this.accessList = entries;
            return this;
        }

        public Builder blobs(Word maxFeePerBlobGasWei, List<byte[]> versionedHashes) {
            this.maxFeePerBlobGas = maxFeePerBlobGasWei;
            this.blobHashes = versionedHashes;
            return this;
        }

        public Builder authorizations(List<Authorization> tuples) {
            this.authorizations = tuples;
            return this;
        }

        /** The transaction before anybody signs it: the three numbers of a signature are zero. */
        public Transaction unsigned() {
            this.unsigned = true;
            return new Transaction(this, 0, Word.ZERO, Word.ZERO, null);
        }

        /** The transaction with a signature made elsewhere. */
        public Transaction signed(int yParity, Word r, Word s) {
            return new Transaction(this, yParity, r, s, null);
        }

        /** Signs with a secret key of 32 bytes. */
        public Transaction sign(Secp256k1 curve, byte[] secret32) {
            byte[] toSign = new Transaction(this, 0, Word.ZERO, Word.ZERO, EMPTY).signingHash();
            Secp256k1.Signature signature = curve.sign(toSign, secret32);
            return signed(
                    signature.recoveryId(), Word.ofBytes32(signature.rs(), 0), Word.ofBytes32(signature.rs(), 32));
        }

        /** The sender-to-be: the address of a secret key. */
        public static Address addressOf(Secp256k1 curve, byte[] secret32) {
            return Signatures.addressOf(curve.publicKey(secret32));
        }
    }
}
