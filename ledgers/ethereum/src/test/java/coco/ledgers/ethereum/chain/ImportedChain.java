package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Evm;
import coco.evm.Invocation;
import coco.evm.TransactionContext;
import coco.evm.code.CodeCache;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.transition.Outcome;
import coco.evm.transition.SystemCalls;
import coco.evm.transition.TransactionExecutor;
import coco.evm.transition.TransactionMessage;
import coco.evm.trie.OrderedTrieRoot;
import coco.evm.types.Address;
import coco.evm.types.Block;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.evm.types.Withdrawal;
import coco.evm.types.Word;
import coco.kv.Draft;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.testing.Keys;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A public test chain, executed block by block through the state that the ledger uses, from Frontier to Osaka: proof of
 * work rewards, withdrawals, blobs and requests included, which our own chain never has. Every state root is compared.
 */
public final class ImportedChain {
    private static final Word WEI_PER_GWEI = Word.of(1_000_000_000);
    private static final List<Address> REQUESTS = List.of(
            Address.fromHex("0x00000961ef480eb55e80d19ad83579a64c007002"),
            Address.fromHex("0x0000bbddc7ce488642fb579f8b00f3a590007251"));

    private final Genesis genesis;
    private final Executors executors;
    private final Store store = new Store(EthereumMaps.ALL, StoreLimits.DEFAULT);
    private final BlockState world = new BlockState();
    private final JournaledState state = new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1);
    private final List<LedgerBlock> blocks = new ArrayList<>();
    private final List<Version> versions = new ArrayList<>();

    public ImportedChain(byte[] genesisDocument) {
        this.genesis = Genesis.parse(genesisDocument);
        this.executors = new Executors(genesis);
        Draft draft = store.draft(store.head());
        blocks.add(genesis.write(draft));
        versions.add(draft.seal());
    }

    /** The state after the block at this height, which stays open. */
    public Version state(int height) {
        return versions.get(height);
    }

    public List<LedgerBlock> blocks() {
        return blocks;
    }

    public Genesis genesis() {
        return genesis;
    }

    /** Executes the next block and keeps it. */
    public void add(Block block) {
        Header header = block.header();
        Fork fork = genesis.config().fork(header.number(), header.timestamp());
        Draft draft = store.draft(store.head());
        world.open(draft);
        BlockEnvironment environment = environment(header, fork);
        world.begin();
        executors
                .systemCalls(fork)
                .beginBlock(state, environment, header.parentHash(), header.parentBeaconBlockRoot(), world);
        draft.apply(world.take());
        List<LedgerBlock.Executed> entries = execute(block, fork, environment, draft);
        world.begin();
        finish(block, fork, environment);
        draft.apply(world.take());
        world.begin();
        world.writeStorageRoots();
        world.writeHead(Head.of(header));
        draft.apply(world.take());
        assertThat(draft.digest(EthereumMaps.ACCOUNTS))
                .as("state root of block %d (%s)", header.number(), fork)
                .isEqualTo(header.stateRoot());
        versions.add(draft.seal());
        blocks.add(new LedgerBlock(entries, header.encode(), WriteSet.empty().serialise()));
    }

    private List<LedgerBlock.Executed> execute(Block block, Fork fork, BlockEnvironment environment, Draft draft) {
        TransactionExecutor executor = executors.of(fork);
        List<LedgerBlock.Executed> entries = new ArrayList<>();
        List<byte[]> receipts = new ArrayList<>();
        long gasUsed = 0;
        for (Transaction transaction : block.transactions()) {
            Address sender = transaction.sender(Keys.CURVE, fork.has(Fork.HOMESTEAD));
            assertThat(sender).isNotNull();
            if (sender == null) {
                continue;
            }
            Outcome outcome = executor.execute(
                    state, environment, TransactionMessage.of(transaction, sender), environment.gasLimit() - gasUsed);
            assertThat(outcome).isInstanceOf(Outcome.Executed.class);
            if (outcome instanceof Outcome.Executed executed) {
                world.begin();
                executor.commit(state, world);
                draft.apply(world.take());
                gasUsed += executed.gasUsed();
                receipts.add(Receipt.of(transaction.type(), executed.isSuccess(), gasUsed, executed.logs())
                        .encode());
                byte[] payload = new ExecutedTransaction(
                                transaction, sender, executed.isSuccess(), executed.gasUsed(), executed.logs())
                        .encode();
                entries.add(new LedgerBlock.Executed(transaction.hash(), new byte[32], payload, new byte[0]));
            }
        }
        assertThat(gasUsed).isEqualTo(block.header().gasUsed());
        if (fork.has(Fork.BYZANTIUM)) {
            assertThat(OrderedTrieRoot.of(receipts))
                    .as("receipts root of block %d", block.header().number())
                    .isEqualTo(block.header().receiptsRoot());
        }
        return entries;
    }

    private void finish(Block block, Fork fork, BlockEnvironment environment) {
        boolean clears = fork.has(Fork.SPURIOUS_DRAGON);
        if (!fork.has(Fork.PARIS)) {
            long ether = fork.has(Fork.CONSTANTINOPLE) ? 2 : fork.has(Fork.BYZANTIUM) ? 3 : 5;
            BigInteger reward = BigInteger.TEN.pow(18).multiply(BigInteger.valueOf(ether));
            BigInteger including =
                    reward.multiply(BigInteger.valueOf(32L + block.ommers().size()));
            give(environment.coinbase(), Word.of(including.divide(BigInteger.valueOf(32))), clears);
            for (Header ommer : block.ommers()) {
                BigInteger share = reward.multiply(
                        BigInteger.valueOf(8 + ommer.number() - block.header().number()));
                give(ommer.beneficiary(), Word.of(share.divide(BigInteger.valueOf(8))), clears);
            }
        }
        List<Withdrawal> withdrawals = block.withdrawals();
        if (withdrawals != null) {
            for (Withdrawal withdrawal : withdrawals) {
                give(withdrawal.address(), WEI_PER_GWEI.times(withdrawal.amountGwei()), clears);
            }
        }
        if (fork.has(Fork.PRAGUE)) {
            REQUESTS.forEach(contract -> call(contract, fork, environment));
        }
    }

    private void give(Address address, Word amount, boolean clears) {
        state.beginTransaction();
        JournaledAccount account = state.account(address);
        state.touch(account);
        state.setBalance(account, account.balance().plus(amount));
        state.commitTransaction(clears, world);
    }

    private void call(Address contract, Fork fork, BlockEnvironment environment) {
        state.beginTransaction();
        new Evm(fork, genesis.config().chainId(), null)
                .execute(
                        state,
                        environment,
                        new TransactionContext(SystemCalls.SYSTEM, Word.ZERO, List.of()),
                        new Invocation(CallKind.CALL, SystemCalls.SYSTEM, contract, Word.ZERO, new byte[0], 30_000_000),
                        null);
        state.commitTransaction(true, world);
    }

    private static BlockEnvironment environment(Header header, Fork fork) {
        return new BlockEnvironment(
                header.number(),
                header.timestamp(),
                header.gasLimit(),
                header.baseFeePerGas() == null ? Word.ZERO : header.baseFeePerGas(),
                fork.has(Fork.PARIS) ? Word.ofBytes32(header.mixHash(), 0) : header.difficulty(),
                header.beneficiary(),
                blobBaseFee(header.excessBlobGas(), header.timestamp()));
    }

    /** EIP-4844's fake_exponential with the update fractions of this chain's schedule. */
    private static Word blobBaseFee(@Nullable Long excess, long timestamp) {
        if (excess == null) {
            return Word.ZERO;
        }
        long fraction =
                timestamp >= 540 ? 11_684_671 : timestamp >= 510 ? 8_346_193 : timestamp >= 450 ? 5_007_716 : 3_338_477;
        BigInteger denominator = BigInteger.valueOf(fraction);
        BigInteger term = denominator;
        BigInteger sum = BigInteger.ZERO;
        for (long i = 1; term.signum() > 0; i++) {
            sum = sum.add(term);
            term = term.multiply(BigInteger.valueOf(excess)).divide(denominator.multiply(BigInteger.valueOf(i)));
        }
        return Word.of(sum.divide(denominator));
    }
}
