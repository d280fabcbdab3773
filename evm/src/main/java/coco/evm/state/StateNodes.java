package coco.evm.state;

import coco.evm.trie.PartialTrie;

/** Where the nodes of a state's tries come from. */
public interface StateNodes {
    /** The nodes of the trie of accounts. */
    PartialTrie.Nodes ofAccounts();

    /** The nodes of the trie of an account's slots, by the hash of its address, 32 bytes. */
    PartialTrie.Nodes ofSlots(byte[] accountKey);

    /** Nodes that are found by their hashes alone, whichever trie they belong to. */
    static StateNodes byHash(PartialTrie.Nodes nodes) {
        return new StateNodes() {
            @Override
            public PartialTrie.Nodes ofAccounts() {
                return nodes;
            }

            @Override
            public PartialTrie.Nodes ofSlots(byte[] accountKey) {
                return nodes;
            }
        };
    }
}
