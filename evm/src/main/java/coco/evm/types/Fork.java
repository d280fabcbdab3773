package coco.evm.types;

/** The hard forks that changed execution, in order: {@code compareTo} says which came first. */
public enum Fork {
    /** The rules of the first block (July 2015). */
    FRONTIER,
    /** EIP-2, EIP-7: DELEGATECALL; a contract that cannot pay for its deposit fails. */
    HOMESTEAD,
    /** EIP-150: dearer state access, 63/64 of the gas for a call. */
    TANGERINE_WHISTLE,
    /** EIP-155, EIP-160, EIP-161, EIP-170: empty accounts vanish, code size is bounded. */
    SPURIOUS_DRAGON,
    /** EIP-140, EIP-196 to 198, EIP-211, EIP-214, EIP-658: REVERT, STATICCALL, return data, receipts with a status. */
    BYZANTIUM,
    /** EIP-145, EIP-1014, EIP-1052, EIP-1283. */
    CONSTANTINOPLE,
    /** Constantinople without EIP-1283. */
    PETERSBURG,
    /** EIP-152, EIP-1108, EIP-1344, EIP-1884, EIP-2028, EIP-2200. */
    ISTANBUL,
    /** EIP-2565, EIP-2718, EIP-2929, EIP-2930: cold and warm access. */
    BERLIN,
    /** EIP-1559, EIP-3198, EIP-3529, EIP-3541: base fee. */
    LONDON,
    /** EIP-3675, EIP-4399: PREVRANDAO. */
    PARIS,
    /** EIP-3651, EIP-3855, EIP-3860, EIP-4895. */
    SHANGHAI,
    /** EIP-1153, EIP-4788, EIP-4844, EIP-5656, EIP-6780, EIP-7516. */
    CANCUN,
    /** EIP-2537, EIP-2935, EIP-7623, EIP-7702 and the request EIPs. */
    PRAGUE,
    /** EIP-7823, EIP-7825, EIP-7883, EIP-7934, EIP-7939, EIP-7951. The newest, and the default. */
    OSAKA;

    /** Whether this fork has the rules of {@code other}: it is that fork or a later one. */
    public boolean has(Fork other) {
        return compareTo(other) >= 0;
    }
}
