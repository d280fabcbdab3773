package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class NativeSecp256k1Test extends Secp256k1Contract {
    @Override
    Secp256k1 subject() {
        return nativeOrSkip();
    }

    @Override
    Secp256k1 other() {
        return Secp256k1.bouncyCastle();
    }

    @Test
    void shouldBeTheFastestWhenItLoads() {
        assertThat(Secp256k1.fastest()).isSameAs(nativeOrSkip());
        assertThat(Secp256k1.nativeLibraryProblem()).isNull();
    }

    static Secp256k1 nativeOrSkip() {
        Secp256k1 library = Secp256k1.nativeLibrary();
        Assumptions.assumeTrue(
                library != null, () -> "the native library does not load: " + Secp256k1.nativeLibraryProblem());
        return Objects.requireNonNull(library);
    }
}
