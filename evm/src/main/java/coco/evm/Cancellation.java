package coco.evm;

/**
 * Is asked now and then whether an execution should be given up: at calls, and at one in a thousand jumps backwards.
 * For simulations only: a transaction of a block must end the same way everywhere.
 */
@FunctionalInterface
public interface Cancellation {
    boolean isCancelled();
}
