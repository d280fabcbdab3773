package coco.ledgers.ethereum.access;

import static coco.ledgers.ethereum.access.AccessNetwork.OWNER;
import static coco.ledgers.ethereum.access.AccessNetwork.READER;
import static coco.ledgers.ethereum.access.AccessNetwork.STRANGER;
import static coco.ledgers.ethereum.access.AccessNetwork.creation;
import static coco.ledgers.ethereum.access.AccessNetwork.result;
import static coco.ledgers.ethereum.access.AccessNetwork.user;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.ContractAddresses;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Transaction;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.testing.Contracts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Readers that a sender names, and all that somebody else could try with them. */
class ReaderListsTest {
    private static final int OTHER = 3;
    private static final Address LISTS = ReaderLists.ADDRESS;
    private static final byte[] TELL = Abi.call("tell()");
    private static final byte[] NONE = {};
    private static final String CREATE = "create(bytes32,bytes,address[],bytes)";
    private static final String NAME = "name(address,address[])";
    private static final String HAND_OVER = "handOver(address,address)";

    private final AccessNetwork network = AccessNetwork.withReaders();

    // ---- words ----

    private static byte[] create(byte[] code, List<Address> readers, byte[] first) {
        return create(1, code, readers, first);
    }

    private static byte[] create(int salt, byte[] code, List<Address> readers, byte[] first) {
        return Abi.call(CREATE, salt, code, readers.stream().sorted().toList(), first);
    }

    /** Where a creation by a keeper leads. */
    private static Address made(int keeper, int salt, byte[] code) {
        byte[] own = Keccak256.hash(Abi.arguments(user(keeper), salt));
        return ContractAddresses.of(LISTS, own, Keccak256.hash(code));
    }

    /** A contract of the owner that the reader reads. */
    private Address listed() {
        return listed(network, "Owned");
    }

    private static Address listed(AccessNetwork network, String contract) {
        byte[] code = creation(contract);
        ExecutedTransaction executed = network.send(OWNER, LISTS, create(code, List.of(user(READER)), NONE));
        assertThat(executed.success()).isTrue();
        return made(OWNER, 1, code);
    }

    private boolean enters(int user, Address contract) {
        return network.send(user, contract, TELL).success();
    }

    private static boolean isDone(ExecutedTransaction executed) {
        return executed.success() && Objects.requireNonNullElse(result(executed), NONE).length > 0;
    }

    private static List<Address> many(int count) {
        List<Address> readers = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            readers.add(Address.of(1_000L + i));
        }
        readers.add(user(READER));
        return readers;
    }

    // ---- who sees what ----

    @Test
    void shouldLetInTheKeeperAndWhomItNamedWhenItDeploys() {
        byte[] code = creation("Owned");
        ExecutedTransaction created = network.send(OWNER, LISTS, create(code, List.of(user(READER)), NONE));
        Address made = made(OWNER, 1, code);
        assertThat(created.touched()).isEqualTo(new Touched(List.of(LISTS, made), List.of(), List.of(), true));
        assertThat(network.mark(made)).isEqualTo(Mark.State.LISTED);
        ExecutedTransaction reader = network.send(READER, made, TELL);
        assertThat(reader.success()).isTrue();
        assertThat(reader.touched()).isEqualTo(new Touched(List.of(made), List.of(), List.of(), false));
        assertThat(enters(OWNER, made)).isTrue();
        ExecutedTransaction stranger = network.send(STRANGER, made, TELL);
        assertThat(stranger.success()).isFalse();
        assertThat(stranger.touched()).isEqualTo(new Touched(List.of(made), List.of(made), List.of(), true));
    }

    @Test
    void shouldReplaceTheListFromTheNextTransactionOn() {
        Address made = listed();
        assertThat(network.send(OWNER, LISTS, NAME, made, List.of(user(OTHER))).success())
                .isTrue();
        assertThat(enters(READER, made)).isFalse();
        assertThat(enters(OTHER, made)).isTrue();
        network.send(OWNER, LISTS, NAME, made, List.of());
        assertThat(enters(OTHER, made)).isFalse();
        assertThat(enters(OWNER, made)).as("the keeper").isTrue();
    }

    @Test
    void shouldHandTheListOver() {
        Address made = listed();
        assertThat(network.send(OWNER, LISTS, HAND_OVER, made, user(OTHER)).success())
                .isTrue();
        assertThat(enters(OTHER, made)).isTrue();
        assertThat(enters(OWNER, made)).as("not in the list").isFalse();
        assertThat(enters(READER, made)).isTrue();
        assertThat(network.send(OWNER, LISTS, NAME, made, List.of(user(OWNER))).success())
                .isFalse();
        assertThat(network.send(OTHER, LISTS, HAND_OVER, made, Address.ZERO).success())
                .isTrue();
        assertThat(network.send(OTHER, LISTS, NAME, made, List.of(user(OTHER))).success())
                .as("fixed for ever")
                .isFalse();
        assertThat(enters(READER, made)).isTrue();
    }

    @Test
    void shouldCallOnceWhatItMade() {
        byte[] code = creation("Owned");
        byte[] first = Abi.call("transferOwnership(address)", user(OWNER));
        assertThat(network.send(OWNER, LISTS, create(code, List.of(), first)).success())
                .isTrue();
        Address made = made(OWNER, 1, code);
        assertThat(network.send(OWNER, made, "set(uint256)", 7).success()).isTrue();
        byte[] asOwner = Abi.call("set(uint256)", 7);
        byte[] again = Abi.concat(code, new byte[32]);
        assertThat(network.send(OWNER, LISTS, create(again, List.of(), Abi.call("nothing()")))
                        .success())
                .as("a first call that fails")
                .isFalse();
        assertThat(network.mark(made(OWNER, 1, again))).isNull();
        assertThat(network.send(OWNER, LISTS, create(again, List.of(), asOwner)).success())
                .as("the maker is the owner, in its constructor's eyes")
                .isTrue();
    }

    /** What a listed contract makes is for the same users; it does not get into its maker for free. */
    @Test
    void shouldGiveTheListToWhatTheContractMakes() {
        Address made = listed();
        network.send(READER, made, "spawn()");
        Address child = ContractAddresses.of(made, 1);
        assertThat(network.mark(child)).isEqualTo(Mark.State.INHERITED);
        assertThat(network.send(READER, child, "value()").success()).isTrue();
        assertThat(network.send(STRANGER, child, "value()").success()).isFalse();
        network.send(OWNER, LISTS, NAME, made, List.of(user(OTHER)));
        assertThat(network.send(READER, child, "value()").success()).isFalse();
        assertThat(network.send(OTHER, child, "value()").success()).isTrue();
    }

    @Test
    void shouldAskBothTheListAndTheContractsOwnRule() {
        byte[] code = creation("Weathercock");
        List<Address> readers = List.of(user(READER), user(OTHER));
        network.send(OWNER, LISTS, create(code, readers, NONE));
        Address made = made(OWNER, 1, code);
        byte[] secret = Abi.call("secret()");
        network.send(READER, made, "turn(bool,address)", 1, user(READER));
        assertThat(network.mark(made)).isEqualTo(Mark.State.OWN);
        assertThat(network.send(READER, made, secret).success()).isTrue();
        assertThat(network.send(OTHER, made, secret).success())
                .as("listed, no friend")
                .isFalse();
        network.send(READER, made, "turn(bool,address)", 1, user(STRANGER));
        assertThat(network.send(STRANGER, made, secret).success())
                .as("a friend, not listed")
                .isFalse();
    }

    /** A contract that takes back its own rule is not open: its sender's list stays. */
    @Test
    void shouldKeepTheListOfAContractThatTookItsOwnRuleBack() {
        byte[] code = creation("Weathercock");
        network.send(OWNER, LISTS, create(code, List.of(user(READER)), NONE));
        Address made = made(OWNER, 1, code);
        network.send(READER, made, "turn(bool,address)", 1, user(READER));
        network.send(READER, made, "turn(bool,address)", 0, user(READER));
        assertThat(network.mark(made)).isEqualTo(Mark.State.CLEARED);
        assertThat(network.send(STRANGER, made, "secret()").success()).isFalse();
        assertThat(network.send(READER, made, "secret()").success()).isTrue();
        network.send(READER, made, "turn(bool,address)", 1, user(READER));
        assertThat(network.mark(made)).isEqualTo(Mark.State.OWN);
        assertThat(network.send(STRANGER, made, "secret()").success()).isFalse();
    }

    @Test
    void shouldHeedARuleThatMembersBoundBesideTheList() {
        Address made = listed();
        String rule = "{\"readers\": [\"%s\"]}".formatted(user(OTHER).hex());
        network.node.access(RecordsTest.settings(
                List.of(new AccessSettings.ContractRule("ethereum", made.hex().substring(2), rule))));
        assertThat(enters(READER, made)).isFalse();
        assertThat(enters(OTHER, made)).isFalse();
    }

    // ---- contracts that call ----

    @Test
    void shouldRefuseAForeignContractThatAReaderWasLuredIntoCalling() {
        Address made = listed();
        Address prober = network.deploy(STRANGER, "Prober");
        ExecutedTransaction lured = network.send(READER, prober, "call(address,bytes)", made, TELL);
        assertThat(result(lured)).isNull();
        for (String look : List.of("balance(address)", "codeHash(address)", "codeCopy(address)")) {
            assertThat(network.send(READER, prober, look, made).success())
                    .as(look)
                    .isFalse();
        }
    }

    @Test
    void shouldLetAListedContractInForReadersOnly() {
        Address made = listed();
        Address prober = network.deploy(OTHER, "Prober");
        List<Address> both = List.of(user(READER), prober).stream().sorted().toList();
        network.send(OWNER, LISTS, NAME, made, both);
        byte[] call = Abi.call("call(address,bytes)", made, TELL);
        assertThat(isDone(network.send(READER, prober, call))).isTrue();
        assertThat(result(network.send(STRANGER, prober, call))).isNull();
    }

    /** Where another contract asks in its own check, there is no user, whom a list could have. */
    @Test
    void shouldNotBeAskedInsideAnothersCheck() {
        Address open = network.deploy(OWNER, "GateToken");
        Address token = listed(network, "GateToken");
        for (Address each : List.of(open, token)) {
            network.send(OWNER, each, "mint(address,uint256)", user(READER), 100);
            Address gated = network.deploy(OWNER, "Gated", each);
            network.send(
                    OWNER,
                    LISTS,
                    NAME,
                    token,
                    List.of(user(READER), gated).stream().sorted().toList());
            assertThat(network.send(READER, gated, "secret()").success()).isEqualTo(each.equals(open));
        }
    }

    // ---- capture ----

    @Test
    void shouldNotLetAnybodyCloseAContractThatIsThere() {
        Address plain = network.deploy(OWNER, "Plain");
        for (int user : List.of(OWNER, STRANGER)) {
            assertThat(network.send(user, LISTS, NAME, plain, List.of(user(user)))
                            .success())
                    .isFalse();
            assertThat(network.send(user, LISTS, HAND_OVER, plain, user(user)).success())
                    .isFalse();
        }
        assertThat(network.mark(plain)).isNull();
        assertThat(network.send(READER, plain, "value()").success()).isTrue();
    }

    @Test
    void shouldGiveAStrangerAnotherAddressForTheSameCodeAndSalt() {
        byte[] code = creation("Owned");
        assertThat(network.send(STRANGER, LISTS, create(code, List.of(user(STRANGER)), NONE))
                        .success())
                .as("ahead of its sender")
                .isTrue();
        Address made = listed();
        assertThat(made).isNotEqualTo(made(STRANGER, 1, code));
        assertThat(enters(STRANGER, made)).isFalse();
        assertThat(network.send(OWNER, LISTS, create(code, List.of(user(STRANGER)), NONE))
                        .success())
                .as("once more")
                .isFalse();
        assertThat(enters(STRANGER, made)).isFalse();
        assertThat(enters(READER, made)).isTrue();
    }

    @Test
    void shouldRefuseEveryoneButTheKeeper() {
        Address made = listed();
        for (int user : List.of(STRANGER, READER)) {
            assertThat(network.send(user, LISTS, NAME, made, List.of(user(STRANGER)))
                            .success())
                    .isFalse();
            assertThat(network.send(user, LISTS, HAND_OVER, made, user(STRANGER))
                            .success())
                    .isFalse();
            assertThat(network.send(user, LISTS, "isReader(address,address)", made, user(READER))
                            .success())
                    .as("the list itself")
                    .isFalse();
        }
        assertThat(network.send(OWNER, LISTS, "isReader(address,address)", made, user(READER))
                        .success())
                .isTrue();
        assertThat(enters(STRANGER, made)).isFalse();
    }

    /** Neither a multicall that is everybody's nor one that the keeper was lured into calling. */
    @Test
    void shouldRefuseContractsWhateverTheyServe() {
        Address made = listed();
        Address prober = network.deploy(STRANGER, "Prober");
        byte[] naming = Abi.call(NAME, made, List.of(user(STRANGER)));
        byte[] creating = create(7, creation("Owned"), List.of(user(STRANGER)), NONE);
        for (int user : List.of(OWNER, STRANGER)) {
            for (byte[] data : List.of(naming, creating)) {
                for (String how :
                        List.of("call(address,bytes)", "delegate(address,bytes)", "callCode(address,bytes)")) {
                    ExecutedTransaction executed = network.send(user, prober, how, LISTS, data);
                    assertThat(executed.success()).as(how).isTrue();
                    assertThat(result(executed)).as(how).isNull();
                    assertThat(executed.touched().senderOnly())
                            .as("what it asked for")
                            .isTrue();
                }
            }
        }
        assertThat(enters(STRANGER, made)).isFalse();
        assertThat(network.mark(made(STRANGER, 7, creation("Owned")))).isNull();
    }

    @Test
    void shouldRefuseAConstructorThatCallsBack() {
        Address made = listed();
        byte[] naming = Abi.call(NAME, made, List.of(user(STRANGER)));
        byte[] code = creation("ConstructorProbe", LISTS, naming);
        ExecutedTransaction executed = network.send(OWNER, LISTS, create(2, code, List.of(), NONE));
        assertThat(executed.success()).isTrue();
        assertThat(result(executed)).isNull();
        ExecutedTransaction alone = network.create(OWNER, code);
        assertThat(result(alone)).isNull();
        assertThat(enters(STRANGER, made)).isFalse();
    }

    /** The code of a keeper's account serves others only as far as it signs itself. */
    @Test
    void shouldRefuseWhoeverEntersTheAccountOfAKeeperThatDelegates() {
        Address made = listed();
        Address prober = network.deploy(OTHER, "Prober");
        byte[] naming = Abi.call("call(address,bytes)", LISTS, Abi.call(NAME, made, List.of(user(OTHER))));
        ExecutedTransaction batch = network.delegating(OWNER, prober, user(OWNER), naming);
        assertThat(result(batch)).as("the keeper signs").isNotNull();
        assertThat(batch.touched().senderOnly()).as("its data has the readers").isTrue();
        assertThat(enters(OTHER, made)).isTrue();
        byte[] hostile = Abi.call("call(address,bytes)", LISTS, Abi.call(NAME, made, List.of(user(STRANGER))));
        assertThat(result(network.send(STRANGER, user(OWNER), hostile))).isNull();
        assertThat(enters(STRANGER, made)).isFalse();
    }

    @Test
    void shouldBeOfNoUseToAnAccountThatDelegatesToIt() {
        byte[] code = creation("Owned");
        ExecutedTransaction executed =
                network.delegating(STRANGER, LISTS, user(STRANGER), create(code, List.of(), NONE));
        assertThat(executed.success()).isFalse();
        assertThat(network.mark(made(STRANGER, 1, code))).isNull();
    }

    // ---- destruction ----

    /** Before Cancun a contract really goes away, and its code can come again by CREATE2. */
    @Test
    void shouldNotMakeAContractAgainWhereOneWasDestroyed() {
        AccessNetwork old = AccessNetwork.withReadersBeforeCancun();
        Address made = listed(old, "Owned");
        assertThat(old.send(READER, made, "destroy()").success()).isTrue();
        assertThat(old.node.state().get(Marks.MAP, made.bytes())).isNotNull();
        assertThat(old.send(OWNER, LISTS, create(creation("Owned"), List.of(user(STRANGER)), NONE))
                        .success())
                .isFalse();
        assertThat(old.send(STRANGER, made, TELL).success()).isFalse();
        assertThat(ReaderViews.of(old).mayRead(user(STRANGER), made)).isFalse();
        assertThat(ReaderViews.of(old).mayRead(user(READER), made))
                .as("its history")
                .isTrue();
    }

    @Test
    void shouldFailWhereNothingIsMade() {
        byte[] destroyed = HexFormat.of().parseHex("33ff");
        byte[] reverting = HexFormat.of().parseHex("60006000fd");
        byte[] dies = Contracts.creation(HexFormat.of().parseHex("33ff"));
        for (byte[] code : List.of(NONE, destroyed, reverting)) {
            ExecutedTransaction executed = network.send(OWNER, LISTS, create(code, List.of(user(READER)), NONE));
            assertThat(executed.success()).isFalse();
            assertThat(executed.touched().senderOnly()).isTrue();
            assertThat(network.mark(made(OWNER, 1, code))).isNull();
        }
        ExecutedTransaction gone = network.send(OWNER, LISTS, create(dies, List.of(user(READER)), new byte[] {1}));
        assertThat(gone.touched().senderOnly())
                .as("destroyed by its first call")
                .isTrue();
    }

    // ---- limits ----

    @Test
    void shouldTakeAsManyReadersAsTheLimitSaysAndNoMore() {
        int most = CheckLimits.DEFAULT.listedReaders();
        AccessNetwork large = AccessNetwork.withReaders(8_000_000);
        byte[] code = creation("Owned");
        Address made = made(OWNER, 1, code);
        ExecutedTransaction tooMany = large.send(OWNER, LISTS, create(code, many(most + 1), NONE));
        assertThat(tooMany.success()).isFalse();
        ExecutedTransaction created = large.send(OWNER, LISTS, create(code, many(most), NONE));
        assertThat(created.success()).isTrue();
        long base = large.send(OWNER, LISTS, create(2, code, List.of(), NONE)).gasUsed();
        assertThat(created.gasUsed() - base)
                .as("each reader is a slot, paid by the sender")
                .isBetween(most * 22_100L, most * 24_000L);
        assertThat(large.send(READER, made, TELL).success()).isTrue();
        assertThat(large.send(STRANGER, made, TELL).success()).isFalse();
        CheckBudget budget = CheckBudget.ofRead();
        assertThat(ReaderViews.of(large, budget).mayRead(user(READER), made)).isTrue();
        assertThat(budget.used())
                .isLessThan(30_000)
                .isLessThan(CheckLimits.DEFAULT.answerGas().getFirst());
        System.out.printf("%d readers: %,d gas to name, %,d to check%n", most, created.gasUsed() - base, budget.used());
    }

    @Test
    void shouldFindEveryReaderOfAListOfAnySizeAndNobodyElse() {
        Address made = listed();
        for (int size = 0; size < 20; size++) {
            List<Address> readers = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                readers.add(Address.of(2_000L + 2L * i));
            }
            assertThat(network.send(OWNER, LISTS, NAME, made, readers).success())
                    .isTrue();
            AccessView view = ReaderViews.of(network);
            for (int i = -1; i <= 40; i++) {
                Address user = Address.of(2_000L + i);
                assertThat(view.mayRead(user, made)).isEqualTo(readers.contains(user));
            }
        }
    }

    @Test
    void shouldRefuseListsThatDoNotAscend() {
        Address made = listed();
        Address one = Address.of(5);
        Address two = Address.of(6);
        for (List<Address> readers : List.of(List.of(two, one), List.of(one, one), List.of(Address.ZERO))) {
            assertThat(network.send(OWNER, LISTS, NAME, made, readers).success())
                    .isFalse();
        }
        assertThat(enters(READER, made)).as("the list before").isTrue();
    }

    @Test
    void shouldDenyWhereTheBudgetIsUsedUp() {
        Address made = listed();
        assertThat(ReaderViews.of(network, new CheckBudget(40_000)).mayRead(user(READER), made))
                .isFalse();
    }

    // ---- where it is, and where not ----

    /** Networks know it by its bytes: docs/specs/ethereum-section.md has the same. */
    @Test
    void shouldHaveTheCodeThatNetworksWereFoundedWith() {
        assertThat(HexFormat.of().formatHex(ReaderLists.codeHash()))
                .isEqualTo("38cc0b9158b41afb3dcd075711d24c880963fda40471f8dd2be229fca114570e");
    }

    @Test
    void shouldMarkItselfAtItsFirstUseAndNotBefore() {
        network.deploy(OWNER, "Plain");
        assertThat(ReaderViews.of(network).anyConfidential()).isFalse();
        assertThat(network.node.blocks().getLast().transactions()).hasSize(1);
        assertThat(network.last().touched().isEmpty()).isTrue();
        network.send(STRANGER, LISTS, new byte[] {1, 2, 3, 4});
        assertThat(network.last().touched().confidential()).containsExactly(LISTS);
        AccessView view = ReaderViews.of(network);
        for (int user : List.of(OWNER, STRANGER)) {
            assertThat(view.mayRead(user(user), LISTS)).isFalse();
            assertThat(view.mayCall(user(user), user(user), LISTS, 7)).isTrue();
        }
    }

    @Test
    void shouldBeNothingWhereTheGenesisHasNothing() {
        AccessNetwork without = new AccessNetwork();
        byte[] code = creation("Owned");
        ExecutedTransaction executed = without.send(OWNER, LISTS, create(code, List.of(), NONE));
        assertThat(executed.success()).as("an address that was never used").isTrue();
        assertThat(executed.touched().isEmpty()).isTrue();
        assertThat(ReaderViews.of(without).anyConfidential()).isFalse();
    }

    @Test
    void shouldBeAnOrdinaryContractWhereTheGenesisHasOtherCode() {
        // Makes a contract of its call data: CALLDATASIZE 0 0 CALLDATACOPY CALLDATASIZE 0 0 CREATE.
        AccessNetwork other =
                AccessNetwork.with(LISTS, HexFormat.of().parseHex("366000600037" + "366000" + "6000f000"));
        assertThat(other.send(OWNER, LISTS, creation("Plain")).success()).isTrue();
        Address plain = ContractAddresses.of(LISTS, 1);
        assertThat(other.mark(plain)).isNull();
        assertThat(other.mark(LISTS)).isNull();
        assertThat(other.send(STRANGER, plain, "value()").success()).isTrue();
    }

    // ---- events, history ----

    @Test
    void shouldShowItsEventsToWhoReadsTheContractTheyName() {
        Address made = listed();
        ExecutedTransaction created = network.last();
        var event = created.logs().getFirst();
        assertThat(event.address()).isEqualTo(LISTS);
        long number = network.node.blocks().size() - 1L;
        AccessView view = ReaderViews.of(network);
        assertThat(view.mayReadLog(user(READER), event, number)).isTrue();
        assertThat(view.mayReadLog(user(OWNER), event, number)).isTrue();
        assertThat(view.mayReadLog(user(STRANGER), event, number)).isFalse();
        assertThat(view.mayReadLog(Address.ZERO, event, number)).isFalse();
        network.send(OWNER, LISTS, NAME, made, List.of(user(OTHER)));
        assertThat(ReaderViews.of(network).mayReadLog(user(READER), event, number))
                .as("no reader any more")
                .isFalse();
        assertThat(ReaderViews.of(network).mayReadLog(user(OTHER), event, number))
                .as("a reader since")
                .isTrue();
    }

    /** An event of what was destroyed in the transaction that made it names an address that everybody may read. */
    @Test
    void shouldShowNobodyAnEventOfWhatIsNotListed() {
        byte[] dies = Contracts.creation(HexFormat.of().parseHex("33ff"));
        ExecutedTransaction gone = network.send(OWNER, LISTS, create(dies, List.of(user(READER)), new byte[] {1}));
        assertThat(gone.success()).isTrue();
        assertThat(gone.logs()).hasSize(1);
        for (int user : List.of(OWNER, READER, STRANGER)) {
            assertThat(ReaderViews.of(network)
                            .mayReadLog(user(user), gone.logs().getFirst(), 1))
                    .isFalse();
        }
    }

    /** A contract whose own rule shows an event to everyone shows it to nobody beyond its list. */
    @Test
    void shouldRestrictEventsThatTheContractWouldShow() {
        byte[] shown = Keccak256.hash("Public(uint256)".getBytes(StandardCharsets.US_ASCII));
        Address open = network.deploy(OWNER, "Notices");
        Address made = listed(network, "Notices");
        assertThat(network.mark(made)).isEqualTo(Mark.State.OWN);
        AccessView view = ReaderViews.of(network);
        assertThat(view.mayReadLog(user(STRANGER), new Log(open, List.of(shown), NONE), 9))
                .isTrue();
        assertThat(view.mayReadLog(user(STRANGER), new Log(made, List.of(shown), NONE), 9))
                .isFalse();
    }

    @Test
    void shouldDecideByStartAndNowWithinOneBlock() {
        Address made = listed();
        Transaction naming = network.sign(
                OWNER, network.transaction(OWNER).to(LISTS).data(Abi.call(NAME, made, List.of(user(OTHER)))));
        network.offer(OWNER, naming);
        network.offer(
                OTHER, network.sign(OTHER, network.transaction(OTHER).to(made).data(TELL)));
        network.offer(
                READER,
                network.sign(READER, network.transaction(READER).to(made).data(TELL)));
        boolean isNamed = false;
        List<ExecutedTransaction> executed = network.mine();
        assertThat(executed).hasSize(3);
        for (ExecutedTransaction each : executed) {
            if (each.sender().equals(user(OWNER))) {
                isNamed = true;
            } else {
                assertThat(each.success()).isEqualTo(each.sender().equals(user(OTHER)) == isNamed);
            }
        }
    }

    @Test
    void shouldGiveFollowersTheSameMarksAndTheirEncoding() {
        Address made = listed();
        byte[] mark = network.node.state().get(Marks.MAP, made.bytes());
        assertThat(network.node.followed().get(Marks.MAP, made.bytes())).isEqualTo(mark);
        assertThat(Mark.decode(Objects.requireNonNull(mark))).isEqualTo(new Mark(Mark.State.LISTED, null, 1, true));
        for (Mark.State state : Mark.State.values()) {
            Address maker = state == Mark.State.INHERITED ? made : null;
            Mark each = new Mark(state, maker, 7, true);
            assertThat(Mark.decode(each.encode())).isEqualTo(each);
        }
    }
}
