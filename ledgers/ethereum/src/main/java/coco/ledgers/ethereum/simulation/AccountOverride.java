package coco.ledgers.ethereum.simulation;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a simulation has of one account instead of what the state has; null for what stays.
 *
 * @param address the account
 * @param nonce unsigned
 * @param code not to be written to
 * @param balance wei
 * @param movedTo where its precompiled contract is to be instead
 * @param state all slots there are
 * @param stateDiff some slots
 */
@SuppressWarnings("ArrayRecordComponent") // Applied, never compared.
public record AccountOverride(
        Address address,
        @Nullable Long nonce,
        byte @Nullable [] code,
        @Nullable Word balance,
        @Nullable Address movedTo,
        @Nullable Map<Word, Word> state,
        @Nullable Map<Word, Word> stateDiff) {}
