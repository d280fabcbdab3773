package coco.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import coco.ledgers.api.RpcSettings.SendReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ConfigurationTest {
    private static final String REQUIRED = """
            node:
              id: node-1
              dataDirectory: data
              keysDirectory: keys
              sealingKeyFile: sealing.key
              genesisFile: genesis.json
              serviceCertificateFile: service.pem
            """;

    private static Configuration parse(String yaml) {
        return Configuration.parse(yaml, true);
    }

    @Test
    void shouldHaveTheseKeysWithTheseDefaults() {
        Map<Key<?>, Object> expected = new HashMap<>();
        expected.put(Keys.NODE_ID, "node-1");
        expected.put(Keys.NODE_DATA_DIRECTORY, Path.of("data"));
        expected.put(Keys.NODE_KEYS_DIRECTORY, Path.of("keys"));
        expected.put(Keys.NODE_SEALING_KEY_FILE, Path.of("sealing.key"));
        expected.put(Keys.NODE_GENESIS_FILE, Path.of("genesis.json"));
        expected.put(Keys.NODE_SERVICE_CERTIFICATE_FILE, Path.of("service.pem"));
        expected.put(Keys.NODE_CERTIFICATE_WARNING, Duration.ofDays(30));
        expected.put(Keys.NODE_START, StartMode.AUTO);
        expected.put(Keys.NODE_LEASE, Duration.ofHours(24));
        expected.put(Keys.JOIN_NETWORK, List.of());
        expected.put(Keys.JOIN_CONSTITUTION, "");
        expected.put(Keys.JOIN_SERVICE, "");
        expected.put(Keys.JOIN_RETRY, Duration.ofSeconds(2));
        expected.put(Keys.HTTP_ENABLED, false);
        expected.put(Keys.HTTP_ADDRESS, "127.0.0.1");
        expected.put(Keys.HTTP_PORT, 8545);
        expected.put(Keys.HTTP_MAX_CONNECTIONS, 8192);
        expected.put(Keys.HTTP_MAX_CONCURRENT_REQUESTS, 2048);
        expected.put(Keys.HTTP_HANDSHAKE_TIMEOUT, Duration.ofSeconds(5));
        expected.put(Keys.HTTP_HEAD_TIMEOUT, Duration.ofSeconds(10));
        expected.put(Keys.HTTP_BODY_TIMEOUT, Duration.ofSeconds(30));
        expected.put(Keys.HTTP_READ_TIMEOUT, Duration.ofSeconds(60));
        expected.put(Keys.HTTP_WRITE_TIMEOUT, Duration.ofSeconds(30));
        expected.put(Keys.HTTP_MAX_BUFFERED_BYTES, 128L * 1024 * 1024);
        expected.put(Keys.HTTP_MAX_HEADER_BYTES, 16_384L);
        expected.put(Keys.HTTP_GZIP, true);
        expected.put(Keys.HTTP_HOSTS, List.of("localhost", "127.0.0.1", "[::1]"));
        expected.put(Keys.HTTP_ORIGINS, List.of());
        expected.put(Keys.HTTP_SHUTDOWN_GRACE, Duration.ofSeconds(5));
        expected.put(Keys.HTTP_RATE_LIMIT, 0);
        expected.put(Keys.HTTP_RATE_BURST, 2_000);
        expected.put(Keys.WEBSOCKET_MAX_CONNECTIONS, 4096);
        expected.put(Keys.WEBSOCKET_QUEUE_MESSAGES, 16_384);
        expected.put(Keys.WEBSOCKET_QUEUE_BYTES, 16L * 1024 * 1024);
        expected.put(Keys.WEBSOCKET_TOTAL_QUEUE_BYTES, 128L * 1024 * 1024);
        expected.put(Keys.HTTPS_ADDRESS, "0.0.0.0");
        expected.put(Keys.HTTPS_PORT, 8555);
        expected.put(Keys.ADMINISTRATIVE_ADDRESS, "0.0.0.0");
        expected.put(Keys.ADMINISTRATIVE_PORT, 8565);
        expected.put(Keys.RAFT_ADDRESS, "0.0.0.0");
        expected.put(Keys.RAFT_PORT, 8575);
        expectHardware(expected);
        expectLedgersAndHousekeeping(expected);

        Configuration configuration = parse(REQUIRED);
        Map<Key<?>, Object> found = new HashMap<>();
        Keys.all().forEach(key -> found.put(key, configuration.get(key)));

        assertThat(found).isEqualTo(expected);
    }

    private static void expectHardware(Map<Key<?>, Object> expected) {
        expected.put(Keys.NODE_OWNER, "");
        expected.put(Keys.NODE_HOST, "");
        expected.put(Keys.NODE_FOUNDING_FILE, Keys.NO_PATH);
        expected.put(Keys.ATTESTATION_PLATFORM, "simulated");
        expected.put(Keys.ATTESTATION_COLLATERAL, Keys.NO_PATH);
        expected.put(Keys.NODE_START, StartMode.AUTO);
        expected.put(Keys.EPOCHS_MEMORY_LIFETIME, Duration.ofHours(1));
    }

    private static void expectLedgersAndHousekeeping(Map<Key<?>, Object> expected) {
        expected.put(Keys.ACCESS_ANSWER_GRID, Duration.ofMillis(5));
        expected.put(Keys.READ_MAX_STALENESS, Duration.ofSeconds(1));
        expected.put(Keys.RPC_SEND_REPLY, SendReply.COMMITTED);
        expected.put(Keys.RPC_REPLY_TIMEOUT, Duration.ofSeconds(2));
        expected.put(Keys.RPC_MAX_BODY_BYTES, 5L * 1024 * 1024);
        expected.put(Keys.RPC_MAX_BATCH, 1000);
        expected.put(Keys.RPC_MAX_NESTING, 32);
        expected.put(Keys.RPC_MAX_SCANNED_BLOCKS, 10_000);
        expected.put(Keys.RPC_MAX_RESULTS, 10_000);
        expected.put(Keys.RPC_CALL_GAS_LIMIT, 50_000_000);
        expected.put(Keys.RPC_CALL_TIMEOUT, Duration.ofSeconds(5));
        expected.put(Keys.RPC_EXCHANGE_TIMEOUT, Duration.ofSeconds(10));
        expected.put(Keys.RPC_MAX_REPLY_BYTES, 25_000_000);
        expected.put(Keys.RPC_MAX_SUBSCRIPTIONS, 256);
        expected.put(Keys.RPC_MAX_FILTERS, 10_000);
        expected.put(Keys.RPC_MAX_FILTERS_PER_CALLER, 5_000);
        expected.put(Keys.RPC_FILTER_TIMEOUT, Duration.ofMinutes(5));
        expected.put(Keys.RPC_ADMISSION_THREADS, 0);
        expected.put(Keys.RPC_ADMISSION_QUEUE, 1024);
        expected.put(Keys.RPC_READ_THREADS, 0);
        expected.put(Keys.RPC_READ_QUEUE, 256);
        expected.put(Keys.BATCH_MIN_INTERVAL, Duration.ofMillis(40));
        expected.put(Keys.BATCH_MAX_TRANSACTIONS, 1000);
        expected.put(Keys.BATCH_MAX_EXECUTION, Duration.ofMillis(20));
        expected.put(Keys.BLOCK_MAX_BYTES, 4L * 1024 * 1024);
        expected.put(Keys.BLOCKS_HEARTBEAT, Duration.ZERO);
        expected.put(Keys.PIPELINE_WINDOW, 4);
        expected.put(Keys.JOURNAL_CHUNK_BYTES, 64L * 1024 * 1024);
        expected.put(Keys.JOURNAL_SCRUB_RATE, 4L * 1024 * 1024);
        expected.put(Keys.DISK_RESERVE, 256L * 1024 * 1024);
        expected.put(Keys.HISTORY_STATE_BLOCKS, 1024);
        expected.put(Keys.HISTORY_STATE_BYTES, 256L * 1024 * 1024);
        expected.put(Keys.SNAPSHOT_INTERVAL_BLOCKS, 20_000);
        expected.put(Keys.SNAPSHOT_INTERVAL_BYTES, 256L * 1024 * 1024);
        expected.put(Keys.SNAPSHOT_KEEP, 2);
        expected.put(Keys.LOG_LEVEL, LogLevel.INFO);
        expected.put(Keys.LOG_FORMAT, LogFormat.TEXT);
        expected.put(Keys.LOG_FILE, "-");
        expected.put(Keys.LOG_MAX_BYTES, 16L * 1024 * 1024);
        expected.put(Keys.METRICS_ENABLED, true);
        expected.put(Keys.UI_ENABLED, true);
    }

    @Test
    void shouldReadEveryKeyFromItsName() {
        String yaml = """
                node: {id: n, dataDirectory: d, keysDirectory: k, sealingKeyFile: s, genesisFile: g,
                       serviceCertificateFile: c, certificateWarning: 1h, lease: 2h, owner: acme, host: h,
                       foundingFile: f, start: resume}
                epochs: {memoryLifetime: 2h}
                attestation: {platform: azure-cvm, collateral: x}
                join: {network: ["https://a.example:8565"], constitution: "%1$s", service: "%1$s", retry: 5s}
                http: {enabled: true, address: "::1", port: 1, maxConnections: 2, maxConcurrentRequests: 3,
                       handshakeTimeout: 1s, headTimeout: 2s, bodyTimeout: 3s, readTimeout: 4s, maxHeaderBytes: 8KiB,
                       writeTimeout: 5s, maxBufferedBytes: 64MiB,
                       rateLimit: 20, rateBurst: 21, gzip: false, hosts: [a.example], origins: ["https://b.example"], shutdownGrace: 9s}
                webSocket: {maxConnections: 22, queueMessages: 23, queueBytes: 1MiB, totalQueueBytes: 2MiB}
                https: {address: 127.0.0.2, port: 4}
                administrative: {address: 127.0.0.3, port: 5}
                raft: {address: 127.0.0.4, port: 6}
                access: {answerGrid: 7ms}
                read: {maxStaleness: 2s}
                rpc: {sendReply: accepted, replyTimeout: 3s, maxBodyBytes: 2MiB, maxBatch: 7, maxNesting: 8,
                      maxScannedBlocks: 9, maxResults: 10, callGasLimit: 30000, callTimeout: 11s, admissionThreads: 12,
                      admissionQueue: 13, exchangeTimeout: 12s, maxReplyBytes: 100000, readThreads: 3, readQueue: 14,
                      maxSubscriptions: 24, maxFilters: 25, maxFiltersPerCaller: 26, filterTimeout: 27s}
                batch: {minInterval: 14ms, maxTransactions: 15, maxExecution: 16ms}
                block: {maxBytes: 1MiB}
                blocks: {heartbeat: 17s}
                pipeline: {window: 18}
                journal: {chunkBytes: 19MiB, scrubBytesPerSecond: 20MiB}
                disk: {reserve: 21MiB}
                history: {stateBlocks: 19, stateBytes: 19MiB}
                snapshot: {intervalBlocks: 19, intervalBytes: 19MiB, keep: 3}
                log: {level: debug, format: json, file: node.log, maxBytes: 1MiB}
                metrics: {enabled: false}
                ui: {enabled: false}
                """.formatted("0a".repeat(32));
        Configuration configuration = parse(yaml);

        List<Object> unchanged = new ArrayList<>();
        Configuration defaults = parse(REQUIRED);
        for (Key<?> key : Keys.all()) {
            if (configuration.get(key).equals(defaults.get(key))) {
                unchanged.add(key.name());
            }
        }
        assertThat(unchanged).isEmpty();
        assertThat(configuration.get(Keys.HTTP_ADDRESS)).isEqualTo("::1");
        assertThat(configuration.get(Keys.RPC_SEND_REPLY)).isEqualTo(SendReply.ACCEPTED);
        assertThat(configuration.get(Keys.BLOCKS_HEARTBEAT)).isEqualTo(Duration.ofSeconds(17));
        assertThat(parse(configuration.print())).isEqualTo(configuration);
    }

    @Test
    void shouldRefuseABudgetForBodiesInWhichTheLargestWouldNeverFit() {
        assertThatThrownBy(() -> parse(REQUIRED + "rpc:\n  maxBodyBytes: 64MiB\nhttp:\n  maxBufferedBytes: 127MiB\n"))
                .hasMessageContaining("line 11: http.maxBufferedBytes must be at least 134217728");
        assertThat(parse(REQUIRED + "rpc:\n  maxBodyBytes: 64MiB\n").get(Keys.HTTP_MAX_BUFFERED_BYTES))
                .isEqualTo(128L << 20);
    }

    @Test
    void shouldNameLineAndNearestKeyWhenAKeyIsUnknown() {
        assertThatThrownBy(() -> parse(REQUIRED + "rcp:\n  maxBatch: 1\n"))
                .hasMessage("line 8: unknown section rcp; did you mean rpc?");
        assertThatThrownBy(() -> parse(REQUIRED + "rpc:\n  maxBatch: 3\n  maxBodyByte: 1KiB\n"))
                .hasMessage("line 10: unknown key rpc.maxBodyByte; did you mean rpc.maxBodyBytes?");
        assertThatThrownBy(() -> parse(REQUIRED + "window: 4\n"))
                .hasMessage("line 8: unknown key window; did you mean pipeline.window?");
        assertThatThrownBy(() -> parse(REQUIRED + "zzzzzzzzzz: 4\n")).hasMessage("line 8: unknown key zzzzzzzzzz");
    }

    @Test
    void shouldTellEverythingThatIsWrongAtOnce() {
        String yaml = """
                http:
                  port: 0
                  port: 80
                  gzip: maybe
                  headTimeout: 10
                rpc:
                  maxBodyBytes: 1TiB
                  maxBatch: [1]
                  sendReply:
                http.hosts: localhost
                """;
        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, () -> parse(yaml));

        assertThat(refused.problems())
                .extracting(ConfigurationException.Problem::toString)
                .satisfiesExactly(
                        p -> assertThat(p).startsWith("line 2: http.port must be a whole number, 1 to 65535"),
                        p -> assertThat(p).isEqualTo("line 3: http.port was already given on line 2"),
                        p -> assertThat(p).isEqualTo("line 4: http.gzip must be true or false"),
                        p -> assertThat(p).startsWith("line 5: http.headTimeout must be a duration, 100ms to 5m"),
                        p -> assertThat(p).startsWith("line 7: rpc.maxBodyBytes must be a size in bytes"),
                        p -> assertThat(p).isEqualTo("line 8: rpc.maxBatch must be a single value"),
                        p -> assertThat(p).isEqualTo("line 9: rpc.sendReply has no value"),
                        p -> assertThat(p).isEqualTo("line 10: http.hosts must be a list"));
    }

    @Test
    void shouldNameMissingKeysWithTheirMeaning() {
        assertThatThrownBy(() -> parse("")).hasMessageContaining("node.id is missing: Which node of the constitution");
    }

    @Test
    void shouldRefuseMeasuredKeysFromAHostWhenNotSimulated() {
        String yaml = REQUIRED + "rpc:\n  sendReply: accepted\n";

        assertThat(Configuration.parse(yaml, true).get(Keys.RPC_SEND_REPLY)).isEqualTo(SendReply.ACCEPTED);
        assertThatThrownBy(() -> Configuration.parse(yaml, false))
                .hasMessage("line 9: rpc.sendReply is measured: it belongs into the attested image, not into a host's"
                        + " file");
    }

    @Test
    void shouldTakeMeasuredKeysFromTheImageWhenTheHostsFileIsAnotherOne() {
        String image = "attestation: {platform: tdx}\n";
        assertThat(Configuration.parse(REQUIRED, image).get(Keys.ATTESTATION_PLATFORM))
                .isEqualTo("tdx");
        assertThatThrownBy(() -> Configuration.parse(REQUIRED + image, ""))
                .hasMessageContaining("attestation.platform is measured");
        assertThatThrownBy(() -> Configuration.parse(REQUIRED, image + "node: {id: other}\n"))
                .hasMessageContaining("node.id was already given");
    }

    @Test
    void shouldAskForASealingKeyOnTheSimulatedPlatformAlone() {
        String without = REQUIRED.replaceAll(" *sealingKeyFile: .*\n", "");
        assertThatThrownBy(() -> parse(without)).hasMessageContaining("node.sealingKeyFile is missing: Key of");
        assertThat(parse(without + "attestation: {platform: sev-snp}\n").get(Keys.NODE_SEALING_KEY_FILE))
                .isEqualTo(Keys.NO_PATH);
    }

    @Test
    void shouldRefuseOnePortForTwoListeners() {
        assertThatThrownBy(() -> parse(REQUIRED + "https:\n  port: 8565\n"))
                .hasMessage("line 9: administrative.port and https.port are both 8565");
        // Plain HTTP is off: its port is free for others.
        assertThat(parse(REQUIRED + "https:\n  port: 8545\n").get(Keys.HTTPS_PORT))
                .isEqualTo(8545);
    }

    @Test
    void shouldRefuseAliasesNestingAndSecondDocuments() {
        assertThatThrownBy(() -> parse(REQUIRED + "http: {hosts: [&a x, *a]}\n"))
                .hasMessageContaining("alias");
        assertThatThrownBy(() -> parse(REQUIRED + "http: {hosts: [[x]]}\n")).hasMessageContaining("does not nest");
        assertThatThrownBy(() -> parse(REQUIRED + "---\nhttp: {port: 1}\n")).hasMessageContaining("one document");
        assertThatThrownBy(() -> parse("- a\n")).hasMessageContaining("a mapping");
    }

    @Test
    void shouldGiveOnlyTypedErrorsWhenInputIsRandom() {
        long seed = 20_261_123L;
        Random random = new Random(seed);
        String alphabet = "{}[]:,&*!|>'\"%@`#-? \n\tabkhttp.portnode\\\u0000\u00ff\ud800";
        for (int i = 0; i < 5000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? REQUIRED : "");
            for (int n = random.nextInt(60); n > 0; n--) {
                int at = random.nextInt(text.length() + 1);
                text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                parse(text.toString());
            } catch (ConfigurationException typed) {
                assertThat(typed.problems()).as("seed %d round %d", seed, i).isNotEmpty();
            }
        }
        assertThatThrownBy(() -> parse("a: ".repeat(50_000))).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> parse("[".repeat(50_000))).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> parse("{a: ".repeat(50_000))).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void shouldEqualTheReferencePageInTheTree() throws IOException {
        Path page = Path.of(System.getProperty("coco.root"), "docs", "configuration.md");
        String generated = ConfigurationReference.markdown();
        if (System.getenv("COCO_REGENERATE") != null) {
            Files.writeString(page, generated);
        }

        assertThat(Files.readString(page))
                .as("regenerate by running this test with COCO_REGENERATE=1 in the environment")
                .isEqualTo(generated);
    }
}
