package coco.cli.bench;

import coco.cli.console.CliException;

/** What can be measured. */
public enum WorkloadKind {
    /** Transfers of a token. */
    ERC20_TRANSFER("erc20-transfer"),
    /** Transfers of ether. */
    NATIVE_TRANSFER("native-transfer"),
    /** Puts of the key-value ledger. */
    KV_PUT("kv-put"),
    /** Transfers of ether one at a time with pauses between them, and nothing at all for a while. */
    IDLE("idle");

    private final String word;

    WorkloadKind(String word) {
        this.word = word;
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
