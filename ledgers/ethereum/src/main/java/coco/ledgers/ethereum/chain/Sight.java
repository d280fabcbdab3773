package coco.ledgers.ethereum.chain;

import coco.evm.FrameGuard;
import coco.evm.types.Address;
import coco.evm.types.Bloom;
import coco.evm.types.Header;
import coco.evm.types.Log;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one caller sees of the chain: the one place that decides it. Blocks and states come to whoever answers requests
 * through {@link ChainReader} and {@link StateReader} only, and these show them as a sight lets them: what may not be
 * seen is not there, and every count, index, sum and filter is made of what may.
 *
 * <p>Permissions are those of the newest committed state, the content is that of the block asked about. Good for as
 * long as the view it was made for. One thread.
 */
public final class Sight {
    private static final Permissions NO_RULES = new Permissions() {
        @Override
        public boolean mayRead(Address address, long blockNumber) {
            return true;
        }

        @Override
        public boolean mayReadLog(Log log, long blockNumber) {
            return true;
        }

        @Override
        public boolean mayCall(Address frame, Address contract, int selector) {
            return true;
        }

        @Override
        public boolean isWithoutRule(Address contract) {
            return true;
        }
    };

    /** Everything there is: where nothing is confidential, and for whoever holds a grant for the whole state. */
    public static final Sight WHOLE = new Sight(new Viewer(null, false, false, false), NO_RULES, true);

    /** Stands in headers for a hash that is not shown. */
    private static final byte[] NOT_SHOWN = new byte[32];

    private static final byte[] NOTHING = {};

    private final Viewer viewer;
    private final Permissions permissions;
    private final boolean isWhole;

    /**
     * Who looks, and what the network's settings leave to them.
     *
     * @param user whose rights these are; null for nobody in particular
     * @param isBlind whether nothing at all is shown: nobody in particular, where only users may read
     * @param ownAccountOnly whether balance and nonce of accounts without code are for their user alone
     * @param participantsOnly whether transactions are for those alone who took part in them
     */
    public record Viewer(@Nullable Address user, boolean isBlind, boolean ownAccountOnly, boolean participantsOnly) {
        boolean is(@Nullable Address address) {
            return user != null && user.equals(address);
        }
    }

    private Sight(Viewer viewer, Permissions permissions, boolean isWhole) {
        this.viewer = viewer;
        this.permissions = permissions;
        this.isWhole = isWhole;
    }

    /** What somebody sees who does not see everything. */
    public static Sight of(Viewer viewer, Permissions permissions) {
        return new Sight(viewer, permissions, false);
    }

    /**
     * Whether everything is seen. What the whole state can be computed or guessed from (roots, proofs, encoded headers)
     * is only for those who see it.
     */
    public boolean isWhole() {
        return isWhole;
    }

    /** Whether a transaction that waits for its block is seen: by who sent it. */
    public boolean showsPooled(Address sender) {
        return isWhole || viewer.is(sender);
    }

    /** Whose pooled transactions are all that is seen of the pool; null if nobody's are. */
    public @Nullable Address user() {
        return viewer.user();
    }

    // ---- state ----

    /** Whether nothing at all is shown. */
    boolean isBlind() {
        return viewer.isBlind();
    }

    /**
     * Whether an account is as if it were not there.
     *
     * @param blockNumber of the block whose state it is
     */
    boolean hides(Address address, long blockNumber) {
        return !isWhole && (viewer.isBlind() || !permissions.mayRead(address, blockNumber));
    }

    /** Whether a contract is as if it were not there because only participants of its transactions may see of it. */
    boolean hidesContract(Address contract) {
        return viewer.participantsOnly() && permissions.isWithoutRule(contract);
    }

    /** Whether balance and nonce of an account without code are somebody else's to see. */
    boolean hidesBalance(Address address) {
        return viewer.ownAccountOnly() && !viewer.is(address);
    }

    /**
     * Whether an address's next nonce is seen, which the pool knows.
     *
     * @param blockNumber of the newest block
     */
    public boolean showsNextNonce(Address address, long blockNumber) {
        return isWhole || viewer.is(address) || (!viewer.ownAccountOnly() && !hides(address, blockNumber));
    }

    /** What stands between the frames of simulated calls, on a state from which hidden accounts are gone; or null. */
    @Nullable
    FrameGuard guard(long blockNumber) {
        return isWhole ? null : new SimulationGuard(permissions, blockNumber);
    }

    // ---- blocks ----

    /** Whether a log of a transaction is seen, whether or not that is. */
    boolean shows(Log log, ExecutedTransaction executed, long blockNumber) {
        if (isWhole) {
            return true;
        }
        return !viewer.isBlind()
                && permissions.mayReadLog(log, blockNumber)
                && (!hidesContract(log.address()) || tookPart(executed));
    }

    /**
     * Whether a transaction is seen: by its sender; by who may read all that it touched; and, without the parts that
     * may not be read, by who may read its recipient. Some are their sender's alone.
     */
    boolean shows(ExecutedTransaction executed, long blockNumber) {
        if (isWhole || viewer.is(executed.sender())) {
            return true;
        }
        if (viewer.isBlind() || executed.touched().senderOnly() || isFailedCreation(executed)) {
            return false;
        }
        if (viewer.participantsOnly() && !tookPart(executed) && !isOfRules(executed)) {
            return false;
        }
        Address to = executed.transaction().to();
        return readsAllOf(executed, blockNumber) || (to != null && permissions.mayRead(to, blockNumber));
    }

    private static boolean isFailedCreation(ExecutedTransaction executed) {
        return executed.transaction().to() == null && !executed.success();
    }

    private boolean tookPart(ExecutedTransaction executed) {
        return viewer.is(executed.sender())
                || viewer.is(executed.transaction().to())
                || executed.touched().participants().stream().anyMatch(viewer::is);
    }

    /** Whether it is for a contract that says itself who may read. */
    private boolean isOfRules(ExecutedTransaction executed) {
        Address target = target(executed);
        return target != null && !permissions.isWithoutRule(target);
    }

    /** Whether executing a transaction again would show nothing that may not be read. */
    boolean showsExecution(ExecutedTransaction executed, long blockNumber) {
        return isWhole
                || (!viewer.isBlind()
                        && !viewer.ownAccountOnly()
                        && !viewer.participantsOnly()
                        && !executed.touched().senderOnly()
                        && executed.touched().denied().isEmpty()
                        && readsAllOf(executed, blockNumber));
    }

    private boolean readsAllOf(ExecutedTransaction executed, long blockNumber) {
        Address target = target(executed);
        return (target == null || permissions.mayRead(target, blockNumber))
                && permissions.mayReadAll(executed.touched().confidential(), blockNumber)
                && permissions.mayReadAll(executed.touched().denied(), blockNumber);
    }

    private static @Nullable Address target(ExecutedTransaction executed) {
        Address to = executed.transaction().to();
        return to == null ? executed.created() : to;
    }

    /** A block as it is seen. */
    ChainReader.Block block(ChainReader.Block block) {
        return isWhole ? block : new VisibleBlock(this, block).block();
    }

    /**
     * A header as far as it is seen without reading its block, for what follows from it. The block is as if it were
     * full, so that a price which follows is enough, and says nothing of what is hidden.
     */
    public Header ofBlock(Header header) {
        return isWhole ? header : redacted(header, new Sums(false, header.gasLimit(), 0, new Bloom()));
    }

    /**
     * What is summed up over the visible part of a block.
     *
     * @param isComplete whether all of the block is visible
     */
    record Sums(boolean isComplete, long gasUsed, long blobGasUsed, Bloom bloom) {}

    /** Whether a header is shown without what whole states could be guessed from. */
    static boolean isRedacted(Header header) {
        return Arrays.equals(header.stateRoot(), NOT_SHOWN);
    }

    /** A header without what whole states or hidden transactions could be guessed from. */
    static Header redacted(Header header, Sums sums) {
        return new Header(
                header.parentHash(),
                header.ommersHash(),
                header.beneficiary(),
                NOT_SHOWN,
                sums.isComplete() ? header.transactionsRoot() : NOT_SHOWN,
                sums.isComplete() ? header.receiptsRoot() : NOT_SHOWN,
                sums.bloom(),
                header.difficulty(),
                header.number(),
                header.gasLimit(),
                sums.gasUsed(),
                header.timestamp(),
                NOTHING,
                header.mixHash(),
                header.nonce(),
                header.baseFeePerGas(),
                header.withdrawalsRoot(),
                header.blobGasUsed() == null ? null : (Long) sums.blobGasUsed(),
                // It sums up the blobs of all earlier blocks.
                header.excessBlobGas() == null ? null : (Long) 0L,
                header.parentBeaconBlockRoot(),
                header.requestsHash() == null || sums.isComplete() ? header.requestsHash() : NOT_SHOWN);
    }
}
