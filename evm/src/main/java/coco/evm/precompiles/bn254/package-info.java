/**
 * The curve of EIP-196 and EIP-197 (alt_bn128, also called BN254): y² = x³ + 3 over the prime field of p, a twist of it
 * over the quadratic extension, and the optimal ate pairing between them.
 *
 * <p>The tower is Fp2 = Fp[i] / (i² + 1), Fp6 = Fp2[v] / (v³ - ξ) with ξ = 9 + i, Fp12 = Fp6[w] / (w² - v). Elements of
 * Fp are kept in Montgomery form, four longs, always below p, and every value is immutable: the compiler keeps the
 * small ones in registers. All constants but p, the order r and the curve's parameter x are computed from these when
 * the class is loaded, so that there is nothing to copy wrongly.
 *
 * <p>What makes it fast: a product in Fp2 is two sums of two products, each reduced once ({@code Fp.sumOfProducts});
 * inverses by division steps ({@code Inversion}), one for a whole multiplication; multiples of half the length by the
 * curve's endomorphism ({@code Glv}) and in few digits ({@code Naf}); sparse lines; squares of the cyclotomic subgroup
 * in the final exponentiation; the check of the second group by what the loop of the pairing has computed anyway, which
 * the tests prove exact.
 *
 * <p>Nothing here is secret, so nothing runs in constant time.
 */
@NullMarked
package coco.evm.precompiles.bn254;

import org.jspecify.annotations.NullMarked;
