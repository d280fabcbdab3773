package coco.cli.bench;

import coco.cli.console.CliException;

/** What can be measured. */
public enum WorkloadKind {
    /** Transfers of a token. */
    ERC20_TRANSFER("erc20-transfer", 12_000),
    /** Transfers of ether. */
    NATIVE_TRANSFER("native-transfer", 15_000),
    /** Puts of the key-value ledger. */
    KV_PUT("kv-put", 40_000),
    /** Transfers of ether one at a time with pauses between them, and nothing at all for a while. */
    IDLE("idle", 10);

    private final String word;
    private final int fastest;

    WorkloadKind(String word, int fastest) {
        this.word = word;
        this.fastest = fastest;
    }

    /** More of them than any network has taken in a second; what is prepared in advance is measured by it. */
    public int fastest() {
        return fastest;
    }

    /** As on the command line. */
    public String word() {
        return word;
    }

    /**
     * The kind of that name.
     *
     * @throws CliException there is none, a mistake of the user
     */
    public static WorkloadKind of(String word) {
        for (WorkloadKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        throw CliException.usage(
                "there is no workload " + word,
                "Choose erc20-transfer, native-transfer, kv-put or idle with --workload.");
    }
}
