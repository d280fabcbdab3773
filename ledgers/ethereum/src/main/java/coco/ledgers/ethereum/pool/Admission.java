package coco.ledgers.ethereum.pool;

import coco.crypto.Secp256k1;
import coco.evm.state.WorldAccount;
import coco.evm.transition.IntrinsicGas;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.Outlook;
import coco.ledgers.ethereum.chain.StateReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Judges what needs no state: encoding, chain, size, gas, signature. The sender is recovered here, once for the whole
 * network, by the node that took the transaction; the leader gets it with the raw bytes. Safe for any number of
 * threads.
 */
public final class Admission {
    private static final int REFUSED = -32_000;
    /** EIP-7594. */
    private static final int BLOBS_PER_TRANSACTION = 6;
    /** EIP-3860. */
    private static final int MAX_INIT_CODE_BYTES = 49_152;

    private final Genesis genesis;
    private final Fork fork;
    private final Outlook outlook;
    private final PoolLimits limits;
    private final Secp256k1 curve;
    private final String ledger;

    /**
     * Admits for one chain.
     *
     * @param outlook what the next block will be like
     * @param ledger the id that offers carry
     */
    public Admission(Genesis genesis, Outlook outlook, PoolLimits limits, Secp256k1 curve, String ledger) {
        this.genesis = genesis;
        this.outlook = outlook;
        this.fork = genesis.config().fork(Long.MAX_VALUE, Long.MAX_VALUE);
        this.limits = limits;
        this.curve = curve;
        this.ledger = ledger;
    }

    /** What became of some bytes. */
    public sealed interface Result {}

    /**
     * They may go to the leader.
     *
     * @param transaction what they are
     * @param offer for the leader; its payload is the sender's address and the bytes
     */
    public record Admitted(Transaction transaction, Offer offer) implements Result {}

    /** They may go to the leader if the proofs of their blobs are right, which takes long to find out. */
    public static final class Unproven implements Result {
        private final Admitted admitted;
        private final Address sender;
        private final BlobSidecar sidecar;

        private Unproven(Admitted admitted, Address sender, BlobSidecar sidecar) {
            this.admitted = admitted;
            this.sender = sender;
            this.sidecar = sidecar;
        }

        /** How many there are. */
        public int blobs() {
            return sidecar.blobs().size();
        }

        /**
         * Looks whether the sender could pay, which the leader judges again.
         *
         * @param state as new as can be had
         * @return the reason against it; null if there is none
         */
        public @Nullable Refused unaffordable(StateReader state) {
            WorldAccount account = state.account(sender);
            Transaction transaction = admitted.transaction();
            String fault = Costs.fault(
                    transaction,
                    Costs.of(transaction),
                    account == null ? 0 : account.nonce(),
                    account == null ? Word.ZERO : account.balance());
            return fault == null ? null : refused(fault);
        }

        /** Checks the proofs: some ten milliseconds of a processor for each blob. Any thread. */
        public Result prove() {
            String fault = sidecar.proofFault();
            return fault == null ? admitted : refused(fault);
        }
    }

    /** They are refused, in geth's words. */
    public record Refused(Rejection reason) implements Result {}

    /** Judges the encoding of a transaction, with its blobs but without their proofs; the array is kept. */
    public Result admit(byte[] sent) {
        BlobSidecar sidecar;
        Transaction transaction;
        try {
            sidecar = BlobSidecar.isAt(sent) ? BlobSidecar.decode(sent) : null;
            transaction = Transaction.decode(sidecar == null ? sent : sidecar.transaction());
        } catch (MalformedException e) {
            return refused(String.valueOf(e.getMessage()));
        }
        String fault = fault(transaction);
        if (fault != null) {
            return refused(fault);
        }
        Address sender = transaction.sender(curve);
        if (sender == null) {
            return refused("invalid sender: invalid transaction v, r, s values");
        }
        fault = priceFault(transaction, sender);
        if (fault == null && transaction.type() == Transaction.Type.BLOB) {
            fault = blobFault(transaction, sidecar);
        }
        if (fault != null) {
            return refused(fault);
        }
        byte[] raw = transaction.encoded();
        byte[] payload = new byte[Address.SIZE + raw.length];
        sender.writeTo(payload, 0);
        System.arraycopy(raw, 0, payload, Address.SIZE, raw.length);
        Admitted admitted = new Admitted(transaction, new Offer(ledger, transaction.hash(), payload));
        return sidecar == null ? admitted : new Unproven(admitted, sender, sidecar);
    }

    /** Blobs that one request may bring: as many as a block has room for, since checking them takes long. */
    public int blobsPerRequest() {
        return outlook.next().rules().blobs().max();
    }

    /** Whether the next block is too dear, in the words of execution. */
    private @Nullable String priceFault(Transaction transaction, Address sender) {
        Genesis.Next next = outlook.next();
        if (transaction.maxFeePerGas().compareTo(next.baseFee()) < 0) {
            return "max fee per gas less than block base fee: address " + sender.checksumHex() + ", maxFeePerGas: "
                    + transaction.maxFeePerGas() + ", baseFee: " + next.baseFee();
        }
        if (transaction.type() == Transaction.Type.BLOB
                && transaction.maxFeePerBlobGas().compareTo(next.blobBaseFee()) < 0) {
            return "max fee per blob gas less than block blob gas fee: address " + sender.checksumHex()
                    + " blobGasFeeCap: " + transaction.maxFeePerBlobGas() + ", blobBaseFee: " + next.blobBaseFee();
        }
        return null;
    }

    private @Nullable String blobFault(Transaction transaction, @Nullable BlobSidecar sidecar) {
        int blobs = transaction.blobHashes().size();
        Genesis.Next next = outlook.next();
        boolean osaka = next.rules().fork().has(Fork.OSAKA);
        int most = osaka
                ? Math.min(BLOBS_PER_TRANSACTION, next.rules().blobs().max())
                : next.rules().blobs().max();
        if (blobs == 0) {
            return "blobless blob transaction";
        }
        if (blobs > most) {
            return "too many blobs in transaction: have " + blobs + ", permitted " + most;
        }
        return sidecar == null
                ? "missing sidecar in blob transaction"
                : sidecar.fault(transaction.blobHashes(), osaka ? 1 : 0);
    }

    /**
     * Takes an offer apart.
     *
     * @return null if it was not made by {@link #admit}
     */
    public static @Nullable Recovered open(Offer offer) {
        byte[] payload = offer.payload();
        if (payload.length <= Address.SIZE) {
            return null;
        }
        try {
            byte[] raw = Arrays.copyOfRange(payload, Address.SIZE, payload.length);
            return new Recovered(Transaction.decode(raw), Address.of(payload, 0));
        } catch (MalformedException e) {
            return null;
        }
    }

    /** A transaction whose sender another node recovered. */
    public record Recovered(Transaction transaction, Address sender) {}

    private static Refused refused(String message) {
        return new Refused(new Rejection(REFUSED, message));
    }

    private @Nullable String fault(Transaction transaction) {
        Transaction.Type type = transaction.type();
        boolean supported = switch (type) {
            case LEGACY -> true;
            case ACCESS_LIST -> fork.has(Fork.BERLIN);
            case DYNAMIC_FEE -> fork.has(Fork.LONDON);
            // Only where the document says how many there may be.
            case BLOB -> fork.has(Fork.CANCUN) && genesis.config().hasBlobs();
            case SET_CODE -> fork.has(Fork.PRAGUE);
        };
        if (!supported) {
            return "transaction type not supported: tx type " + type.code() + " not supported by this pool";
        }
        if (!transaction.replayProtected()) {
            return "only replay-protected (EIP-155) transactions allowed over RPC";
        }
        if (transaction.chainId() != genesis.config().chainId()) {
            return "invalid sender: invalid chain id for signer: have " + Long.toUnsignedString(transaction.chainId())
                    + " want " + genesis.config().chainId();
        }
        int size = transaction.encoded().length;
        if (size > limits.transactionBytes()) {
            return "oversized data: transaction size " + size + ", limit " + limits.transactionBytes();
        }
        if (transaction.to() == null && fork.has(Fork.SHANGHAI) && transaction.data().length > MAX_INIT_CODE_BYTES) {
            return "max initcode size exceeded: code size " + transaction.data().length + ", limit "
                    + MAX_INIT_CODE_BYTES;
        }
        if (transaction.nonce() == -1) {
            return "nonce has max value";
        }
        String fault = feeFault(transaction);
        return fault != null ? fault : gasFault(transaction);
    }

    private @Nullable String feeFault(Transaction transaction) {
        if (transaction.maxFeePerGas().compareTo(transaction.maxPriorityFeePerGas()) < 0) {
            return "max priority fee per gas higher than max fee per gas";
        }
        if (transaction.type() == Transaction.Type.SET_CODE
                && transaction.authorizations().isEmpty()) {
            return "set code tx must have at least one authorization tuple";
        }
        return null;
    }

    private @Nullable String gasFault(Transaction transaction) {
        long gas = transaction.gasLimit();
        if (Long.compareUnsigned(gas, outlook.next().gasLimit()) > 0) {
            return "exceeds block gas limit";
        }
        if (fork.has(Fork.OSAKA) && gas > genesis.transactionGasCap()) {
            return "transaction gas limit too high (cap: " + genesis.transactionGasCap() + ", tx: " + gas + ")";
        }
        TransactionMessage message = TransactionMessage.of(transaction, Address.ZERO);
        long intrinsic = IntrinsicGas.of(message, fork);
        if (gas < intrinsic) {
            return "intrinsic gas too low: gas " + gas + ", minimum needed " + intrinsic;
        }
        long floor = IntrinsicGas.floor(message, fork);
        if (gas < floor) {
            return "insufficient gas for floor data gas cost: gas " + gas + ", minimum needed " + floor;
        }
        return null;
    }
}
