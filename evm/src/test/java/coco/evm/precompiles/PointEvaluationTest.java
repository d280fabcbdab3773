package coco.evm.precompiles;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Sha256;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** EIP-4844's rules one by one; the proofs of the specification's own vectors are among the state tests. */
class PointEvaluationTest {
    /** A proof of the main network: hash, z, y, commitment, proof. */
    static final byte[] ACCEPTED = Contracts.hex("018156b94fe9735e573bab36dad05d60feb720d424ccd20aaf719343c31e4246"
            + "019123bcb9d06356701f7be08b4494625b87a7b02edc566126fb81f6306e915f"
            + "6c2eb1e94c2532935b8465351ba1bd88eabe2b3fa1aadff7d1cd816e8315bd38"
            + "a9546d41993e10df2a7429b8490394ea9ee62807bae6f326d1044a51581306f5"
            + "8d4b9dfd5931e044688855280ff3799ea2ea83d9391e0ee42e0c650acc7a1f84"
            + "2a7d385189485ddb4fd54ade3d9fd50d608167dca6c776aad4b8ad5c20691bfe");

    private static final String INFINITY = "c0" + "00".repeat(47);

    private static byte @Nullable [] run(byte[] input) {
        return Contracts.run(0x0A, input);
    }

    /** The accepted input with other bytes at one place, and the hash of its commitment made right again. */
    private static byte[] with(int at, String digits) {
        byte[] input = ACCEPTED.clone();
        byte[] bytes = Contracts.hex(digits);
        System.arraycopy(bytes, 0, input, at, bytes.length);
        byte[] hash = Sha256.hash(input, 96, 48);
        hash[0] = 1;
        System.arraycopy(hash, 0, input, 0, 32);
        return input;
    }

    @Test
    void shouldReturnFieldElementsAndModulusWhenProofIsRight() {
        assertThat(run(ACCEPTED)).isEqualTo(Contracts.bytes(Contracts.word(4096), Contracts.hex(Contracts.BLS_ORDER)));
        assertThat(Contracts.at(0x0A).gas(ACCEPTED, 0, ACCEPTED.length)).isEqualTo(50_000);
    }

    @Test
    void shouldRefuseAnyOtherLength() {
        assertThat(run(new byte[0])).isNull();
        assertThat(run(Arrays.copyOf(ACCEPTED, 191))).isNull();
        assertThat(run(Arrays.copyOf(ACCEPTED, 193))).isNull();
    }

    @Test
    void shouldRefuseAnotherHash() {
        for (int at = 0; at < 32; at++) {
            byte[] input = ACCEPTED.clone();
            input[at] ^= 2;
            assertThat(run(input)).as("byte %d", at).isNull();
        }
    }

    @Test
    void shouldRefuseAnotherPointValueCommitmentOrProof() {
        assertThat(run(with(63, "60"))).isNull();
        assertThat(run(with(95, "39"))).isNull();
        assertThat(run(with(96, INFINITY))).isNull();
        assertThat(run(with(144, INFINITY))).isNull();
    }

    @Test
    void shouldRefuseNumbersThatAreNotReduced() {
        assertThat(run(with(32, Contracts.BLS_ORDER))).isNull();
        assertThat(run(with(64, Contracts.BLS_ORDER))).isNull();
        assertThat(run(with(32, "ff".repeat(32)))).isNull();
    }

    @Test
    void shouldProveTheZeroPolynomialByInfinity() {
        byte[] input = with(96, INFINITY + INFINITY);
        Arrays.fill(input, 64, 96, (byte) 0);
        assertThat(run(input)).isNotNull();
        input[95] = 1;
        assertThat(run(input)).isNull();
    }

    @Test
    void shouldProveConstantsByInfinity() {
        // The generator commits to the polynomial that is one everywhere.
        String generator =
                "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
        byte[] input = with(96, generator + INFINITY);
        System.arraycopy(Contracts.word(1), 0, input, 64, 32);
        assertThat(run(input)).isNotNull();
        input[95] = 2;
        assertThat(run(input)).isNull();
    }

    @Test
    void shouldRefuseWhatIsNoPointOfTheGroup() {
        for (int at : new int[] {96, 144}) {
            // Not compressed, infinity with a rest, x = p, x without a point, a point outside the group (x = 4).
            assertThat(run(with(at, "17f1d3a7"))).as("at %d", at).isNull();
            assertThat(run(with(at, "c0" + "00".repeat(46) + "01")))
                    .as("at %d", at)
                    .isNull();
            assertThat(run(with(at, "e0" + "00".repeat(47)))).as("at %d", at).isNull();
            assertThat(run(with(at, "9a" + Contracts.BLS_PRIME.substring(2))))
                    .as("at %d", at)
                    .isNull();
            assertThat(run(with(at, "80" + "00".repeat(46) + "01")))
                    .as("at %d", at)
                    .isNull();
            assertThat(run(with(at, "80" + "00".repeat(46) + "04")))
                    .as("at %d", at)
                    .isNull();
        }
    }
}
