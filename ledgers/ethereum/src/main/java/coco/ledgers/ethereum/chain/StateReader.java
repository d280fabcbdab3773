package coco.ledgers.ethereum.chain;

import coco.evm.state.StateRoot;
import coco.evm.state.WorldAccount;
import coco.evm.state.WorldState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.kv.DigestReader;
import coco.kv.Reader;
import coco.ledgers.api.LedgerException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Accounts as one state has them: what calls and the pool read. As thread-safe as the reader below. */
public final class StateReader implements WorldState {
    private final Reader reader;

    /** Reads from a state, which must stay open. */
    public StateReader(Reader reader) {
        this.reader = reader;
    }

    @Override
    public @Nullable WorldAccount account(Address address) {
        Account account = find(reader, AddressHashes.of(address));
        if (account == null) {
            return null;
        }
        byte[] codeHash = account.codeHash();
        return new WorldAccount(account.nonce(), account.balance(), codeHash == null ? Account.NO_CODE : codeHash);
    }

    @Override
    public Word storage(Address address, Word key) {
        byte[] value = reader.get(EthereumMaps.STORAGE, EthereumMaps.slotKey(AddressHashes.of(address), key));
        return value == null ? Word.ZERO : Word.ofBytes(value);
    }

    @Override
    public boolean hasStorage(Address address) {
        return reader.scanPrefix(EthereumMaps.STORAGE, EthereumMaps.accountKey(address))
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
        return hash == null ? new byte[0] : code(hash);
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
