package coco.client.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coco.client.signing.SigningKeys.FakeSecrets;
import coco.crypto.Certificates;
import coco.crypto.KeyEncryption;
import coco.crypto.P256;
import coco.crypto.PrivateKeyFiles;
import coco.governance.cose.SignerException;
import coco.journal.EpochShares.RecoveryKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery keys in files, and wrapped by a token, in a process of its own ({@link #main}) as SoftHSM asks for. */
final class RecoveryKeysTest {
    private static final String PIN = "648219";
    private static final String PASSWORD = "correct horse";
    private static final byte[] CONTEXT = {1, 2, 3};
    private static final byte[] SHARE = Arrays.copyOf(new byte[] {7}, 32);
    /** The same in both processes. */
    private static final KeyPair ALICE = P256.derive(new byte[32], CONTEXT);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Secrets NOBODY = new FakeSecrets(Map.of(), null);

    @TempDir
    private Path folder = Path.of("");

    private Path write(String name, String text) throws IOException {
        return Files.writeString(
                Files.createFile(
                        folder.resolve(name),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                text);
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    @Test
    void shouldOpenSharesWithKeysInFilesOfEitherKind() throws Exception {
        Secrets typing = new FakeSecrets(Map.of(), PASSWORD);
        for (KeyPair keys : List.of(rsa(), P256.generate(RANDOM))) {
            PrivateKey key = keys.getPrivate();
            byte[] sealed = KeyEncryption.seal(keys.getPublic(), CONTEXT, SHARE, RANDOM);
            Path clear = write(key.getAlgorithm() + ".clear", Certificates.toPem(key));
            Path locked =
                    write(key.getAlgorithm() + ".locked", PrivateKeyFiles.encrypt(key, PASSWORD.toCharArray(), RANDOM));
            assertThat(RecoveryKeys.open(clear, null, NOBODY).open(CONTEXT, sealed))
                    .isEqualTo(SHARE);
            RecoveryKey opened = RecoveryKeys.open(locked, null, typing);
            assertThat(opened.open(CONTEXT, sealed)).isEqualTo(SHARE);
            assertThat(opened.open(new byte[1], sealed)).isNull();
            assertRefused(locked, new FakeSecrets(Map.of(), "wrong"), "the password does not open");
            assertRefused(locked, NOBODY, "COCO_SIGNER_PASSWORD is not set");
        }
        assertRefused(write("nothing", "no key"), NOBODY, "PEM");
        Path open = Files.writeString(folder.resolve("open"), "no key");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(open, NOBODY, "chmod 600");
        assertRefused(folder.resolve("missing"), NOBODY, "cannot read");
        String body = "-----BEGIN COCO WRAPPED PRIVATE KEY-----\nAAAA\n-----END COCO WRAPPED PRIVATE KEY-----\n";
        assertRefused(write("wrapped", body), NOBODY, "wrapped by a token");
    }

    private static void assertRefused(Path file, Secrets secrets, String why) {
        assertThatThrownBy(() -> RecoveryKeys.open(file, null, secrets))
                .isInstanceOf(SignerException.class)
                .hasMessageContaining(why);
    }

    @Test
    void shouldOpenSharesWithAKeyThatATokenWraps() throws IOException, InterruptedException {
        List<Path> present =
                Pkcs11SignerTest.LIBRARIES.stream().filter(Files::exists).toList();
        assumeTrue(!present.isEmpty(), "SoftHSM is not installed (package softhsm2): no token to wrap with");
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(folder.resolve("softhsm2.conf"), "directories.tokendir = " + tokens + "\n");
        run("softhsm2-util", "--init-token", "--free", "--label", "vault", "--so-pin", PIN, "--pin", PIN);
        Path configuration = Files.writeString(
                folder.resolve("pkcs11.cfg"),
                "name = vault\nlibrary = " + present.getFirst() + "\nslotListIndex = 0\n");
        String home = System.getProperty("java.home");
        String[] token = {
            "-storetype",
            "PKCS11",
            "-storepass",
            PIN,
            "-alias",
            "wrapping",
            "-addprovider",
            "SunPKCS11",
            "-providerarg",
            configuration.toString()
        };
        Path certificate = folder.resolve("wrapping.pem");
        keytool(home, token, "-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=wrapping");
        keytool(home, token, "-exportcert", "-rfc", "-file", certificate.toString());
        Path key = write("alice.recovery.key", Certificates.toPem(ALICE.getPrivate()));
        run(
                Path.of(home, "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RecoveryKeysTest.class.getName(),
                "pkcs11:token=vault;object=wrapping?module-path=" + present.getFirst(),
                certificate.toString(),
                key.toString());
    }

    private void keytool(String home, String[] token, String... command) throws IOException, InterruptedException {
        String[] line = new String[1 + command.length + token.length];
        line[0] = Path.of(home, "bin", "keytool").toString();
        System.arraycopy(command, 0, line, 1, command.length);
        System.arraycopy(token, 0, line, 1 + command.length, token.length);
        run(line);
    }

    private void run(String... command) throws IOException, InterruptedException {
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
                .isZero();
    }

    /** @param args the token's URI, the wrapping key's certificate, the recovery key */
    static void main(String[] args) throws Exception {
        Path file = Path.of(args[2]);
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(Files.newInputStream(Path.of(args[1])));
        Secrets pin = new FakeSecrets(Map.of(Pkcs11Signer.PIN_VARIABLE, PIN), null);
        String wrapped = RecoveryKeys.wrap(file, certificate.getPublicKey(), pin, RANDOM);
        Path out = Files.copy(file, file.resolveSibling("wrapped"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(out, wrapped);
        RecoveryKey opened = RecoveryKeys.open(out, args[0], pin);
        byte[] sealed = KeyEncryption.seal(ALICE.getPublic(), CONTEXT, SHARE, RANDOM);
        assertThat(opened.open(CONTEXT, sealed)).isEqualTo(SHARE);
        assertThatThrownBy(() -> RecoveryKeys.open(out, args[0].replace("object=wrapping", "object=other"), pin))
                .hasMessageContaining("no RSA key named other");
        char[] changed = wrapped.toCharArray();
        int at = wrapped.length() / 2;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        Files.writeString(out, new String(changed));
        assertThatThrownBy(() -> RecoveryKeys.open(out, args[0], pin)).isInstanceOf(SignerException.class);
        assertThatThrownBy(() -> RecoveryKeys.wrap(file, P256.generate(RANDOM).getPublic(), pin, RANDOM))
                .hasMessageContaining("RSA key of 2048");
    }
}
