package coco.client.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.client.signing.SigningKeys.FakeSecrets;
import coco.client.signing.SigningKeys.Pair;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.cose.SignerException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that follows the public REST reference; never run against Azure itself. */
final class AzureKeyVaultTest {
    private final Pair alice = SigningKeys.fresh();
    private FakeVault vault = new FakeVault(alice.keys());

    @BeforeEach
    void start() throws IOException {
        vault.start();
    }

    @AfterEach
    void stop() {
        vault.stop();
    }

    @Test
    void shouldSignWhenLoggedInByClientCredentials() {
        byte[] message = {1, 2, 3};
        try (OpenSigner signer = open(credentials())) {
            byte[] signature = signer.sign(message);

            assertThat(P256.verify(alice.keys().getPublic(), Sha256.hash(message), signature))
                    .isTrue();
        }
        // The key once; a signature to try it, and one more; one login for all of them.
        assertThat(vault.requests()).containsExactly("login", "get", "sign", "sign");
    }

    @Test
    void shouldSignWhenTheMachineHasAnIdentity() {
        open(Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", vault.base())).close();
        assertThat(vault.requests()).containsExactly("machine", "get", "sign");

        Map<String, String> service =
                Map.of("IDENTITY_ENDPOINT", vault.base() + "/service", "IDENTITY_HEADER", FakeVault.SERVICE_HEADER);
        open(service).close();
        assertThat(vault.requests()).endsWith("service", "get", "sign");
    }

    @Test
    void shouldSayWhatTheVaultSaidWhenItRefuses() {
        Map<String, String> wrong = new HashMap<>(credentials());
        wrong.put("AZURE_CLIENT_SECRET", "not-the-secret");
        assertRefused(wrong, "401 invalid client secret");

        vault.refuseToSign();
        assertRefused(credentials(), "403 The user does not have keys sign permission");
    }

    @Test
    void shouldRefuseWhenTheVaultsKeyIsNotThatOfTheCertificate() {
        vault.stop();
        vault = new FakeVault(SigningKeys.fresh().keys());
        try {
            vault.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        assertRefused(credentials(), "is not that of the certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "", "{\"value\":\"AAAA\"}", "{\"value\":1}", "{\"value\":\"?\"}", "<"})
    void shouldRefuseWhenAnAnswerIsNoSignature(String answer) {
        vault.answerSignaturesWith(answer);

        assertThatThrownBy(() -> open(credentials())).isInstanceOf(SignerException.class);
    }

    @Test
    void shouldRefuseWhenASignatureIsOfAnotherKeyOrTheAnswerIsHuge() {
        vault.answerSignaturesWith("{\"value\":\"" + "A".repeat(86) + "\"}");
        assertRefused(credentials(), "does not belong to the certificate");
        vault.answerSignaturesWith("{\"value\":\"" + "A".repeat(SigningKeys.LIMITS.maxReplyBytes()) + "\"}");
        assertRefused(credentials(), "no answer from 127.0.0.1");
        vault.answerLoginsWith("{\"access_token\":\"a\\r\\nb: c\"}");
        assertRefused(credentials(), "the login gave no token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://evil.example/keys/k/0123456789abcdef0123456789abcdef|no key vault's address",
                "http://a.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef|no key vault's address",
                "https://vault.azure.net.evil.example/keys/k/0123456789abcdef0123456789abcdef|no key vault's address",
                "https://a.vault.azure.net:8443/keys/k/0123456789abcdef0123456789abcdef|no key vault's address",
                "https://u@a.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef|NAME/VERSION",
                "https://a.vault.azure.net/keys/k|NAME/VERSION",
                "https://a.vault.azure.net/keys/k/latest|NAME/VERSION",
                "https://a.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef?x=1|NAME/VERSION",
                "https://a.vault.azure.net/secrets/k/0123456789abcdef0123456789abcdef|NAME/VERSION",
                "not a url|not a URL"
            })
    void shouldSendNoTokenWhenTheAddressIsNoVaults(String url, String why) {
        assertThatThrownBy(() -> Signers.open(
                        "azurekeyvault:" + url,
                        alice.identity(),
                        new FakeSecrets(credentials(), null),
                        SigningKeys.LIMITS))
                .isInstanceOf(SignerException.class)
                .hasMessageContaining(why);
        assertThat(vault.requests()).isEmpty();
    }

    @Test
    void shouldSendNoSecretWhenTheAuthorityIsNotHttps() {
        Map<String, String> plain = new HashMap<>(credentials());
        plain.put("AZURE_AUTHORITY_HOST", "http://login.example");

        assertRefused(plain, "AZURE_AUTHORITY_HOST is an https URL");
    }

    private Map<String, String> credentials() {
        return Map.of(
                "AZURE_TENANT_ID",
                "tenant",
                "AZURE_CLIENT_ID",
                "client",
                "AZURE_CLIENT_SECRET",
                FakeVault.CLIENT_SECRET,
                "AZURE_AUTHORITY_HOST",
                vault.base());
    }

    private OpenSigner open(Map<String, String> environment) {
        String uri = "azurekeyvault:" + vault.base() + FakeVault.KEY;
        return Signers.open(uri, alice.identity(), new FakeSecrets(environment, null), SigningKeys.LIMITS);
    }

    private void assertRefused(Map<String, String> environment, String why) {
        assertThatThrownBy(() -> open(environment))
                .isInstanceOf(SignerException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining(FakeVault.CLIENT_SECRET)
                .hasMessageNotContaining(FakeVault.TOKEN);
    }
}
