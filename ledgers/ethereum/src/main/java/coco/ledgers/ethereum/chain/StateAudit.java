package coco.ledgers.ethereum.chain;

import coco.evm.types.Header;
import coco.kv.DigestReader;
import coco.kv.MalformedWriteSetException;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerBlock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Compares a block's claims with the state after it: the state root with the accounts, and the storage roots that the
 * block wrote with the storage. A follower has hashed nothing until then, so this is also what keeps it close to being
 * able to lead.
 */
public final class StateAudit {
    private StateAudit() {}

    /** What differs, or null. */
    public static @Nullable String difference(LedgerBlock block, DigestReader state) {
        Header header = BlockIndex.header(block);
        String where = "block " + Long.toUnsignedString(header.number());
        if (!Arrays.equals(state.digest(EthereumMaps.ACCOUNTS), header.stateRoot())) {
            return "the state root of " + where + " is not the accounts' digest";
        }
        // Only for the work it does: storage of contracts that this block did not touch is hashed too.
        state.digest(EthereumMaps.STORAGE);
        AtomicReference<@Nullable String> difference = new AtomicReference<>();
        try {
            WriteSet.parse(block.writes(), EthereumMaps.ALL).forEach((map, key, value) -> {
                if (map == EthereumMaps.ACCOUNTS && value != null && difference.get() == null) {
                    byte[] claimed = Account.decode(value).storageRoot();
                    byte[] root = state.digest(EthereumMaps.STORAGE, key);
                    if (!Arrays.equals(root, claimed == null ? Account.NO_STORAGE : claimed)) {
                        difference.set("the storage root of " + HexFormat.of().formatHex(key) + " in " + where
                                + " is not its storage's digest");
                    }
                }
            });
        } catch (MalformedWriteSetException e) {
            return "the writes of " + where + " are damaged";
        }
        return difference.get();
    }
}
