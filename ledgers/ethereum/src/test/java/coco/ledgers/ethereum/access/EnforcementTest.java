package coco.ledgers.ethereum.access;

import static coco.ledgers.ethereum.access.AccessNetwork.OWNER;
import static coco.ledgers.ethereum.access.AccessNetwork.READER;
import static coco.ledgers.ethereum.access.AccessNetwork.STRANGER;
import static coco.ledgers.ethereum.access.AccessNetwork.result;
import static coco.ledgers.ethereum.access.AccessNetwork.user;
import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.ContractAddresses;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who gets into a confidential contract by a transaction, and who does not, whatever is tried. */
class EnforcementTest {
    private static final byte[] TELL = Abi.call("tell()");
    private static final byte[] SECRET = Abi.call("secret()");

    private final AccessNetwork network = new AccessNetwork();

    private Address secret() {
        return network.deploy(OWNER, "Secret");
    }

    private static long number(byte[] bytes) {
        return Word.ofBytes32(bytes, 0).l0();
    }

    private static byte[] told(ExecutedTransaction executed) {
        return Objects.requireNonNull(result(executed), "the call was refused");
    }

    // ---- who calls directly ----

    @Test
    void shouldLetMembersInAndRevertForOthers() {
        Address secret = secret();
        network.send(OWNER, secret, "grant(address,uint256)", user(READER), 1);
        ExecutedTransaction member = network.send(READER, secret, TELL);
        ExecutedTransaction stranger = network.send(STRANGER, secret, TELL);
        assertThat(member.success()).isTrue();
        assertThat(member.touched()).isEqualTo(new Touched(List.of(secret), List.of(), List.of(), false));
        assertThat(stranger.success()).isFalse();
        assertThat(stranger.logs()).isEmpty();
        assertThat(stranger.gasUsed()).isLessThan(21_200);
        assertThat(stranger.touched()).isEqualTo(new Touched(List.of(secret), List.of(secret), List.of(), true));
    }

    @Test
    void shouldRefuseEtherThatAStrangerSends() {
        Address secret = secret();
        assertThat(network.send(STRANGER, secret, new byte[0]).success()).isFalse();
    }

    @Test
    void shouldRefuseFromTheVeryNextTransactionWhoLostTheRight() {
        Address secret = secret();
        network.send(OWNER, secret, "grant(address,uint256)", user(READER), 1);
        assertThat(network.send(READER, secret, TELL).success()).isTrue();
        network.send(OWNER, secret, "revoke(address,uint256)", user(READER), 1);
        assertThat(network.send(READER, secret, TELL).success()).isFalse();
    }

    @Test
    void shouldDecideByEachTransactionsStartWithinOneBlock() {
        Address secret = secret();
        Transaction grant = network.sign(
                OWNER, network.transaction(OWNER).to(secret).data(Abi.call("grant(address,uint256)", user(READER), 1)));
        network.offer(OWNER, grant);
        Transaction call =
                network.sign(READER, network.transaction(READER).to(secret).data(TELL));
        network.offer(READER, call);
        List<ExecutedTransaction> executed = network.mine();
        assertThat(executed).hasSize(2);
        boolean grantedFirst = executed.getFirst().sender().equals(user(OWNER));
        assertThat(executed.stream()
                        .filter(each -> each.sender().equals(user(READER)))
                        .findFirst()
                        .orElseThrow()
                        .success())
                .isEqualTo(grantedFirst);
    }

    @Test
    void shouldLetAContractCallItself() {
        Address secret = secret();
        assertThat(network.send(OWNER, secret, "callOneself()").success()).isTrue();
    }

    // ---- through other contracts ----

    @Test
    void shouldRefuseAForeignContractThatAMemberWasLuredIntoCalling() {
        Address secret = secret();
        Address prober = network.deploy(STRANGER, "Prober");
        ExecutedTransaction lured = network.send(OWNER, prober, "call(address,bytes)", secret, TELL);
        assertThat(lured.success()).isTrue();
        assertThat(result(lured)).isNull();
        assertThat(lured.touched()).isEqualTo(new Touched(List.of(secret), List.of(secret), List.of(), false));
    }

    @Test
    void shouldLetATrustedContractInForMembersOnly() {
        Address secret = secret();
        Address prober = network.deploy(OWNER, "Prober");
        network.send(OWNER, secret, "trust(address,bool)", prober, 1);
        assertThat(number(told(network.send(OWNER, prober, "call(address,bytes)", secret, TELL))))
                .isEqualTo(42);
        assertThat(result(network.send(STRANGER, prober, "call(address,bytes)", secret, TELL)))
                .isNull();
    }

    @Test
    void shouldRefuseEveryKindOfCallOfAStranger() {
        Address secret = secret();
        Address prober = network.deploy(STRANGER, "Prober");
        for (String how : List.of("call", "view_", "delegate")) {
            ExecutedTransaction tried = network.send(STRANGER, prober, how + "(address,bytes)", secret, SECRET);
            assertThat(result(tried)).as(how).isNull();
            assertThat(tried.touched().denied()).as(how).containsExactly(secret);
        }
        ExecutedTransaction code = network.send(STRANGER, prober, "callCode(address,bytes)", secret, SECRET);
        assertThat(result(code)).isNull();
        assertThat(code.touched().denied()).containsExactly(secret);
    }

    @Test
    void shouldGoOnWithTheOpenPartOfAMulticall() {
        Address secret = secret();
        Address plain = network.deploy(STRANGER, "Plain");
        Address prober = network.deploy(STRANGER, "Prober");
        ExecutedTransaction both =
                network.send(STRANGER, prober, "both(address,address,bytes)", secret, plain, Abi.call("value()"));
        assertThat(both.success()).isTrue();
        assertThat(number(told(both))).isEqualTo(7);
        assertThat(both.logs()).hasSize(2);
        assertThat(both.touched().denied()).containsExactly(secret);
    }

    @Test
    void shouldRefuseTheCallOfAConstructor() {
        Address secret = secret();
        ExecutedTransaction probe = network.create(STRANGER, AccessNetwork.creation("ConstructorProbe", secret, TELL));
        assertThat(result(probe)).isNull();
        ExecutedTransaction lured = network.create(OWNER, AccessNetwork.creation("ConstructorProbe", secret, TELL));
        assertThat(result(lured)).as("not with the owner's right either").isNull();
    }

    @Test
    void shouldAskAtTheDeepestFrameAsAtTheFirst() {
        AccessNetwork spacious = AccessNetwork.ofGas(1_000_000_000_000L);
        Address secret = spacious.deploy(OWNER, "Secret");
        Address prober = spacious.deploy(OWNER, "Prober");
        byte[] deep = Abi.call("deep(uint256,address,bytes)", 1_021, secret, TELL);
        assertThat(spacious.send(OWNER, prober, deep).touched().denied()).containsExactly(secret);
        spacious.send(OWNER, secret, "trust(address,bool)", prober, 1);
        ExecutedTransaction trusted = spacious.send(OWNER, prober, deep);
        assertThat(trusted.touched().denied()).isEmpty();
        assertThat(trusted.touched().confidential()).containsExactly(secret);
    }

    // ---- accounts that delegate (EIP-7702) ----

    @Test
    void shouldRefuseAnAccountThatDelegatesToAConfidentialContract() {
        Address secret = secret();
        ExecutedTransaction delegating = network.delegating(STRANGER, secret, user(STRANGER), SECRET);
        assertThat(delegating.success()).isFalse();
        assertThat(delegating.touched().denied()).contains(secret);
        Address plain = network.deploy(OWNER, "Plain");
        assertThat(network.send(OWNER, plain, "set(uint256)", 1).touched()).isEqualTo(Touched.NOTHING);
    }

    @Test
    void shouldNotLendItsUsersRightToAnAccountThatDelegatesToAProber() {
        Address secret = secret();
        Address prober = network.deploy(STRANGER, "Prober");
        network.delegating(STRANGER, prober, user(STRANGER), new byte[0]);
        ExecutedTransaction lured = network.send(OWNER, user(STRANGER), "call(address,bytes)", secret, TELL);
        assertThat(result(lured)).isNull();
        ExecutedTransaction own = network.send(STRANGER, user(STRANGER), "call(address,bytes)", secret, TELL);
        assertThat(result(own)).isNull();
    }

    // ---- looking at an account ----

    @Test
    void shouldHaltAFrameThatLooksAtAHiddenAccountButTellTheSizeOfItsCode() {
        Address secret = secret();
        Address prober = network.deploy(OWNER, "Prober");
        for (int who : List.of(STRANGER, OWNER)) {
            for (String look : List.of("balance", "codeHash", "codeCopy")) {
                ExecutedTransaction looks = network.send(who, prober, look + "(address)", secret);
                assertThat(looks.success()).as(look).isFalse();
                assertThat(looks.touched().denied()).as(look).containsExactly(secret);
            }
        }
        assertThat(number(told(network.send(STRANGER, prober, "codeSize(address)", secret))))
                .isGreaterThan(0);
        network.send(OWNER, secret, "trust(address,bool)", prober, 1);
        assertThat(network.send(OWNER, prober, "balance(address)", secret).success())
                .isTrue();
        assertThat(network.send(STRANGER, prober, "balance(address)", secret).success())
                .isFalse();
    }

    // ---- what it made ----

    @Test
    void shouldGiveItsRuleToWhatItMakes() {
        Address secret = secret();
        network.send(OWNER, secret, "spawn()");
        Address child = ContractAddresses.of(secret, 1);
        assertThat(network.mark(child)).isEqualTo(Mark.State.INHERITED);
        assertThat(network.send(STRANGER, child, "value()").success()).isFalse();
        assertThat(network.send(OWNER, child, "value()").success()).isTrue();
        assertThat(network.send(OWNER, secret, "useChild()").success()).isTrue();
    }

    @Test
    void shouldMarkWhatAFactoryMadeAndLetInWhomItNames() {
        Address maker = network.deploy(OWNER, "Maker");
        ExecutedTransaction made = network.send(OWNER, maker, "make()");
        Address secret = ContractAddresses.of(maker, 1);
        assertThat(made.touched()).isEqualTo(new Touched(List.of(secret), List.of(), List.of(), false));
        assertThat(network.mark(secret)).isEqualTo(Mark.State.OWN);
        assertThat(network.mark(maker)).isNull();
        assertThat(result(network.send(STRANGER, maker, "makeAndTell()")))
                .as("the factory administrates, and calls for whoever called it; it is no user of its own")
                .isNull();
    }

    @Test
    void shouldLeaveNoMarkButAnEntryForItsSenderWhenACreationFails() {
        secret();
        Address maker = network.deploy(STRANGER, "Maker");
        for (String how : List.of("makeThenRevert()", "attempt()", "makeAndDestroy()")) {
            ExecutedTransaction tried = network.send(STRANGER, maker, how);
            assertThat(tried.touched().senderOnly()).as(how).isTrue();
            assertThat(network.mark(ContractAddresses.of(maker, 1))).as(how).isNull();
        }
    }

    @Test
    void shouldStayClosedWhenItIsDestroyed() {
        Address secret = secret();
        network.send(OWNER, secret, "destroy()");
        assertThat(network.mark(secret)).isEqualTo(Mark.State.OWN);
        assertThat(network.send(STRANGER, secret, SECRET).success()).isFalse();
    }
}
