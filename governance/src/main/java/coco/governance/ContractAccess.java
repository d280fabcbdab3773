package coco.governance;

/**
 * A rule that members bound to a contract which cannot carry one itself.
 *
 * @param ledger id of the ledger
 * @param contract the ledger's name of the contract, lower-case hexadecimal
 * @param rule the ledger's own rule in canonical JSON
 */
public record ContractAccess(String ledger, String contract, String rule) {}
