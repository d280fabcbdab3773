package coco.client.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coco.client.signing.SigningKeys.FakeSecrets;
import coco.client.signing.SigningKeys.Pair;
import coco.crypto.Certificates;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.SignerEntry;
import coco.governance.cose.SignerException;
import coco.governance.cose.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With SoftHSM, a token in software, where it is installed. Its configuration comes by an environment variable, so the
 * part that loads it runs in a process of its own: this class's {@link #main}.
 */
final class Pkcs11SignerTest {
    private static final String PIN = "648219";
    static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/softhsm/libsofthsm2.so"));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldSignWithAKeyThatStaysInItsToken() throws IOException, InterruptedException {
        List<Path> present = LIBRARIES.stream().filter(Files::exists).toList();
        assumeTrue(!present.isEmpty(), "SoftHSM is not installed (package softhsm2): no token to sign with");
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(folder.resolve("softhsm2.conf"), "directories.tokendir = " + tokens + "\n");
        Pair alice = SigningKeys.fresh();
        Path certificate = folder.resolve("alice.pem");
        Path key = folder.resolve("alice.key");
        Path pin = Files.writeString(folder.resolve("pin"), PIN + "\n");
        Files.writeString(certificate, Certificates.toPem(alice.identity().certificate()));
        Files.writeString(key, Certificates.toPem(alice.keys().getPrivate()));
        for (String token : List.of("other", "consortium one")) {
            run(0, "softhsm2-util", "--init-token", "--free", "--label", token, "--so-pin", PIN, "--pin", PIN);
        }
        String library = present.getFirst().toString();
        String uri = "pkcs11:token=consortium%20one;object=alice?module-path=" + library;

        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        run(
                0,
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Pkcs11SignerTest.class.getName(),
                uri,
                pin.toString(),
                certificate.toString(),
                key.toString());
    }

    private void run(int expected, String... command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
        Process process = builder.start();
        if (!process.waitFor(240, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        assertThat(process.waitFor())
                .as(command[0] + ": " + Files.readString(log))
                .isEqualTo(expected);
    }

    /** @param args the token's URI, the file with the PIN, certificate, key */
    static void main(String[] args) throws Exception {
        Path certificate = Path.of(args[2]);
        SignerIdentity identity = SignerIdentity.read(certificate, true);
        Secrets nobody = new FakeSecrets(Map.of(), null);
        TokenImport.put(args[0], PIN, Path.of(args[3]), identity.certificate());
        byte[] aad = CoseSign1.externalAad(new byte[32]);
        try (OpenSigner signer =
                Signers.open(args[0] + "&pin-source=file:" + args[1], identity, nobody, SigningKeys.LIMITS)) {
            CoseSign1 message = CoseSign1.sign(signer, aad, "text/plain", new byte[10_000]);
            SignerEntry entry = new SignerEntry(identity.certificate(), null);
            assertThat(message.verify(entry, aad, Instant.parse("2027-01-01T00:00:00Z")))
                    .isInstanceOf(Verification.Valid.class);
        }
        Secrets wrong = new FakeSecrets(Map.of(), "000000");
        assertRefused(args[0], identity, wrong, "CKR_PIN_INCORRECT");
        Secrets right = new FakeSecrets(Map.of(Pkcs11Signer.PIN_VARIABLE, PIN), null);
        Signers.open(args[0], identity, right, SigningKeys.LIMITS).close();
        assertRefused(args[0], SigningKeys.fresh().identity(), right, "no private key with the signer's certificate");
        assertRefused(args[0], identity, nobody, "COCO_SIGNER_PIN is not set");
        assertRefused(args[0].replace("one", "two"), identity, right, "0 tokens");
        assertRefused(args[0].replace("libsofthsm2", "libnothing"), identity, right, "cannot load");
    }

    private static void assertRefused(String uri, SignerIdentity identity, Secrets secrets, String why) {
        assertThatThrownBy(() -> Signers.open(uri, identity, secrets, SigningKeys.LIMITS))
                .isInstanceOf(SignerException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining(PIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pkcs11:token=a|'?module-path=' names",
                "pkcs11:token=a?module-path=lib.so|'?module-path=' names",
                "pkcs11:token=a?module-path=/l%0aslot=1|'?module-path=' names",
                "pkcs11:?module-path=/l.so|says which token",
                "pkcs11:slot-id=x?module-path=/l.so|slot-id is a number",
                "pkcs11:token=a;token=b?module-path=/l.so|twice: token",
                "pkcs11:token=a;model=b?module-path=/l.so|not known: model",
                "pkcs11:token=a;type=cert?module-path=/l.so|a private key signs",
                "pkcs11:token=%zz?module-path=/l.so|percent-encoding of token",
                "pkcs11:token=a?module-path=/l.so&pin-value=1234|a PIN on a command line",
                "pkcs11:token=a?module-path=/l.so&pin-source=pin|by an absolute path",
                "pkcs11:token|not known: token"
            })
    void shouldRefuseUrisThatSayTooLittleOrTooMuch(String uri, String why) {
        assertThatThrownBy(() -> Pkcs11Uri.parse(uri))
                .isInstanceOf(SignerException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("1234");
    }

    @Test
    void shouldReadUrisAsRfc7512HasThem() {
        Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=The%20Software+;serial=4f;slot-id=7;object=my%20key;type=private"
                + ";id=%01%02?module-path=/usr/lib/l.so&pin-source=file:/etc/pin");

        assertThat(uri)
                .isEqualTo(new Pkcs11Uri(
                        Path.of("/usr/lib/l.so"), 7L, "The Software+", "4f", "my key", Path.of("/etc/pin")));
    }
}
