package coco.cli.bench;

import coco.cli.console.Console;
import coco.cli.console.Pause;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NodeProcess;
import coco.client.ClientLimits;
import coco.client.JsonRpcClient;
import coco.client.NodeClient;
import coco.client.load.ApplyProbe;
import coco.client.load.CpuMeter;
import coco.client.load.LoadDriver;
import coco.client.load.LoadResult;
import coco.client.load.LoadSettings;
import coco.client.load.Workload;
import coco.crypto.Secp256k1;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/** One measurement of a running network. */
public final class BenchRun {
    /** The name under which the driver's own processor time is listed. */
    public static final String DRIVER = "driver";

    private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);
    /** A transfer of the token takes about 52,000 gas when the recipient held none. */
    private static final long TOKEN_GAS = 80_000;

    private static final long ETHER_GAS = 21_000;

    private final LocalNetwork network;
    private final BenchPlan plan;
    private final Console console;
    private final LongSupplier nanoClock;
    private final SSLContext tls;
    private final List<URI> endpoints = new ArrayList<>();

    /** Prepares a measurement of a network whose nodes are ready. */
    public BenchRun(LocalNetwork network, BenchPlan plan, Console console, LongSupplier nanoClock) {
        this.network = network;
        this.plan = plan;
        this.console = console;
        this.nanoClock = nanoClock;
        this.tls = network.tls();
        for (int node = 1; node <= network.description().nodes(); node++) {
            endpoints.add(network.httpsUrl(node));
        }
    }

    /** Prepares accounts and transactions, sends them, and says what came of it. */
    public LoadResult run() {
        return switch (plan.kind()) {
            case KV_PUT -> runKv();
            case ERC20_TRANSFER, NATIVE_TRANSFER -> onEthereum(this::load);
            case IDLE -> throw new IllegalStateException("an idle network is measured by runIdle");
        };
    }

    /** Lets the network do nothing for a while, then sends transactions one at a time with pauses between them. */
    public IdleResult runIdle() {
        return onEthereum(this::idle);
    }

    private LoadResult runKv() {
        int batches = Math.ceilDiv(plan.transactions(), plan.batch() * plan.connections());
        List<NodeClient> clients = endpoints.stream()
                .map(url -> new NodeClient(url, tls, ClientLimits.DEFAULT))
                .toList();
        try {
            return drive(
                    new KvBatches(batches, plan.batch(), plan.accounts(), plan.seed()),
                    new KvProbe(clients, nanoClock, BenchRun::pauseBriefly));
        } finally {
            clients.forEach(NodeClient::close);
        }
    }

    private <T> T onEthereum(BiFunction<List<Chain>, EthereumBatches.Transfer, T> body) {
        List<JsonRpcClient> clients = endpoints.stream()
                .map(url -> new JsonRpcClient(url, tls, ClientLimits.DEFAULT))
                .toList();
        try {
            List<Chain> chains =
                    clients.stream().map(client -> new Chain(client, nanoClock)).toList();
            Chain first = chains.getFirst();
            Secp256k1 curve = Secp256k1.fastest();
            TransactionSigner signer = new TransactionSigner(curve, first.chainId());
            console.note("deriving " + plan.accounts() + " accounts");
            // One more than asked for: the probe's own, so that its nonces are nobody else's business.
            EthereumSetup setup = new EthereumSetup(first, signer);
            BenchAccounts accounts = BenchAccounts.derive(plan.seed(), setup.generation(), plan.accounts() + 1, curve);
            return body.apply(chains, prepare(setup, signer, accounts));
        } finally {
            clients.forEach(JsonRpcClient::close);
        }
    }

    private LoadResult load(List<Chain> chains, EthereumBatches.Transfer transfer) {
        console.note("signing " + plan.transactions() + " transactions");
        Workload workload = EthereumBatches.sign(
                plan.accounts(), transfer, plan.transactions(), plan.connections(), plan.batch(), plan.seed());
        ApplyProbe probe = new EthereumProbe(
                chains,
                nonce -> transfer.sign(plan.accounts(), (int) nonce, (int) (nonce % plan.accounts())),
                nanoClock,
                BenchRun::pauseBriefly);
        return drive(workload, probe);
    }

    private IdleResult idle(List<Chain> chains, EthereumBatches.Transfer transfer) {
        IdleRun idle = new IdleRun(plan, endpoints, tls, cpuMeter(), nanoClock, console);
        return idle.run(transfer);
    }

    private EthereumBatches.Transfer prepare(EthereumSetup setup, TransactionSigner signer, BenchAccounts accounts) {
        long start = nanoClock.getAsLong();
        byte[] token = setup.deploy();
        boolean ether = plan.kind() != WorkloadKind.ERC20_TRANSFER;
        String progress = "  %d of " + accounts.count() + " accounts";
        if (ether) {
            setup.fillEther(token, accounts, done -> console.progress(progress.formatted(done)));
        } else {
            setup.fillTokens(token, accounts, done -> console.progress(progress.formatted(done)));
        }
        console.note(String.format(
                Locale.ROOT,
                "gave %d accounts %s in %.1f s",
                accounts.count(),
                ether ? "ether" : "tokens",
                (nanoClock.getAsLong() - start) / 1e9));
        return ether
                ? (sender, nonce, recipient) -> signer.sign(
                        accounts.secret(sender), nonce, ETHER_GAS, accounts.address(recipient), 1, new byte[0])
                : (sender, nonce, recipient) -> signer.sign(
                        accounts.secret(sender),
                        nonce,
                        TOKEN_GAS,
                        token,
                        0,
                        BenchToken.transfer(accounts.address(recipient), 1));
    }

    private LoadResult drive(Workload workload, ApplyProbe probe) {
        LoadSettings settings = new LoadSettings(
                endpoints,
                tls,
                plan.connections(),
                plan.ratePerSecond(),
                plan.batch(),
                plan.warmUp(),
                plan.measured(),
                PROBE_INTERVAL);
        console.note("measuring: " + (settings.closedLoop() ? "closed loop" : plan.ratePerSecond() + " a second")
                + ", " + plan.connections() + " connections, " + plan.batch() + " transactions a request, warm-up "
                + plan.warmUp().toSeconds() + " s");
        LoadDriver driver = new LoadDriver(settings, workload, cpuMeter(), probe, nanoClock);
        return driver.run((elapsed, warmingUp, committed) -> console.progress(
                ProgressBar.line(elapsed, plan.warmUp(), plan.measured(), warmingUp, committed, plan.transactions())));
    }

    private static void pauseBriefly() {
        Pause.millis(1);
    }

    private CpuMeter cpuMeter() {
        List<NodeProcess> nodes = network.running();
        return () -> {
            SequencedMap<String, Duration> times = new LinkedHashMap<>();
            for (NodeProcess node : nodes) {
                times.put("node-" + node.node(), node.cpuTime());
            }
            times.put(DRIVER, ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
            return times;
        };
    }
}
