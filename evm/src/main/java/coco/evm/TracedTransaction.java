package coco.evm;

import coco.evm.types.Address;
import coco.evm.types.Fork;
import java.util.List;

/**
 * What a {@link Tracer} learns of the transaction that begins.
 *
 * @param fork whose rules hold
 * @param sender who pays
 * @param target the account called, or the contract to be created
 * @param isCreation whether it has no recipient
 * @param gasLimit in gas, an unsigned 64-bit number
 * @param coinbase who gets the fees
 * @param authorities who signed its authorisations (EIP-7702), valid or not, in their order
 */
public record TracedTransaction(
        Fork fork,
        Address sender,
        Address target,
        boolean isCreation,
        long gasLimit,
        Address coinbase,
        List<Address> authorities) {}
