package coco.evm;

import static coco.evm.testing.EvmFixture.CONTRACT;
import static coco.evm.testing.EvmFixture.USER;
import static coco.evm.testing.EvmFixture.word;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.code.CodeInfo;
import coco.evm.testing.Assembler;
import coco.evm.testing.EvmFixture;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules that are easily missed, one program each. */
class EvmTest {
    private static final Address OTHER = Address.of(0xBEEF);
    private static final long GAS = 1_000_000;

    private static Assembler code() {
        return new Assembler();
    }

    /** Returns the word on top of the stack. */
    private static Assembler returning(Assembler code) {
        return code.push(0).op(Op.MSTORE).push(32).push(0).op(Op.RETURN);
    }

    /** Pushes the arguments of a call without value, input or output, and calls. */
    private static Assembler calling(Assembler code, int op, Address target, long gas) {
        code.push(0).push(0).push(0).push(0);
        if (op == Op.CALL || op == Op.CALLCODE) {
            code.push(0);
        }
        return code.push(target).push(gas).op(op);
    }

    private static InvocationResult run(Fork fork, Assembler code) {
        return new EvmFixture(fork).deploy(CONTRACT, code).call(GAS);
    }

    private static InvocationResult run(Assembler code) {
        return run(Fork.OSAKA, code);
    }

    @Test
    void shouldFillWithZerosWhenPushRunsPastTheEnd() {
        CodeInfo code = CodeInfo.of(new byte[] {0x7F, 0x12});
        assertThat(code.padded()).hasSize(2 + CodeInfo.PADDING);
        assertThat(run(code().op(0x7F, 0x12)).halt()).isEqualTo(Halt.SUCCESS);
    }

    @Test
    void shouldRefuseJumpIntoArgumentOfPush() {
        assertThat(run(code().push(4).op(Op.JUMP, 0x60, 0x5B, Op.STOP)).halt()).isEqualTo(Halt.INVALID_JUMP);
        assertThat(run(code().push(3).op(Op.JUMP, 0x5B, Op.STOP)).halt()).isEqualTo(Halt.SUCCESS);
        assertThat(run(code().push(Word.MAX).op(Op.JUMP)).halt()).isEqualTo(Halt.INVALID_JUMP);
        assertThat(run(code().push(4000).op(Op.JUMP)).halt()).isEqualTo(Halt.INVALID_JUMP);
    }

    @Test
    void shouldTellStackFaultsApart() {
        assertThat(run(code().op(Op.ADD)).halt()).isEqualTo(Halt.STACK_UNDERFLOW);
        assertThat(run(code().label("again").push(1).pushLabel("again").op(Op.JUMP))
                        .halt())
                .isEqualTo(Halt.STACK_OVERFLOW);
        assertThat(run(code().op(Op.INVALID)).halt()).isEqualTo(Halt.INVALID_OPCODE);
        assertThat(run(Fork.PRAGUE, code().push(1).op(Op.CLZ)).halt()).isEqualTo(Halt.INVALID_OPCODE);
        assertThat(word(run(returning(code().push(1).op(Op.CLZ))))).isEqualTo(Word.of(255));
    }

    @Test
    void shouldUseExactly1024StackItems() {
        Assembler fits = code();
        for (int i = 0; i < 1024; i++) {
            fits.push(1);
        }
        assertThat(run(fits).halt()).isEqualTo(Halt.SUCCESS);
        assertThat(run(fits.push(1)).halt()).isEqualTo(Halt.STACK_OVERFLOW);
    }

    @Test
    void shouldHaltWhenReturnDataIsReadPastItsEnd() {
        assertThat(run(code().push(1).push(0).push(0).op(Op.RETURNDATACOPY)).halt())
                .isEqualTo(Halt.RETURN_DATA_OUT_OF_BOUNDS);
        assertThat(run(code().push(0).push(1).push(0).op(Op.RETURNDATACOPY)).halt())
                .isEqualTo(Halt.RETURN_DATA_OUT_OF_BOUNDS);
        assertThat(run(code().push(0).push(0).push(0).op(Op.RETURNDATACOPY)).halt())
                .isEqualTo(Halt.SUCCESS);
    }

    @Test
    void shouldHaltWhenStaticFrameWrites() {
        Assembler[] writers = {
            code().push(1).push(1).op(Op.SSTORE),
            code().push(1).push(1).op(Op.TSTORE),
            code().push(0).push(0).op(Op.LOG0),
            code().push(0).push(0).push(0).op(Op.CREATE),
            code().push(USER).op(Op.SELFDESTRUCT),
            code().push(0).push(0).push(0).push(0).push(1).push(USER).push(0).op(Op.CALL),
        };
        for (Assembler writer : writers) {
            EvmFixture fixture = new EvmFixture(Fork.OSAKA)
                    .deploy(CONTRACT, returning(calling(code(), Op.STATICCALL, OTHER, 100_000)))
                    .deploy(OTHER, writer);
            InvocationResult result = fixture.call(GAS);
            assertThat(result.halt()).isEqualTo(Halt.SUCCESS);
            assertThat(word(result)).isEqualTo(Word.ZERO);
            assertThat(GAS - result.gasLeft()).isGreaterThan(100_000);
        }
    }

    @Test
    void shouldNeedMoreThanTheStipendToStore() {
        Assembler store = code().push(0).push(0).op(Op.SSTORE);
        long pushes = 6;
        EvmFixture fixture = new EvmFixture(Fork.OSAKA).deploy(CONTRACT, store);
        assertThat(fixture.call(pushes + 2300).halt()).isEqualTo(Halt.OUT_OF_GAS);
        assertThat(fixture.call(pushes + 2301).halt()).isEqualTo(Halt.SUCCESS);
    }

    @Test
    void shouldPriceStoresByOriginalAndCurrentValue() {
        // 0 -> 1 -> 0 -> 1, cold: 2100 + 20000, then 100, then 100; refunds
        // 19900 for going back, less what comes again.
        Assembler stores = code().push(1).push(7).op(Op.SSTORE);
        stores.push(0).push(7).op(Op.SSTORE);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA).deploy(CONTRACT, stores);
        assertThat(GAS - fixture.call(GAS).gasLeft()).isEqualTo(12 + 22_100 + 100);
        assertThat(fixture.state.refund()).isEqualTo(19_900);
    }

    @Test
    void shouldSpareOneSixtyFourthOfTheGasForTheCaller() {
        EvmFixture fixture = new EvmFixture(Fork.OSAKA)
                .deploy(CONTRACT, returning(calling(code(), Op.CALL, OTHER, Long.MAX_VALUE)))
                .deploy(OTHER, code().label("for ever").pushLabel("for ever").op(Op.JUMP));
        InvocationResult result = fixture.call(GAS);
        assertThat(result.halt()).isEqualTo(Halt.SUCCESS);
        assertThat(word(result)).isEqualTo(Word.ZERO);
        assertThat(result.gasLeft()).isBetween(GAS / 64 - 100, GAS / 64);
    }

    @Test
    void shouldGiveTheStipendOnTopOfWhatWasPaid() {
        Assembler paying = code().push(0)
                .push(0)
                .push(0)
                .push(0)
                .push(1)
                .push(OTHER)
                .push(0)
                .op(Op.CALL);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA)
                .deploy(
                        OTHER,
                        code().op(Op.GAS).push(0).op(Op.MSTORE).push(0).push(0).op(Op.LOG0));
        fixture.world.put(CONTRACT, 1, Word.of(10), returning(paying).bytes());
        assertThat(word(fixture.call(GAS))).isEqualTo(Word.ONE);
        assertThat(fixture.state.account(OTHER).balance()).isEqualTo(Word.ONE);
        assertThat(fixture.state.logs()).hasSize(1);
    }

    @Test
    void shouldTakeGasBackWhenBalanceDoesNotSuffice() {
        Assembler paying = code().push(0)
                .push(0)
                .push(0)
                .push(0)
                .push(1)
                .push(OTHER)
                .push(5000)
                .op(Op.CALL);
        EvmFixture fixture =
                new EvmFixture(Fork.OSAKA).deploy(CONTRACT, returning(paying)).deploy(OTHER, code());
        InvocationResult result = fixture.call(GAS);
        assertThat(word(result)).isEqualTo(Word.ZERO);
        // The stipend comes back too: it was charged as part of the price of value.
        assertThat(GAS - result.gasLeft()).isEqualTo(7 * 3 + 2600 + 9000 - 2300 + 4 * 3 + 3);
    }

    @Test
    void shouldDescendTo1024CallsAndNoFurther() {
        // Calls itself with all gas, adding one to what comes back: counts its own depth.
        Assembler counting = code().push(32).push(0).push(0).push(0).push(0);
        counting.op(Op.ADDRESS, Op.GAS, Op.CALL, Op.POP)
                .push(0)
                .op(Op.MLOAD)
                .push(1)
                .op(Op.ADD);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA).deploy(CONTRACT, returning(counting));
        InvocationResult result = fixture.call(Long.MAX_VALUE / 4);
        assertThat(result.halt()).isEqualTo(Halt.SUCCESS);
        assertThat(word(result)).isEqualTo(Word.of(1025));
        assertThat(word(fixture.call(Long.MAX_VALUE / 4))).isEqualTo(Word.of(1025));
    }

    @Test
    void shouldClearMemoryBetweenCallsAtTheSameDepth() {
        Assembler dirty = code().push(Word.MAX)
                .push(0)
                .op(Op.MSTORE)
                .push(Word.MAX)
                .push(4096)
                .op(Op.MSTORE);
        Assembler reader = returning(code().push(4096).op(Op.MLOAD).push(0).op(Op.MLOAD, Op.OR));
        Address second = Address.of(0xFEED);
        Assembler caller = calling(code(), Op.CALL, OTHER, 100_000).op(Op.POP);
        caller.push(32)
                .push(0)
                .push(0)
                .push(0)
                .push(0)
                .push(second)
                .push(100_000)
                .op(Op.CALL, Op.POP);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA)
                .deploy(CONTRACT, returning(caller.push(0).op(Op.MLOAD)))
                .deploy(OTHER, dirty)
                .deploy(second, reader);
        assertThat(word(fixture.call(GAS))).isEqualTo(Word.ZERO);
    }

    @Test
    void shouldKeepReturnDataOfRevertButNotOfCreation() {
        Assembler revert =
                code().push(0x42).push(0).op(Op.MSTORE).push(32).push(0).op(Op.REVERT);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA)
                .deploy(
                        CONTRACT,
                        returning(calling(code(), Op.CALL, OTHER, 100_000).op(Op.RETURNDATASIZE)))
                .deploy(OTHER, revert);
        assertThat(word(fixture.call(GAS))).isEqualTo(Word.of(32));
        Assembler creates =
                code().push(0x00).push(0).op(Op.MSTORE).push(1).push(0).push(0).op(Op.CREATE, Op.POP);
        assertThat(word(run(returning(calling(creates, Op.CALL, OTHER, 1000).op(Op.RETURNDATASIZE)))))
                .isEqualTo(Word.ZERO);
    }

    @Test
    void shouldRollWarmthBackWithTheFrame() {
        Assembler touches = code().push(USER)
                .op(Op.BALANCE)
                .push(9)
                .op(Op.SLOAD)
                .push(0)
                .push(0)
                .op(Op.REVERT);
        Assembler caller = calling(code(), Op.DELEGATECALL, OTHER, 100_000);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA).deploy(CONTRACT, caller).deploy(OTHER, touches);
        fixture.call(GAS);
        assertThat(fixture.state.account(USER).isWarm()).isFalse();
        assertThat(fixture.state.account(OTHER).isWarm()).isTrue();
        assertThat(fixture.state.warm(fixture.state.slot(fixture.state.account(CONTRACT), Word.of(9))))
                .isFalse();
    }

    @Test
    void shouldHashAbsentAccountsToZeroAndPlainOnesToTheHashOfNothing() {
        assertThat(word(run(returning(code().push(OTHER).op(Op.EXTCODEHASH))))).isEqualTo(Word.ZERO);
        assertThat(word(run(returning(code().push(USER).op(Op.EXTCODEHASH)))))
                .isEqualTo(Word.ofBytes(CodeInfo.EMPTY_HASH));
    }

    @Test
    void shouldFollowDelegationOnceAndShowTheDesignator() {
        Address delegate = Address.of(0xDE1E);
        Address twice = Address.of(0xDE2E);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA)
                .deploy(OTHER, code())
                .deploy(delegate, code().push(1).push(1).op(Op.SSTORE))
                .deploy(
                        CONTRACT,
                        returning(calling(code(), Op.CALL, OTHER, 100_000)
                                .op(Op.POP)
                                .push(OTHER)
                                .op(Op.EXTCODESIZE)));
        fixture.world.put(OTHER, 1, Word.ZERO, CodeInfo.delegationTo(delegate));
        InvocationResult result = fixture.call(GAS);
        assertThat(word(result)).isEqualTo(Word.of(23));
        assertThat(fixture.state.slot(fixture.state.account(OTHER), Word.ONE).isZero())
                .isFalse();
        fixture.state.rollBackTransaction();
        fixture.state.forget();
        // A chain of delegations is not followed: the designator itself runs, and 0xEF is no opcode.
        fixture.world.put(twice, 1, Word.ZERO, CodeInfo.delegationTo(OTHER));
        assertThat(fixture.call(twice, Word.ZERO, GAS).halt()).isEqualTo(Halt.INVALID_OPCODE);
    }

    @Test
    void shouldRefuseCodeThatBeginsWithEf() {
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        InvocationResult refused = fixture.create(OTHER, GAS, Assembler.deploying(new byte[] {(byte) 0xEF}));
        assertThat(refused.halt()).isEqualTo(Halt.CODE_BEGINS_WITH_EF);
        assertThat(refused.gasLeft()).isZero();
        assertThat(new EvmFixture(Fork.BERLIN)
                        .create(OTHER, GAS, Assembler.deploying(new byte[] {(byte) 0xEF}))
                        .halt())
                .isEqualTo(Halt.SUCCESS);
    }

    @Test
    void shouldLimitTheSizeOfCode() {
        assertThat(new EvmFixture(Fork.OSAKA)
                        .create(OTHER, 100 * GAS, Assembler.deploying(new byte[24_576]))
                        .halt())
                .isEqualTo(Halt.SUCCESS);
        assertThat(new EvmFixture(Fork.OSAKA)
                        .create(OTHER, 100 * GAS, Assembler.deploying(new byte[24_577]))
                        .halt())
                .isEqualTo(Halt.CODE_TOO_LONG);
        Assembler creates = code().push(49_153).push(0).push(0).op(Op.CREATE);
        assertThat(run(creates).halt()).isEqualTo(Halt.INIT_CODE_TOO_LONG);
    }

    @Test
    void shouldRunOutOfGasWhenInitCodeIsHugeAndNoForkLimitsItYet() {
        for (Word length : List.of(Word.of(1L << 31), Word.of(Long.MAX_VALUE), Word.MAX)) {
            Assembler creates = code().push(length).push(0).push(0).op(Op.CREATE);
            assertThat(run(Fork.PARIS, creates).halt()).isEqualTo(Halt.OUT_OF_GAS);
            assertThat(run(Fork.SHANGHAI, creates).halt()).isEqualTo(Halt.INIT_CODE_TOO_LONG);
        }
    }

    @Test
    void shouldBurnGasButRaiseTheNonceOnCollision() {
        Address at = ContractAddresses.of(CONTRACT, 1);
        Assembler creates = returning(code().push(0).push(0).push(0).op(Op.CREATE));
        EvmFixture fixture = new EvmFixture(Fork.OSAKA).deploy(CONTRACT, creates);
        fixture.world.put(at, 1, Word.ZERO, new byte[0]);
        InvocationResult result = fixture.call(GAS);
        assertThat(word(result)).isEqualTo(Word.ZERO);
        assertThat(result.gasLeft()).isLessThan(GAS / 60);
        assertThat(fixture.state.account(CONTRACT).nonce()).isEqualTo(2);
        assertThat(fixture.state.account(at).isWarm()).isTrue();
    }

    @Test
    void shouldNotRaiseTheNonceWhenCreationCannotBePaid() {
        Assembler creates = returning(code().push(0).push(0).push(1).op(Op.CREATE));
        EvmFixture fixture = new EvmFixture(Fork.OSAKA).deploy(CONTRACT, creates);
        assertThat(word(fixture.call(GAS))).isEqualTo(Word.ZERO);
        assertThat(fixture.state.account(CONTRACT).nonce()).isEqualTo(1);
    }

    @Test
    void shouldCollideWithStorage() {
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        fixture.world.put(OTHER, 0, Word.ONE, new byte[0]);
        fixture.world.slotChanged(OTHER, Word.ONE, Word.ONE);
        assertThat(fixture.create(OTHER, GAS, new byte[0]).halt()).isEqualTo(Halt.ADDRESS_COLLISION);
    }

    @Test
    void shouldDestroyOnlyWhatTheSameTransactionCreated() {
        Assembler destroys = code().push(USER).op(Op.SELFDESTRUCT);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA).deploy(CONTRACT, destroys);
        fixture.world.put(CONTRACT, 1, Word.of(5), destroys.bytes());
        fixture.call(GAS);
        assertThat(fixture.state.account(CONTRACT).isDestroyed()).isFalse();
        assertThat(fixture.state.account(CONTRACT).balance()).isEqualTo(Word.ZERO);
        assertThat(fixture.create(OTHER, GAS, destroys.bytes()).halt()).isEqualTo(Halt.SUCCESS);
        assertThat(fixture.state.account(OTHER).isDestroyed()).isTrue();
    }

    @Test
    void shouldMoveMemoryThatOverlaps() {
        Assembler moves = code().push(0x0102).push(0).op(Op.MSTORE);
        moves.push(32).push(0).push(1).op(Op.MCOPY).push(1).op(Op.MLOAD);
        assertThat(word(run(returning(moves)))).isEqualTo(Word.of(0x0102));
        // Memory grows to hold the source as well.
        assertThat(word(run(returning(code().push(32).push(64).push(0).op(Op.MCOPY, Op.MSIZE)))))
                .isEqualTo(Word.of(96));
    }

    @Test
    void shouldChargeQuadraticallyForMemory() {
        long words = 1024;
        long gas = 3 * words + words * words / 512;
        assertThat(GAS - run(code().push((words - 1) * 32).op(Op.MLOAD)).gasLeft())
                .isEqualTo(3 + 3 + gas);
        assertThat(run(code().push(Word.MAX).op(Op.MLOAD)).halt()).isEqualTo(Halt.OUT_OF_GAS);
        assertThat(run(code().push(1L << 40).push(0).op(Op.KECCAK256)).halt()).isEqualTo(Halt.OUT_OF_GAS);
        assertThat(run(code().push(0).push(Word.MAX).op(Op.KECCAK256)).halt()).isEqualTo(Halt.SUCCESS);
    }

    @Test
    void shouldRememberHashesOf64BytesWithoutMixingThemUp() {
        for (int i = 0; i < 3000; i++) {
            byte[] input = new byte[64];
            input[31] = (byte) i;
            input[62] = (byte) (i >>> 8);
            Assembler hashing = code().push(Word.ofBytes32(input, 0)).push(0).op(Op.MSTORE);
            hashing.push(Word.ofBytes32(input, 32))
                    .push(32)
                    .op(Op.MSTORE)
                    .push(64)
                    .push(0)
                    .op(Op.KECCAK256);
            assertThat(word(run(returning(hashing)))).isEqualTo(Word.ofBytes(Keccak256.hash(input)));
        }
    }

    @Test
    void shouldReadBlockAndTransaction() {
        assertThat(word(run(returning(code().op(Op.CHAINID))))).isEqualTo(Word.of(1337));
        assertThat(word(run(returning(code().op(Op.NUMBER))))).isEqualTo(Word.of(1000));
        assertThat(word(run(returning(code().op(Op.PREVRANDAO))))).isEqualTo(Word.of(77));
        assertThat(word(run(returning(code().op(Op.GASPRICE))))).isEqualTo(Word.of(5));
        assertThat(word(run(returning(code().op(Op.ORIGIN))))).isEqualTo(Word.of(USER));
        EvmFixture fixture = new EvmFixture(Fork.OSAKA);
        for (long number = 742; number <= 1000; number++) {
            byte[] hash = new byte[32];
            Arrays.fill(hash, (byte) 1);
            fixture.world.putBlockHash(number, hash);
        }
        boolean[] known = new boolean[4];
        long[] asked = {743, 744, 999, 1000};
        for (int i = 0; i < asked.length; i++) {
            fixture.world.put(
                    CONTRACT,
                    1,
                    Word.ZERO,
                    returning(code().push(asked[i]).op(Op.BLOCKHASH)).bytes());
            fixture.state.forget();
            known[i] = !word(fixture.call(GAS)).isZero();
        }
        assertThat(known).containsExactly(false, true, true, false);
    }

    @Test
    void shouldAskTheGuardBeforeEveryFrame() {
        List<String> asked = new ArrayList<>();
        FrameGuard guard = (user, caller, callee, codeAddress, selector, kind) -> {
            asked.add("%s %s>%s %s %08x".formatted(kind, caller.low(), callee.low(), codeAddress.low(), selector));
            return !codeAddress.equals(OTHER) || kind != CallKind.CALL;
        };
        Assembler caller = calling(code(), Op.DELEGATECALL, OTHER, 50_000).op(Op.POP);
        caller.push(0xAABBCCDDL << 32).push(0).op(Op.MSTORE);
        caller.push(0).push(0).push(6).push(24).push(0).push(OTHER).push(50_000).op(Op.CALL);
        EvmFixture fixture = new EvmFixture(Fork.OSAKA, guard)
                .deploy(CONTRACT, returning(caller))
                .deploy(OTHER, code());
        InvocationResult result = fixture.call(GAS, HexFormat.of().parseHex("11223344"));
        assertThat(word(result)).isEqualTo(Word.ZERO);
        assertThat(result.gasLeft()).isGreaterThan(GAS - 10_000);
        assertThat(asked)
                .containsExactly(
                        "CALL 2764>49374 49374 11223344",
                        "DELEGATECALL 49374>49374 48879 00000000",
                        "CALL 49374>48879 48879 aabbccdd");
    }

    @Test
    void shouldHaltAFrameThatLooksAtAnAccountThatTheGuardHides() {
        FrameGuard guard = new FrameGuard() {
            @Override
            public boolean mayEnter(
                    Address user, Address caller, Address callee, Address code, int selector, CallKind kind) {
                return true;
            }

            @Override
            public boolean mayInspect(Address user, Address frame, Address account) {
                return !frame.equals(CONTRACT) || !account.equals(OTHER);
            }
        };
        for (int op : new int[] {Op.BALANCE, Op.EXTCODEHASH, Op.EXTCODECOPY, Op.EXTCODESIZE}) {
            for (Address account : List.of(OTHER, CONTRACT, Address.of(0x77))) {
                Assembler looking = code().push(0).push(0).push(0).push(account).op(op);
                InvocationResult result = new EvmFixture(Fork.OSAKA, guard)
                        .deploy(CONTRACT, looking)
                        .call(GAS);
                boolean hidden = account.equals(OTHER) && op != Op.EXTCODESIZE;
                assertThat(result.halt())
                        .as("%02x of %s", op, account)
                        .isEqualTo(hidden ? Halt.ACCESS_DENIED : Halt.SUCCESS);
                assertThat(result.gasLeft() == 0).as("%02x of %s", op, account).isEqualTo(hidden);
            }
        }
    }

    @Test
    void shouldGiveUpALoopWhenCancelled() {
        EvmFixture fixture = new EvmFixture(Fork.OSAKA)
                .deploy(CONTRACT, code().label("for ever").pushLabel("for ever").op(Op.JUMP));
        int[] asked = {0};
        fixture.cancellation = () -> ++asked[0] == 3;
        assertThat(fixture.call(Long.MAX_VALUE).halt()).isEqualTo(Halt.CANCELLED);
        assertThat(asked[0]).isEqualTo(3);
    }

    @Test
    void shouldRunInsideAnotherExecutionOfTheSameThread() {
        EvmFixture inner = new EvmFixture(Fork.OSAKA).deploy(CONTRACT, returning(code().push(7)));
        FrameGuard guard = (user, caller, callee, codeAddress, selector, kind) ->
                word(inner.call(GAS)).equals(Word.of(7));
        Assembler outer = returning(code().push(5).push(6).op(Op.ADD));
        assertThat(word(new EvmFixture(Fork.OSAKA, guard)
                        .deploy(CONTRACT, outer)
                        .call(GAS)))
                .isEqualTo(Word.of(11));
    }

    @Test
    void shouldDeriveContractAddresses() {
        Address creator = Address.fromHex("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
        assertThat(ContractAddresses.of(creator, 0).hex()).isEqualTo("0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
        assertThat(ContractAddresses.of(creator, 1).hex()).isEqualTo("0x343c43a37d37dff08ae8c4a11544c718abb4fcf8");
        assertThat(ContractAddresses.of(Address.ZERO, new byte[32], Keccak256.hash(new byte[1]))
                        .hex())
                .isEqualTo("0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38");
    }

    /** Each with sixteen zeros below it, which every instruction can live with. */
    @Test
    void shouldCarryOutEveryOpcodeThatTheTableHas() {
        for (Fork fork : Fork.values()) {
            for (int op = 0; op < 256; op++) {
                Assembler code = new Assembler();
                for (int i = 0; i < 17; i++) {
                    code.push(0);
                }
                Halt halt = new EvmFixture(fork)
                        .deploy(EvmFixture.CONTRACT, code.op(op))
                        .call(1_000_000)
                        .halt();
                boolean defined = ForkRules.need(ForkRules.of(fork).table[op]) != ForkRules.UNDEFINED_NEED;
                boolean jump = op == Op.JUMP;
                assertThat(halt)
                        .as("%s 0x%02x", fork, op)
                        .isEqualTo(
                                !defined
                                        ? Halt.INVALID_OPCODE
                                        : jump ? Halt.INVALID_JUMP : op == Op.REVERT ? Halt.REVERT : Halt.SUCCESS);
            }
        }
    }
}
