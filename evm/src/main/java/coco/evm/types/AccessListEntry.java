package coco.evm.types;

import java.util.List;

/**
 * One entry of an EIP-2930 access list.
 *
 * @param address the account to be warm from the start
 * @param storageKeys its slots to be warm from the start
 */
public record AccessListEntry(Address address, List<Word> storageKeys) {
    public AccessListEntry {
        storageKeys = List.copyOf(storageKeys);
    }
}
