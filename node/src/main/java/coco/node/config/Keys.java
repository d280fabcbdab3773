package coco.node.config;

import coco.ledgers.api.RpcSettings.SendReply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The table: every key of the node's configuration, once. Order is that of the reference page. */
public final class Keys {
    /** The value of a path that is not given. */
    public static final Path NO_PATH = Path.of("");

    private static final List<Key<?>> TABLE = new ArrayList<>();

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final ValueType<Integer> PORT = ValueType.integer(1, 65_535);
    private static final ValueType<String> ADDRESS =
            ValueType.text(Pattern.compile("[0-9A-Za-z.:-]{1,253}"), "address or host name to listen on");
    private static final Pattern ORIGIN =
            Pattern.compile("\\*|[a-z-]{4,20}://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|[a-z-]{3,10}-extension://\\*");
    private static final Pattern NODE_ADDRESS =
            Pattern.compile("https://([A-Za-z0-9.-]{1,253}|\\[[0-9a-fA-F:]{2,45}]):[0-9]{1,5}");
    private static final Pattern HOST_NAME = Pattern.compile("\\*|[A-Za-z0-9.-]{1,253}|\\[[0-9a-fA-F:]{2,45}]");

    public static final Key<String> NODE_ID = host(
            "node.id",
            ValueType.text(Pattern.compile("[a-z][a-z0-9-]{0,31}"), "id of this node in the constitution"),
            null,
            "Which node of the constitution this is.");
    public static final Key<Path> NODE_DATA_DIRECTORY = host(
            "node.dataDirectory",
            ValueType.path(),
            null,
            "Folder of journal, Raft log, index and snapshots. One running node holds its lock.");
    public static final Key<Path> NODE_KEYS_DIRECTORY = host(
            "node.keysDirectory",
            ValueType.path(),
            null,
            "Folder of this node's certificate and of its private keys, which are sealed.");
    public static final Key<Path> NODE_SEALING_KEY_FILE = host(
            "node.sealingKeyFile",
            ValueType.optionalPath(),
            NO_PATH,
            "Key of the simulated platform's sealing, mode 0600, outside the data folder. Stands in for what hardware"
                    + " keeps, which needs none.");
    public static final Key<String> NODE_OWNER = host(
            "node.owner",
            ValueType.text(Pattern.compile("[a-z0-9-]{0,64}"), "id of a member or participant"),
            "",
            "On hardware: the actor that runs this node, and signs the entry that the node makes at each start.");
    public static final Key<String> NODE_HOST = host(
            "node.host",
            ValueType.text(Pattern.compile("[0-9A-Za-z.:-]{0,253}"), "host name or address"),
            "",
            "On hardware: where others reach this node; goes into the entry that it makes at each start.");
    public static final Key<Path> NODE_FOUNDING_FILE = host(
            "node.foundingFile",
            ValueType.optionalPath(),
            NO_PATH,
            "On hardware: a genesis document without nodes. While there is no node.genesisFile the node founds that"
                    + " network, as its first node.");
    public static final Key<Path> NODE_GENESIS_FILE =
            host("node.genesisFile", ValueType.path(), null, "The constitution that the network was born with, JSON.");
    public static final Key<Path> NODE_SERVICE_CERTIFICATE_FILE = host(
            "node.serviceCertificateFile",
            ValueType.path(),
            null,
            "Certificate of the service identity, PEM: what clients trust.");
    public static final Key<Duration> NODE_CERTIFICATE_WARNING = host(
            "node.certificateWarning",
            ValueType.duration(Duration.ZERO, Duration.ofDays(365)),
            Duration.ofDays(30),
            "How long before its certificate ends the node warns at start and in its health.");

    public static final Key<StartMode> NODE_START = measured(
            "node.start",
            ValueType.choice(StartMode.class),
            StartMode.AUTO,
            "resume: go on with keys, votes and log as they lie on disk, only where all platforms are simulated. rejoin:"
                    + " take part only under an identity that never has, as coco node rejoin makes it. auto: resume on"
                    + " the simulated platform, rejoin on hardware.");
    public static final Key<Duration> NODE_LEASE = measured(
            "node.lease",
            ValueType.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
            Duration.ofHours(24),
            "How long evidence counts: this node's certificates live no longer and are renewed at half of it, and others'"
                    + " are refused when they are older. The same on all nodes of a network.");
    public static final Key<String> ATTESTATION_PLATFORM = measured(
            "attestation.platform",
            ValueType.text(
                    Pattern.compile("simulated|sev-snp|tdx|sgx|azure-cvm"),
                    "simulated, sev-snp, tdx, sgx or azure-cvm"),
            "simulated",
            "The kind of trusted execution environment that this node runs in, in the constitution's words.");
    public static final Key<Path> ATTESTATION_COLLATERAL = host(
            "attestation.collateral",
            ValueType.optionalPath(),
            NO_PATH,
            "Folder with the makers' certificates, lists of revoked ones and statements, in any files; somebody keeps it"
                    + " up to date, and the node reads it every hour. What is in it is verified, so it may be the host's."
                    + " Without it the evidence of nodes on hardware is incomplete.");
    public static final Key<List<String>> JOIN_NETWORK = host(
            "join.network",
            ValueType.texts(NODE_ADDRESS, "https://HOST:PORT of administrative listeners", 32),
            List.of(),
            "Nodes at which this one asks to join, if it is not one of those that the network began with; asked in turn"
                    + " until one answers.");
    public static final Key<String> JOIN_CONSTITUTION = host(
            "join.constitution",
            ValueType.text(Pattern.compile("([0-9a-f]{64})?"), "digest in hexadecimal"),
            "",
            "Digest of the constitution that whoever runs this node has approved; nothing is fetched from a network that"
                    + " has another.");
    public static final Key<String> JOIN_SERVICE = host(
            "join.service",
            ValueType.text(Pattern.compile("([0-9a-f]{64})?"), "SHA-256 fingerprint in hexadecimal"),
            "",
            "Fingerprint of a certificate of the service, as a member tells it: a network whose identity neither is this"
                    + " one nor follows it is not believed. Without it a node that was removed from the network could pass"
                    + " for it before a newcomer that asks nobody else.");
    public static final Key<Duration> JOIN_RETRY = host(
            "join.retry",
            ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            Duration.ofSeconds(2),
            "Between two attempts to join while members have not admitted this node.");

    public static final Key<Boolean> HTTP_ENABLED = measured(
            "http.enabled",
            ValueType.bool(),
            false,
            "Plain HTTP for applications. Only under the development preset and only on a loopback address: wallets"
                    + " cannot be told to trust a private authority.");
    public static final Key<String> HTTP_ADDRESS =
            host("http.address", ADDRESS, "127.0.0.1", "Where plain HTTP listens; a loopback address.");
    public static final Key<Integer> HTTP_PORT = host("http.port", PORT, 8545, "Port of plain HTTP.");
    public static final Key<Integer> HTTP_MAX_CONNECTIONS = host(
            "http.maxConnections",
            ValueType.integer(1, 100_000),
            8192,
            "Open connections of each listener; one more is closed at once. Thousands of subscribers, each with one, must"
                    + " leave room for requests.");
    public static final Key<Integer> HTTP_MAX_CONCURRENT_REQUESTS = host(
            "http.maxConcurrentRequests",
            ValueType.integer(1, 100_000),
            2048,
            "Requests in work of each listener; one more is answered 503.");
    public static final Key<Duration> HTTP_HANDSHAKE_TIMEOUT = host(
            "http.handshakeTimeout",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
            Duration.ofSeconds(5),
            "From accept to a finished TLS handshake.");
    public static final Key<Duration> HTTP_HEAD_TIMEOUT = host(
            "http.headTimeout",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
            Duration.ofSeconds(10),
            "From the first byte of a request to the end of its headers.");
    public static final Key<Duration> HTTP_BODY_TIMEOUT = host(
            "http.bodyTimeout",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            Duration.ofSeconds(30),
            "For the whole body of a request.");
    public static final Key<Duration> HTTP_READ_TIMEOUT = host(
            "http.readTimeout",
            ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            Duration.ofSeconds(60),
            "Silence on a connection after which it is closed.");
    public static final Key<Duration> HTTP_WRITE_TIMEOUT = host(
            "http.writeTimeout",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            Duration.ofSeconds(30),
            "For the whole of an answer, as geth has it; a client that does not read it in time is cut off.");
    public static final Key<Long> HTTP_MAX_BUFFERED_BYTES = host(
            "http.maxBufferedBytes",
            ValueType.bytes(8 * MIB, 64 * GIB),
            128 * MIB,
            "Bodies and large answers that each listener holds at a time; what does not fit is answered 503. Those"
                    + " above 256 KiB share half of it. At least twice rpc.maxBodyBytes and 18 MiB; an eighth of the heap"
                    + " is a good figure.");
    public static final Key<Long> HTTP_MAX_HEADER_BYTES = host(
            "http.maxHeaderBytes",
            ValueType.bytes(KIB, MIB),
            16 * KIB,
            "Names and values of a request's headers together.");
    public static final Key<Boolean> HTTP_GZIP =
            host("http.gzip", ValueType.bool(), true, "Compress answers for clients that ask for it.");
    public static final Key<List<String>> HTTP_HOSTS = host(
            "http.hosts",
            ValueType.texts(HOST_NAME, "host names without port, or '*'", 64),
            List.of("localhost", "127.0.0.1", "[::1]"),
            "Names under which clients may address this node, beside its own in the constitution. Keeps a web page"
                    + " from reaching a local node under a name of its own (DNS rebinding).");
    public static final Key<List<String>> HTTP_ORIGINS = measured(
            "http.origins",
            ValueType.texts(ORIGIN, "origins such as https://app.example, or '*'", 64),
            List.of(),
            "Web origins whose pages may call the applications' listeners. Wallets in a browser send the origin of their"
                    + " extension; chrome-extension://* (Firefox: moz-extension://*, Safari:"
                    + " safari-web-extension://*) admits every extension of that browser, and coco up and coco init"
                    + " write all three into the files of the development preset.");
    public static final Key<Duration> HTTP_SHUTDOWN_GRACE = host(
            "http.shutdownGrace",
            ValueType.duration(Duration.ZERO, Duration.ofMinutes(5)),
            Duration.ofSeconds(5),
            "How long requests in work may take once the node is told to stop.");

    public static final Key<Integer> HTTP_RATE_LIMIT = host(
            "http.rateLimit",
            ValueType.integer(0, 10_000_000),
            0,
            "Calls per second of one client address, those of a batch and of WebSocket messages counted one by one; more get"
                    + " 429, or JSON-RPC error -32005. 0: no limit, since a consortium's applications call from few addresses"
                    + " of their own, often through a proxy that is one address for all.");
    public static final Key<Integer> HTTP_RATE_BURST = host(
            "http.rateBurst",
            ValueType.integer(1, 10_000_000),
            2_000,
            "Calls that a client address may make at once after a pause, where http.rateLimit is set. At least"
                    + " rpc.maxBatch, or the largest batches never pass.");
    public static final Key<Integer> WEBSOCKET_MAX_CONNECTIONS = host(
            "webSocket.maxConnections",
            ValueType.integer(0, 100_000),
            4096,
            "Open WebSocket connections of each listener; one more is answered 503. http.maxConnections counts them, too.");
    public static final Key<Integer> WEBSOCKET_QUEUE_MESSAGES = host(
            "webSocket.queueMessages",
            ValueType.integer(16, 1_000_000),
            16_384,
            "Messages that wait for one client to read; one more notification, and the client is cut off. Holds the events"
                    + " of some full blocks; geth allows 20,000.");
    public static final Key<Long> WEBSOCKET_QUEUE_BYTES = host(
            "webSocket.queueBytes",
            ValueType.bytes(64 * KIB, GIB),
            16 * MIB,
            "Bytes that wait for one client to read; more, and it is cut off. Holds the events of four blocks of 4 MiB.");
    public static final Key<Long> WEBSOCKET_TOTAL_QUEUE_BYTES = host(
            "webSocket.totalQueueBytes",
            ValueType.bytes(MIB, 64 * GIB),
            128 * MIB,
            "Bytes that wait for all clients of a listener together; beyond that the one with most waiting is cut off."
                    + " What many are sent counts once.");

    public static final Key<String> HTTPS_ADDRESS =
            host("https.address", ADDRESS, "0.0.0.0", "Where HTTPS for applications listens.");
    public static final Key<Integer> HTTPS_PORT = host("https.port", PORT, 8555, "Port of HTTPS for applications.");
    public static final Key<String> ADMINISTRATIVE_ADDRESS = host(
            "administrative.address",
            ADDRESS,
            "0.0.0.0",
            "Where the node channel, metrics and administration listen. All of it is for nodes and members, known by"
                    + " their certificates; /node/health alone is open to everybody.");
    public static final Key<Integer> ADMINISTRATIVE_PORT =
            host("administrative.port", PORT, 8565, "Port of the node channel, metrics and administration.");
    public static final Key<String> RAFT_ADDRESS =
            host("raft.address", ADDRESS, "0.0.0.0", "Where replication listens, by mutual TLS.");
    public static final Key<Integer> RAFT_PORT = host("raft.port", PORT, 8575, "Port of replication.");

    public static final Key<Duration> ACCESS_ANSWER_GRID = measured(
            "access.answerGrid",
            ValueType.duration(Duration.ZERO, Duration.ofSeconds(1)),
            Duration.ofMillis(5),
            "Answers to who does not see everything leave a multiple of this after their requests came, so that their"
                    + " time tells less of what is hidden. 0ms for at once. Where nothing is confidential answers never wait.");

    public static final Key<Duration> READ_MAX_STALENESS = measured(
            "read.maxStaleness",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            Duration.ofSeconds(1),
            "A node answers who has signed in only while a majority has confirmed its state within this time: longer than"
                    + " that a revoked session cannot be used anywhere, not even on a node that is cut off.");

    public static final Key<SendReply> RPC_SEND_REPLY = measured(
            "rpc.sendReply",
            ValueType.choice(SendReply.class),
            SendReply.COMMITTED,
            "When a sent transaction is answered. 'accepted' answers at once and acknowledges nothing.");
    public static final Key<Duration> RPC_REPLY_TIMEOUT = host(
            "rpc.replyTimeout",
            ValueType.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
            Duration.ofSeconds(2),
            "Longest wait for a commit before a sent transaction is answered with its hash alone.");
    public static final Key<Long> RPC_MAX_BODY_BYTES = host(
            "rpc.maxBodyBytes", ValueType.bytes(KIB, 64 * MIB), 5 * MIB, "Body of one request; a larger one gets 413.");
    public static final Key<Integer> RPC_MAX_BATCH =
            host("rpc.maxBatch", ValueType.integer(1, 10_000), 1000, "Calls in one JSON-RPC batch, as geth has it.");
    public static final Key<Integer> RPC_MAX_NESTING =
            host("rpc.maxNesting", ValueType.integer(8, 1000), 32, "Nesting of a request's JSON.");
    public static final Key<Integer> RPC_MAX_SCANNED_BLOCKS =
            host("rpc.maxScannedBlocks", ValueType.integer(1, 10_000_000), 10_000, "Blocks that one query may read.");
    public static final Key<Integer> RPC_MAX_RESULTS =
            host("rpc.maxResults", ValueType.integer(1, 1_000_000), 10_000, "Results that one query may return.");
    public static final Key<Integer> RPC_CALL_GAS_LIMIT = host(
            "rpc.callGasLimit",
            ValueType.integer(21_000, 999_999_999),
            50_000_000,
            "Gas, or a ledger's own measure of work, that one simulated call may use.");
    public static final Key<Duration> RPC_CALL_TIMEOUT = host(
            "rpc.callTimeout",
            ValueType.duration(Duration.ofMillis(10), Duration.ofMinutes(5)),
            Duration.ofSeconds(5),
            "Longest time that one simulated call may run.");
    public static final Key<Duration> RPC_EXCHANGE_TIMEOUT = host(
            "rpc.exchangeTimeout",
            ValueType.duration(Duration.ofMillis(10), Duration.ofMinutes(10)),
            Duration.ofSeconds(10),
            "Longest time that all reads and simulated calls of one request may take together, such as those of a"
                    + " batch; the rest is answered 'request timed out'. Two calls of the longest kind fit.");
    public static final Key<Integer> RPC_MAX_REPLY_BYTES = host(
            "rpc.maxReplyBytes",
            ValueType.integer(65_536, 999_999_999),
            25_000_000,
            "Bytes of one answer, as geth has it; what does not fit is answered 'response too large'.");
    public static final Key<Integer> RPC_MAX_SUBSCRIPTIONS = host(
            "rpc.maxSubscriptions",
            ValueType.integer(0, 100_000),
            256,
            "Subscriptions of one WebSocket connection: libraries open one for each event that is listened to.");
    public static final Key<Integer> RPC_MAX_FILTERS = host(
            "rpc.maxFilters",
            ValueType.integer(1, 1_000_000),
            10_000,
            "Filters that this node keeps; for one more the one goes that was never asked for, or else not for longest.");
    public static final Key<Integer> RPC_MAX_FILTERS_PER_CALLER = host(
            "rpc.maxFiltersPerCaller",
            ValueType.integer(1, 1_000_000),
            5_000,
            "Filters of one caller, by the same rule among its own. Callers without a name count as one.");
    public static final Key<Duration> RPC_FILTER_TIMEOUT = host(
            "rpc.filterTimeout",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            Duration.ofMinutes(5),
            "How long a filter is kept that nobody asks for, as geth has it.");
    public static final Key<Integer> RPC_ADMISSION_THREADS = host(
            "rpc.admissionThreads",
            ValueType.integer(0, 256),
            0,
            "Platform threads for admission: decoding and signatures. 0: one for each processor.");
    public static final Key<Integer> RPC_ADMISSION_QUEUE = host(
            "rpc.admissionQueue",
            ValueType.integer(1, 1_000_000),
            1024,
            "Requests waiting for an admission thread; one more is answered 503.");
    public static final Key<Integer> RPC_READ_THREADS = host(
            "rpc.readThreads",
            ValueType.integer(0, 256),
            0,
            "Platform threads for simulated calls and scans, which must leave processors to admission and replication."
                    + " 0: half as many as processors, at least one.");
    public static final Key<Integer> RPC_READ_QUEUE = host(
            "rpc.readQueue",
            ValueType.integer(1, 1_000_000),
            256,
            "Simulated calls and scans waiting for such a thread; one more is answered 'busy'. Fewer than for"
                    + " admission, since each takes longer.");

    public static final Key<Duration> BATCH_MIN_INTERVAL = host(
            "batch.minInterval",
            ValueType.duration(Duration.ZERO, Duration.ofMinutes(1)),
            Duration.ofMillis(40),
            "Time between blocks while one is in flight. An idle pipeline closes a block at once.");
    public static final Key<Integer> BATCH_MAX_TRANSACTIONS =
            host("batch.maxTransactions", ValueType.integer(1, 65_535), 1000, "Transactions of one block.");
    public static final Key<Duration> BATCH_MAX_EXECUTION = host(
            "batch.maxExecution",
            ValueType.duration(Duration.ofMillis(1), Duration.ofSeconds(10)),
            Duration.ofMillis(20),
            "Execution time after which a block closes.");
    public static final Key<Long> BLOCK_MAX_BYTES = host(
            "block.maxBytes",
            ValueType.bytes(64 * KIB, 5 * MIB),
            4 * MIB,
            "Size at which a block closes. The transaction that crosses it is still in, so it stays well below the 8"
                    + " MiB of one consensus entry.");
    public static final Key<Duration> BLOCKS_HEARTBEAT = host(
            "blocks.heartbeat",
            ValueType.duration(Duration.ZERO, Duration.ofHours(1)),
            Duration.ZERO,
            "A ledger that has had no block for this long gets an empty one, for clients that wait for confirmations; 0ms: off.");
    public static final Key<Integer> PIPELINE_WINDOW =
            host("pipeline.window", ValueType.integer(1, 64), 4, "Blocks proposed and not yet committed.");

    public static final Key<Long> JOURNAL_CHUNK_BYTES = host(
            "journal.chunkBytes",
            ValueType.bytes(MIB, GIB),
            64 * MIB,
            "Size at which a journal file is closed for good.");

    public static final Key<Long> JOURNAL_SCRUB_RATE = host(
            "journal.scrubBytesPerSecond",
            ValueType.bytes(0, GIB),
            4 * MIB,
            "How fast closed journal files are read again to find damage early: at 4 MiB a second, 100 GiB take seven"
                    + " hours. 0: never.");
    public static final Key<Long> DISK_RESERVE = host(
            "disk.reserve",
            ValueType.bytes(0, 1024 * GIB),
            256 * MIB,
            "Space that stays free on the disks of journal, Raft log, index and snapshots: a node with less takes no"
                    + " transactions until there is more, and ends below an eighth of it. 0: none, and then a full disk ends"
                    + " the node.");

    public static final Key<Duration> EPOCHS_MEMORY_LIFETIME = measured(
            "epochs.memoryLifetime",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            Duration.ofHours(1),
            "How long the secret of an epoch that nobody asks for stays in memory in clear. Afterwards it lies there"
                    + " encrypted and is decrypted when history of that epoch is read; the two newest are in use always.");

    public static final Key<Integer> HISTORY_STATE_BLOCKS = host(
            "history.stateBlocks",
            ValueType.integer(1, 1_000_000),
            1_024,
            "Blocks of which the state is kept for calls and proofs, the newest included. Older blocks can be read, their"
                    + " state cannot.");
    public static final Key<Long> HISTORY_STATE_BYTES = host(
            "history.stateBytes",
            ValueType.bytes(0, 32 * GIB),
            256 * MIB,
            "Memory that the states of earlier blocks may take: of fewer blocks they are kept where this is less, and also"
                    + " where they would leave less than a quarter of the store free.");

    public static final Key<Integer> SNAPSHOT_INTERVAL_BLOCKS = host(
            "snapshot.intervalBlocks",
            ValueType.integer(0, Integer.MAX_VALUE),
            20_000,
            "While this node leads, all nodes write a snapshot of the state after so many blocks, so that a start need"
                    + " not replay the whole journal; 0 for none.");
    public static final Key<Long> SNAPSHOT_INTERVAL_BYTES = host(
            "snapshot.intervalBytes",
            ValueType.bytes(0, 1024 * GIB),
            256 * MIB,
            "Or after so many bytes of blocks, if that is sooner: about ten seconds of replay; 0 for no such bound.");
    public static final Key<Integer> SNAPSHOT_KEEP = host(
            "snapshot.keep",
            ValueType.integer(1, 100),
            2,
            "Snapshots kept on this node's disk: the newest, and older ones in case that is damaged.");

    public static final Key<LogLevel> LOG_LEVEL = host(
            "log.level", ValueType.choice(LogLevel.class), LogLevel.INFO, "The least severe line that is written.");
    public static final Key<LogFormat> LOG_FORMAT = host(
            "log.format", ValueType.choice(LogFormat.class), LogFormat.TEXT, "Lines for people or for collectors.");
    public static final Key<String> LOG_FILE = host(
            "log.file",
            ValueType.text(Pattern.compile("[^\\p{Cntrl}%]{1,4096}"), "path without %, or '-'"),
            "-",
            "File that lines are appended to; '-': standard output, for whatever started the node to bound.");
    public static final Key<Long> LOG_MAX_BYTES = host(
            "log.maxBytes",
            ValueType.bytes(64 * KIB, 64 * GIB),
            16 * MIB,
            "Size at which log.file is renamed to end in .1 and begun anew; the one that had that name before is"
                    + " deleted.");

    public static final Key<Boolean> METRICS_ENABLED = host(
            "metrics.enabled",
            ValueType.bool(),
            true,
            "Serve /metrics on the administrative listener, and on plain HTTP where that is enabled.");

    public static final Key<Boolean> UI_ENABLED = measured(
            "ui.enabled",
            ValueType.bool(),
            true,
            "Serve the web pages below /ui/ on every listener, and let them call the listener they came from.");

    private Keys() {}

    /** Every key, in the order of the reference page. */
    public static List<Key<?>> all() {
        return List.copyOf(TABLE);
    }

    /** The key of that name, or null. */
    static @Nullable Key<?> named(String name) {
        for (Key<?> key : TABLE) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        return null;
    }

    private static <T> Key<T> host(String name, ValueType<T> type, @Nullable T defaultValue, String meaning) {
        return add(new Key<>(name, type, defaultValue, Scope.HOST, meaning));
    }

    private static <T> Key<T> measured(String name, ValueType<T> type, @Nullable T defaultValue, String meaning) {
        return add(new Key<>(name, type, defaultValue, Scope.MEASURED, meaning));
    }

    private static <T> Key<T> add(Key<T> key) {
        TABLE.add(key);
        return key;
    }
}
