package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.client.ClientException;
import coco.crypto.Hex;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the two networks, races them, and keeps what came of it, for whoever asks: a page, or the terminal. One race at
 * a time; every race has networks of its own, since a transaction can be executed once only. Any thread.
 */
final class CompareService implements AutoCloseable {
    private final CompareSettings settings;
    private final Console console;
    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("compare").daemon().factory());
    private final AtomicInteger batchMaximum;
    private final AtomicLong version = new AtomicLong();
    private volatile CompareSettings.Run run;
    private volatile Phase phase = Phase.PREPARING;
    private volatile String message = "";
    private volatile Preparation.@Nullable Prepared prepared;
    private volatile @Nullable CocoNetwork coco;
    private volatile @Nullable Baseline baseline;
    private volatile @Nullable Race race;
    private volatile @Nullable Comparison comparison;
    private volatile WarmUp.Done warmedUp = WarmUp.Done.NOTHING;
    private volatile boolean fresh;
    private volatile boolean closed;

    /** How far it is. */
    enum Phase {
        /** Networks are being made. */
        PREPARING,
        /** Nothing was sent yet. */
        READY,
        RUNNING,
        /** All is sent; receipts are being compared. */
        COMPARING,
        DONE,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param nanoClock of all measurements, as {@link System#nanoTime} */
    CompareService(
            CompareSettings settings,
            CompareSettings.Run first,
            Console console,
            LongSupplier nanoClock,
            InstantSource clock) {
        this.settings = settings;
        this.run = first;
        this.console = console;
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.batchMaximum = new AtomicInteger(first.batch());
    }

    // ---- for the terminal ----

    /**
     * Chooses transactions and makes both networks.
     *
     * @throws CliException the folder cannot be used, or a network cannot be made
     */
    void prepare() throws IOException, InterruptedException {
        phase = Phase.PREPARING;
        comparison = null;
        race = null;
        warmedUp = WarmUp.Done.NOTHING;
        say("choosing transactions");
        Preparation.Prepared made = new Preparation(settings).make(run.count());
        prepared = made;
        console.note(made.choice().origin());
        made.choice().leftOut().forEach((reason, count) -> console.note("  left out: " + count + " × " + reason));
        closeNetworks();
        long now = clock.instant().getEpochSecond();
        say("starting the baseline");
        Baseline other = baseline(made, now);
        baseline = other;
        say("starting " + CocoNetwork.NODES + " nodes of Coco");
        String genesis = CompareGenesis.ofCoco(made.choice(), made.chainId(), now);
        CocoNetwork network = CocoNetwork.start(genesis, made.chainId(), console);
        coco = network;
        if (closed) {
            network.close();
            return;
        }
        network.batchMaximum(batchMaximum.get());
        say("warming up with " + made.warmUp().size() + " synthetic transactions");
        warmedUp = new WarmUp(network, other, batchMaximum::get, nanoClock).run(made.warmUp(), made.warmUpFootprints());
        fresh = true;
        phase = Phase.READY;
        say("ready");
    }

    private Baseline baseline(Preparation.Prepared made, long now) {
        if (!settings.baseline().isEmpty()) {
            return Baseline.of(settings.baseline());
        }
        Path named = settings.anvil();
        Path program = named != null
                ? named
                : new AnvilPackage(
                                AnvilPackage.cacheOf(System.getenv(), Path.of(System.getProperty("user.home", "."))),
                                console)
                        .program();
        BaselineSettings wanted = settings.baselineSettings();
        String genesis = CompareGenesis.ofBaseline(made.choice(), made.chainId(), now, wanted.gasLimit());
        return Baseline.of(AnvilProcess.start(program, genesis, made.chainId(), wanted), wanted);
    }

    /** Races, on networks that have not raced yet, and compares what came of it. */
    void race() throws InterruptedException {
        Preparation.Prepared made = prepared;
        CocoNetwork network = coco;
        Baseline other = baseline;
        if (made == null || network == null || other == null || !fresh) {
            throw new IllegalStateException("there are no fresh networks");
        }
        fresh = false;
        Race begun =
                new Race(made.choice(), made.footprints(), network, other, run.rate(), batchMaximum::get, nanoClock);
        race = begun;
        phase = Phase.RUNNING;
        say("running");
        begun.run();
        phase = Phase.COMPARING;
        say("comparing receipts");
        comparison = compare(made, begun, network.node(1), other.nodes().getFirst());
        phase = begun.failed() ? Phase.FAILED : Phase.DONE;
        say(begun.failed() ? String.join("; ", begun.complaints()) : begun.wasStopped() ? "stopped" : "done");
    }

    private Comparison compare(Preparation.Prepared made, Race ran, URI cocoNode, URI baselineNode) {
        Choice choice = made.choice();
        Map<String, Integer> numbers = new HashMap<>();
        for (SourceTransaction source : choice.transactions()) {
            numbers.put("0x" + Hex.encode(source.transaction().hash()), numbers.size());
        }
        int count = choice.transactions().size();
        Comparison compared = new Comparison(
                choice,
                Outcomes.read(cocoNode, ran.cocoLane(), count, numbers),
                Outcomes.read(baselineNode, ran.baselineLane(), count, numbers),
                ran.cocoLane());
        Path folder = settings.folder();
        if (folder != null) {
            BlockFolder blocks = BlockFolder.open(folder);
            compared.explain(made.rules(), blocks::read);
        }
        return compared;
    }

    // ---- for a page ----

    /**
     * Begins a race in the background, with new networks if those there have raced already or hold too little.
     *
     * @return false if one is under way
     */
    synchronized boolean start(CompareSettings.Run wanted) {
        if (phase == Phase.RUNNING || phase == Phase.COMPARING || phase == Phase.PREPARING) {
            return false;
        }
        Preparation.Prepared made = prepared;
        boolean enough = made != null && made.choice().transactions().size() == wanted.count();
        boolean again = !fresh || !enough;
        run = wanted;
        phase = again ? Phase.PREPARING : Phase.RUNNING;
        worker.execute(() -> guarded(() -> {
            if (again) {
                batchMaximum.set(wanted.batch());
                prepare();
            } else {
                limit(wanted.batch());
            }
            if (!closed) {
                race();
            }
        }));
        return true;
    }

    /** Makes the networks in the background. */
    void prepareInBackground() {
        worker.execute(() -> guarded(this::prepare));
    }

    private interface Job {
        void run() throws IOException, InterruptedException;
    }

    private void guarded(Job job) {
        try {
            job.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CliException e) {
            fail(e.getMessage() + ". " + e.remedy());
        } catch (IOException | ClientException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            fail("a mistake in Coco itself: " + e);
            throw e;
        }
    }

    private void fail(String why) {
        if (!closed) {
            phase = Phase.FAILED;
            say(why);
        }
    }

    /** Ends a race; what was measured stays. */
    void stop() {
        Race running = race;
        if (running != null) {
            running.stop();
        }
    }

    /**
     * Has the service's largest block changed by a vote, now.
     *
     * @throws CliException the vote fails
     */
    void limit(int batch) {
        CocoNetwork network = coco;
        if (network != null && batch != batchMaximum.get()) {
            network.batchMaximum(batch);
        }
        batchMaximum.set(batch);
        run = new CompareSettings.Run(run.count(), batch, run.rate());
        version.incrementAndGet();
    }

    // ---- what there is ----

    private void say(String what) {
        message = what;
        version.incrementAndGet();
        console.note(what);
    }

    Phase phase() {
        return phase;
    }

    /** What it is doing, or why it failed. */
    String message() {
        return message;
    }

    CompareSettings.Run run() {
        return run;
    }

    @Nullable
    Choice choice() {
        Preparation.Prepared made = prepared;
        return made == null ? null : made.choice();
    }

    @Nullable
    Race current() {
        return race;
    }

    @Nullable
    Comparison comparison() {
        return comparison;
    }

    /** Exactly what Coco is compared with. */
    String baselineLabel() {
        return settings.baseline().isEmpty()
                ? settings.baselineSettings().label()
                : Baseline.of(settings.baseline()).label();
    }

    /** What came before. */
    WarmUp.Done warmUp() {
        return warmedUp;
    }

    private void closeNetworks() {
        CocoNetwork network = coco;
        coco = null;
        Baseline other = baseline;
        baseline = null;
        if (network != null) {
            network.close();
        }
        if (other != null) {
            other.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        stop();
        worker.shutdownNow();
        closeNetworks();
    }
}
