package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.BlockEnvironment;
import coco.evm.ContractAddresses;
import coco.evm.Halt;
import coco.evm.code.CodeCache;
import coco.evm.code.CodeInfo;
import coco.evm.rlp.RlpWriter;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.testing.Assembler;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionExecutorTest {
    private static final Address SENDER = Address.fromHex("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    private static final String SENDER_TEXT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private static final Address RECIPIENT = Address.of(0xB0B);
    private static final Address COINBASE = Address.of(0xC01);
    private static final Word ETHER = Word.fromHex("0xde0b6b3a7640000");
    private static final byte[] NOTHING = new byte[0];
    private static final BlockEnvironment BLOCK =
            new BlockEnvironment(9, 1_700_000_000, 30_000_000, Word.of(7), Word.ONE, COINBASE, Word.ONE);

    private final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(1 << 20), 3);
    private final TransactionExecutor executor = new TransactionExecutor(ChainRules.of(1337, Fork.OSAKA), null);

    @BeforeEach
    void fund() {
        world.put(SENDER, 0, ETHER, NOTHING);
    }

    private static TransactionMessage message(
            long nonce, long gas, long maxFee, long tip, @Nullable Address to, Word value, byte[] data) {
        return new TransactionMessage(
                Transaction.Type.DYNAMIC_FEE,
                SENDER,
                nonce,
                gas,
                Word.of(maxFee),
                Word.of(tip),
                to,
                value,
                data,
                List.of(),
                List.of(),
                List.of(),
                Word.ZERO);
    }

    private static TransactionMessage call(long nonce, Address to, byte... data) {
        return message(nonce, 1_000_000, 10, 2, to, Word.ZERO, data);
    }

    private Outcome execute(TransactionMessage tx) {
        return executor.execute(state, BLOCK, tx, BLOCK.gasLimit());
    }

    private Outcome.Executed executed(TransactionMessage tx) {
        Outcome outcome = execute(tx);
        assertThat(outcome).isInstanceOf(Outcome.Executed.class);
        executor.commit(state, world);
        return (Outcome.Executed) outcome;
    }

    private void assertRejected(TransactionMessage tx, Outcome.Reason reason, String message) {
        assertThat(execute(tx)).isEqualTo(new Outcome.Rejected(reason, message));
        assertThat(state.account(SENDER).balance()).isEqualTo(ETHER);
        assertThat(state.account(SENDER).nonce()).isZero();
    }

    @Test
    void shouldMoveValueAndPayTipToCoinbaseAndBurnBaseFee() {
        Outcome.Executed outcome = executed(message(0, 21_000, 10, 2, RECIPIENT, Word.of(100), NOTHING));
        assertThat(outcome.halt()).isEqualTo(Halt.SUCCESS);
        assertThat(outcome.gasUsed()).isEqualTo(21_000);
        assertThat(outcome.effectiveGasPrice()).isEqualTo(Word.of(9));
        assertThat(state.account(RECIPIENT).balance()).isEqualTo(Word.of(100));
        assertThat(state.account(COINBASE).balance()).isEqualTo(Word.of(42_000));
        assertThat(state.account(SENDER).balance()).isEqualTo(ETHER.minus(Word.of(100 + 9 * 21_000)));
        assertThat(state.account(SENDER).nonce()).isEqualTo(1);
    }

    @Test
    void shouldRejectInTheWordsOfGeth() {
        assertRejected(
                call(1, RECIPIENT),
                Outcome.Reason.NONCE_TOO_HIGH,
                "nonce too high: address " + SENDER_TEXT + ", tx: 1 state: 0");
        assertRejected(
                message(0, 20_000, 10, 2, RECIPIENT, Word.ZERO, NOTHING),
                Outcome.Reason.INTRINSIC_GAS_TOO_LOW,
                "intrinsic gas too low: have 20000, want 21000");
        assertRejected(
                message(0, 21_000, 10, 2, RECIPIENT, ETHER, NOTHING),
                Outcome.Reason.INSUFFICIENT_FUNDS,
                "insufficient funds for gas * price + value: address " + SENDER_TEXT
                        + " have 1000000000000000000 want 1000000000000210000");
        assertRejected(
                message(0, 21_000, 6, 2, RECIPIENT, Word.ZERO, NOTHING),
                Outcome.Reason.MAX_FEE_BELOW_BASE_FEE,
                "max fee per gas less than block base fee: address " + SENDER_TEXT + ", maxFeePerGas: 6, baseFee: 7");
        assertRejected(
                message(0, 21_000, 10, 11, RECIPIENT, Word.ZERO, NOTHING),
                Outcome.Reason.PRIORITY_FEE_ABOVE_MAX_FEE,
                "max priority fee per gas higher than max fee per gas: address " + SENDER_TEXT
                        + ", maxPriorityFeePerGas: 11, maxFeePerGas: 10");
        assertRejected(
                message(0, (1 << 24) + 1, 10, 2, RECIPIENT, Word.ZERO, NOTHING),
                Outcome.Reason.GAS_LIMIT_TOO_HIGH,
                "transaction gas limit too high (cap: 16777216, tx: 16777217)");
        assertRejected(
                message(0, 1 << 23, 10, 2, null, Word.ZERO, new byte[49_153]),
                Outcome.Reason.INIT_CODE_TOO_LONG,
                "max initcode size exceeded: code size 49153 limit 49152");
        assertRejected(
                message(0, 21_100, 10, 2, RECIPIENT, Word.ZERO, new byte[20]),
                Outcome.Reason.FLOOR_GAS_TOO_LOW,
                "insufficient gas for floor data gas cost: have 21100, want 21200");
        assertThat(executor.execute(state, BLOCK, call(0, RECIPIENT), 999_999))
                .isEqualTo(new Outcome.Rejected(Outcome.Reason.BLOCK_GAS_EXCEEDED, "gas limit reached"));
        executed(call(0, RECIPIENT));
        assertThat(execute(call(0, RECIPIENT)))
                .isEqualTo(new Outcome.Rejected(
                        Outcome.Reason.NONCE_TOO_LOW, "nonce too low: address " + SENDER_TEXT + ", tx: 0 state: 1"));
    }

    @Test
    void shouldRejectMaximumFeesThatOverflowAWord() {
        TransactionMessage tx = message(0, 21_000, 10, 2, RECIPIENT, Word.MAX, NOTHING);
        assertThat(execute(tx)).isInstanceOf(Outcome.Rejected.class);
        world.put(SENDER, 0, Word.MAX, NOTHING);
        state.forget();
        assertThat(execute(tx)).isInstanceOf(Outcome.Rejected.class);
    }

    @Test
    void shouldRejectContractsAsSendersButNotDelegatingAccounts() {
        world.put(SENDER, 0, ETHER, new byte[] {1});
        assertRejected(
                call(0, RECIPIENT),
                Outcome.Reason.SENDER_NOT_EOA,
                "sender not an eoa: address " + SENDER_TEXT + ", len(code): 1");
        world.put(SENDER, 0, ETHER, CodeInfo.delegationTo(RECIPIENT));
        state.forget();
        executed(call(0, RECIPIENT));
    }

    @Test
    void shouldChargeAtLeastTheFloor() {
        byte[] data = new byte[1000];
        Arrays.fill(data, (byte) 1);
        assertThat(executed(call(0, RECIPIENT, data)).gasUsed()).isEqualTo(21_000 + 40 * 1000);
    }

    @Test
    void shouldCapRefundsAtOneFifth() {
        // Clears four slots: 4 * 4800 of refund for 21000 + 4 * (2100 + 2900 + 6).
        Assembler clears = new Assembler();
        for (int slot = 1; slot <= 4; slot++) {
            clears.push(0).push(slot).op(0x55);
            world.slotChanged(RECIPIENT, Word.of(slot), Word.ONE);
        }
        world.put(RECIPIENT, 1, Word.ZERO, clears.bytes());
        Outcome.Executed outcome = executed(call(0, RECIPIENT));
        assertThat(outcome.gasBeforeRefund()).isEqualTo(41_024);
        assertThat(outcome.gasUsed()).isEqualTo(41_024 - 41_024 / 5);
        assertThat(world.storage(RECIPIENT)).isEmpty();
    }

    @Test
    void shouldKeepNonceAndFeeWhenTheCallReverts() {
        world.put(
                RECIPIENT,
                1,
                Word.ZERO,
                new Assembler()
                        .push(1)
                        .push(1)
                        .op(0x55)
                        .push(0xAB)
                        .push(0)
                        .op(0x52)
                        .push(32)
                        .push(0)
                        .op(0xFD)
                        .bytes());
        Outcome.Executed outcome = executed(call(0, RECIPIENT));
        assertThat(outcome.halt()).isEqualTo(Halt.REVERT);
        assertThat(Word.ofBytes(outcome.output())).isEqualTo(Word.of(0xAB));
        assertThat(outcome.logs()).isEmpty();
        assertThat(world.storage(RECIPIENT)).isEmpty();
        assertThat(state.account(SENDER).nonce()).isEqualTo(1);
        assertThat(state.account(SENDER).balance()).isEqualTo(ETHER.minus(Word.of(outcome.gasUsed() * 9)));
    }

    @Test
    void shouldChargeAllGasForAFailure() {
        world.put(RECIPIENT, 1, Word.ZERO, new byte[] {(byte) 0xFE});
        Outcome.Executed outcome = executed(call(0, RECIPIENT));
        assertThat(outcome.halt()).isEqualTo(Halt.INVALID_OPCODE);
        assertThat(outcome.gasUsed()).isEqualTo(1_000_000);
    }

    @Test
    void shouldCreateContracts() {
        byte[] runtime = {0x60, 0x07, 0x00};
        Outcome.Executed outcome =
                executed(message(0, 1_000_000, 10, 2, null, Word.of(3), Assembler.deploying(runtime)));
        Address created = ContractAddresses.of(SENDER, 0);
        assertThat(outcome.created()).isEqualTo(created);
        assertThat(state.code(state.account(created)).bytes()).isEqualTo(runtime);
        assertThat(state.account(created).nonce()).isEqualTo(1);
        assertThat(world.accounts()).containsKey(created);
    }

    @Test
    void shouldWarmWhatTheAccessListNames() {
        world.put(RECIPIENT, 1, Word.ZERO, new Assembler().push(5).op(0x54).bytes());
        TransactionMessage plain = call(0, RECIPIENT);
        TransactionMessage listed = new TransactionMessage(
                Transaction.Type.ACCESS_LIST,
                SENDER,
                1,
                1_000_000,
                Word.of(10),
                Word.of(10),
                RECIPIENT,
                Word.ZERO,
                NOTHING,
                List.of(new AccessListEntry(RECIPIENT, List.of(Word.of(5)))),
                List.of(),
                List.of(),
                Word.ZERO);
        assertThat(executed(plain).gasUsed()).isEqualTo(21_000 + 3 + 2100);
        assertThat(executed(listed).gasUsed()).isEqualTo(21_000 + 2400 + 1900 + 3 + 100);
    }

    @Test
    void shouldDelegateAccountsWhoseOwnersSigned() {
        Secp256k1 curve = Secp256k1.fastest();
        byte[] secret = new byte[32];
        secret[31] = 9;
        Address authority = Address.of(Keccak256.hash(curve.publicKey(secret)), 12);
        Address delegate = Address.of(0xDE1E);
        world.put(
                delegate, 1, Word.ZERO, new Assembler().push(1).push(1).op(0x55).bytes());
        List<Authorization> authorizations =
                List.of(signed(curve, secret, 1337, delegate, 0), signed(curve, secret, 1, delegate, 1));
        TransactionMessage tx = new TransactionMessage(
                Transaction.Type.SET_CODE,
                SENDER,
                0,
                1_000_000,
                Word.of(10),
                Word.of(2),
                authority,
                Word.ZERO,
                NOTHING,
                List.of(),
                authorizations,
                List.of(),
                Word.ZERO);
        Outcome.Executed outcome = executed(tx);
        assertThat(outcome.halt()).isEqualTo(Halt.SUCCESS);
        assertThat(state.account(authority).nonce()).isEqualTo(1);
        assertThat(state.code(state.account(authority)).delegate()).isEqualTo(delegate);
        assertThat(world.storage(authority)).containsEntry(Word.ONE, Word.ONE);
    }

    private static Authorization signed(Secp256k1 curve, byte[] secret, long chainId, Address delegate, long nonce) {
        byte[] hash = Keccak256.hash(new RlpWriter()
                .raw(5)
                .beginList()
                .unsigned(chainId)
                .string(delegate.bytes())
                .unsigned(nonce)
                .endList()
                .toBytes());
        Secp256k1.Signature signature = curve.sign(hash, secret);
        return new Authorization(
                Word.of(chainId),
                delegate,
                nonce,
                signature.recoveryId(),
                Word.ofBytes32(signature.rs(), 0),
                Word.ofBytes32(signature.rs(), 32));
    }

    @Test
    void shouldLeaveNothingBehindWhenSimulating() {
        world.put(
                RECIPIENT,
                1,
                Word.ZERO,
                new Assembler()
                        .push(1)
                        .push(1)
                        .op(0x55)
                        .op(0x48)
                        .push(0)
                        .op(0x52)
                        .push(32)
                        .push(0)
                        .op(0xF3)
                        .bytes());
        Outcome outcome = executor.simulate(
                state, BLOCK, TransactionMessage.call(SENDER, RECIPIENT, Word.ZERO, NOTHING, 100_000_000), null);
        assertThat(outcome).isInstanceOf(Outcome.Executed.class);
        // Without a price there is no base fee.
        assertThat(Word.ofBytes(((Outcome.Executed) outcome).output())).isEqualTo(Word.ZERO);
        List<String> changes = new ArrayList<>();
        executor.commit(state, recorder(changes));
        assertThat(changes).isEmpty();
        assertThat(state.account(SENDER).nonce()).isZero();
        assertThat(state.slot(state.account(RECIPIENT), Word.ONE).isZero()).isTrue();
    }

    private static StateChanges recorder(List<String> changes) {
        return new StateChanges() {
            @Override
            public void accountDestroyed(Address address) {
                changes.add("destroyed " + address.low());
            }

            @Override
            public void accountChanged(
                    Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
                changes.add("account " + address.low() + " " + (newCode == null ? "" : "code"));
            }

            @Override
            public void slotChanged(Address address, Word key, Word value) {
                changes.add("slot " + address.low() + " " + key + "=" + value);
            }
        };
    }

    @Test
    void shouldTellOnlyWhatIsDifferentInTheEnd() {
        Assembler stores = new Assembler()
                .push(1)
                .push(1)
                .op(0x55)
                .push(0)
                .push(1)
                .op(0x55)
                .push(4)
                .push(2)
                .op(0x55);
        world.put(RECIPIENT, 1, Word.ZERO, stores.bytes());
        world.put(COINBASE, 0, Word.ONE, NOTHING);
        List<String> changes = new ArrayList<>();
        assertThat(execute(call(0, RECIPIENT))).isInstanceOf(Outcome.Executed.class);
        executor.commit(state, recorder(changes));
        assertThat(changes)
                .containsExactly("account " + SENDER.low() + " ", "account " + COINBASE.low() + " ", "slot 2827 2=4");
    }

    @Test
    void shouldSeeEarlierTransactionsWithoutTheWorldBelow() {
        Assembler increments =
                new Assembler().push(1).op(0x54).push(1).op(0x01).push(1).op(0x55);
        world.put(RECIPIENT, 1, Word.ZERO, increments.bytes());
        List<String> changes = new ArrayList<>();
        for (int nonce = 0; nonce < 5; nonce++) {
            assertThat(execute(call(nonce, RECIPIENT))).isInstanceOf(Outcome.Executed.class);
            executor.commit(state, recorder(changes));
        }
        assertThat(changes).endsWith("slot 2827 1=5");
        assertThat(execute(call(5, RECIPIENT))).isInstanceOf(Outcome.Executed.class);
        state.rollBackTransaction();
        assertThat(state.account(SENDER).nonce()).isEqualTo(5);
        state.forget();
        assertThat(state.account(SENDER).nonce()).isZero();
    }

    @Test
    void shouldDestroyContractsWithAllTheirSlots() {
        ChainRules shanghai = ChainRules.of(1, Fork.SHANGHAI);
        TransactionExecutor older = new TransactionExecutor(shanghai, null);
        world.put(
                RECIPIENT,
                1,
                Word.of(5),
                new Assembler().push(COINBASE).op(0xFF).bytes());
        world.slotChanged(RECIPIENT, Word.ONE, Word.ONE);
        List<String> changes = new ArrayList<>();
        assertThat(older.execute(state, BLOCK, call(0, RECIPIENT), BLOCK.gasLimit()))
                .isInstanceOf(Outcome.Executed.class);
        older.commit(state, recorder(changes));
        assertThat(changes).startsWith("destroyed 2827");
        assertThat(state.slot(state.account(RECIPIENT), Word.ONE).isZero()).isTrue();
    }

    @Test
    void shouldRecordParentHashAndBeaconRootAtTheStartOfABlock() {
        byte[] storing = new Assembler().push(0).op(0x35).push(0).op(0x55).bytes();
        world.put(SystemCalls.HISTORY, 1, Word.ZERO, storing);
        world.put(SystemCalls.BEACON_ROOTS, 1, Word.ZERO, storing);
        SystemCalls calls = new SystemCalls(ChainRules.of(1337, Fork.OSAKA));
        calls.beginBlock(state, BLOCK, Word.of(11).toBytes32(), Word.of(12).toBytes32(), world);
        assertThat(world.storage(SystemCalls.HISTORY)).containsEntry(Word.ZERO, Word.of(11));
        assertThat(world.storage(SystemCalls.BEACON_ROOTS)).containsEntry(Word.ZERO, Word.of(12));
        assertThat(world.accounts()).doesNotContainKey(SystemCalls.SYSTEM);
    }
}
