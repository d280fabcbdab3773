package coco.benchmarks.core;

import coco.consensus.PeerId;
import coco.consensus.testing.Faults;
import coco.consensus.testing.OracleLog;
import coco.consensus.testing.Simulation;
import coco.core.Administration;
import coco.core.ComputePools;
import coco.core.Core;
import coco.core.CoreLimits;
import coco.core.GenesisBlock;
import coco.core.HistoryLookup;
import coco.core.Lookup;
import coco.core.NodeChannel;
import coco.core.ReplicaParts;
import coco.core.Roster;
import coco.core.Scheduler;
import coco.core.Secrets;
import coco.crypto.Certificates;
import coco.crypto.Keccak256;
import coco.crypto.P256;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.journal.BlockSealer;
import coco.journal.FileStorage;
import coco.journal.HistoryIndex;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.ReadResult;
import coco.journal.Recovery;
import coco.journal.SealerChange;
import coco.journal.SealerIdentity;
import coco.journal.ServiceId;
import coco.kv.StoreLimits;
import coco.ledgers.api.FoundingContext;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.Verdict;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A network of one, over a log in memory and files on disk, which makes blocks as fast as it can. */
final class JournalMaker implements Scheduler, NodeChannel, ReplicaParts.Observer {
    private static final String LEDGER = "ethereum";
    private static final long CHAIN_ID = 1337;
    private static final byte[] DOCUMENT = "{\"service\":\"benchmark\"}".getBytes(StandardCharsets.UTF_8);
    private static final int ACCOUNTS = 1_000;
    /** Blocks end when they hold what the benchmark wants, not when some time is over. */
    private static final long EXECUTION_MILLIS_MAX = 10_000;

    /** A token without supply: moves a balance, which may go below zero, and logs the transfer. */
    static final Address TOKEN = Address.of(0x70_6b_65_6e);

    private static final String TOKEN_CODE = "0x335460243590033355600435546024350160043555602435600052600435337f"
            + "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60206000a360016000526020" + "6000f3";
    private static final Secp256k1 CURVE = Secp256k1.fastest();

    private final Path folder;
    private final KeyPair service = key("service");
    private final KeyPair node = key("node");
    private final X509Certificate serviceCertificate;
    private final X509Certificate nodeCertificate;
    private final Simulation simulation = new Simulation(1);
    private final ExecutorService background = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("background").factory());
    private long height;

    private JournalMaker(Path folder, X509Certificate serviceCertificate, X509Certificate nodeCertificate) {
        this.folder = folder;
        this.serviceCertificate = serviceCertificate;
        this.nodeCertificate = nodeCertificate;
    }

    private static KeyPair key(String name) {
        return P256.derive(new byte[32], name.getBytes(StandardCharsets.UTF_8));
    }

    /** What to submit. */
    interface Load {
        /** The next transaction. */
        Offer next(int block, int ordinal);
    }

    static byte[] secret(int account) {
        return Keccak256.hash(("account " + account).getBytes(StandardCharsets.UTF_8));
    }

    /** A new network, with nothing but its genesis block. */
    static JournalMaker found(Path folder) throws IOException {
        SecureRandom random = new SecureRandom();
        Instant from = Instant.now().minus(Duration.ofDays(1));
        Instant to = from.plus(Duration.ofDays(30));
        X509Certificate authority = Certificates.selfSigned("service", key("service"), from, to, random);
        X509Certificate certificate = Certificates.issue(
                authority,
                key("service").getPrivate(),
                ReplayBenchmark.SELF.value(),
                key("node").getPublic(),
                List.of("localhost"),
                from,
                to,
                random);
        Files.createDirectories(folder.resolve("journal"));
        Files.writeString(folder.resolve("service.pem"), Certificates.toPem(authority));
        Files.writeString(folder.resolve("node.pem"), Certificates.toPem(certificate));
        JournalMaker maker = new JournalMaker(folder, authority, certificate);
        try (Journal journal = maker.openJournal()) {
            journal.append(maker.genesis(random));
            journal.force();
        }
        return maker;
    }

    static JournalMaker open(Path folder) throws IOException {
        return new JournalMaker(
                folder,
                Certificates.fromPem(Files.readString(folder.resolve("service.pem"))),
                Certificates.fromPem(Files.readString(folder.resolve("node.pem"))));
    }

    private JournalEntry genesis(SecureRandom random) {
        LedgerFactory factory = new EthereumLedgerFactory();
        return GenesisBlock.make(
                new GenesisBlock.Ingredients(
                        DOCUMENT,
                        List.of(new Roster.Node(ReplayBenchmark.SELF.value(), nodeCertificate, node.getPublic())),
                        serviceCertificate,
                        service,
                        List.of(factory.create(new FoundingContext(ethereumDocument(), InstantSource.system()))),
                        null,
                        Map.of(LEDGER, ethereumDocument()),
                        Instant.now().toEpochMilli(),
                        Recovery.NONE),
                random);
    }

    private static byte[] ethereumDocument() {
        StringBuilder alloc = new StringBuilder();
        for (int i = 0; i < ACCOUNTS; i++) {
            alloc.append(i == 0 ? "" : ",")
                    .append("\"%s\":{\"balance\":\"0xde0b6b3a7640000\"}"
                            .formatted(Transaction.Builder.addressOf(CURVE, secret(i))
                                    .hex()));
        }
        alloc.append(",\"%s\":{\"balance\":\"0x0\",\"code\":\"%s\"}".formatted(TOKEN.hex(), TOKEN_CODE));
        return """
                {"config": {"chainId": %d}, "gasLimit": "0x5f5e100", "baseFeePerGas": "0x0", "timestamp": "0x6553f100",
                 "alloc": {%s}}
                """.formatted(CHAIN_ID, alloc).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] serviceId() {
        return ServiceId.of(DOCUMENT, service.getPublic());
    }

    Journal openJournal() {
        return switch (Journal.open(new FileStorage(folder.resolve("journal")), serviceId(), JournalLimits.DEFAULT)) {
            case Journal.Opening.Ready ready -> ready.journal();
            case Journal.Opening.Refused(String words) -> throw new IllegalStateException(words);
        };
    }

    HistoryIndex openIndex() {
        Path index = folder.resolve("index");
        try {
            Files.createDirectories(index);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return HistoryIndex.open(new FileStorage(index), new byte[32], new SecureRandom(), JournalLimits.DEFAULT);
    }

    /** The core, brought to where the journal ends. */
    Core openCore(Journal journal, Lookup index) {
        if (!(journal.read(0) instanceof ReadResult.Found(JournalEntry genesis))) {
            throw new IllegalStateException("no genesis block");
        }
        Secrets secrets;
        try {
            secrets = GenesisBlock.open(genesis.block(), serviceId(), ReplayBenchmark.SELF.value(), node.getPrivate())
                    .orElseThrow();
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
        SealerIdentity identity =
                new SealerIdentity(serviceId(), SealerChange.digest(nodeCertificate), node.getPrivate());
        return Core.open(
                new Core.Parts(
                        ReplayBenchmark.SELF,
                        serviceId(),
                        Administration.NONE,
                        List.of(new EthereumLedgerFactory()),
                        Map.of(LEDGER, ethereumDocument()),
                        RpcSettings.DEFAULTS,
                        secrets.keyring(),
                        new BlockSealer(identity, new SecureRandom(), JournalLimits.DEFAULT),
                        node.getPrivate(),
                        new SecureRandom(),
                        journal,
                        index,
                        this,
                        this,
                        new ComputePools(background, background, background),
                        background,
                        this,
                        Instant::now,
                        limits(),
                        JournalLimits.DEFAULT,
                        StoreLimits.DEFAULT,
                        null),
                replayed -> {});
    }

    private static CoreLimits limits() {
        CoreLimits usual = CoreLimits.DEFAULTS;
        return new CoreLimits(
                usual.batchMinIntervalMillis(),
                usual.batchMaxTransactions(),
                EXECUTION_MILLIS_MAX,
                usual.blockMaxBytes(),
                usual.window(),
                usual.heartbeatMillis(),
                usual.stateBlocks(),
                usual.stateBytes());
    }

    /** Makes so many blocks of so many transfers each. */
    void fill(int blocks, int transactionsInEach) {
        long[] nonces = new long[ACCOUNTS];
        fill(blocks, transactionsInEach, (block, i) -> {
            int account = (block * transactionsInEach + i) % ACCOUNTS;
            return transfer(account, nonces[account]++);
        });
    }

    /** Makes so many blocks of so many transactions each. */
    void fill(int blocks, int transactionsInEach, Load load) {
        try (Journal journal = openJournal();
                HistoryIndex index = openIndex()) {
            Core core = openCore(journal, new HistoryLookup(index));
            OracleLog oracle = new OracleLog(simulation, Faults.none(), List.of(ReplayBenchmark.SELF));
            core.replica().start(oracle.open(ReplayBenchmark.SELF));
            for (int block = 0; block < blocks; block++) {
                long before = height;
                for (int i = 0; i < transactionsInEach; i++) {
                    core.replica().submit(load.next(block, i));
                }
                simulation.runUntil(
                        () -> height > before && core.replica().status().waiting() == 0, 60_000_000_000L);
                core.writer().write(simulation.nowNanos());
            }
            core.writer().force();
            System.out.printf("made %d blocks%n", height);
        }
    }

    private static Offer transfer(int account, long nonce) {
        return offer(
                Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                        .nonce(nonce)
                        .gasLimit(21_000)
                        .to(Address.of(0x1_0000L + nonce * 7 + account))
                        .value(Word.ONE),
                secret(account),
                Transaction.Builder.addressOf(CURVE, secret(account)));
    }

    /** A transaction as the node that takes it hands it on. */
    static Offer offer(Transaction.Builder unsigned, byte[] secret, Address sender) {
        Transaction transaction = unsigned.chainId(CHAIN_ID).sign(CURVE, secret);
        byte[] payload = new byte[Address.SIZE + transaction.encoded().length];
        sender.writeTo(payload, 0);
        System.arraycopy(transaction.encoded(), 0, payload, Address.SIZE, transaction.encoded().length);
        return new Offer(LEDGER, transaction.hash(), payload);
    }

    @Override
    public void execute(Runnable task) {
        simulation.schedule(1_000, task);
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {
        simulation.schedule(delayMillis * 1_000_000, task);
    }

    @Override
    public long nanoTime() {
        return simulation.nowNanos();
    }

    @Override
    public long serviceTimeMillis() {
        return 1_900_000_000_000L + simulation.nowNanos() / 1_000_000;
    }

    @Override
    public CompletableFuture<Verdicts> forward(PeerId leader, List<Offer> offers, boolean again) {
        return CompletableFuture.completedFuture(
                new Verdicts(0, offers.stream().map(offer -> Verdict.QUEUED).toList()));
    }

    @Override
    public CompletableFuture<byte[]> ask(PeerId leader, String ledger, byte[] question) {
        return CompletableFuture.failedFuture(new IllegalStateException("there is one node"));
    }

    @Override
    public void applied(long appliedHeight, int transactions) {
        height = appliedHeight;
    }

    @Override
    public void built(int transactions, int sealedBytes, long executeNanos, long sealNanos) {
        // Not measured here.
    }

    @Override
    public void committed(long nanos) {
        // Replays are timed, not commits.
    }

    @Override
    public void failed(Throwable cause) {
        throw new IllegalStateException("the core stopped", cause);
    }
}
