/**
 * The vocabulary of Ethereum: addresses, 256-bit words, logs, transactions, headers, receipts.
 *
 * <p>Everything here is an immutable value. Hashes are plain {@code byte[32]}, because they are nearly always on their
 * way into a hash function or an encoder; an {@link coco.evm.types.Address} and a {@link coco.evm.types.Word} are types
 * of their own, because they are keys of maps and take part in arithmetic millions of times a second, and so hold
 * machine words instead of bytes. Bytes are big-endian everywhere.
 *
 * <p>What this package does not do: it executes nothing and validates only what an encoding itself demands. Whether a
 * transaction may be executed is decided by {@code coco.evm.transition}.
 */
@NullMarked
package coco.evm.types;

import org.jspecify.annotations.NullMarked;
