package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Vaults;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Networks where a contract without a rule is for those who took part ({@code access.contracts: participants}). */
class ParticipantsTest {
    /** Whom the transaction reaches by a contract's call. */
    private static final int REACHED = 4;

    private final SightNetwork network = new SightNetwork();
    private final Map<String, Caller> callers = new LinkedHashMap<>(SightNetwork.IDENTITIES);

    ParticipantsTest() {
        callers.put("reached", SightNetwork.user(REACHED));
        network.node.access(new AccessSettings(
                AccessSettings.Contracts.PARTICIPANTS,
                AccessSettings.Senders.ANY,
                AccessSettings.Accounts.OPEN,
                true,
                List.of(),
                List.of(new AccessSettings.Grant("all", List.of("*"), Long.MAX_VALUE))));
    }

    private Address address(String content) {
        SightNetwork.Content found = network.contents.get(content);
        if (found == null) {
            throw new AssertionError(content);
        }
        return found.address();
    }

    /** Who gets an answer, in the order in which they are asked. */
    private String who(String method, Object... params) {
        StringBuilder seen = new StringBuilder();
        callers.forEach((name, caller) -> {
            String result = network.ask(caller, method, params).path("result").toString();
            seen.append(List.of("null", "[]", "\"0x\"", "").contains(result) ? "" : name + " ");
        });
        return seen.toString().strip();
    }

    @Test
    void shouldShowATransactionToThoseWhoTookPart() {
        Address router = address("open");
        String hash = network.act(SightNetwork.SENDER, router, Vaults.routed(Keys.address(REACHED), "0x"), 5);

        assertThat(who("eth_getTransactionByHash", hash)).isEqualTo("sender auditor reached");
        assertThat(who("eth_getTransactionReceipt", hash)).isEqualTo("sender auditor reached");
        assertThat(who("eth_getLogs", Map.of("address", router.checksumHex(), "fromBlock", "latest")))
                .isEqualTo("sender auditor reached");
        for (String name : List.of("anonymous", "other", "reader")) {
            Caller caller = callers.getOrDefault(name, Caller.ANONYMOUS);
            assertThat(network.ask(caller, "eth_getBlockByNumber", "latest", false)
                            .at("/result/transactions"))
                    .as(name)
                    .isEmpty();
        }
    }

    @Test
    void shouldShowTheStateOfAContractWithoutARuleToNobody() {
        Address router = address("open");
        assertThat(who("eth_getCode", router.checksumHex(), "latest")).isEqualTo("auditor");
        for (Map.Entry<String, Caller> caller : callers.entrySet()) {
            String slot = network.ask(caller.getValue(), "eth_getStorageAt", router.checksumHex(), "0x1", "latest")
                    .path("result")
                    .asString();
            assertThat(slot.equals("0x" + "0".repeat(64)))
                    .as(caller.getKey())
                    .isEqualTo(!caller.getKey().equals("auditor"));
        }
    }

    @Test
    void shouldLeaveContractsWithARuleToTheirRule() {
        Address readable = address("readable");
        String hash = network.act(SightNetwork.OWNER, readable, Vaults.ACT, 0);
        assertThat(who("eth_getTransactionByHash", hash)).isEqualTo("reader auditor");
        assertThat(who("eth_getCode", readable.checksumHex(), "latest")).isEqualTo("reader auditor");
    }

    @Test
    void shouldHideWhatHappenedBeforeFromAllButSenderAndRecipient() {
        SightNetwork.Content open = network.contents.get("open");
        if (open == null) {
            throw new AssertionError("open");
        }
        assertThat(who("eth_getTransactionByHash", open.hash())).isEqualTo("sender auditor");
    }
}
