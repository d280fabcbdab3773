package coco.ledgers.ethereum.access;

import coco.evm.types.Address;

/** The marks and bound rules of one state. One thread. */
public interface AccessRules {
    /** Whether anything at all is confidential, or ever was. If not, nobody else need be asked anything. */
    boolean anyConfidential();

    /** Whether the contract is confidential: marked and not cleared, or bound by a vote to a rule. */
    boolean isConfidential(Address contract);
}
