/**
 * The precompiled contracts: functions with an address and a price.
 *
 * <p>{@link coco.evm.precompiles.Precompiles} is the table of a fork, and the only way in. A precompiled contract is a
 * pure function of its input, which is a view of somebody's memory and never written to; failing is an answer (null),
 * not an exception. An address that is not in the table of a fork behaves as an account without code.
 *
 * <p>What is done where: BLS12-381 and point evaluation by the native library blst ({@code Blst}), loaded when one of
 * them is first called; secp256k1, P-256 and the hashes by {@code coco.crypto} and BouncyCastle; alt_bn128 by hand
 * ({@code bn254}); powers by {@link java.math.BigInteger}. All are safe to call from any thread.
 *
 * <p>What this package does not do: it charges no gas and moves no value; it only says what a run would cost.
 */
@NullMarked
package coco.evm.precompiles;

import org.jspecify.annotations.NullMarked;
