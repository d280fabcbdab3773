package coco.cli.governance;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.governance.NodeEntry;
import coco.governance.NodeTuple;
import coco.governance.cose.CoseSign1;
import coco.node.join.OwnEntry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeSignCommandTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void shouldPutTheSignedEntryBesideTheOneThatTheNodeMade() throws Exception {
        assertThat(run("member", "init", "acme", "--out", folder.toString())).isZero();
        NodeEntry entry = entry();
        Path file = Files.write(folder.resolve("entry.unsigned.json"), OwnEntry.write(entry));

        assertThat(run("node", "sign", file.toString(), "--signer", "file:" + folder.resolve("acme.key")))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();

        NodeEntry signed = OwnEntry.read(Files.readAllBytes(folder.resolve("entry.json")));
        assertThat(signed.withSignature(null)).isEqualTo(entry);
        CoseSign1 message = CoseSign1.decode(Objects.requireNonNull(signed.ownerSignature()));
        X509Certificate owner = Certificates.fromPem(Files.readString(folder.resolve("acme.pem")));
        assertThat(message.payload()).isEqualTo(NodeTuple.payload(entry, owner));
        assertThat(run(
                        "node",
                        "sign",
                        folder.resolve("none").toString(),
                        "--signer",
                        "file:" + folder.resolve("acme.key")))
                .isNotZero();
    }

    private static NodeEntry entry() {
        KeyPair keys = P256.generate(RANDOM);
        Instant now = Instant.now();
        return new NodeEntry(
                "node-1-0a0b0c0d",
                "acme",
                "127.0.0.1",
                1,
                2,
                3,
                Certificates.selfSigned("node-1-0a0b0c0d", keys, now, now.plusSeconds(60), RANDOM),
                P256.generate(RANDOM).getPublic(),
                null);
    }

    private int run(String... words) {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Main.run(new Console(print, print, false, false), Map.of(), words);
    }
}
