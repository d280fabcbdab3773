package coco.systemtests.processes;

/**
 * A transaction that some node acknowledged.
 *
 * @param ledger which ledger it belongs to
 * @param id its name in the journal, hexadecimal
 */
record Acknowledged(String ledger, String id) {
    static final String ETHEREUM = "ethereum";
    static final String KV = "kv";
}
