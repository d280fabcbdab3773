package coco.governance.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.governance.document.DocumentException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SignInMessageTest {
    /** The example of the EIP. */
    private static final String EXAMPLE = """
            example.com wants you to sign in with your Ethereum account:
            0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

            I accept the ExampleOrg Terms of Service: https://example.com/tos

            URI: https://example.com/login
            Version: 1
            Chain ID: 1
            Nonce: 32891756
            Issued At: 2021-09-30T16:25:24Z
            Resources:
            - ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
            - https://example.com/my-web2-claim.json""";

    private static final String SHORT = """
            example.com:8080 wants you to sign in with your Ethereum account:
            0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2


            URI: https://example.com:8080
            Version: 1
            Chain ID: 1337
            Nonce: 32891756abc
            Issued At: 2021-09-30T16:25:24.5+02:00
            Expiration Time: 2021-10-01T16:25:24Z
            Not Before: 2021-09-29T16:25:24Z
            Request ID: 7""";

    @Test
    void shouldReadWhatTheEipShows() {
        SignInMessage read = SignInMessage.parse(EXAMPLE);

        assertThat(read.domain()).isEqualTo("example.com");
        assertThat(read.authority()).isEqualTo("example.com");
        assertThat(read.statement()).startsWith("I accept");
        assertThat(read.chainId()).isEqualTo(1);
        assertThat(read.nonce()).isEqualTo("32891756");
        assertThat(read.resources()).hasSize(2);
        assertThat(read.text()).isEqualTo(EXAMPLE);
    }

    @Test
    void shouldReadAMessageWithoutStatementAndWithTimes() {
        SignInMessage read = SignInMessage.parse(SHORT);

        assertThat(read.statement()).isNull();
        assertThat(read.issued()).isEqualTo("2021-09-30T14:25:24.500Z");
        assertThat(read.expires()).isEqualTo("2021-10-01T16:25:24Z");
        assertThat(read.begins()).isEqualTo("2021-09-29T16:25:24Z");
        assertThat(read.requestId()).isEqualTo("7");
        assertThat(read.text()).isEqualTo(SHORT);
    }

    @Test
    void shouldNameWhatIsWrong() {
        Map<String, String> wrong = Map.ofEntries(
                Map.entry(EXAMPLE.replace("example.com wants", "https://example.com wants"), "domain"),
                Map.entry(EXAMPLE.replace("0xC02a", "0xc02a"), "address"),
                Map.entry(EXAMPLE.replace("Version: 1", "Version: 2"), "Version"),
                Map.entry(EXAMPLE.replace("Nonce: 32891756", "Nonce: 3289175"), "Nonce"),
                Map.entry(EXAMPLE.replace("Nonce: 32891756\n", ""), "Nonce"),
                Map.entry(EXAMPLE.replace("Chain ID: 1", "Chain ID: 01"), "Chain ID"),
                Map.entry(EXAMPLE.replace("2021-09-30T16:25:24Z", "yesterday"), "Issued At"),
                Map.entry(EXAMPLE.replace("https://example.com/login", "not a uri"), "URI"),
                Map.entry(EXAMPLE.replace("- https", "* https"), "Resources"),
                Map.entry(EXAMPLE + "\n", "Resources"),
                Map.entry(SHORT + "\nURI: https://evil.example", "message"),
                Map.entry(SHORT.replace("\n", "\r\n"), "domain"),
                Map.entry("", "domain"));
        wrong.forEach((text, part) -> assertThatThrownBy(() -> SignInMessage.parse(text))
                .as(part)
                .isInstanceOf(DocumentException.class)
                .hasMessageStartingWith(part));
    }

    @Test
    void shouldReadOneTextOrRefuseWhateverIsSent() {
        Random random = new Random(7);
        int read = 0;
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(List.of(EXAMPLE, SHORT).get(round % 2));
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, (char) random.nextInt(0x180));
                    default -> text.setCharAt(at, text.charAt(random.nextInt(text.length())));
                }
            }
            try {
                assertThat(SignInMessage.parse(text.toString()).text()).isEqualTo(text.toString());
                read++;
            } catch (DocumentException expected) {
                refused++;
            }
        }
        System.out.printf("sign-in messages: %d read, %d refused%n", read, refused);
        assertThat(read).isPositive();
        assertThat(refused).isGreaterThan(read);
    }
}
