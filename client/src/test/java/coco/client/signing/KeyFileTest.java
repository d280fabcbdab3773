package coco.client.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.client.signing.SigningKeys.FakeSecrets;
import coco.client.signing.SigningKeys.Pair;
import coco.crypto.Certificates;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.SignerEntry;
import coco.governance.cose.SignerException;
import coco.governance.cose.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyFileTest {
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final byte[] AAD = CoseSign1.externalAad(new byte[32]);

    private final Pair alice = SigningKeys.fresh();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldSignMessagesWhenTheFileIsItsOwnersAlone() throws IOException {
        Path file = write(Certificates.toPem(alice.keys().getPrivate()), "rw-------");

        try (OpenSigner signer = open(file, alice.identity(), nobody())) {
            CoseSign1 message = CoseSign1.sign(signer, AAD, "text/plain", new byte[] {1, 2, 3});

            SignerEntry entry = new SignerEntry(alice.identity().certificate(), null);
            assertThat(message.verify(entry, AAD, NOW))
                    .isEqualTo(new Verification.Valid(alice.identity().certificate()));
        }
    }

    @Test
    void shouldRefuseWhenOthersMayReadTheFile() throws IOException {
        for (String permissions : List.of("rw-r-----", "rw-----w-", "r-------x", "rwx------")) {
            Path file = write(Certificates.toPem(alice.keys().getPrivate()), permissions);
            assertRefused(file, alice.identity(), nobody(), "chmod 600");
        }
    }

    @Test
    void shouldRefuseWhenKeyAndCertificateDoNotBelongTogether() throws IOException {
        Path file = write(Certificates.toPem(SigningKeys.fresh().keys().getPrivate()), "r--------");

        assertRefused(file, alice.identity(), nobody(), "does not belong to the certificate");
    }

    @Test
    void shouldAskForThePasswordWhenTheKeyIsEncrypted() throws IOException {
        SignerIdentity stored = identity(write(resource("alice.pem"), "rw-r--r--"));
        Path file = write(resource("encrypted.key"), "rw-------");
        FakeSecrets typing = new FakeSecrets(Map.of(), "correct");

        open(file, stored, typing).close();

        assertThat(typing.asked()).hasValue(1);
        FakeSecrets variable = new FakeSecrets(Map.of(KeyFile.PASSWORD_VARIABLE, "correct"), null);
        open(file, stored, variable).close();
        assertThat(variable.asked()).hasValue(0);
        assertRefused(file, stored, new FakeSecrets(Map.of(), "wrong"), "the password does not open");
        assertRefused(file, stored, nobody(), "nobody can be asked, and COCO_SIGNER_PASSWORD is not set");
        Path otherCurve = write(resource("other-curve.key"), "rw-------");
        assertRefused(otherCurve, stored, typing, "another curve than P-256");
        Path old = write(resource("old.key"), "rw-------");
        assertRefused(old, stored, typing, "encrypted in a way that is not");
    }

    @Test
    void shouldRefuseWhatIsNoKey() throws IOException {
        for (String text : List.of(
                "",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
                "x".repeat(100_000))) {
            Path file = write(text, "rw-------");
            assertThatThrownBy(() -> open(file, alice.identity(), new FakeSecrets(Map.of(), "x")))
                    .isInstanceOf(SignerException.class)
                    .hasMessageContaining(file.toString());
        }
        assertRefused(folder.resolve("missing"), alice.identity(), nobody(), "cannot read");
        assertThatThrownBy(() -> Signers.open("ftp:x", alice.identity(), nobody(), SigningKeys.LIMITS))
                .hasMessageContaining("begins with file:");
    }

    @Test
    void shouldReadCertificatesOneAfterTheOther() throws IOException {
        String pem = Certificates.toPem(alice.identity().certificate());

        SignerIdentity chain = SignerIdentity.read(write(pem + pem + pem, "rw-r--r--"), false);

        assertThat(chain.chain()).hasSize(3);
        assertThat(identity(write(pem, "rw-r--r--")).chain()).isEmpty();
        Path two = write(pem + pem, "rw-r--r--");
        assertThatThrownBy(() -> SignerIdentity.read(two, true)).hasMessageContaining("1 to 1 certificates");
        for (String text : List.of("", "x", pem + "x", pem.repeat(5), pem.substring(40))) {
            Path file = write(text, "rw-r--r--");
            assertThatThrownBy(() -> SignerIdentity.read(file, false)).isInstanceOf(SignerException.class);
        }
    }

    private static SignerIdentity identity(Path file) {
        return SignerIdentity.read(file, true);
    }

    private static OpenSigner open(Path file, SignerIdentity identity, Secrets secrets) {
        return Signers.open("file:" + file, identity, secrets, SigningKeys.LIMITS);
    }

    private static void assertRefused(Path file, SignerIdentity identity, Secrets secrets, String why) {
        assertThatThrownBy(() -> open(file, identity, secrets))
                .isInstanceOf(SignerException.class)
                .hasMessageContaining(why);
    }

    private static Secrets nobody() {
        return new FakeSecrets(Map.of(), null);
    }

    private Path write(String text, String permissions) throws IOException {
        Path file = Files.createTempFile(folder, "key", ".pem");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = KeyFileTest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
