package coco.ledgers.ethereum.chain;

import coco.evm.FrameGuard;
import coco.evm.code.CodeCache;
import coco.evm.code.CodeInfo;
import coco.evm.state.JournaledState;
import coco.evm.state.StateRoot;
import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.kv.DigestReader;
import coco.kv.Reader;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.access.CheckSite;
import coco.ledgers.ethereum.access.Enforcement;
import coco.ledgers.ethereum.access.ReaderLists;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accounts as one state has them: what calls and the pool read. To somebody who does not see all of them the others are
 * not there. As thread-safe as the reader below, and the sight.
 */
public final class StateReader implements WorldState {
    private static final byte[] NO_CODE = {};
    private static final int DELEGATION_BYTES = 3 + Address.SIZE;

    private final Reader reader;
    private final Sight sight;
    private final long blockNumber;

    /** Reads everything from a state, which must stay open. */
    public StateReader(Reader reader) {
        this(reader, Sight.WHOLE, 0);
    }

    /**
     * Reads what is seen of a state, which must stay open.
     *
     * @param blockNumber of the block that left it
     */
    StateReader(Reader reader, Sight sight, long blockNumber) {
        this.reader = reader;
        this.sight = sight;
        this.blockNumber = blockNumber;
    }

    /** Whether nothing is hidden: only then there are proofs and a root. */
    public boolean isWhole() {
        return sight.isWhole();
    }

    /** What stands between the frames of calls on this state; null if they enter whatever they find. */
    public @Nullable FrameGuard guard() {
        return sight.guard(blockNumber);
    }

    private boolean hides(Address address, byte @Nullable [] codeHash) {
        return sight.hides(address, blockNumber)
                || (codeHash != null && sight.hidesContract(address) && !isDelegation(code(codeHash)));
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        Account account = find(reader, AddressHashes.of(address));
        if (account != null && isShownAsNew(address, account.codeHash())) {
            return new WorldAccount(1, Word.ZERO, ReaderLists.codeHash());
        }
        if (account == null || hides(address, account.codeHash())) {
            return null;
        }
        byte[] codeHash = account.codeHash();
        WorldAccount whole =
                new WorldAccount(account.nonce(), account.balance(), codeHash == null ? Account.NO_CODE : codeHash);
        if (!sight.hidesBalance(address)) {
            return whole;
        }
        if (codeHash == null) {
            return null;
        }
        // A user's account that delegates (EIP-7702) runs its delegate's code for whoever calls it.
        return isDelegation(code(codeHash)) ? new WorldAccount(0, Word.ZERO, codeHash) : whole;
    }

    /**
     * Whether this is the contract that keeps lists of readers: who does not see everything sees its code, for
     * estimates, and nothing that tells of its use.
     */
    private boolean isShownAsNew(Address address, byte @Nullable [] codeHash) {
        return !sight.isWhole() && !sight.isBlind() && ReaderLists.is(address, codeHash);
    }

    private static boolean isDelegation(byte[] code) {
        return code.length == DELEGATION_BYTES && Arrays.equals(code, CodeInfo.delegationTo(Address.of(code, 3)));
    }

    @Override
    public Word storage(Address address, Word key) {
        if (hidesStorage(address) || (isOfLists(address) && !isKeepers(ReaderLists.listOf(key)))) {
            return Word.ZERO;
        }
        return slot(address, key);
    }

    private Word slot(Address address, Word key) {
        byte[] value = reader.get(EthereumMaps.STORAGE, EthereumMaps.slotKey(AddressHashes.of(address), key));
        return value == null ? Word.ZERO : Word.ofBytes(value);
    }

    private boolean isOfLists(Address address) {
        if (sight.isWhole() || !address.equals(ReaderLists.ADDRESS)) {
            return false;
        }
        Account account = find(reader, AddressHashes.of(address));
        return account != null && isShownAsNew(address, account.codeHash());
    }

    /** Whether the caller keeps the list of a contract, and was lent that. */
    private boolean isKeepers(Address contract) {
        Address keeper = ReaderLists.keeper(slot(ReaderLists.ADDRESS, ReaderLists.headOf(contract)));
        return keeper != null && keeper.equals(sight.user()) && !sight.hides(contract, blockNumber);
    }

    private boolean hidesStorage(Address address) {
        return !sight.isWhole() && account(address) == null;
    }

    @Override
    public boolean hasStorage(Address address) {
        return !hidesStorage(address)
                && !isOfLists(address)
                && reader.scanPrefix(EthereumMaps.STORAGE, EthereumMaps.accountKey(address))
                        .next();
    }

    @Override
    public byte[] code(byte[] codeHash32) {
        return code(reader, codeHash32);
    }

    @Override
    public byte @Nullable [] blockHash(long number) {
        return reader.get(EthereumMaps.CHAIN, EthereumMaps.blockHashKey(number));
    }

    /**
     * What proves an account and some of its slots.
     *
     * @param slots their keys
     * @throws LedgerException if this is a state that is read without its tries
     */
    public AccountProof prove(Address address, List<Word> slots) {
        return AccountProof.of(tries(), address, slots);
    }

    private DigestReader tries() {
        if (!sight.isWhole()) {
            throw new LedgerException("proofs and roots are for those who see the whole state");
        }
        if (reader instanceof DigestReader tries) {
            return tries;
        }
        throw new LedgerException("the state has no tries");
    }

    /**
     * The root of this state, to be told of changes that are kept nowhere.
     *
     * @throws LedgerException if this is a state that is read without its tries
     */
    public StateRoot root() {
        return StateRoot.of(tries().digest(EthereumMaps.ACCOUNTS), new KeptNodes(tries()));
    }

    /** An account's code; empty where it has none. */
    public byte[] codeOf(Address address) {
        Account account = find(reader, EthereumMaps.accountKey(address));
        byte[] hash = account == null ? null : account.codeHash();
        if (!isShownAsNew(address, hash) && hides(address, hash)) {
            return NO_CODE;
        }
        return hash == null ? NO_CODE : code(hash);
    }

    /**
     * What stood between the frames of the transactions of a block that is executed once more on this state.
     *
     * @param on where they are executed
     * @param site the world below {@code on}, which gets the changes of each transaction, and the block
     * @param settings in force for it
     */
    public Enforcement enforcement(
            JournaledState on, CheckSite site, AccessSettings settings, CodeCache codes, long hashSeed) {
        Enforcement enforcement = new Enforcement(on, site.world(), codes, hashSeed);
        enforcement.beginBlock(reader, settings, site.rules(), site.environment());
        return enforcement;
    }

    static @Nullable Account find(Reader reader, byte[] accountKey) {
        byte[] bytes = reader.get(EthereumMaps.ACCOUNTS, accountKey);
        return bytes == null ? null : Account.decode(bytes);
    }

    static byte[] code(Reader reader, byte[] codeHash32) {
        byte[] code = reader.get(EthereumMaps.CODE, codeHash32);
        if (code == null) {
            throw new LedgerException("the state lacks the code of an account");
        }
        return code;
    }
}
