package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class HexTest {
    @Property
    void shouldDecodeWhatItEncoded(@ForAll byte[] bytes) {
        String digits = Hex.encode(bytes);
        assertThat(digits).hasSize(2 * bytes.length).matches("[0-9a-f]*");
        assertThat(Hex.decode(digits)).isEqualTo(bytes);
        assertThat(Hex.decode(digits.toUpperCase(Locale.ROOT))).isEqualTo(bytes);
    }

    @Property
    void shouldRefuseOrRoundTripWhenTextIsAny(@ForAll String text) {
        try {
            assertThat(Hex.encode(Hex.decode(text))).isEqualToIgnoringCase(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("hexadecimal");
        }
    }

    @Test
    void shouldNotRepeatTheTextWhenRefusing() {
        assertThatThrownBy(() -> Hex.decode("5ec2e7zz")).hasMessageNotContaining("5ec2e7");
        assertThatThrownBy(() -> Hex.decode("0x00")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hex.decode("abc")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hex.decode("\uff10\uff10")).isInstanceOf(IllegalArgumentException.class);
    }
}
