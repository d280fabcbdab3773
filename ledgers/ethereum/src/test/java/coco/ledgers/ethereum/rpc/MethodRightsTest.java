package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.evm.types.Address;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.Offer;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class MethodRightsTest {
    private static final String OWN = Keys.address(0).hex();
    private static final String OTHER = Keys.address(1).hex();
    private static final String CONTRACT = Address.of(0xc0c0L).hex();

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(3)).settings(Rpc.ACCEPTED);

    private static Caller user() {
        return new Caller.User("ethereum", Keys.address(0).bytes());
    }

    private static Caller wallet() {
        Caller.Scope scope = new Caller.Scope(Caller.Scope.Kind.WALLET, List.of(CONTRACT.substring(2)));
        return new Caller.User("ethereum", Keys.address(0).bytes(), scope);
    }

    /** The result as JSON text, or the error's code and message. */
    private String ask(Caller caller, String method, String params) {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}";
        try {
            Endpoint.Reply reply = node.ledger()
                    .endpoints()
                    .getFirst()
                    .handler()
                    .handle(new Endpoint.Request(caller, "", Map.of(), body.getBytes(StandardCharsets.UTF_8), false));
            JsonNode answer = Rpc.MAPPER.readTree(reply.body());
            return answer.has("error")
                    ? answer.get("error").get("code").asInt() + " "
                            + answer.get("error").get("message").asString()
                    : answer.get("result").toString();
        } catch (Exception e) {
            throw new AssertionError(method, e);
        }
    }

    private static AccessSettings bound(boolean anonymousReads) {
        return new AccessSettings(
                AccessSettings.Contracts.OPEN,
                AccessSettings.Senders.BOUND,
                AccessSettings.Accounts.OPEN,
                anonymousReads,
                List.of(),
                List.of(),
                Set.of("acme"));
    }

    @Test
    void shouldRefuseAnotherFromWhereverACallHasOne() {
        String spoofed = "{\"from\":\"" + OTHER + "\",\"to\":\"" + CONTRACT + "\"}";
        Map<String, String> calls = Map.of(
                "eth_call", "[" + spoofed + "]",
                "eth_estimateGas", "[" + spoofed + "]",
                "eth_createAccessList", "[" + spoofed + "]",
                "eth_fillTransaction", "[" + spoofed + "]",
                "debug_traceCall", "[" + spoofed + ",\"latest\"]",
                "trace_call", "[" + spoofed + ",[\"trace\"]]",
                "trace_callMany", "[[[" + spoofed + ",[\"trace\"]]]]",
                "eth_simulateV1", "[{\"blockStateCalls\":[{\"calls\":[" + spoofed + "]}]}]");
        calls.forEach((method, params) -> {
            assertThat(ask(user(), method, params)).as(method).startsWith("-32602 from must be the account");
            assertThat(ask(Caller.ANONYMOUS, method, params)).as(method).doesNotContain("from must be");
            assertThat(ask(user(), method, params.replace(OTHER, OWN)))
                    .as(method)
                    .doesNotContain("from must be");
        });
    }

    @Test
    void shouldCallAsTheAccountThatIsSignedInIfACallNamesNone() {
        // CALLER PUSH0 MSTORE PUSH1 32 PUSH0 RETURN, as code of a contract creation.
        String caller = "{\"data\":\"0x335f5260205ff3\"}";
        assertThat(ask(user(), "eth_call", "[" + caller + "]")).contains(OWN.substring(2));
        assertThat(ask(Caller.ANONYMOUS, "eth_call", "[" + caller + "]")).doesNotContain(OWN.substring(2));
    }

    @Test
    void shouldGiveAPageThroughAWalletUrlNoMoreThanAWalletNeeds() {
        Map<String, String> allowed = Map.of(
                "eth_chainId", "[]",
                "eth_blockNumber", "[]",
                "eth_gasPrice", "[]",
                "eth_getBlockByNumber", "[\"latest\",false]",
                "eth_getBalance", "[\"" + OWN + "\",\"latest\"]",
                "eth_getTransactionCount", "[\"" + OWN + "\",\"latest\"]",
                "eth_getCode", "[\"" + CONTRACT + "\",\"latest\"]",
                "eth_call", "[{\"to\":\"" + CONTRACT + "\"},\"latest\"]",
                "eth_getTransactionReceipt", "[\"0x" + "00".repeat(32) + "\"]");
        allowed.forEach((method, params) -> assertThat(ask(wallet(), method, params))
                .as(method)
                .doesNotContain("wallet URL")
                .doesNotStartWith("-"));
        Map<String, String> refused = Map.ofEntries(
                Map.entry("eth_getBalance", "[\"" + OTHER + "\",\"latest\"]"),
                Map.entry("eth_getCode", "[\"" + OTHER + "\",\"latest\"]"),
                Map.entry("eth_getBlockByNumber", "[\"latest\",true]"),
                Map.entry("eth_call", "[{\"to\":\"" + OTHER + "\"},\"latest\"]"),
                Map.entry("eth_estimateGas", "[{\"data\":\"0x00\"}]"),
                Map.entry("eth_getLogs", "[{}]"),
                Map.entry("eth_newFilter", "[{}]"),
                Map.entry("eth_getStorageAt", "[\"" + CONTRACT + "\",\"0x0\",\"latest\"]"),
                Map.entry("eth_getProof", "[\"" + CONTRACT + "\",[],\"latest\"]"),
                Map.entry("debug_traceCall", "[{\"to\":\"" + CONTRACT + "\"},\"latest\"]"),
                Map.entry("eth_simulateV1", "[{\"blockStateCalls\":[]}]"),
                Map.entry("eth_getBlockReceipts", "[\"latest\"]"),
                Map.entry("txpool_content", "[]"));
        refused.forEach((method, params) -> assertThat(ask(wallet(), method, params))
                .as(method)
                .startsWith("4100 ")
                .contains("wallet URL"));
        assertThat(ask(wallet(), "eth_call", "[{\"to\":\"" + CONTRACT + "\"},\"latest\",{}]"))
                .as("overrides of state")
                .startsWith("-32602");
    }

    @Test
    void shouldShowThroughAWalletUrlTheAccountsOwnTransactionsOnly() {
        byte[] own = Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0)).encoded();
        byte[] others = Keys.transfer(0).sign(Keys.CURVE, Keys.secret(1)).encoded();
        String ownHash = ask(wallet(), "eth_sendRawTransaction", "[\"" + Rpc.hex(own) + "\"]");
        String othersHash = ask(Caller.ANONYMOUS, "eth_sendRawTransaction", "[\"" + Rpc.hex(others) + "\"]");
        for (String method : List.of("eth_getTransactionReceipt", "eth_getTransactionByHash")) {
            assertThat(ask(wallet(), method, "[" + ownHash + "]")).as(method).contains(OWN);
            assertThat(ask(wallet(), method, "[" + othersHash + "]")).as(method).isEqualTo("null");
            assertThat(ask(user(), method, "[" + othersHash + "]")).as(method).contains(OTHER);
        }
    }

    @Test
    void shouldAnswerNobodyInParticularWhereMembersTurnedThatOff() {
        node.access(bound(false));
        assertThat(ask(Caller.ANONYMOUS, "eth_blockNumber", "[]")).startsWith("4100 sign in");
        assertThat(ask(Caller.ANONYMOUS, "eth_sendRawTransactionSync", "[\"0x00\"]"))
                .startsWith("4100 sign in");
        assertThat(ask(Caller.ANONYMOUS, "eth_chainId", "[]")).isEqualTo("\"0x539\"");
        assertThat(ask(user(), "eth_blockNumber", "[]")).isEqualTo("\"0x0\"");
        assertThat(MethodRights.named()).hasSizeGreaterThan(20);
    }

    @Test
    void shouldAnswerAnAuditorOnlyWhatIsRecordedToHaveBeenAsked() {
        node.access(bound(false));
        Caller auditor = new Caller.Auditor("audit");
        assertThat(ask(auditor, "eth_chainId", "[]")).isEqualTo("\"0x539\"");
        assertThat(node.uses()).as("what says nothing of the chain").isEmpty();
        String named = CONTRACT.toUpperCase(Locale.ROOT).replace("0X", "0x");
        String call = "[{\"from\":\"" + OTHER + "\",\"to\":\"" + named + "\"},\"latest\"]";
        assertThat(ask(auditor, "eth_call", call)).isEqualTo("\"0x\"");
        assertThat(ask(auditor, "eth_blockNumber", "[]")).isEqualTo("\"0x0\"");
        String contract = CONTRACT.substring(2).toLowerCase(Locale.ROOT);
        String other = OTHER.substring(2).toLowerCase(Locale.ROOT);
        List<String> both = Stream.of(contract, other).sorted().toList();
        assertThat(node.uses()).containsExactly("audit eth_call " + both, "audit eth_blockNumber []");

        node.recording(false);
        for (String method : List.of("eth_blockNumber", "eth_getLogs", "eth_getBlockByNumber", "eth_newFilter")) {
            assertThat(ask(auditor, method, "[]")).as(method).contains("cannot be recorded");
        }
        assertThatThrownBy(() -> node.ledger().shows(auditor, new byte[32])).isInstanceOf(UnavailableException.class);
        Offer offer = new Offer("ethereum", new byte[32], new byte[0]);
        assertThatThrownBy(() -> node.ledger().showsWaiting(auditor, offer)).isInstanceOf(UnavailableException.class);
        assertThat(ask(user(), "eth_blockNumber", "[]")).as("everybody else").isEqualTo("\"0x0\"");
    }

    private String send(int key, long nonce) {
        byte[] signed = Keys.transfer(nonce).sign(Keys.CURVE, Keys.secret(key)).encoded();
        return ask(Caller.ANONYMOUS, "eth_sendRawTransaction", "[\"" + Rpc.hex(signed) + "\"]");
    }

    private static AccessSettings ofActor(AccessSettings.ActorQuota quota) {
        AccessSettings bound = bound(true);
        return new AccessSettings(
                bound.contracts(),
                bound.senders(),
                bound.accounts(),
                bound.anonymousReads(),
                List.of(),
                List.of(),
                Set.of("acme", "globex"),
                List.of(quota));
    }

    @Test
    void shouldBoundAllUsersOfAnOrganisationTogether() {
        node.access(ofActor(new AccessSettings.ActorQuota("acme", 2, 0, 0))).mining(false);
        node.enrol(Keys.address(0).bytes(), new Enrolment("acme", 0, 0, 0));
        node.enrol(Keys.address(1).bytes(), new Enrolment("acme", 0, 0, 0));
        assertThat(send(0, 0)).startsWith("\"0x");
        assertThat(send(1, 0)).startsWith("\"0x");
        assertThat(send(0, 1)).as("the third of a second").contains("the organisation's transactions");
        node.enrol(Keys.address(1).bytes(), new Enrolment("globex", 0, 0, 0));
        assertThat(send(1, 1)).as("another organisation's").startsWith("\"0x");
        node.advance(1);
        assertThat(send(0, 1)).startsWith("\"0x");

        node.access(ofActor(new AccessSettings.ActorQuota("acme", 0, 0, 2)));
        assertThat(send(0, 2)).as("two of its wait").contains("of the organisation wait");
        node.mine();
        assertThat(send(0, 2)).startsWith("\"0x");

        node.access(ofActor(new AccessSettings.ActorQuota("acme", 0, 30_000, 0)));
        node.advance(1);
        assertThat(send(0, 3)).startsWith("\"0x");
        assertThat(send(0, 4)).as("gas of a second").contains("the organisation's gas");
    }

    @Test
    void shouldTakeTransactionsOfUsersOnlyWhereSendersAreBound() {
        node.access(bound(true)).mining(false);
        String first = Rpc.hex(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0)).encoded());
        assertThat(ask(Caller.ANONYMOUS, "eth_sendRawTransaction", "[\"" + first + "\"]"))
                .contains("is no user");
        node.enrol(Keys.address(0).bytes(), new Enrolment("globex", 0, 0, 0));
        assertThat(ask(Caller.ANONYMOUS, "eth_sendRawTransaction", "[\"" + first + "\"]"))
                .as("of an organisation that is gone")
                .contains("is no user");
        node.enrol(Keys.address(0).bytes(), new Enrolment("acme", 2, 0, 0));
        assertThat(ask(Caller.ANONYMOUS, "eth_sendRawTransaction", "[\"" + first + "\"]"))
                .startsWith("\"0x");
        String second =
                Rpc.hex(Keys.transfer(1).sign(Keys.CURVE, Keys.secret(0)).encoded());
        String third = Rpc.hex(Keys.transfer(2).sign(Keys.CURVE, Keys.secret(0)).encoded());
        assertThat(ask(Caller.ANONYMOUS, "eth_sendRawTransaction", "[\"" + second + "\"]"))
                .startsWith("\"0x");
        assertThat(ask(Caller.ANONYMOUS, "eth_sendRawTransaction", "[\"" + third + "\"]"))
                .as("two a second")
                .contains("quota exceeded");

        node.enrol(Keys.address(0).bytes(), null);
        assertThat(node.mine()).as("an enrolment that was withdrawn meanwhile").isNull();
        assertThat(node.dropped()).hasSize(1);
    }
}
