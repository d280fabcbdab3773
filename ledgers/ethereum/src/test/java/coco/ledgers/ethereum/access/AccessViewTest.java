package coco.ledgers.ethereum.access;

import static coco.ledgers.ethereum.access.AccessNetwork.OWNER;
import static coco.ledgers.ethereum.access.AccessNetwork.READER;
import static coco.ledgers.ethereum.access.AccessNetwork.STRANGER;
import static coco.ledgers.ethereum.access.AccessNetwork.user;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.code.CodeCache;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.ethereum.chain.AccessViews;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.testing.Keys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is answered for reads. */
class AccessViewTest {
    private final AccessNetwork network = new AccessNetwork();
    private final AccessViews views =
            new AccessViews(Genesis.parse(Keys.genesis(1).getBytes(StandardCharsets.UTF_8)), new CodeCache(1 << 20), 7);

    private AccessView view() {
        return view(AccessSettings.OPEN, CheckBudget.ofRead());
    }

    private AccessView view(AccessSettings settings, CheckBudget budget) {
        return views.of(network.node.state(), settings, budget);
    }

    @Test
    void shouldAnswerOpenWhereNothingIsConfidential() {
        Address plain = network.deploy(OWNER, "Plain");
        AccessView view = view();
        assertThat(view.anyConfidential()).isFalse();
        assertThat(view.mayRead(Address.ZERO, plain)).isTrue();
        assertThat(view.mayCall(Address.ZERO, Address.ZERO, plain, 7)).isTrue();
    }

    @Test
    void shouldAskTheContractForEachUser() {
        Address secret = network.deploy(OWNER, "Secret");
        Address prober = network.deploy(OWNER, "Prober");
        AccessView view = view();
        assertThat(view.isConfidential(secret)).isTrue();
        assertThat(view.isConfidential(prober)).isFalse();
        assertThat(view.mayRead(user(OWNER), secret)).isTrue();
        assertThat(view.mayRead(user(STRANGER), secret)).isFalse();
        assertThat(view.mayRead(Address.ZERO, secret)).isFalse();
        assertThat(view.mayCall(user(OWNER), user(OWNER), secret, 7)).isTrue();
        assertThat(view.mayCall(user(OWNER), prober, secret, 7)).isFalse();
        assertThat(view.mayReadAll(user(OWNER), List.of(secret, prober), 9)).isTrue();
        assertThat(view.mayReadAll(user(STRANGER), List.of(prober, secret), 9)).isFalse();
    }

    @Test
    void shouldDecideLogsOneByOne() {
        Address notices = network.deploy(OWNER, "Notices");
        AccessView view = view();
        Word stranger = Word.of(user(STRANGER));
        assertThat(view.mayReadLog(user(STRANGER), log(notices, "Public(uint256)"), 9))
                .isTrue();
        assertThat(view.mayReadLog(user(STRANGER), log(notices, "Internal(address)", stranger), 9))
                .isFalse();
        assertThat(view.mayReadLog(user(OWNER), log(notices, "Internal(address)", stranger), 9))
                .isTrue();
        String addressed = "Addressed(address,address,uint256)";
        assertThat(view.mayReadLog(user(STRANGER), log(notices, addressed, Word.ONE, stranger), 9))
                .isTrue();
        assertThat(view.mayReadLog(user(READER), log(notices, addressed, Word.ONE, stranger), 9))
                .isFalse();
    }

    private static Log log(Address contract, String event, Word... indexed) {
        List<byte[]> topics = new ArrayList<>();
        topics.add(Keccak256.hash(event.getBytes(StandardCharsets.US_ASCII)));
        for (Word word : indexed) {
            topics.add(word.toBytes32());
        }
        return new Log(contract, topics, new byte[0]);
    }

    @Test
    void shouldHideForEverWhatWasWrittenBeforeAMarkWasCleared() {
        Address turncoat = network.deploy(OWNER, "Turncoat");
        network.send(OWNER, turncoat, "turn(uint8)", 1);
        long cleared = network.node.blocks().size() - 1L;
        AccessView view = view();
        assertThat(view.isConfidential(turncoat)).isFalse();
        assertThat(view.anyConfidential()).isTrue();
        assertThat(view.mayRead(user(STRANGER), turncoat)).isTrue();
        assertThat(view.mayRead(user(STRANGER), turncoat, cleared)).isFalse();
        assertThat(view.mayRead(user(STRANGER), turncoat, cleared + 1)).isTrue();
    }

    @Test
    void shouldSayNoWhenTheBudgetIsUsedUp() {
        Address secret = network.deploy(OWNER, "Secret");
        Address burner = network.deploy(OWNER, "Burner");
        CheckBudget budget = new CheckBudget(1_300_000);
        AccessView view = view(AccessSettings.OPEN, budget);
        assertThat(view.mayRead(user(OWNER), secret)).isTrue();
        assertThat(view.mayRead(user(OWNER), burner)).isFalse();
        assertThat(budget.used()).isGreaterThan(1_240_000);
        assertThat(view.mayRead(user(OWNER), secret)).as("answered before").isTrue();
        assertThat(view.mayCall(user(OWNER), user(OWNER), secret, 1))
                .as("not answered before")
                .isFalse();
    }

    @Test
    void shouldHeedRulesThatMembersBound() {
        Address plain = network.deploy(OWNER, "Plain");
        Address secret = network.deploy(OWNER, "Secret");
        String rule = "{\"readers\": [\"%s\"]}".formatted(user(READER).hex());
        AccessSettings settings = RecordsTest.settings(List.of(
                new AccessSettings.ContractRule("ethereum", plain.hex().substring(2), rule),
                new AccessSettings.ContractRule("ethereum", secret.hex().substring(2), rule)));
        AccessView view = view(settings, CheckBudget.ofRead());
        assertThat(view.isConfidential(plain)).isTrue();
        assertThat(view.mayRead(user(READER), plain)).isTrue();
        assertThat(view.mayRead(user(OWNER), plain)).isFalse();
        assertThat(view.mayRead(user(READER), secret)).as("it only restricts").isFalse();
        assertThat(view.mayRead(user(OWNER), secret)).isFalse();
        network.node.access(settings);
        assertThat(network.send(OWNER, plain, "value()").success()).isFalse();
        assertThat(network.send(READER, plain, "value()").success()).isTrue();
    }
}
