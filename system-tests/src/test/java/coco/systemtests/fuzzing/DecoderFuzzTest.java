package coco.systemtests.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.Verdict;
import coco.attestation.simulated.SimulatedPlatform;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NetworkPlan;
import coco.core.ServiceMaps;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.crypto.Secp256k1;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.types.Block;
import coco.evm.types.Header;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.governance.Genesis;
import coco.governance.document.DocumentException;
import coco.journal.BlockHeader;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.ReadResult;
import coco.journal.SealedBlock;
import coco.journal.testing.FaultyStorage;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.Visibility;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerException;
import coco.ledgers.kv.KvTransaction;
import coco.node.config.Configuration;
import coco.node.config.ConfigurationException;
import coco.systemtests.simulation.ReplicatedBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Decoders that the modules show to others; those they keep to themselves are tested where they are. */
class DecoderFuzzTest {
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    /** A tree of small objects for each token of a text, at the worst. */
    private static final long ALLOCATION_PER_BYTE = 256;
    /** Tables and buffers that do not depend on the input. */
    private static final long ALLOCATION_BASE = 2 << 20;
    /**
     * What contracts in a genesis document may fill: each is asked three questions of 30,000 gas, which buys some 90
     * KB of memory, that grows by doubling; and calls buy a frame for some thousand gas.
     */
    private static final long ALLOCATION_OF_CODE = 16 << 20;

    private static final String JSON_LETTERS = "{}[]\",:\\u0eE+-.9ntf \u0000\ud800";
    private static final String YAML_LETTERS = "{}[]:,&*!|>'\"%@`#-? \n\tabk.\u0000\u00ff\ud800";
    private static final String PEM_LETTERS = "-\n\r =AZaz09+/BEGIN\u0000\u00e9";

    @TempDir
    private static Path folder = Path.of("");

    private static NetworkFolder network = new NetworkFolder(folder);
    /** What was replicated, without the byte that says what it is. */
    private static List<byte[]> sealed = List.of();

    @BeforeAll
    static void makeANetwork() {
        network = new NetworkFolder(folder.resolve("network"));
        LocalNetwork.create(network, NetworkPlan.development(3, 40_000, Map.of()));
        sealed = new ReplicatedBytes()
                .apply(List.of(Samples.filled(40, 1), Samples.filled(90, 2), new byte[] {3})).stream()
                        .filter(payload -> payload.length > 1)
                        .map(payload -> Arrays.copyOfRange(payload, 1, payload.length))
                        .toList();
    }

    /** Gives back what the value encodes to, or null where that need not be the input. */
    @FunctionalInterface
    private interface Decoder<E extends Exception> {
        byte @Nullable [] decode(byte[] input) throws E;
    }

    /** A decoder, its documented error, and how many inputs it has taken. */
    private static final class Subject<E extends Exception> {
        private final Class<E> typed;
        private final Decoder<E> decoder;
        private final long allocationBase;
        private long taken;

        Subject(Class<E> typed, List<byte[]> corpus, Decoder<E> decoder) throws E {
            this(typed, corpus, decoder, ALLOCATION_BASE);
        }

        Subject(Class<E> typed, List<byte[]> corpus, Decoder<E> decoder, long allocationBase) throws E {
            this.typed = typed;
            this.decoder = decoder;
            this.allocationBase = allocationBase;
            for (byte[] valid : corpus) {
                assertReencoded(valid, decoder.decode(valid.clone()));
            }
        }

        void check(byte[] input) {
            byte[] original = input.clone();
            long before = Allocation.bytes();
            try {
                byte[] encoded = decoder.decode(input);
                taken++;
                assertReencoded(original, encoded);
            } catch (Exception refused) {
                assertThat(refused).as("the documented error").isInstanceOf(typed);
                assertThat(refused.getMessage())
                        .as("its message")
                        .isNotBlank()
                        .doesNotContain("Exception")
                        .doesNotContain("coco.");
            }
            assertThat(Allocation.bytes() - before)
                    .as("bytes allocated for an input of %d", input.length)
                    .isLessThan(allocationBase + ALLOCATION_PER_BYTE * input.length);
        }

        private static void assertReencoded(byte[] input, byte @Nullable [] encoded) {
            if (encoded != null) {
                assertThat(Hex.encode(encoded)).as("encoded again").isEqualTo(Hex.encode(input));
            }
        }
    }

    private static <E extends Exception> void fuzz(
            String target, Class<E> typed, List<byte[]> corpus, Decoder<E> decoder) throws E {
        Subject<E> subject = new Subject<>(typed, corpus, decoder);
        Fuzz.run(target, 3_000, random -> subject.check(new Mutator(random, corpus).next()));
        assertThat(subject.taken).as("valid inputs among the rounds").isPositive();
    }

    private static <E extends Exception> void fuzzRlp(
            String target, Class<E> typed, List<byte[]> corpus, Decoder<E> decoder) throws E {
        fuzz(target, typed, corpus, decoder);
        Subject<E> subject = new Subject<>(typed, corpus, decoder);
        Fuzz.run(target + " items", 3_000, random -> subject.check(new RlpMutator(random, corpus).next()));
        assertThat(subject.taken).as("valid inputs among the rounds").isPositive();
    }

    private static <E extends Exception> void fuzzText(
            String target, Class<E> typed, List<byte[]> corpus, String alphabet, Decoder<E> decoder) throws E {
        fuzzText(target, corpus, alphabet, new Subject<>(typed, corpus, decoder));
    }

    private static void fuzzText(String target, List<byte[]> corpus, String alphabet, Subject<?> subject) {
        Fuzz.run(
                target,
                1_500,
                random ->
                        subject.check(new Mutator(random, corpus).text(alphabet).getBytes(StandardCharsets.UTF_8)));
        Fuzz.run(target + " bytes", 1_500, random -> subject.check(new Mutator(random, corpus).next()));
        assertThat(subject.taken).as("valid inputs among the rounds").isPositive();
    }

    // ---- Ethereum ----

    @Test
    void shouldWalkOrRefuseRlpWhenBytesAreSpoiled() throws Exception {
        List<byte[]> corpus = Samples.blocks().stream().map(Block::encode).toList();
        fuzz("rlp", RlpException.class, corpus, input -> {
            walk(new RlpReader(input));
            RlpReader.check(input);
            return null;
        });
    }

    /** Enters every list and reads every string. */
    private static void walk(RlpReader in) throws RlpException {
        int depth = 0;
        while (depth > 0 || in.hasNext()) {
            if (!in.hasNext()) {
                in.leaveList();
                depth--;
            } else if (in.isList()) {
                in.enterList();
                depth++;
            } else {
                in.string();
            }
        }
        in.finish();
    }

    @Test
    void shouldDecodeOrRefuseTransactionsWhenBytesAreSpoiled() throws Exception {
        List<byte[]> corpus =
                Samples.transactions().stream().map(Transaction::encoded).toList();
        fuzzRlp("transaction", coco.evm.types.MalformedException.class, corpus, input -> {
            Transaction transaction = Transaction.decode(input);
            assertThat(transaction.hash()).hasSize(32);
            assertThat(transaction.signingHash()).hasSize(32);
            assertThat(transaction.toString()).isNotBlank();
            transaction.sender(CURVE);
            transaction.authorizations().forEach(tuple -> tuple.authority(CURVE));
            return transaction.encoded();
        });
    }

    @Test
    void shouldDecodeOrRefuseHeadersWhenBytesAreSpoiled() throws Exception {
        List<byte[]> corpus = Samples.headers().stream().map(Header::encode).toList();
        fuzzRlp(
                "header",
                coco.evm.types.MalformedException.class,
                corpus,
                input -> Header.decode(input).encode());
    }

    @Test
    void shouldDecodeOrRefuseBlocksWhenBytesAreSpoiled() throws Exception {
        List<byte[]> corpus = Samples.blocks().stream().map(Block::encode).toList();
        fuzzRlp(
                "block",
                coco.evm.types.MalformedException.class,
                corpus,
                input -> Block.decode(input).encode());
    }

    @Test
    void shouldDecodeOrRefuseReceiptsWhenBytesAreSpoiled() throws Exception {
        List<byte[]> corpus = Samples.receipts().stream().map(Receipt::encode).toList();
        fuzzRlp(
                "receipt",
                coco.evm.types.MalformedException.class,
                corpus,
                input -> Receipt.decode(input).encode());
    }

    @Test
    void shouldParseOrRefuseEthereumsGenesisWhenTextIsSpoiled() throws Exception {
        byte[] document = JsonMapper.shared()
                .readTree(Files.readAllBytes(network.genesis()))
                .path("ledgers")
                .path("ethereum")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        assertThat(document.length).isGreaterThan(500);
        Decoder<LedgerException> decoder = input -> {
            coco.ledgers.ethereum.chain.Genesis genesis = coco.ledgers.ethereum.chain.Genesis.parse(input);
            Store store = new Store(coco.ledgers.ethereum.chain.EthereumMaps.ALL, StoreLimits.DEFAULT);
            genesis.write(store.draft(store.head()));
            return null;
        };
        List<byte[]> corpus = List.of(document);
        Subject<LedgerException> subject = new Subject<>(LedgerException.class, corpus, decoder, ALLOCATION_OF_CODE);
        fuzzText("ethereum genesis", corpus, JSON_LETTERS, subject);
    }

    // ---- key-value ----

    @Test
    void shouldDecodeOrRefuseKvTransactionsWhenBytesAreSpoiled() {
        byte[] removal = new KvTransaction("a", new byte[] {1}, new byte[0]).encode();
        removal[removal.length - 1] = 0;
        List<byte[]> corpus = List.of(
                removal,
                new KvTransaction("ä€𝄞".repeat(7), "key".getBytes(StandardCharsets.UTF_8), new byte[0]).encode(),
                new KvTransaction("request-17", new byte[250], Samples.filled(900, 8)).encode());
        fuzz("kv transaction", IllegalStateException.class, corpus, input -> {
            Optional<KvTransaction> decoded = KvTransaction.decode(input);
            return decoded.isEmpty() ? null : decoded.get().encode();
        });
    }

    @Test
    void shouldParseOrRefuseWriteSetsWhenBytesAreSpoiled() throws Exception {
        MapSpec open = new MapSpec("open", Visibility.PUBLIC);
        MapSpec closed = new MapSpec("closed", Visibility.PRIVATE);
        List<MapSpec> maps = List.of(open, closed);
        Store store = new Store(maps, StoreLimits.DEFAULT);
        List<byte[]> corpus = new ArrayList<>();
        try (Version head = store.leaseHead()) {
            coco.kv.Transaction writes = new coco.kv.Transaction(head);
            for (int i = 1; i < 40; i++) {
                writes.put(i % 3 == 0 ? open : closed, Samples.filled(i, i), Samples.filled(i * 7, i));
                writes.remove(closed, Samples.filled(i + 1, 200));
                if (i % 13 == 1) {
                    corpus.add(writes.writes().serialise());
                }
            }
        }
        fuzz(
                "write set",
                MalformedWriteSetException.class,
                corpus,
                input -> WriteSet.parse(input, maps).serialise());
    }

    // ---- journal ----

    @Test
    void shouldParseOrRefuseSealedBlocksWhenBytesAreSpoiled() throws Exception {
        assertThat(sealed).hasSizeGreaterThan(3);
        fuzz("sealed block", MalformedException.class, sealed, input -> {
            SealedBlock block = SealedBlock.parse(input);
            assertThat(block.headerHash()).hasSize(32);
            new ServiceMaps().read(block.header().height(), block.publicWrites());
            return block.bytes();
        });
        List<byte[]> headers =
                sealed.stream().map(block -> Arrays.copyOf(block, block.length)).toList();
        fuzz("block header", MalformedException.class, headers, input -> {
            byte[] encoded = BlockHeader.decode(input, 0).encode();
            return Arrays.equals(encoded, Arrays.copyOf(input, encoded.length)) ? null : encoded;
        });
    }

    @Test
    void shouldReadOrRefusePublicWritesWhenBytesAreSpoiled() throws Exception {
        byte[] writes = genesisBlock().publicWrites();
        fuzz("public writes", MalformedException.class, List.of(writes), input -> {
            new ServiceMaps().read(0, input);
            return null;
        });
    }

    @Test
    void shouldOpenOrRefuseJournalsWhenFilesAreSpoiled() throws Exception {
        Path journal = network.node(1).resolve("journal");
        byte[] serviceId = genesisBlock().header().serviceId();
        FileStorage storage = new FileStorage(journal);
        List<String> names = storage.list();
        List<byte[]> files = new ArrayList<>();
        for (String name : names) {
            byte[] file = Files.readAllBytes(journal.resolve(name));
            files.add(Arrays.copyOf(file, Math.min(file.length, 64 << 10)));
        }
        fuzz("journal files", IllegalStateException.class, files, input -> {
            FaultyStorage spoiled = new FaultyStorage(new Random(1));
            spoiled.put(names.getFirst(), input);
            if (Journal.open(spoiled, serviceId, JournalLimits.DEFAULT)
                    instanceof Journal.Opening.Ready(Journal ready, var report)) {
                try (ready) {
                    ready.read(0);
                    assertThat(report.notes()).isNotNull();
                }
            }
            return null;
        });
    }

    private static SealedBlock genesisBlock() throws Exception {
        byte[] serviceId = coco.journal.ServiceId.of(
                Genesis.parse(Files.readAllBytes(network.genesis())).bytes(),
                Certificates.fromPem(Files.readString(network.serviceCertificate()))
                        .getPublicKey());
        Journal.Opening opening =
                Journal.open(new FileStorage(network.node(2).resolve("journal")), serviceId, JournalLimits.DEFAULT);
        try (Journal journal = ((Journal.Opening.Ready) opening).journal()) {
            return ((ReadResult.Found) journal.read(0)).entry().block();
        }
    }

    // ---- documents ----

    @Test
    void shouldParseOrRefuseTheConstitutionWhenTextIsSpoiled() throws Exception {
        fuzzText(
                "genesis",
                DocumentException.class,
                List.of(Files.readAllBytes(network.genesis())),
                JSON_LETTERS,
                input -> {
                    Genesis genesis = Genesis.parse(input);
                    assertThat(Genesis.parse(genesis.bytes()).digest()).isEqualTo(genesis.digest());
                    return null;
                });
    }

    @Test
    void shouldParseOrRefuseConfigurationsWhenTextIsSpoiled() throws Exception {
        fuzzText(
                "configuration",
                ConfigurationException.class,
                List.of(Files.readAllBytes(network.configuration(1))),
                YAML_LETTERS,
                input -> {
                    Configuration configuration = Configuration.parse(new String(input, StandardCharsets.UTF_8), true);
                    assertThat(configuration.print()).isNotBlank();
                    return null;
                });
    }

    @Test
    void shouldParseOrRefuseCertificatesAndKeysWhenBytesAreSpoiled() throws Exception {
        String pem = Files.readString(network.serviceCertificate());
        byte[] der = Certificates.fromPem(pem).getEncoded();
        KeyPair keys = P256.generate(new SecureRandom());
        fuzz("certificate", CryptoException.class, List.of(der), input -> {
            Certificates.fingerprint(Certificates.fromDer(input));
            return null;
        });
        fuzzText("certificate text", CryptoException.class, List.of(ascii(pem)), PEM_LETTERS, input -> {
            Certificates.fingerprint(Certificates.fromPem(new String(input, StandardCharsets.UTF_8)));
            return null;
        });
        byte[] key = ascii(Certificates.toPem(keys.getPrivate()));
        fuzzText("private key", CryptoException.class, List.of(key), PEM_LETTERS, input -> {
            Certificates.privateKeyFromPem(new String(input, StandardCharsets.UTF_8));
            return null;
        });
        fuzz(
                "public key",
                CryptoException.class,
                List.of(P256.encode(keys.getPublic())),
                input -> P256.encode(P256.decode(input)));
    }

    @Test
    void shouldJudgeEvidenceAndNeverThrowWhenBytesAreSpoiled() {
        SimulatedPlatform platform = new SimulatedPlatform(new byte[32], new byte[32], new SecureRandom());
        List<byte[]> corpus = List.of(platform.attester().attest(new byte[64]).encode());
        fuzz("evidence", IllegalStateException.class, corpus, input -> {
            Evidence evidence = Evidence.decode(input);
            if (evidence == null) {
                return null;
            }
            boolean untouched = Arrays.equals(input, corpus.getFirst());
            assertThat(SimulatedPlatform.verifier().verify(evidence) instanceof Verdict.Verified)
                    .isEqualTo(untouched && evidence.platform() == Platform.SIMULATED);
            return evidence.encode();
        });
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    // ---- the harness itself ----

    @Test
    void shouldFailWhenADecoderThrowsAllocatesOrChangesBytes() {
        List<byte[]> corpus = List.of(new byte[] {0, 0, 0, 4, 1, 2, 3, 4});
        assertThatThrownBy(() -> fuzz("careless about lengths", DocumentException.class, corpus, input -> {
                    ByteBuffer in = ByteBuffer.wrap(input);
                    in.get(new byte[in.getInt()]);
                    return null;
                }))
                .hasMessageContaining("-Dcoco.fuzz.round=");
        assertThatThrownBy(() -> fuzz("trusting a length", IllegalArgumentException.class, corpus, input -> {
                    int length = input.length < 4 ? 0 : ByteBuffer.wrap(input).getInt();
                    if (length < 0 || length > (1 << 24)) {
                        throw new IllegalArgumentException("too long");
                    }
                    byte[] believed = new byte[length];
                    assertThat(believed).hasSize(length);
                    return null;
                }))
                .hasStackTraceContaining("bytes allocated");
        assertThatThrownBy(() -> fuzz("ambiguous", DocumentException.class, corpus, input -> Arrays.copyOf(input, 8)))
                .hasStackTraceContaining("encoded again");
    }
}
