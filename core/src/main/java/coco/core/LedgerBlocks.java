package coco.core;

import coco.journal.BlockContent;
import coco.journal.Entry;
import coco.journal.SealedBlock;
import coco.journal.Section;
import coco.kv.MapSpec;
import coco.kv.Visibility;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What ledgers contribute to a block, as the journal has it and as they have it. */
final class LedgerBlocks {
    private final @Nullable String administrative;
    private final List<MapSpec> publicMaps;

    /** @param administrative the ledger whose writes stand in a block's public part; null if there is none */
    LedgerBlocks(@Nullable Ledger administrative) {
        this.administrative = administrative == null ? null : administrative.id();
        this.publicMaps = administrative == null
                ? List.of()
                : administrative.maps().stream()
                        .filter(map -> map.visibility() == Visibility.PUBLIC)
                        .toList();
    }

    boolean isAdministrative(String ledger) {
        return ledger.equals(administrative);
    }

    /** Whether one of them is the administrative ledger's. */
    boolean isAdministrative(Map<String, LedgerBlock> blocks) {
        return administrative != null && blocks.containsKey(administrative);
    }

    /** What an opened block holds for each ledger, in the block's order. */
    Map<String, LedgerBlock> of(SealedBlock sealed, BlockContent content) {
        Map<String, LedgerBlock> blocks = new LinkedHashMap<>();
        for (Section section : content.sections()) {
            List<LedgerBlock.Executed> transactions =
                    new ArrayList<>(section.entries().size());
            for (Entry entry : section.entries()) {
                transactions.add(new LedgerBlock.Executed(entry.id(), entry.claims(), entry.payload(), entry.writes()));
            }
            byte[] publicWrites = section.ledger().equals(administrative)
                    ? PublicWrites.of(sealed.publicWrites(), publicMaps)
                    : new byte[0];
            LedgerBlock block = new LedgerBlock(transactions, section.payload(), section.writes(), publicWrites);
            Invariant.check(blocks.put(section.ledger(), block) == null, "a block holds two sections of one ledger");
        }
        return blocks;
    }

    /** The content that a block with these ledger blocks has. */
    static BlockContent content(long timestampMillis, Map<String, LedgerBlock> blocks) {
        List<Section> sections = new ArrayList<>(blocks.size());
        blocks.forEach((ledger, block) -> {
            List<Entry> entries = new ArrayList<>(block.transactions().size());
            for (LedgerBlock.Executed transaction : block.transactions()) {
                entries.add(
                        new Entry(transaction.id(), transaction.claims(), transaction.payload(), transaction.writes()));
            }
            sections.add(new Section(ledger, entries, block.payload(), block.writes()));
        });
        return new BlockContent(timestampMillis, sections);
    }
}
