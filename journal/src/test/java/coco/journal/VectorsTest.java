package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.testing.FaultyStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The vectors under docs/specs/vectors/journal, by which a second implementation is checked. Everything but the two
 * certificates is made again from fixed keys and compared; with {@code -Dcoco.vectors.write=true} it is written
 * instead.
 */
class VectorsTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("coco.root", ".."), "docs", "specs", "vectors", "journal");
    private static final int BLOCKS = 6;
    private static final JournalLimits LIMITS = JournalLimits.DEFAULT.withChunkBytes(5_000);
    private static final byte[] DOCUMENT = "{\"name\":\"vectors\"}".getBytes(StandardCharsets.UTF_8);

    private final KeyPair serviceKeys = P256.derive(TestNetwork.fill(0x51), ascii("service"));
    private final KeyPair nodeKeys = P256.derive(TestNetwork.fill(0x52), ascii("node"));
    private final byte[] serviceId = ServiceId.of(DOCUMENT, serviceKeys.getPublic());
    private final EpochSecrets epoch = new EpochSecrets(serviceId, 0, TestNetwork.fill(0x53));
    private final EvidenceKey evidenceKey = new EvidenceKey(serviceId, TestNetwork.fill(0x54));
    private final SealingKeys keys = new SealingKeys(epoch, 0, evidenceKey);
    private final Map<String, String> values = new LinkedHashMap<>();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void put(String name, byte[] value) {
        values.put(name, HexFormat.of().formatHex(value));
    }

    @Test
    void shouldMakeTheVectorsOfTheFormatDocument() throws IOException {
        boolean write = Boolean.getBoolean("coco.vectors.write");
        if (write) {
            Files.createDirectories(FOLDER);
            makeCertificates();
        }
        X509Certificate node = Certificates.fromPem(Files.readString(FOLDER.resolve("node.pem")));
        X509Certificate service = Certificates.fromPem(Files.readString(FOLDER.resolve("service.pem")));
        FaultyStorage storage = make(node);
        StringBuilder text = new StringBuilder("# Made by VectorsTest; docs/specs/journal.md says what each is.\n");
        values.forEach(
                (name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        if (write) {
            Files.writeString(FOLDER.resolve("values.properties"), text);
            for (Map.Entry<String, byte[]> file : storage.contents().entrySet()) {
                Files.write(FOLDER.resolve(file.getKey()), file.getValue());
            }
        }
        assertThat(text.toString()).isEqualTo(Files.readString(FOLDER.resolve("values.properties")));
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".chunk")))
                    .containsExactlyInAnyOrderElementsOf(storage.list());
        }
        for (String name : storage.list()) {
            assertThat(storage.bytes(name)).as(name).isEqualTo(Files.readAllBytes(FOLDER.resolve(name)));
        }
        Report report = new JournalVerifier(TestNetwork::facts, id -> epoch.sealRoot(), LIMITS).verify(FOLDER, service);
        assertThat(report.verdict()).as(report.toText()).isEqualTo(Report.Verdict.VALID);
        assertThat(report.blocks()).isEqualTo(BLOCKS);
    }

    private void makeCertificates() throws IOException {
        X509Certificate service =
                Certificates.selfSigned("service", serviceKeys, TestNetwork.FROM, TestNetwork.TO, new SecureRandom());
        X509Certificate node = Certificates.issue(
                service,
                serviceKeys.getPrivate(),
                "node-1",
                nodeKeys.getPublic(),
                List.of("localhost"),
                TestNetwork.FROM,
                TestNetwork.TO,
                new SecureRandom());
        Files.writeString(FOLDER.resolve("service.pem"), Certificates.toPem(service));
        Files.writeString(FOLDER.resolve("node.pem"), Certificates.toPem(node));
    }

    private FaultyStorage make(X509Certificate node) {
        put("genesisDocument", DOCUMENT);
        put("serviceKeyDer", serviceKeys.getPublic().getEncoded());
        put("serviceId", serviceId);
        put("epochSecret", TestNetwork.fill(0x53));
        put("sealRoot", epoch.sealRoot().secret());
        put("epochCommitment", epoch.sealRoot().commitment());
        put("saltKey", epoch.sealRoot().saltKey());
        put("snapshotKey", epoch.snapshotKey());
        put("indexKey.node-1", epoch.indexKey(ascii("node-1")));
        put("blindingKey", epoch.blindingKey());
        put("prevRandaoKey", epoch.prevRandaoKey());
        put("evidenceKey", TestNetwork.fill(0x54));
        PublicKey next = P256.derive(TestNetwork.fill(0x55), ascii("service")).getPublic();
        put("serviceKey.1.der", next.getEncoded());
        put("endorsed", ServiceIdentity.endorsed(serviceId, 1, 3, next));
        put("endorsement", ServiceIdentity.endorse(serviceId, 1, 3, next, serviceKeys.getPrivate()));
        BlockSealer sealer = new BlockSealer(
                new SealerIdentity(serviceId, SealerChange.digest(node), nodeKeys.getPrivate()),
                new Random(55),
                LIMITS);
        FaultyStorage storage = new FaultyStorage(new Random(1));
        ChainHead head = ChainHead.NONE;
        List<JournalEntry> entries = new ArrayList<>();
        for (int height = 0; height < BLOCKS; height++) {
            byte[] publicWrites = height == 0
                    ? Bytes.concat(DOCUMENT, ascii("\n" + Certificates.toPem(node)))
                    : height == 3 ? ascii("public") : new byte[0];
            BlockContent content = content(height);
            SealedBlock block = sealer.seal(head, 2 + height / 4, keys, content, publicWrites);
            byte[] nonce = evidenceKey.nonce(EvidenceKey.seed(block.bytes(), 0));
            entries.add(new JournalEntry(2 + height / 4, 10 + height, nonce, block));
            values(height, block, content, nonce);
            head = head.next(block);
        }
        put("logRoot.afterAll", head.log().root());
        if (Journal.open(storage, serviceId, LIMITS) instanceof Journal.Opening.Ready ready) {
            entries.forEach(ready.journal()::append);
            ready.journal().close();
        }
        return storage;
    }

    private void values(int height, SealedBlock block, BlockContent content, byte[] nonce) {
        String prefix = "block." + height + ".";
        byte[] bytes = block.bytes();
        put(prefix + "P", Arrays.copyOf(bytes, BlockHeader.P_LENGTH));
        put(prefix + "C", block.header().privateHash());
        put(prefix + "D", block.header().evidenceDigest());
        put(prefix + "E0", EvidenceKey.seed(bytes, 0));
        put(prefix + "nonce", nonce);
        put(prefix + "headerHash", block.headerHash());
        put(
                prefix + "sealerKey",
                epoch.sealRoot()
                        .sealerKey(
                                block.header().sealer(),
                                block.header().incarnation(),
                                block.header().term()));
        put(prefix + "iv", block.iv());
        put(prefix + "plaintext", ContentCodec.encode(content));
        LeafTree leaves = LeafTree.of(epoch.sealRoot(), height, content);
        for (int i = 0; i < content.entryCount() + content.sections().size(); i++) {
            put(prefix + "leaf." + i + ".salt", leaves.leaf(i).salt());
            put(prefix + "leaf." + i + ".hash", leaves.leaf(i).hash());
        }
        put(prefix + "leafRoot", leaves.root());
    }

    private static BlockContent content(int height) {
        Random random = new Random(height);
        List<Section> sections = new ArrayList<>();
        for (int s = 0; s < height % 3; s++) {
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < height; i++) {
                entries.add(new Entry(
                        TestNetwork.fill(height * 16 + i),
                        TestNetwork.fill(128 + i),
                        random(random, 10 * i),
                        random(random, 130 * (i % 2))));
            }
            sections.add(new Section(s == 0 ? "ethereum" : "kv", entries, random(random, 20), random(random, 7 * s)));
        }
        return new BlockContent(TestNetwork.GENESIS_MILLIS + 700L * height, sections);
    }

    private static byte[] random(Random random, int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }
}
