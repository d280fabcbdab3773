package coco.core;

import coco.journal.EpochSecrets;
import coco.journal.EpochShares;
import coco.journal.Recovery;
import coco.journal.SealRoot;
import coco.kv.Cursor;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Transaction;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Shares of epochs for members: what a block that brings an epoch writes to {@link ServiceMaps#SHARES}, and what every
 * node demands to find there. An epoch is dealt to who is on the roster <em>after</em> the block; where that is
 * somebody else than before, or M is another, all older epochs are dealt again, so that who are members now need nobody
 * of the past.
 */
final class Sharing {
    private Sharing() {}

    /**
     * Writes the records; those before, which the journal keeps, leave the state.
     *
     * @param before who was dealt the epoch before; {@link Recovery#NONE} at genesis
     * @param older opens the epochs before this one; asked only if they are dealt again, as there may be many
     */
    static void write(
            Transaction writes,
            Reader state,
            Recovery before,
            Recovery after,
            EpochSecrets epoch,
            Supplier<List<SealRoot>> older,
            SecureRandom random) {
        List<EpochShares> records = new ArrayList<>();
        if (after.isConfigured()) {
            records.add(EpochShares.deal(epoch, after, random));
            List<SealRoot> again = after.equals(before) ? List.of() : older.get();
            if (!again.isEmpty()) {
                records.add(EpochShares.dealAgain(epoch, again, after, random));
            }
        }
        MapSpec map = ServiceMaps.SHARES;
        Cursor old = state.scanPrefix(map, new byte[0]);
        while (old.next()) {
            byte[] key = old.key();
            boolean replaced = records.stream().anyMatch(record -> record.id().hasKindOf(key));
            if (replaced || !after.isConfigured()) {
                writes.remove(map, key);
            }
        }
        records.forEach(record -> writes.put(map, record.id().key(), record.value()));
    }

    /**
     * Every node judges what the leader dealt, as far as it is not encrypted to members.
     *
     * @param older as in {@link #write}
     */
    static void check(
            List<EpochShares> records,
            Recovery before,
            Recovery after,
            EpochSecrets epoch,
            Supplier<List<SealRoot>> older) {
        if (!epoch.isWhole()) {
            // From before a recovery: what was dealt has just opened it, and was compared with its commitments.
            return;
        }
        Map<EpochShares.Kind, EpochShares> byKind = new EnumMap<>(EpochShares.Kind.class);
        records.forEach(record -> byKind.put(record.id().kind(), record));
        long height = epoch.epoch();
        EpochShares own = byKind.get(EpochShares.Kind.EPOCH);
        Invariant.check(after.isConfigured() == (own != null), "an epoch is dealt to the members, if any", height);
        Invariant.check(
                own == null || own.isDealtFrom(epoch, List.of(epoch.sealRoot()), after),
                "the shares of an epoch are those of its secret",
                height);
        EpochShares again = byKind.get(EpochShares.Kind.RECOVERY);
        List<SealRoot> dealtAgain = after.isConfigured() && !after.equals(before) ? older.get() : List.of();
        Invariant.check(
                !dealtAgain.isEmpty() == (again != null), "other members are dealt the older epochs again", height);
        Invariant.check(
                again == null || again.isDealtFrom(epoch, dealtAgain, after),
                "the shares of older epochs are those of their secrets",
                height);
    }
}
