package coco.journal;

import java.util.List;

/**
 * What the verifier found: a plain record, fit for JSON, and {@link #toText} for people.
 *
 * @param verdict the sum of it
 * @param grades how far it went, the lowest first
 * @param serviceCertificate SHA-256 of the first service certificate's DER, in hex; empty if none is known
 * @param serviceId hex; empty if no header could be read
 * @param firstHeight lowest height seen, -1 if none
 * @param lastHeight highest height seen, -1 if none
 * @param blocks number of blocks seen
 * @param transactions number of transactions in the blocks that were opened
 * @param chunks number of chunk files
 * @param headHash hex of the last header's hash, for comparing with others; empty if there is none
 * @param levels what was checked and how it went, lowest level first
 * @param firstBadHeight height of the first finding that has one, -1 if there is none
 * @param findings what is wrong, in order; no more than the limit
 * @param findingCount how many findings there are, listed or not
 */
public record Report(
        Verdict verdict,
        List<Grade> grades,
        String serviceCertificate,
        String serviceId,
        long firstHeight,
        long lastHeight,
        long blocks,
        long transactions,
        int chunks,
        String headHash,
        List<LevelResult> levels,
        long firstBadHeight,
        List<Finding> findings,
        long findingCount) {
    /** Copies the lists. */
    public Report {
        grades = List.copyOf(grades);
        levels = List.copyOf(levels);
        findings = List.copyOf(findings);
    }

    /** The sum of a verification. */
    public enum Verdict {
        /** Everything that was checked holds, from genesis on. */
        VALID,
        /** Everything that is there holds, but the beginning or something in between is not there. */
        INCOMPLETE,
        /** Something does not hold. */
        INVALID
    }

    /** What a verification is worth: each grade needs something that is not in the files. */
    public enum Grade {
        /** The files agree with themselves and with whom they name: whoever made all of them could still be anybody. */
        FILES("the files agree with themselves and with the service certificate that they name"),
        /** With the service certificate: this service's nodes sealed every block, and every block committed. */
        SERVICE("nodes of this service sealed every block"),
        /** With governance judged again: members decided on every change of members, nodes, code and rules. */
        GOVERNANCE("members decided on every change"),
        /** With the seal roots of all epochs: every transaction is the one that the headers commit to. */
        CONTENT("every transaction is the one that its header commits to");

        private final String words;

        Grade(String words) {
            this.words = words;
        }

        /** What it shows, for people. */
        public String words() {
            return words;
        }
    }

    /** What is checked; each level stands on those before it. */
    public enum Level {
        /** Chunk files: headers, checksums, order, footers, digests. */
        CHUNKS("chunk files"),
        /** Headers: service, heights, parents, log roots, time, hashes of public write sets and ciphertexts. */
        HEADERS("header chain and hashes"),
        /** Signatures: each by a node admitted in public, whose certificate the service issued. */
        SIGNATURES("signatures and certificates"),
        /** Evidence: the nonce of each entry shows that the block committed. */
        EVIDENCE("commit evidence"),
        /** Governance: each change of members, nodes and code follows from what members signed. */
        GOVERNANCE("decisions of members"),
        /** Content: decryption, leaf roots; only of epochs that were opened. */
        CONTENT("content");

        private final String words;

        Level(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /**
     * How one level went.
     *
     * @param level what was checked
     * @param checked how many blocks (at {@link Level#CHUNKS}: files) were checked
     * @param skipped how many could not be, for lack of a secret or of something lower
     * @param failed how many failed
     */
    public record LevelResult(Level level, long checked, long skipped, long failed) {}

    /**
     * One thing that is wrong.
     *
     * @param level of the check
     * @param height of the block, -1 if it concerns no single block
     * @param file chunk file
     * @param words what is wrong
     */
    public record Finding(Level level, long height, String file, String words) {}

    /** Several lines for a terminal, ending in a newline. */
    public String toText() {
        StringBuilder out = new StringBuilder();
        out.append(
                        switch (verdict) {
                            case VALID -> "valid";
                            case INCOMPLETE -> "incomplete: what is there holds";
                            case INVALID -> "INVALID";
                        })
                .append('\n');
        if (blocks > 0) {
            out.append("service ").append(serviceId).append('\n');
            out.append("heights ").append(firstHeight).append(" to ").append(lastHeight);
            out.append(", ").append(blocks).append(" blocks in ").append(chunks).append(" files");
            out.append(transactions > 0 ? ", " + transactions + " transactions opened\n" : "\n");
            out.append("head ").append(headHash).append('\n');
        }
        if (blocks > 0) {
            for (Grade grade : Grade.values()) {
                out.append(grades.contains(grade) ? "  checked      " : "  not checked  ");
                out.append(grade.words).append('\n');
            }
        }
        if (!serviceCertificate.isEmpty() && !grades.contains(Grade.SERVICE)) {
            out.append("compare the service certificate's fingerprint: ")
                    .append(serviceCertificate)
                    .append('\n');
        }
        for (LevelResult level : levels) {
            out.append(String.format("  %-28s", level.level.words()));
            out.append(level.checked).append(" checked");
            out.append(level.skipped > 0 ? ", " + level.skipped + " skipped" : "");
            out.append(level.failed > 0 ? ", " + level.failed + " FAILED\n" : "\n");
        }
        if (firstBadHeight >= 0) {
            out.append("first bad height ").append(firstBadHeight).append('\n');
        }
        for (Finding finding : findings) {
            out.append("  ").append(finding.file).append(": ");
            out.append(finding.height >= 0 ? "height " + finding.height + ": " : "");
            out.append(finding.words).append('\n');
        }
        if (findingCount > findings.size()) {
            out.append("  and ").append(findingCount - findings.size()).append(" more\n");
        }
        return out.toString();
    }
}
