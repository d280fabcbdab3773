package coco.ledgers.ethereum;

import coco.crypto.Secp256k1;
import coco.evm.code.CodeCache;
import coco.evm.precompiles.Precompiles;
import coco.evm.state.WorldAccount;
import coco.evm.types.Address;
import coco.evm.types.Header;
import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.HistoryImport;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.SocketEndpoint;
import coco.ledgers.api.Verdict;
import coco.ledgers.ethereum.chain.AccessViews;
import coco.ledgers.ethereum.chain.BlockBuilder;
import coco.ledgers.ethereum.chain.BlockIndex;
import coco.ledgers.ethereum.chain.Candidates;
import coco.ledgers.ethereum.chain.ChainImport;
import coco.ledgers.ethereum.chain.EthereumMaps;
import coco.ledgers.ethereum.chain.Executors;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.Head;
import coco.ledgers.ethereum.chain.Outlook;
import coco.ledgers.ethereum.chain.StateAudit;
import coco.ledgers.ethereum.chain.StateReader;
import coco.ledgers.ethereum.pool.Admission;
import coco.ledgers.ethereum.pool.Pool;
import coco.ledgers.ethereum.pool.PoolLimits;
import coco.ledgers.ethereum.pool.SenderQuotas;
import coco.ledgers.ethereum.rpc.AccessExplainer;
import coco.ledgers.ethereum.rpc.JsonRpc;
import coco.ledgers.ethereum.rpc.PoolQuestion;
import coco.ledgers.ethereum.rpc.Simulator;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** See the package. */
final class EthereumLedger implements Ledger {
    static final String ID = "ethereum";

    private static final int REFUSED = -32_000;

    /** At most so often an empty block lets prices fall: a public chain's pace would be one in twelve seconds. */
    private static final long EMPTY_BLOCK_MILLIS = 1_000;

    private final Genesis genesis;
    private final Outlook outlook;
    private final Pool pool;
    private final SenderQuotas quotas;
    private final LedgerContext context;
    private final BlockBuilder builder;
    private final JsonRpc rpc;
    private final AccessExplainer explainer;
    private final long hashSeed;
    private final InstantSource clock;
    private Genesis.Next prices;
    /** Whether one more empty block would change no price. */
    private boolean lowest;

    private long lastBuiltMillis;

    /**
     * A ledger.
     *
     * @param random gives what nobody outside can guess; safe for any number of threads
     */
    EthereumLedger(LedgerContext context, String version, RandomGenerator random) {
        long hashSeed = random.nextLong();
        Precompiles.prepare();
        this.hashSeed = hashSeed;
        this.clock = context.clock();
        this.context = context;
        this.quotas = new SenderQuotas(ID, context.clock());
        this.genesis = Genesis.parse(context.genesisDocument());
        this.pool = new Pool(PoolLimits.DEFAULT, genesis.baseFee(), context.clock());
        this.outlook = new Outlook(genesis);
        this.prices = outlook.next();
        Executors executors = new Executors();
        CodeCache codes = new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES);
        this.builder = new BlockBuilder(genesis, codes, hashSeed);
        Admission admission = new Admission(genesis, outlook, PoolLimits.DEFAULT, Secp256k1.fastest(), ID);
        Simulator simulator = new Simulator(genesis, executors, codes, hashSeed, context);
        AccessViews views = new AccessViews(genesis, codes, hashSeed);
        Permits permits = new Permits(views);
        this.explainer = new AccessExplainer(context, permits, views);
        this.rpc = new JsonRpc(context, permits, genesis, admission, simulator, "Coco/" + version, random);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<MapSpec> maps() {
        return EthereumMaps.ALL;
    }

    @Override
    public LedgerBlock genesis(Draft state, byte[] document) {
        return Genesis.parse(document).write(state);
    }

    @Override
    public HistoryImport importer(InputStream history) {
        return new ChainImport(genesis, history, hashSeed, clock);
    }

    @Override
    public Verdict offer(Offer offer, boolean again, Reader state) {
        Verdict known = pool.known(offer.id(), again);
        if (known != null) {
            return known;
        }
        Admission.Recovered recovered = Admission.open(offer);
        if (recovered == null) {
            return Verdict.rejected(REFUSED, "not an offer of this ledger");
        }
        Address sender = recovered.sender();
        String overQuota =
                quotas.refusal(recovered.transaction(), sender, again, pool.waiting(), state, context.access());
        if (overQuota != null) {
            return Verdict.rejected(REFUSED, overQuota);
        }
        Verdict verdict = pool.offer(recovered.transaction(), recovered.sender(), new StateReader(state));
        if (verdict instanceof Verdict.Accepted) {
            rpc.pooled(recovered.transaction(), recovered.sender());
        }
        return verdict;
    }

    @Override
    public boolean hasWork() {
        return pool.next() != null || letsPricesFall();
    }

    /**
     * Whether an empty block is wanted because nothing that waits can pay for the next one: it makes the one after it
     * cheaper, and no other block would come. Only under Ethereum's fee market; a constant fee never falls.
     */
    private boolean letsPricesFall() {
        return genesis.hasMarket()
                && !lowest
                && Math.abs(clock.millis() - lastBuiltMillis) >= EMPTY_BLOCK_MILLIS
                && pool.waitsForPrices();
    }

    @Override
    public @Nullable LedgerBlock build(BuildContext context) {
        pool.onDrop((transaction, reason) -> context.dropped(transaction.hash(), reason));
        price(Head.of(context.state()).header());
        LedgerBlock block = builder.build(context, ofUsers(context), context.heartbeat() || letsPricesFall());
        if (block != null) {
            Genesis.Next before = prices;
            price(BlockIndex.header(block));
            lowest = block.transactions().isEmpty()
                    && before.baseFee().equals(prices.baseFee())
                    && before.excessBlobGas() == prices.excessBlobGas();
            lastBuiltMillis = clock.millis();
        }
        return block;
    }

    /** What is pooled of those who still are users: an enrolment may have been withdrawn since. */
    private Candidates ofUsers(BuildContext context) {
        if (context.access().senders() == AccessSettings.Senders.ANY) {
            return pool;
        }
        return new Candidates() {
            @Override
            public @Nullable Candidate next() {
                Candidate next = pool.next();
                while (next != null && !quotas.isUser(next.sender(), context.state(), context.access())) {
                    pool.invalid(next, "the sender is no user of this network any more");
                    next = pool.next();
                }
                return next;
            }

            @Override
            public void executed(Candidate candidate, Map<Address, Long> nonces) {
                pool.executed(candidate, nonces);
            }

            @Override
            public void invalid(Candidate candidate, String why) {
                pool.invalid(candidate, why);
            }
        };
    }

    /** The pool is asked for a block after this one. */
    private void price(Header newest) {
        prices = genesis.next(newest);
        lowest = false;
        pool.prices(prices.baseFee(), prices.blobBaseFee());
    }

    @Override
    public List<IndexKey> apply(LedgerBlock block, long height, Reader state) {
        pool.applied(block.transactions(), new StateReader(state));
        Header header = BlockIndex.header(block);
        Genesis.Imported imported = genesis.imported();
        String difference = imported == null ? null : imported.difference(header);
        if (difference != null) {
            throw new LedgerException(difference);
        }
        outlook.applied(header);
        rpc.applied(block, height);
        return BlockIndex.keys(block, header);
    }

    @Override
    public List<IndexKey> keys(LedgerBlock block) {
        return BlockIndex.keys(block, BlockIndex.header(block));
    }

    @Override
    public @Nullable String audit(LedgerBlock block, DigestReader state) {
        return StateAudit.difference(block, state);
    }

    @Override
    public void rebase(Reader state) {
        builder.forget();
        Header newest = Head.of(state).header();
        outlook.applied(newest);
        price(newest);
        pool.rebase(new StateReader(state));
    }

    @Override
    public void forget(byte[] id) {
        pool.forget(id);
    }

    @Override
    public byte[] answer(byte[] question, Reader state) {
        return switch (PoolQuestion.decode(question)) {
            case null -> throw new LedgerException("not a question of this ledger");
            case PoolQuestion.Nonce(Address sender) -> {
                WorldAccount account = new StateReader(state).account(sender);
                yield PoolQuestion.answer(pool.nextNonce(sender, account == null ? 0 : account.nonce()));
            }
            case PoolQuestion.Status _ -> PoolQuestion.answer(pool.executable(), pool.queued());
            case PoolQuestion.Page page ->
                page.answer(
                        pool.page(page.behindGaps(), page.single(), page.sender(), page.nonce(), page.shownBytes()));
            case PoolQuestion.Pooled(byte[] hash) -> {
                Candidates.Candidate pooled = pool.find(hash);
                yield pooled == null
                        ? new byte[0]
                        : PoolQuestion.answer(
                                pooled.sender(), pooled.transaction().encoded());
            }
        };
    }

    @Override
    public int pooled() {
        return pool.size();
    }

    @Override
    public boolean shows(Caller caller, byte[] transaction) {
        return rpc.shows(caller, transaction);
    }

    @Override
    public boolean showsWaiting(Caller caller, Offer offer) {
        return rpc.showsWaiting(caller, offer);
    }

    @Override
    public boolean showsAll(Caller caller) {
        return rpc.showsAll(caller);
    }

    @Override
    public void published(long height) {
        rpc.published(height);
    }

    @Override
    public List<SocketEndpoint> sockets() {
        // Where HTTP is, as anvil and the libraries' examples have it; the second for proxies that tell them by the
        // path.
        return List.of(new SocketEndpoint("/", rpc::open), new SocketEndpoint("/ws", rpc::open));
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(new Endpoint("POST", "/", rpc::handle), explainer.endpoint());
    }
}
