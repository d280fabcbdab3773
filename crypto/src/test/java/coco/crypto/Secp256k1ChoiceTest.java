package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class Secp256k1ChoiceTest {
    @Test
    void shouldSayWhyWhenTheLibraryDoesNotLoad() {
        Secp256k1Choice.Attempt attempt = Secp256k1Choice.attempt(() -> {
            throw new UnsatisfiedLinkError("no such file");
        });
        assertThat(attempt.implementation()).isNull();
        assertThat(attempt.problem()).isEqualTo("UnsatisfiedLinkError: no such file");
        assertThat(Secp256k1Choice.choose(attempt)).isSameAs(Secp256k1.bouncyCastle());
    }

    @Test
    void shouldFallBackWhenTheLibraryComputesNonsense() {
        Secp256k1Choice.Attempt attempt = Secp256k1Choice.attempt(() -> {
            throw new NativeSecp256k1.UnusableException("another generator");
        });
        assertThat(Secp256k1Choice.choose(attempt)).isSameAs(Secp256k1.bouncyCastle());
        assertThat(attempt.problem()).contains("another generator");
    }

    @Test
    void shouldFallBackWhenTheLibraryThrows() {
        Secp256k1Choice.Attempt attempt = Secp256k1Choice.attempt(() -> {
            throw new IllegalStateException("unknown platform");
        });
        assertThat(Secp256k1Choice.choose(attempt)).isSameAs(Secp256k1.bouncyCastle());
    }
}
