package coco.node;

import coco.core.ServiceMaps;
import coco.journal.Journal;
import coco.journal.JournalVerifier;
import coco.journal.ReadResult.Missing;
import coco.journal.Report;
import coco.journal.Storage;
import coco.node.channel.ChannelException;
import coco.node.channel.TransferClient;
import coco.node.config.Keys;
import coco.node.join.JoinException;
import coco.node.join.JournalFetch;
import coco.node.repair.JournalRepair;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what the check at the start put aside, before the node reads its journal: without it there is no state to
 * serve. There are no keys yet, so that hashes and links decide: they tie a range to the blocks on both sides of it,
 * whose header hashes fix every byte of it but the signatures; those are verified once the keys are here ({@code
 * JournalCare}). A journal that lost all its files begins again from genesis and is verified as a whole.
 */
final class StartRepair {
    private static final Logger LOG = LoggerFactory.getLogger(StartRepair.class);
    private static final String QUARANTINED = ".quarantined";
    private static final int HEIGHT_DIGITS = 20;

    private final Journal journal;
    private final Storage files;
    private final Joining.Parts parts;
    private final UnjudgedRanges unjudged;
    private String told = "";

    private StartRepair(Journal journal, Storage files, Joining.Parts parts) {
        this.journal = journal;
        this.files = files;
        this.parts = parts;
        this.unjudged = parts.folder().unjudged();
    }

    /**
     * Waits for other nodes until the journal has no gap; at once if it has none.
     *
     * @return ranges whose signatures are still to be verified, those of an earlier start included
     * @throws NodeException if no other node is known, or the wait was interrupted
     */
    static List<Missing> mend(Journal journal, Storage files, Joining.Parts parts) {
        journal.expectFromGenesis();
        if (journal.gaps().isEmpty() && !endIsLost(journal, files)) {
            return parts.folder().unjudged().all();
        }
        StartRepair repair = new StartRepair(journal, files, parts);
        try (Joining others = new Joining(parts)) {
            repair.run(others);
            return repair.unjudged.all();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NodeException("the journal was not mended; start the node again to go on");
        }
    }

    /** Whether a file was put aside that held what came after the end of the journal as it is now. */
    private static boolean endIsLost(Journal journal, Storage files) {
        return files.list().stream()
                .filter(name -> name.endsWith(QUARANTINED))
                .map(name -> name.substring(0, Math.min(HEIGHT_DIGITS, name.length())))
                .filter(digits -> digits.matches("[0-9]{" + (HEIGHT_DIGITS - 1) + "}[0-9]"))
                .anyMatch(digits -> digits.compareTo(String.format("%020d", journal.lastHeight() + 1)) >= 0);
    }

    private void run(Joining others) throws InterruptedException {
        while (true) {
            List<TransferClient> nodes = others.sources();
            if (nodes.isEmpty()) {
                throw new NodeException(words() + " and no other node is known that could have it");
            }
            if (fillGaps(nodes) && (!endIsLost(journal, files) || extend(nodes) || journal.lastHeight() >= 0)) {
                return;
            }
            Thread.sleep(parts.configuration().get(Keys.JOIN_RETRY));
        }
    }

    private String words() {
        List<Missing> gaps = journal.gaps();
        return gaps.isEmpty()
                ? "the journal lacks what followed block " + journal.lastHeight() + ","
                : "the journal lacks blocks " + gaps.getFirst().firstHeight() + " to "
                        + gaps.getFirst().lastHeight() + ",";
    }

    private boolean fillGaps(List<TransferClient> nodes) throws InterruptedException {
        List<JournalRepair.Source> sources =
                nodes.stream().map(JournalRepair.Source::of).toList();
        JournalRepair repair = new JournalRepair(journal, entry -> null);
        for (Missing gap : journal.gaps()) {
            unjudged.add(gap.firstHeight(), gap.lastHeight());
            switch (repair.run(gap, sources)) {
                case JournalRepair.Outcome.Restored(String source, List<String> restored) ->
                    LOG.info(
                            "journal: heights {} to {} fetched from {}: {}",
                            gap.firstHeight(),
                            gap.lastHeight(),
                            source,
                            restored);
                case JournalRepair.Outcome.Failed(List<String> reasons) -> {
                    tell(words() + " and waits for another node to give it: " + reasons);
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Goes on where the journal ends now. Raft's log may hold the same, so nobody waits for this unless all is
     * lost.
     */
    private boolean extend(List<TransferClient> nodes) throws InterruptedException {
        boolean fromGenesis = journal.lastHeight() < 0;
        unjudged.add(journal.lastHeight() + 1, UnjudgedRanges.TO_THE_END);
        byte[] constitution = parts.constitution().genesis().constitution().digest();
        for (TransferClient node : nodes) {
            long before = journal.lastHeight();
            try {
                new JournalFetch(journal, parts.constitution().serviceId(), constitution).run(node, height -> {});
                if (fromGenesis) {
                    verify();
                }
                if (journal.lastHeight() > before) {
                    LOG.info(
                            "journal: heights {} to {} fetched from {}", before + 1, journal.lastHeight(), node.name());
                }
                return true;
            } catch (ChannelException | JoinException silent) {
                tell(words() + " and " + node.name() + " does not give it: " + silent.getMessage());
            }
        }
        return false;
    }

    private void verify() {
        Report report = new JournalVerifier(
                        new ServiceMaps(), epoch -> null, NodeStart.journalLimits(parts.configuration()))
                .verify(files, parts.constitution().service());
        if (report.verdict() != Report.Verdict.VALID) {
            throw new NodeException("the journal that was fetched does not hold: "
                    + report.findings().stream()
                            .findFirst()
                            .map(Report.Finding::words)
                            .orElse("incomplete"));
        }
    }

    private void tell(String words) {
        if (!words.equals(told)) {
            LOG.warn("{}", words);
            told = words;
        }
    }
}
