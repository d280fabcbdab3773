package coco.ledgers.ethereum.access;

import static coco.ledgers.ethereum.access.AccessNetwork.OWNER;
import static coco.ledgers.ethereum.access.AccessNetwork.READER;
import static coco.ledgers.ethereum.access.AccessNetwork.STRANGER;
import static coco.ledgers.ethereum.access.AccessNetwork.result;
import static coco.ledgers.ethereum.access.AccessNetwork.user;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.StateReader;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Checks that somebody tries to shape, and checks that are no checks. */
class HostileChecksTest {
    private static final byte[] SECRET = Abi.call("secret()");

    private final AccessNetwork network = new AccessNetwork();

    @Test
    void shouldNotCountATokenThatWasBorrowedForTheTransaction() {
        Address token = network.deploy(OWNER, "GateToken");
        Address gated = network.deploy(OWNER, "Gated", token);
        Address prober = network.deploy(STRANGER, "Prober");
        assertThat(network.mark(gated)).isEqualTo(Mark.State.OWN);
        byte[] borrow = Abi.call("flashInto(uint256,address,address,bytes)", 100, prober, gated, SECRET);
        assertThat(result(network.send(STRANGER, token, borrow))).isNull();
        network.send(OWNER, token, "mint(address,uint256)", user(STRANGER), 100);
        assertThat(result(network.send(STRANGER, token, borrow))).isNotNull();
    }

    @Test
    void shouldAskInAContextThatNoCallerShapes() {
        Address shaped = network.deploy(OWNER, "Shaped");
        Address prober = network.deploy(STRANGER, "Prober");
        assertThat(network.mark(shaped)).isEqualTo(Mark.State.OWN);
        assertThat(network.send(STRANGER, shaped, SECRET).success()).isFalse();
        assertThat(result(network.send(STRANGER, prober, "call(address,bytes)", shaped, SECRET)))
                .isNull();
        Word warmed = Word.ofBytes32(Keccak256.hash(Abi.arguments(1, 1)), 0);
        Transaction.Builder warming = network.transaction(STRANGER)
                .to(shaped)
                .data(SECRET)
                .accessList(List.of(new AccessListEntry(shaped, List.of(warmed))));
        network.offer(STRANGER, network.sign(STRANGER, warming));
        assertThat(network.mine().getFirst().success())
                .as("with the slot in the access list")
                .isFalse();
        ExecutedTransaction creates =
                network.create(STRANGER, AccessNetwork.creation("ConstructorProbe", shaped, SECRET));
        assertThat(result(creates)).isNull();
    }

    @Test
    void shouldRefuseEverybodyWhenACheckIsNoCheck() {
        for (String name : List.of("Burner", "Suicidal")) {
            Address contract = network.deploy(OWNER, name);
            assertThat(network.mark(contract)).as(name).isEqualTo(Mark.State.OWN);
            assertThat(network.send(OWNER, contract, SECRET).success()).as(name).isFalse();
            assertThat(network.send(STRANGER, contract, SECRET).success())
                    .as(name)
                    .isFalse();
        }
        for (int kind = 0; kind < 5; kind++) {
            Address liar = network.deploy(OWNER, "Liar", kind);
            assertThat(network.mark(liar)).as("liar %d", kind).isEqualTo(Mark.State.OWN);
            assertThat(network.send(OWNER, liar, SECRET).success())
                    .as("liar %d", kind)
                    .isFalse();
        }
        Address yes = network.deploy(OWNER, "Liar", 5);
        assertThat(network.send(STRANGER, yes, SECRET).success())
                .as("whoever says yes to all is confidential, and lets all in")
                .isTrue();
    }

    @Test
    void shouldNotTakeWhoHasEveryInterfaceForConfidential() {
        Address yes = network.deploy(OWNER, "YesMan");
        assertThat(network.mark(yes)).isNull();
        assertThat(network.send(STRANGER, yes, SECRET).success()).isTrue();
    }

    @Test
    void shouldHarmNobodyElseWhenAChecksBurnsItsGas() {
        Address burner = network.deploy(OWNER, "Burner");
        Address plain = network.deploy(OWNER, "Plain");
        Address prober = network.deploy(OWNER, "Prober");
        ExecutedTransaction both =
                network.send(STRANGER, prober, "both(address,address,bytes)", burner, plain, Abi.call("value()"));
        assertThat(Word.ofBytes32(Objects.requireNonNull(result(both)), 0)).isEqualTo(Word.of(7));
        assertThat(both.gasUsed()).as("checks cost the transaction nothing").isLessThan(60_000);
    }

    @Test
    void shouldEndWhenACheckAsksItself() {
        Address mirror = network.deploy(OWNER, "Mirror");
        Address reentrant = network.deploy(OWNER, "Reentrant", mirror);
        assertThat(network.mark(reentrant)).isEqualTo(Mark.State.OWN);
        assertThat(network.send(OWNER, reentrant, SECRET).success()).isFalse();
    }

    @Test
    void shouldLetATrustedContractInWhereACheckAsksAnother() {
        Address ledger = network.deploy(OWNER, "Ledger");
        Address follower = network.deploy(OWNER, "FollowsLedger", ledger);
        byte[] question = Abi.call("rolesOf(address)", user(READER));
        network.send(OWNER, ledger, "grant(address,uint256)", user(READER), 4);
        assertThat(network.send(READER, follower, question).success())
                .as("the ledger does not trust the follower")
                .isFalse();
        network.send(OWNER, ledger, "trust(address,bool)", follower, 1);
        assertThat(network.send(READER, follower, question).success()).isTrue();
        assertThat(network.send(STRANGER, follower, question).success()).isFalse();
    }

    // ---- the mark ----

    @Test
    void shouldMarkWhatTheGenesisDocumentBrings() {
        Address liar = network.deploy(OWNER, "Liar", 0);
        Address plain = network.deploy(OWNER, "Plain");
        StateReader state = new StateReader(network.node.state());
        assertThat(AccessNetwork.with(liar, state.codeOf(liar)).mark(liar)).isEqualTo(Mark.State.OWN);
        assertThat(AccessNetwork.with(plain, state.codeOf(plain)).mark(plain)).isNull();
    }

    @Test
    void shouldClearAMarkByAWellFormedNoOnly() {
        Address turncoat = network.deploy(OWNER, "Turncoat");
        for (int mind : List.of(2, 3)) {
            network.send(OWNER, turncoat, "turn(uint8)", mind);
            assertThat(network.mark(turncoat)).as("mind %d", mind).isEqualTo(Mark.State.OWN);
            assertThat(network.send(STRANGER, turncoat, "rolesOf(address)", user(0))
                            .success())
                    .as("mind %d", mind)
                    .isFalse();
        }
        network.send(OWNER, turncoat, "turn(uint8)", 1);
        assertThat(network.mark(turncoat)).isEqualTo(Mark.State.CLEARED);
        ExecutedTransaction open = network.send(STRANGER, turncoat, "turn(uint8)", 0);
        assertThat(open.success()).isTrue();
        assertThat(network.mark(turncoat)).isEqualTo(Mark.State.OWN);
        assertThat(open.touched().confidential()).containsExactly(turncoat);
    }

    @Test
    void shouldMarkAProxyThatIsUpgradedAndHeedTheRolesThatItHas() {
        Address before = network.deploy(OWNER, "Before");
        Address proxy = network.deploy(OWNER, "Proxy", before);
        network.send(OWNER, proxy, "initialise(address)", user(OWNER));
        assertThat(network.mark(proxy)).isNull();
        assertThat(network.send(STRANGER, proxy, "value()").success()).isTrue();
        Address after = network.deploy(OWNER, "Upgradeable");
        network.send(OWNER, proxy, "upgrade(address)", after);
        assertThat(network.mark(proxy)).isEqualTo(Mark.State.OWN);
        assertThat(network.send(STRANGER, proxy, "value()").success()).isFalse();
        assertThat(network.send(OWNER, proxy, "value()").success()).isTrue();
        assertThat(network.send(STRANGER, after, "value()").success())
                .as("the bare implementation holds nothing, and says so")
                .isTrue();
    }
}
