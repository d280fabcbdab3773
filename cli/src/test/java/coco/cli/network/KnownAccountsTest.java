package coco.cli.network;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class KnownAccountsTest {
    @Test
    void shouldListTheAddressOfEachKey() {
        assertThat(KnownAccounts.ALL).hasSize(10);
        for (KnownAccounts.Account account : KnownAccounts.ALL) {
            byte[] publicKey = Secp256k1.fastest()
                    .publicKey(Hex.decode(account.privateKey().substring(2)));
            byte[] address = Arrays.copyOfRange(Keccak256.hash(publicKey), 12, 32);

            assertThat(account.address().substring(2).toLowerCase(Locale.ROOT)).isEqualTo(Hex.encode(address));
        }
    }
}
