package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DerReaderTest {
    @Test
    void shouldReadWhatIsThere() {
        DerReader in = new DerReader(Hex.decode("300d06092a864886f84d010d010500" + "020211d7"));
        DerReader sequence = in.enter(DerReader.SEQUENCE);
        assertThat(sequence.objectIdentifier()).isEqualTo("1.2.840.113741.1.13.1");
        // NULL
        assertThat(sequence.whole()).hasSize(2);
        sequence.finish();
        assertThat(in.peekTag()).isEqualTo(DerReader.INTEGER);
    }

    @Test
    void shouldReadIntegersAndOctets() {
        DerReader in = new DerReader(Hex.decode("020100" + "02020080" + "0402abcd"));
        assertThat(in.unsigned()).isEqualTo(BigInteger.ZERO);
        assertThat(in.unsigned()).isEqualTo(BigInteger.valueOf(128));
        assertThat(in.content(DerReader.OCTET_STRING)).isEqualTo(Hex.decode("abcd"));
        assertThat(in.hasNext()).isFalse();
    }

    @Test
    void shouldRefuseWhatIsNotInItsOneForm() {
        List<String> wrong = List.of(
                "", // nothing
                "02", // no length
                "0201", // no content
                "0200", // no digits
                "020180", // negative
                "02020001", // a zero too many
                "02810101", // a long length for a short one
                "0282000101", // the same
                "0280", // indefinite
                "0284000000017f", // four bytes of length
                "040101"); // another tag
        for (String hex : wrong) {
            assertThatThrownBy(() -> new DerReader(Hex.decode(hex)).unsigned())
                    .as(hex)
                    .isInstanceOf(CryptoException.class);
        }
        for (String hex : List.of("0600", "060180", "0602808001", "06062affffffff7f", "06022a80")) {
            assertThatThrownBy(() -> new DerReader(Hex.decode(hex)).objectIdentifier())
                    .as(hex)
                    .isInstanceOf(CryptoException.class);
        }
        assertThatThrownBy(() -> new DerReader(new byte[1]).finish()).isInstanceOf(CryptoException.class);
    }

    @Test
    void shouldThrowNothingElseWhenBytesAreRandom() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            DerReader in = new DerReader(bytes);
            try {
                while (in.hasNext()) {
                    switch (random.nextInt(4)) {
                        case 0 -> in.unsigned();
                        case 1 -> in.objectIdentifier();
                        case 2 -> in.whole();
                        default -> in = in.enter(in.peekTag());
                    }
                }
            } catch (CryptoException e) {
                assertThat(e.code()).isEqualTo(CryptoException.Code.MALFORMED);
            }
        }
    }
}
